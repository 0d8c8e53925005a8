"""A request's parameters from query, form or JSON."""

import json
from collections.abc import Iterator

from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request

from bot.sandbox.database import Slice

_TRUE = frozenset({"1", "true", "on", "yes", "t"})


class Parameters(FormData):
    """Texts and files by name; `name[]` and `name` are the same."""

    def maybe(self, name: str) -> str | None:
        found = self.get(name)
        return found if isinstance(found, str) else None

    def text(self, name: str, default: str = "") -> str:
        found = self.maybe(name)
        return default if found is None else found

    def all(self, name: str) -> list[str]:
        return [value for value in self.getlist(name) if isinstance(value, str)]

    def ids(self, name: str) -> tuple[int, ...]:
        return tuple(number for text in self.all(name) if (number := _number(text)) is not None)

    def flag(self, name: str) -> bool:
        return self.text(name).lower() in _TRUE

    def number(self, name: str) -> int | None:
        """An id or a count; anything else is as good as absent, as on Mastodon."""
        return _number(self.text(name))

    def slice(self, default: int, largest: int) -> Slice:
        """Paging parameters, the limit within bounds."""
        limit = min(self.number("limit") or default, largest)
        return Slice(limit, self.number("max_id"), self.number("since_id"), self.number("min_id"))


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 20 else None


async def parameters(request: Request) -> Parameters:
    """Everything the request says. Raises HTTPException for JSON that is none."""
    said: list[tuple[str, str | UploadFile]] = [*request.query_params.multi_items()]
    kind = request.headers.get("content-type", "").split(";")[0]
    if kind == "application/json":
        said += _from_json(await request.body() or b"{}")
    elif kind in ("application/x-www-form-urlencoded", "multipart/form-data"):
        said += (await request.form(max_files=4, max_fields=200)).multi_items()
    return Parameters([(name.removesuffix("[]"), value) for name, value in said])


def _from_json(body: bytes) -> Iterator[tuple[str, str]]:
    try:
        data = json.loads(body)
    except ValueError as error:
        raise HTTPException(400, "There was a problem in the JSON you submitted") from error
    for name, value in data.items() if isinstance(data, dict) else ():
        yield from _flat(name, value)


def _flat(name: str, value: object) -> Iterator[tuple[str, str]]:
    """A value, or all in it, under the names that a form would have: `media_attributes[][id]`."""
    if isinstance(value, dict):
        for key, member in value.items():
            yield from _flat(f"{name}[{key}]", member)
    elif isinstance(value, list):
        for member in value:
            yield from _flat(f"{name}[]", member)
    else:
        yield name, str(value).lower() if isinstance(value, bool) else "" if value is None else str(value)
