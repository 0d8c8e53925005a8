"""Every setting of the bot changes something that can be seen: a mention's fate, a request, a file, a port, a log line.

Each row of TABLE names a setting, two values, and an experiment that is done with either; what it sees must differ as
stated. A setting without a row fails the first test.
"""

from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.posts import Author
from bot.settings import Settings
from tests.fakes.mentions import ANN, BEN, mention
from tests.integration.bot.effects.assembled import (
    fetched,
    kept_px,
    slugs,
    travels,
    weakly_confined,
    where_the_ledger_is,
)
from tests.integration.bot.effects.case import Case, Row, row
from tests.integration.bot.effects.loops import fetched_at_once, polls, taken_on
from tests.integration.bot.effects.process import FREE_PORT, is_json, logged, private_redis, serves
from tests.integration.bot.effects.requests import asked, reread, signed_by, x_asked, x_label, x_spent
from tests.integration.bot.effects.rules import (
    after_a_death,
    deleted_later,
    in_one_thread,
    job,
    kept_after,
    notes,
    painted,
    too_old,
    unsure,
    without_a_picture_yet,
)

FAR = Author(id="3", handle="cat@far.example", host="far.example")
BOT = replace(BEN, is_bot=True)
X_KEYS = {
    "x_consumer_key": SecretStr("consumer"),
    "x_consumer_secret": SecretStr("consumer-secret"),
    "x_access_token": SecretStr("9000-token"),
    "x_access_secret": SecretStr("access-secret"),
}

PLAIN = {name: secret.get_secret_value() for name, secret in X_KEYS.items()}

TWO = (mention(1), mention(2))
AGAIN = mention(2, BEN)
MASTODON = {"mastodon_url": "http://127.0.0.1:9", "mastodon_token": SecretStr("t")}


def other_key(name: str) -> Row:
    """X is signed to with these keys until one of them is another."""
    beside = {other: secret for other, secret in X_KEYS.items() if other != name}
    return row((X_KEYS[name], SecretStr("9000-another")), (True, False), signed_by(PLAIN), **beside)


TABLE: dict[str, list[Row]] = {
    "mastodon_url": [
        row(("http://127.0.0.1:9", "http://HERE"), ([], ["Bearer t"]), asked, mastodon_token=SecretStr("t"))
    ],
    "mastodon_token": [
        row((SecretStr("a"), SecretStr("b")), (["Bearer a"], ["Bearer b"]), asked, mastodon_url="http://HERE")
    ],
    **{name: [other_key(name)] for name in X_KEYS},
    "x_url": [row(("http://127.0.0.1:9", "http://HERE"), (0, 1), x_asked, **X_KEYS)],
    "x_made_with_ai": [row((False, True), (False, True), x_label, **X_KEYS)],
    "x_daily_budget_usd": [row((5.0, 0.001), (True, False), x_spent, **X_KEYS)],
    "redis_url": [row((SecretStr(""), SecretStr("unix:///HERE")), (True, False), private_redis)],
    "blobs_url": [row((SecretStr(""), SecretStr("file://HERE")), (False, True), travels)],
    "data_dir": [row((Path("one"), Path("two")), ("one", "two"), where_the_ledger_is, **MASTODON)],
    "styles_dir": [row((None, Path("styles")), ((False, True), (True, False)), slugs)],
    "styles_mode": [row(("replace", "add"), ((True, False), (True, True)), slugs, styles_dir=Path("styles"))],
    "allow_private_hosts": [
        row((False, True), ("forbidden_host", "fetched"), fetched, media_hosts=frozenset({"127.0.0.1"}), **X_KEYS)
    ],
    "media_hosts": [
        row(
            (frozenset(), frozenset({"127.0.0.1"})),
            ("forbidden_host", "fetched"),
            fetched,
            allow_private_hosts=True,
            **X_KEYS,
        )
    ],
    "allow_weak_confinement": [row((False, True), ("refused", "went on"), weakly_confined)],
    "mastodon_poll_s": [row((3600.0, 0.01), (False, True), polls("mastodon"))],
    "x_poll_s": [row((3600.0, 0.01), (False, True), polls("x"))],
    "mastodon_horizon_s": [row((90.0, 30.0), ("posting", "answered"), unsure("mastodon", 60))],
    "x_horizon_s": [row((180.0, 30.0), ("posting", "answered"), unsure("x", 60))],
    "overlap": [row((40, 7), ("1060", "1093"), reread, mastodon_token=SecretStr("t"))],
    "max_age_h": [row((24.0, 1.0), ("answered", "ignored"), too_old)],
    "quota_10_min": [row((3, 1), (2, 1), painted(*TWO))],
    "quota_day": [row((20, 1), (2, 1), painted(*TWO, apart_s=700))],
    "quota_instance_hour": [row((60, 1), (2, 1), painted(mention(1), AGAIN))],
    "quota_everybody_hour": [row((60, 1), (2, 1), painted(mention(1), mention(2, FAR)))],
    "replies_per_thread": [row((3, 1), ([1, 1, 1], [1, 0, 0]), in_one_thread)],
    "bot_name": [row(("", "anna"), ("mastodon-1-0", "anna-mastodon-1-0"), lambda case: job(case).id)],
    "in_flight": [row((200, 1), (5, 1), taken_on, quota_everybody_hour=100)],
    "fetchers": [row((4, 1), (4, 1), fetched_at_once)],
    "allowed_bots": [row((frozenset(), frozenset({"ben@home.example"})), (0, 1), painted(mention(1, BOT)))],
    "denied": [row((frozenset(), frozenset({"home.example"})), (1, 0), painted(mention(1)))],
    "denied_words": [row((frozenset(), frozenset({"castle"})), (1, 0), painted(mention(1, ANN, "my castle")))],
    "unfinished_s": [row((60.0, 0.0), ("new", "declined"), without_a_picture_yet)],
    "tries": [row((3, 1), (("queued", 1), ("decided", 0)), after_a_death)],
    "deadline_s": [row((900.0, 60.0), (900.0, 60.0), lambda case: job(case).deadline_s)],
    "note_after_s": [row((120.0, 1.0), (0, 3), notes)],
    "max_edge_px": [
        row((2048, 4096), (2048, 4000), lambda case: job(case).options.edge_px),
        row((2048, 512), (2048, 512), lambda case: job(case).options.edge_px),
        row((2048, 4096), (2048, 4096), kept_px, **MASTODON),
    ],
    "keep_inputs_h": [row((24.0, 1.0), ((True, True, True), (False, True, True)), kept_after(2))],
    "keep_outputs_h": [row((168.0, 26.0), ((False, True, True), (False, False, True)), kept_after(30))],
    "keep_ids_days": [row((90.0, 10.0), ((False, False, True), (False, False, False)), kept_after(24 * 30))],
    "follow_deletions_h": [row((24.0, 0.0), (["p0"], []), deleted_later)],
    "metrics_port": [row((0, FREE_PORT), (False, True), serves("127.0.0.1"))],
    "metrics_host": [row(("127.0.0.1", "127.0.0.2"), (False, True), serves("127.0.0.2"), metrics_port=FREE_PORT)],
    "log_level": [row(("info", "warning"), (True, False), logged)],
    "log_json": [row((False, True), (False, True), is_json)],
}


def test_every_setting_has_a_row() -> None:
    assert set(TABLE) == set(Settings.model_fields)


CASES = [(name, number) for name, rows in TABLE.items() for number in range(len(rows))]


@pytest.mark.parametrize(("name", "number"), CASES, ids=[f"{name}-{number}" for name, number in CASES])
def test_a_setting_changes_what_is_seen(name: str, number: int, tmp_path: Path, redis_url: str) -> None:
    each = TABLE[name][number]
    seen = []
    for place, value in zip(("before", "after"), each.values, strict=True):
        folder = tmp_path / place
        folder.mkdir()
        given = {"data_dir": folder} | each.beside | {name: value}
        paths = {key: folder / found for key, found in given.items() if isinstance(found, Path)}
        seen.append(each.experiment(Case(Settings(_env_file=None, **given | paths), folder, redis_url)))
    assert tuple(seen) == each.seen
