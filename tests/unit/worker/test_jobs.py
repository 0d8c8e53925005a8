"""What a payload has to be before anything is painted."""

from typing import Any

import pytest

from worker.contract import Failed, FailureCode, RenderJob
from worker.jobs import read

KEY = "0" * 64
GOOD: dict[str, Any] = {"schema_number": 1, "id": "m-1", "photo": KEY, "styles": [KEY], "options": {}, "deadline_s": 60}


def test_a_good_payload_is_a_job() -> None:
    assert read("m-1", GOOD) == RenderJob(id="m-1", photo=KEY, styles=(KEY,), deadline_s=60)


def test_an_older_payload_without_later_fields_is_read() -> None:
    assert isinstance(read("m-1", {"id": "m-1", "photo": KEY, "styles": [KEY]}), RenderJob)


@pytest.mark.parametrize(
    ("change", "detail"),
    [
        pytest.param({"schema_number": 2, "sparkle": 9}, "schema 2, this worker reads up to 1", id="newer contract"),
        pytest.param({"schema_number": "x" * 99}, "schema 'xxxxxxxxxxxxxxxxxxx, this worker reads up to 1", id="odd"),
        pytest.param({"id": "m-2"}, "payload of another job", id="another job"),
        pytest.param({"photo": "../etc/passwd"}, "not valid: photo", id="no blob key"),
        pytest.param({"options": {"edge_px": 10**9}}, "not valid: options.edge_px", id="huge"),
        pytest.param({"styles": []}, "not valid: job", id="no style"),
        pytest.param({"command": "rm"}, "not valid: command", id="unknown field"),
    ],
)
def test_a_bad_payload_says_where_but_not_what(change: dict[str, Any], detail: str) -> None:
    assert read("m-1", GOOD | change) == Failed(id="m-1", code=FailureCode.BAD_JOB, detail=detail)
