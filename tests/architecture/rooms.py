"""The map of rooms in bot/README.md, drawn from the imports: `python -m tests.architecture.rooms --write`."""

import importlib
import sys
from collections import defaultdict

import grimp

from tests import ROOT

README = ROOT / "bot" / "README.md"
_BEGIN, _END = "<!-- rooms -->\n", "<!-- /rooms -->"


def arrows() -> dict[str, set[str]]:
    """Each room (package or module right below `bot` or `worker`) and the rooms that it imports."""
    graph = grimp.build_graph("bot", "worker")
    found: dict[str, set[str]] = defaultdict(set)
    for module in graph.modules:
        if "." not in module:
            continue
        for imported in graph.find_modules_directly_imported_by(module):
            if _room(imported) != _room(module):
                found[_room(module)].add(_room(imported))
        found[_room(module)] |= set()
    return dict(found)


def table() -> str:
    """Markdown: a row a room, what lives there, and what it imports."""
    rows = ["| room | what lives there | imports |", "|---|---|---|"]
    for room, imported in sorted(arrows().items()):
        rows.append(f"| `{room}` | {_first_line(room)} | {' '.join(f'`{name}`' for name in sorted(imported))} |")
    return "\n".join(rows) + "\n"


def written() -> str:
    """The table that bot/README.md has."""
    return README.read_text(encoding="utf-8").split(_BEGIN)[1].split(_END)[0]


def write() -> None:
    text = README.read_text(encoding="utf-8")
    README.write_text(text.replace(_BEGIN + written() + _END, _BEGIN + table() + _END), encoding="utf-8")


def _room(module: str) -> str:
    return ".".join(module.split(".")[:2])


def _first_line(room: str) -> str:
    if room.endswith("__main__"):
        return "the command `python -m`"
    doc = importlib.import_module(room).__doc__ or ""
    return doc.strip().splitlines()[0].replace("|", "\\|") if doc else ""


if __name__ == "__main__":
    if "--write" in sys.argv[1:]:
        write()
    else:
        sys.stdout.write(table())
