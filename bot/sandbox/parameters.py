"""A request's parameters from query, form or JSON, its bearer, and its part of a list."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from starlette.datastructures import UploadFile
from starlette.requests import HTTPConnection, Request

from bot.sandbox.accounts import Bearer
from bot.sandbox.errors import ApiError
from bot.sandbox.posts import Slice
from bot.sandbox.server import Server

_TRUE = frozenset({"1", "true", "on", "yes", "t"})


@dataclass(frozen=True, slots=True)
class Parameters:
    """A request's parameters from query, form or JSON; `name[]` and `name` are the same."""

    values: dict[str, list[str]] = field(default_factory=dict)
    files: dict[str, UploadFile] = field(default_factory=dict)

    def text(self, name: str, default: str = "") -> str:
        found = self.values.get(name)
        return found[-1] if found else default

    def maybe(self, name: str) -> str | None:
        found = self.values.get(name)
        return found[-1] if found else None

    def all(self, name: str) -> list[str]:
        return self.values.get(name, [])

    def truth(self, name: str) -> bool:
        return self.text(name).lower() in _TRUE

    def number(self, name: str) -> int | None:
        """An id or a count; anything else is as good as absent, as on Mastodon."""
        text = self.text(name)
        return int(text) if text.isascii() and text.isdigit() and len(text) < 20 else None

    def slice(self, default: int, largest: int) -> Slice:
        """Paging parameters, the limit within bounds."""
        limit = min(self.number("limit") or default, largest)
        return Slice(limit, self.number("max_id"), self.number("since_id"), self.number("min_id"))


async def asked(request: Request) -> Parameters:
    """Everything the request says. Raises ApiError for JSON that is none."""
    values: dict[str, list[str]] = {}
    files: dict[str, UploadFile] = {}
    for name, value in request.query_params.multi_items():
        values.setdefault(name.removesuffix("[]"), []).append(value)
    kind = request.headers.get("content-type", "").split(";")[0]
    if kind == "application/json":
        values |= _from_json(await request.body())
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
        raise ApiError(400, "There was a problem in the JSON you submitted") from error
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


def world(request: Request) -> Server:
    """The sandbox that this request is for."""
    found: Server = request.app.state.world
    return found


def bearer(request: Request) -> Bearer | None:
    """Who asks; None without a token. Raises ApiError for a token that is none of ours."""
    given = request.headers.get("authorization", "").removeprefix("Bearer ")
    return bearer_of(request, given or request.query_params.get("access_token", ""))


def bearer_of(connection: HTTPConnection, token: str) -> Bearer | None:
    """Whose token this is; None for an empty one. Raises ApiError for one that is none of ours."""
    if not token:
        return None
    sandbox: Server = connection.app.state.world
    found = sandbox.people.bearer(token)
    if found is None:
        raise ApiError(sandbox.faults.plan.bad_token_status, "The access token is invalid")
    if found.account is not None:
        sandbox.presence.heard(found.account)
    return found


def viewer(request: Request) -> int | None:
    """The account that asks, where a token is welcome and not needed."""
    who = bearer(request)
    return who.account if who else None


def account(request: Request, *scopes: str) -> int:
    """The account that asks; its token must allow one of `scopes`. Raises ApiError."""
    who = bearer(request)
    if who is None:
        raise ApiError(401, "The access token is invalid")
    if who.account is None:
        raise ApiError(422, "This method requires an authenticated user")
    if scopes and not any(who.may(scope) for scope in scopes):
        raise ApiError(403, "This action is outside the authorized scopes")
    return who.account


def links(request: Request, ids: Sequence[int]) -> dict[str, str]:
    """The Link header of a page, newest id first: `next` goes back in time, `prev` forward."""
    if not ids:
        return {}
    kept = request.url.remove_query_params(["max_id", "since_id", "min_id"])
    older = kept.include_query_params(max_id=ids[-1])
    newer = kept.include_query_params(min_id=ids[0])
    return {"Link": f'<{older}>; rel="next", <{newer}>; rel="prev"'}
