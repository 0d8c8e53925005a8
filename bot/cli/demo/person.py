"""Somebody who mentions the bot with two pictures, as any client would, and waits for the painting."""

import mimetypes
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from mastodon import Mastodon
from mastodon.errors import MastodonError

from bot.errors import TransportDown
from bot.platforms.mastodon.html import plain
from bot.ports import Queue
from bot.sandbox.serve import Access
from bot.sandbox.server import BOT

_LOOK_S = 0.5
_LOOKS = "The bot looks at the mention ..."


class NoAnswer(Exception):
    """There is no painting; the message says what there is instead."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture that the person attaches, with the alt text they give it."""

    path: Path
    description: str = ""


@dataclass(frozen=True, slots=True)
class Conversation:
    thread: tuple[tuple[str, str], ...]
    """(handle, text), oldest first."""
    painting: bytes
    description: str
    seconds: float
    """From the mention to the answer."""


def converse(
    access: Access,
    pictures: Sequence[Shown],
    text: str,
    *,
    wait_s: float,
    queue: Queue,
    check: Callable[[], None],
    tell: Callable[[str], None],
) -> Conversation:
    """Mention the bot with a photo and a painting and wait for its answer. Raises NoAnswer.

    `check` may raise while waiting; `tell` gets a line about the progress whenever there is news.
    """
    person = Mastodon(access_token=access.person_token, api_base_url=access.url, request_timeout=30)
    try:
        media = [_attached(person, shown) for shown in pictures]
        post = person.status_post(f"@{BOT} {text}".strip(), media_ids=media, visibility="public")
        began, told = time.monotonic(), ""
        while time.monotonic() - began < wait_s:
            check()
            answer = _answer(person, post)
            if answer is not None:
                return _conversation(person, post, answer, time.monotonic() - began)
            if (news := _progress(queue, f"mastodon-{post.id}-0")) != told:
                told = news
                tell(told)
            time.sleep(_LOOK_S)
    except MastodonError as error:
        raise NoAnswer(f"the sandbox did not take the mention: {error}") from error
    raise NoAnswer(f"no answer came within {wait_s:.0f} s (--wait-s).")


def _attached(person: Mastodon, shown: Shown) -> Any:
    kind = mimetypes.guess_type(shown.path)[0] or "image/jpeg"
    return person.media_post(shown.path.read_bytes(), mime_type=kind, description=shown.description or None)


def _answer(person: Mastodon, post: Any) -> Any:
    """The bot's reply with a painting; a direct note about the queue is none. Raises NoAnswer for a refusal."""
    for below in person.status_context(post.id).descendants:
        if below.account.acct != BOT or below.in_reply_to_id != post.id:
            continue
        if below.media_attachments:
            return below
        if below.visibility != "direct":
            raise NoAnswer(f"the bot answered: {plain(below.content)}")
    return None


def _conversation(person: Mastodon, post: Any, answer: Any, seconds: float) -> Conversation:
    attached = answer.media_attachments[0]
    got = httpx.get(attached.url, trust_env=False, timeout=30)
    if not got.is_success or not got.content:
        raise NoAnswer(f"the posted picture at {attached.url} could not be downloaded.")
    thread = tuple((status.account.acct, plain(status.content)) for status in (post, answer))
    return Conversation(thread, got.content, attached.description or "", seconds)


def _progress(queue: Queue, job_id: str) -> str:
    try:
        progress, waiting = queue.progress(job_id), queue.waiting(job_id)
    except TransportDown:
        return _LOOKS
    if progress is not None:
        left = f", about {max(1, round(progress.remaining_s))} s left" if progress.remaining_s is not None else ""
        return f"Painting: {progress.fraction:.0%} {f'({progress.stage})' if progress.stage else ''}{left}"
    if not waiting.known:
        return _LOOKS
    return f"Waiting for the worker, at place {waiting.place} ..." if waiting.place else "The worker has taken it ..."
