"""A request as its handler gets it, and the routes that lead to handlers."""

import sqlite3
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from bot.sandbox.accounts import Bearer, allows
from bot.sandbox.errors import not_found
from bot.sandbox.parameters import Parameters, parameters
from bot.sandbox.server import Server


class Call:
    def __init__(self, request: Request, given: Parameters) -> None:
        self.request = request
        self.parameters = given
        self.sandbox: Server = request.app.state.sandbox

    @property
    def id(self) -> int:
        """The `{id:int}` of the route."""
        return int(self.request.path_params["id"])

    @property
    def last_word(self) -> str:
        """The end of the path, which says what is done where several routes share a handler."""
        return self.request.url.path.rsplit("/", 1)[1]

    def bearer(self) -> Bearer | None:
        """Who asks; None without a token. Raises HTTPException for a token that is none of ours."""
        given = self.request.headers.get("authorization", "").removeprefix("Bearer ")
        return bearer_of(self.request, given or self.request.query_params.get("access_token", ""))

    def viewer(self) -> int | None:
        """The account that asks, where a token is welcome and not needed."""
        who = self.bearer()
        return who.account if who else None

    def account(self, *scopes: str) -> int:
        """The account that asks; its token must allow one of `scopes`. Raises HTTPException."""
        who = self.bearer()
        if who is None:
            raise HTTPException(401, "The access token is invalid")
        if who.account is None:
            raise HTTPException(422, "This method requires an authenticated user")
        if scopes and not any(allows(who.scopes, scope) for scope in scopes):
            raise HTTPException(403, "This action is outside the authorized scopes")
        return who.account

    def person(self) -> sqlite3.Row:
        """The account that the route names. Raises HTTPException."""
        found = self.sandbox.accounts.by_id(self.id)
        if found is None:
            raise not_found()
        return found

    def post(self, viewer: int | None) -> sqlite3.Row:
        """The post that the route names, for somebody who may see it. Raises HTTPException."""
        return self.sandbox.posts.visible(self.id, viewer)

    def page(self, entities: Sequence[object], rows: Sequence[sqlite3.Row]) -> Response:
        """A list of entities, with links to the rows before and after these, newest first."""
        return JSONResponse(entities, headers=self.links(rows))

    def timeline(self, where: str, *values: object, viewer: int | None) -> Response:
        """A page of the posts that satisfy `where`, as far as `viewer` may see them."""
        rows = self.sandbox.posts.listed(where, values, self.parameters.slice(20, 40), viewer)
        return self.page([self.sandbox.entities.status(row, viewer) for row in rows], rows)

    def links(self, rows: Sequence[sqlite3.Row]) -> dict[str, str]:
        """The Link header of a page: `next` goes back in time, `prev` forward."""
        if not rows:
            return {}
        kept = self.request.url.remove_query_params(["max_id", "since_id", "min_id"])
        older = kept.include_query_params(max_id=rows[-1]["id"])
        newer = kept.include_query_params(min_id=rows[0]["id"])
        return {"Link": f'<{older}>; rel="next", <{newer}>; rel="prev"'}


def bearer_of(connection: HTTPConnection, token: str) -> Bearer | None:
    """Whose token this is; None for an empty one. Raises HTTPException for one that is none of ours."""
    sandbox: Server = connection.app.state.sandbox
    found = sandbox.accounts.bearer(token) if token else None
    if found is None and token:
        raise HTTPException(401, "The access token is invalid")
    if found is not None and found.account is not None:
        sandbox.presence.heard(found.account)
    return found


Handler = Callable[[Call], Awaitable[Any]]


class Routes(list[BaseRoute]):
    def __call__(self, *patterns: str) -> Callable[[Handler], Handler]:
        """Adds a handler for patterns such as `GET /api/v1/bookmarks`; what it returns is sent as JSON."""

        def add(handler: Handler) -> Handler:
            async def endpoint(request: Request) -> Response:
                answer = await handler(Call(request, await parameters(request)))
                return answer if isinstance(answer, Response) else JSONResponse(answer)

            for method, path in (pattern.split(" ") for pattern in patterns):
                self.append(Route(path, endpoint, methods=[method]))
            return handler

        return add
