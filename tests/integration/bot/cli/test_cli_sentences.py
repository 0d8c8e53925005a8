"""Commands that end with a sentence: the output cannot be written, or a choice is none."""

import subprocess
import sys

import pytest

STYLESMITH = [sys.executable, "-c", "from bot.cli import main; main()"]


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
