"""Translations of the page: the language that a browser asks for, and templates filled in it."""

import html
import json
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
    wanted: list[tuple[float, int, str]] = []
    for place, part in enumerate(request.headers.get("accept-language", "").split(",")[:20]):
        match = _RANGE.fullmatch(part)
        if match and match[1].lower() in LANGUAGES:
            wanted.append((-float(match[2] or 1), place, match[1].lower()))
    return min(wanted)[2] if wanted else LANGUAGES[0]


def filled(template: str, values: Mapping[str, Any]) -> str:
    """`template` with every `{{name}}` replaced by its value, as text."""
    return _GAP.sub(lambda gap: html.escape(str(values[gap[1]])), template)


def script(language: str) -> str:
    """The words as an ECMAScript module."""
    return f"export default {json.dumps(words(language), ensure_ascii=False)};\n"
