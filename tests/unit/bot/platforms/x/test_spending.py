"""The cost spending: what is billed, once a day, kept over a restart, and never in the way of a reply."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.platforms.x.spending import PRICE_USD, Item, Spending

NOON = datetime(2026, 8, 20, 12, tzinfo=UTC)


class Day:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.time = NOON

    def __call__(self) -> datetime:
        return self.time


def test_a_served_mention_costs_what_the_price_list_says() -> None:
    spending = Spending(1)
    spending.read(Item.OWNED_READ, ["1"])
    spending.wrote(Item.ALT_TEXT)
    spending.wrote(Item.REPLY)
    assert spending.spent_usd == pytest.approx(0.016)


def test_the_same_resource_is_billed_once_a_day() -> None:
    day = Day()
    spending = Spending(1, now=day)
    for _ in range(3):
        spending.read(Item.OWNED_READ, ["1", "2"])
    assert spending.spent_usd == pytest.approx(2 * PRICE_USD[Item.OWNED_READ])
    day.time += timedelta(days=1)
    assert spending.spent_usd == 0
    spending.read(Item.OWNED_READ, ["1"])
    assert spending.spent_usd == pytest.approx(PRICE_USD[Item.OWNED_READ])


def test_a_spent_budget_lasts_until_the_next_utc_day() -> None:
    day = Day()
    spending = Spending(0.02, now=day)
    spending.wrote(Item.REPLY)
    assert not spending.exhausted
    spending.wrote(Item.REPLY)
    assert spending.exhausted
    assert spending.tomorrow == datetime(2026, 8, 21, tzinfo=UTC)
    day.time = spending.tomorrow
    assert not spending.exhausted


def test_a_restart_remembers_todays_cost_and_forgets_yesterdays(tmp_path: Path) -> None:
    day, path = Day(), tmp_path / "kept" / "x_cost.json"
    Spending(1, path, day).wrote(Item.REPLY)
    assert Spending(1, path, day).spent_usd == pytest.approx(PRICE_USD[Item.REPLY])
    day.time += timedelta(days=1)
    assert Spending(1, path, day).spent_usd == 0


@pytest.mark.parametrize("kept", ["", "{", "[]", '{"day": "2026-08-20"}', '{"day": "2026-08-20", "counts": {"a": 1}}'])
def test_a_broken_file_begins_anew(kept: str, tmp_path: Path) -> None:
    path = tmp_path / "x_cost.json"
    path.write_text(kept)
    assert Spending(1, path, Day()).spent_usd == 0


def test_a_disk_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    spending = Spending(1, tmp_path / "file" / "x_cost.json")
    spending.wrote(Item.REPLY)
    assert spending.spent_usd == pytest.approx(PRICE_USD[Item.REPLY])
