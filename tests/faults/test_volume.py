"""The measurement of very many mentions measures: the long form is `python -m tests.faults.volume`."""

import re
from pathlib import Path

import pytest

from tests.faults.volume import measure


@pytest.mark.timeout(300)
def test_a_few_mentions_are_answered_beside_a_few_more(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    measure(tmp_path, rows=400, mentions=100)
    waiting, rows, steps, redis = capsys.readouterr().out.splitlines()
    assert re.match(r"400 jobs wait: [\d,]+ bytes each", waiting)
    assert re.match(r"400 rows: \d+ MB", rows)
    assert all(step in steps for step in ("poll", "receive", "paint", "answer", "counts"))
    assert re.match(r"Redis: [\d,]+ bytes and \d\.\d keys a painting", redis)
