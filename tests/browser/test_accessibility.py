"""axe-core finds nothing on any view of the page, by day and by night."""

from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver import Chrome

from tests.browser.page import DAY, NIGHT, PAINTED, Page, answer, asked
from tests.clients import packages
from tests.sandboxes import Sandbox

_RUN = """const done = arguments[0];
axe.run().then((found) => done(found.violations.map((one) => [one.id, one.nodes.map((node) => node.html)])));"""


def violations(page: Page) -> Any:
    page.browser.execute_script((packages() / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8"))
    return page.browser.execute_async_script(_RUN)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [(1366, 657), (390, 844)], ids=["desk", "phone"])
def test_axe_finds_nothing_on_any_view(
    sandbox: Sandbox, chromium: Chrome, pictures: tuple[Path, Path], size: tuple[int, int], scheme: str
) -> None:
    packages()
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    chromium.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    asked(sandbox, DAY)
    reply = answer(sandbox, asked(sandbox, DAY, NIGHT), PAINTED)
    page = Page(chromium, sandbox.url, size)
    page.painted()
    assert violations(page) == []
    page.attach("photo", pictures[0])
    page.click("input[name=kind][value=dream]")
    page.click("#send")
    page.click(".act[data-says=again]")
    assert violations(page) == []
    page.click(".act[data-says=delete]")
    assert violations(page) == []

    page = Page(chromium, f"{sandbox.url}/gallery", size)
    page.click(".work")
    page.painted()
    assert violations(page) == []
    page.click("#close-viewer")
    assert violations(page) == []
    page = Page(chromium, f"{sandbox.url}/@stylesmith/{reply}", size, language="zh")
    page.painted()
    assert violations(page) == []
