"""What reading on X costs, and what happens when the money is spent."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.errors import RateLimited
from bot.platforms.x.adapter import X
from bot.platforms.x.client import XClient
from bot.platforms.x.spending import PRICE_USD, Item, Spending
from tests.fakes.x import FakeX
from tests.integration.bot.platforms.x.account import KEYS, asked, platform, read, reply, say


def test_nothing_new_is_no_page_and_costs_nothing(fake: FakeX) -> None:
    spending = Spending(1)
    assert list(X(XClient(KEYS, fake.address), spending).pages("1")) == []
    assert spending.spent_usd == 0


def test_mentions_are_read_without_paying_for_people(fake: FakeX, x: X) -> None:
    say(fake, media=[{}])
    (mention,) = read(x)
    (request,) = asked(fake, "GET /2/users/9000/mentions")
    assert request["query"]["expansions"] == "attachments.media_keys"
    assert mention.author.id == "101"


def test_no_credit_stops_reading_for_hours_and_alerts(fake: FakeX, x: X, caplog: pytest.LogCaptureFixture) -> None:
    fake.faults.append({"route": "GET /2/users/9000/mentions", "kind": 402})
    with pytest.raises(RateLimited) as closed:
        list(x.pages("1"))
    assert closed.value.until > datetime.now(UTC) + timedelta(hours=5)
    assert "developer console" in caplog.text


def test_a_spent_budget_pauses_the_poll_until_tomorrow_and_still_lets_replies_go(fake: FakeX) -> None:
    x = platform(fake, budget_usd=PRICE_USD[Item.OWNED_READ] * 2)
    ids = [say(fake, f"@stylesmith {n}") for n in range(2)]
    assert len(read(x)) == 2
    with pytest.raises(RateLimited) as closed:
        list(x.pages("1"))
    assert closed.value.until > datetime.now(UTC)
    assert x.post(reply(ids[0]))
