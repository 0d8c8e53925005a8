"""Translations of the page: the language that a browser asks for, and templates filled in it."""

import html
import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from starlette.requests import Request

from bot.sandbox.samples import LANGUAGES

_FILE = Path(__file__).with_name("words.toml")
_GAP = re.compile(r"\{\{(\w+)\}\}")
_RANGE = re.compile(r"\s*(\w+)(?:-[\w-]+)?\s*(?:;\s*q\s*=\s*(\d+\.?\d*))?\s*")


@cache
def words(language: str) -> dict[str, Any]:
    """Every sentence of the page in one of LANGUAGES."""
    table: dict[str, Any] = tomllib.loads(_FILE.read_text(encoding="utf-8"))[language]
    return table


def language_of(request: Request) -> str:
    """The language that the browser prefers among ours (Accept-Language, RFC 9110 section 12.5.4)."""
    ranges = map(_RANGE.fullmatch, request.headers.get("accept-language", "").split(",")[:20])
    known = [match for match in ranges if match and match[1].lower() in LANGUAGES]
    best = max(known, key=lambda match: float(match[2] or 1), default=None)
    return best[1].lower() if best else LANGUAGES[0]


def filled(template: str, values: Mapping[str, Any]) -> str:
    """`template` with every `{{name}}` replaced by its value, as text."""
    return _GAP.sub(lambda gap: html.escape(str(values[gap[1]])), template)
