"""`python -m bot.sandbox DIRECTORY [PORT] [--faults] [--styles=FOLDER]`: a sandbox for tests."""

import os
import sys
from pathlib import Path

from bot.sandbox.samples import house_styles
from bot.sandbox.serve import serve
from bot.styles.listing import load

if __name__ == "__main__":
    words = [word for word in sys.argv[1:] if not word.startswith("--")]
    port = int(words[1]) if words[1:] else 0
    redis_url = os.environ.get("STYLESMITH_REDIS_URL", "")
    folders = [Path(word.removeprefix("--styles=")) for word in sys.argv[1:] if word.startswith("--styles=")]
    styles = house_styles(load(*folders))
    serve(Path(words[0]), "127.0.0.1", port, redis_url, styles=styles, admin="--faults" in sys.argv)
