"""A judge from outside: a program whose `judge(photo, style, painting, edge)` gives `style` left and `content` lost."""

import importlib.util
from collections.abc import Callable, Mapping
from pathlib import Path

Judge = Callable[[str, str, str, int], Mapping[str, float]]


def load_judge(path: Path) -> Judge:
    """The judge in a file. Raises FileNotFoundError."""
    spec = importlib.util.spec_from_file_location("judge", path)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    judge: Judge = module.judge
    return judge
