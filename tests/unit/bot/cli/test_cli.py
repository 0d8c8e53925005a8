"""The command `stylesmith` itself."""

import subprocess
import sys

from bot.cli import NOUNS


def test_help_imports_no_noun_and_lists_all() -> None:
    program = (
        "import sys; sys.argv = ['stylesmith', '--help']; from bot.cli import main\n"
        "try: main()\nexcept SystemExit: pass\n"
        "print([name for name in sys.modules if name.startswith('bot.cli.')])"
    )
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert said.strip().endswith("[]")
    assert all(noun in said for noun in NOUNS)
