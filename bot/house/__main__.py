"""`python -m bot.house FOLDER`: draw the house's paintings below FOLDER, leaving the processor to everybody else."""

import os
import sys
from pathlib import Path

from bot.house.gallery import Wall

os.nice(10)
Wall(Path(sys.argv[1])).hang()
