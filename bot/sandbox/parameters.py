"""A request's parameters from query, form or JSON."""

import json
from dataclasses import dataclass, field

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request

from bot.sandbox.slices import Slice

_TRUE = frozenset({"1", "true", "on", "yes", "t"})


@dataclass(frozen=True, slots=True)
class Parameters:
    """Values by name; `name[]` and `name` are the same."""

    values: dict[str, list[str]] = field(default_factory=dict)
    files: dict[str, UploadFile] = field(default_factory=dict)

    def maybe(self, name: str) -> str | None:
        found = self.values.get(name)
        return found[-1] if found else None

    def text(self, name: str, default: str = "") -> str:
        found = self.maybe(name)
        return default if found is None else found

    def all(self, name: str) -> list[str]:
        return self.values.get(name, [])

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
    values: dict[str, list[str]] = {}
    files: dict[str, UploadFile] = {}
    for name, value in request.query_params.multi_items():
        values.setdefault(name.removesuffix("[]"), []).append(value)
    kind = request.headers.get("content-type", "").split(";")[0]
    if kind == "application/json":
        values |= _from_json(await request.body() or b"{}")
    elif kind in ("application/x-www-form-urlencoded", "multipart/form-data"):
        form = await request.form(max_files=4, max_fields=200)
        for name, part in form.multi_items():
            if isinstance(part, UploadFile):
                files[name] = part
            else:
                values.setdefault(name.removesuffix("[]"), []).append(part)
    return Parameters(values, files)


def _from_json(body: bytes) -> dict[str, list[str]]:
    try:
        data = json.loads(body)
    except ValueError as error:
        raise HTTPException(400, "There was a problem in the JSON you submitted") from error
    values: dict[str, list[str]] = {}
    for name, value in data.items() if isinstance(data, dict) else ():
        for one in value if isinstance(value, list) else [value]:
            _flatten(name if not isinstance(value, list) else f"{name}[]", one, values)
    return {name.removesuffix("[]"): texts for name, texts in values.items()}


def _flatten(name: str, value: object, values: dict[str, list[str]]) -> None:
    """An object's members as a form would name them: `media_attributes[][id]`."""
    if not isinstance(value, dict):
        values.setdefault(name, []).append(_plain(value))
        return
    for key, member in value.items():
        members = member if isinstance(member, list) else [member]
        values.setdefault(f"{name}[{key}]", []).extend(map(_plain, members))


def _plain(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else "" if value is None else str(value)
