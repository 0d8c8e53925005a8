"""`python -m bot.sandbox DIRECTORY [PORT] [--faults]`: a sandbox without the command line tool, for tests."""

import sys
from pathlib import Path

from bot.sandbox.serve import serve

if __name__ == "__main__":
    words = [word for word in sys.argv[1:] if not word.startswith("--")]
    serve(Path(words[0]), "127.0.0.1", int(words[1]) if words[1:] else 0, admin="--faults" in sys.argv)
