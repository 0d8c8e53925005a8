"""What was measured, and what it may be at most."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True)
class Metric:
    """One measurement."""

    what: str
    value: float
    at_most: float
    unit: str = "s"
    note: str = ""

    @property
    def good(self) -> bool:
        return self.value <= self.at_most


def show(title: str, figures: Sequence[Metric]) -> bool:
    """Prints them; whether all are as they should be."""
    table = Table("what", "measured", "at most", "", title=title)
    for figure in figures:
        measured, most = (f"{number:,.4g} {figure.unit}".rstrip() for number in (figure.value, figure.at_most))
        table.add_row(figure.what, measured if figure.good else f"{measured}  TOO MUCH", most, figure.note)
    Console(width=160).print(table)
    return all(figure.good for figure in figures)
