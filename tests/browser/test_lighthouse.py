"""Lighthouse gives every view of the page at least 95 in all its categories, on a desk and on a phone."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.browser.page import DAY, NIGHT, PAINTED, answer, asked
from tests.clients import packages
from tests.sandboxes import Sandbox

LEAST = 95
_TRIES = 3
"""Of performance the best counts: what else the machine does can only lower it."""
_LIMIT_S = 240
_CHROMIUM = "--chrome-flags=--headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage"


def scores(address: str, form: str, file: Path) -> dict[str, int]:
    """Category -> 0 to 100, of one run."""
    program = packages() / "node_modules" / ".bin" / "lighthouse"
    command = [str(program), address, "--quiet", "--output=json", f"--output-path={file}", _CHROMIUM]
    command += ["--preset=desktop"] if form == "desk" else []
    chromium = shutil.which("chromium")
    if not chromium:
        pytest.skip("chromium is not installed: Lighthouse is not run")
    environment = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
    subprocess.run(
        command, check=True, capture_output=True, timeout=_LIMIT_S, env=environment | {"CHROME_PATH": chromium}
    )
    report: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return {name: round(100 * category["score"]) for name, category in report["categories"].items()}


@pytest.mark.parametrize("form", ["desk", "phone"])
@pytest.mark.parametrize("view", ["timeline", "gallery", "post"])
def test_lighthouse_is_content_with_every_view(sandbox: Sandbox, tmp_path: Path, view: str, form: str) -> None:
    reply = answer(sandbox, asked(sandbox, DAY, NIGHT), PAINTED)
    path = {"timeline": "/", "gallery": "/gallery", "post": f"/@stylesmith/{reply}"}[view]
    best = 0
    for _ in range(_TRIES):
        found = scores(sandbox.url + path, form, tmp_path / "report.json")
        best = max(best, found.pop("performance"))
        assert {name: score for name, score in found.items() if score < LEAST} == {}
        assert len(found) == 3
        if best >= LEAST:
            return
    if os.getloadavg()[0] > (os.cpu_count() or 1):
        pytest.skip(f"this machine is too busy to measure performance: {best} of {LEAST}")
    raise AssertionError(f"performance is {best}")
