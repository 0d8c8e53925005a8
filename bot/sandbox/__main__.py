"""`python -m bot.sandbox DIRECTORY [PORT] [--faults]`: a sandbox without the command line tool, for tests."""

import os
import sys
from pathlib import Path

from bot.sandbox.serve import serve

if __name__ == "__main__":
    words = [word for word in sys.argv[1:] if not word.startswith("--")]
    port = int(words[1]) if words[1:] else 0
    redis_url = os.environ.get("STYLESMITH_REDIS_URL", "")
    serve(Path(words[0]), "127.0.0.1", port, redis_url, admin="--faults" in sys.argv)
