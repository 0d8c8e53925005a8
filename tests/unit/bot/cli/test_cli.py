"""The command `stylesmith` itself."""

import subprocess
import sys

import pytest

from bot.cli import NOUNS

STYLESMITH = [sys.executable, "-c", "from bot.cli import main; main()"]


def test_help_imports_no_noun_and_lists_all() -> None:
    program = (
        "import sys; sys.argv = ['stylesmith', '--help']; from bot.cli import main\n"
        "try: main()\nexcept SystemExit: pass\n"
        "print([name for name in sys.modules if name.startswith('bot.cli.')])"
    )
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert said.strip().endswith("[]")
    assert all(noun in said for noun in NOUNS)


@pytest.mark.parametrize(
    "words",
    ["--help", "--version", "queue --help", "style list", "style list --json", "style show mosaic", "doctor --json"],
)
@pytest.mark.parametrize(
    ("where", "why"), [(">/dev/full", "No space left on device"), (">&-", "it is closed")], ids=["full", "closed"]
)
def test_what_cannot_be_printed_is_said_in_a_sentence(words: str, where: str, why: str) -> None:
    ended = subprocess.run(
        ["sh", "-c", f'"$@" {where}', "sh", *STYLESMITH, *words.split()], capture_output=True, text=True, check=False
    )
    said = f"The output cannot be written ({why}); make room, or send it elsewhere.\n"
    assert (ended.returncode, ended.stderr) == (1, said)


@pytest.mark.parametrize(
    ("words", "allowed"),
    [("mention list --state nosuch", ["answered", "failed"]), ("render a.jpg --dream nosuch", ["strokes", "eyes"])],
)
def test_a_choice_that_is_none_is_said_with_those_that_are(words: str, allowed: list[str]) -> None:
    ended = subprocess.run([*STYLESMITH, *words.split()], capture_output=True, text=True, check=False)
    assert (ended.returncode, "Value error" in ended.stderr) == (2, False)
    assert all(choice in ended.stderr for choice in ("nosuch", *allowed))
