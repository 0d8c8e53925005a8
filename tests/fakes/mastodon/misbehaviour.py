"""What is done to requests on their way: rate limits, and the faults of a plan."""

import asyncio
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tests.fakes.mastodon.faults import Fault, Rule
from tests.fakes.mastodon.rate_limits import RateLimits, bucket, reset
from tests.fakes.mastodon.stores import FaultyServer

Cut = Callable[[Scope], None]
"""Ends the connection of a request without a word."""
_HTML = "<!doctype html><title>Sorry</title><h1>This page is not working properly</h1>"
_BEFORE = {Fault.REFUSE, Fault.RATE_LIMIT, Fault.ERROR_BEFORE, Fault.RESET_BEFORE}


class Misbehaviour:
    """ASGI middleware that does to each request what the fault plan says; without a plan it does nothing."""

    def __init__(self, app: ASGIApp, server: FaultyServer, cut: Cut) -> None:
        self._app = app
        self._database = server.database
        self._cut = cut
        self._limits: RateLimits | None = None
        self._plan: object = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith("/sandbox/"):
            return await self._app(scope, receive, send)
        refusal, headers = self._metered(scope)
        rule = self._database.faults.strike(scope["method"], scope["path"])
        if refusal is not None:
            return await refusal(scope, receive, send)
        if rule is None:
            return await self._app(scope, receive, _adding(headers, send))
        self._database.record("fault", do=rule.do, method=scope["method"], path=scope["path"])
        if rule.do in _BEFORE:
            return await self._before(rule, scope, receive, send)
        return await self._after(rule, scope, receive, _adding(headers, send))

    def _metered(self, scope: Scope) -> tuple[Response | None, dict[str, str]]:
        """A 429 if this request is one too many, and the headers for an answer."""
        plan = self._database.faults.plan
        if scope["path"] == "/api/v2/notifications/policy" and not plan.policy:
            return JSONResponse({"error": "Record not found"}, 404), {}
        if plan is not self._plan:
            self._plan, self._limits = plan, RateLimits(plan.limits, self._database.now)
        assert self._limits is not None  # set together with the plan
        kind = bucket(scope["method"], scope["path"], scope["query_string"].decode("latin-1"))
        token = Request(scope).headers.get("authorization", "")
        verdict = self._limits.count(kind, token)
        if verdict.allowed:
            return None, verdict.headers
        self._database.record("throttled", bucket=kind)
        return JSONResponse({"error": "Throttled"}, 429, verdict.headers), {}

    async def _before(self, rule: Rule, scope: Scope, receive: Receive, send: Send) -> None:
        if rule.do is Fault.RESET_BEFORE:
            await _drain(receive)
            return self._cut(scope)
        await _drain(receive)
        await self._refusal(rule)(scope, receive, send)

    def _refusal(self, rule: Rule) -> Response:
        if rule.do is Fault.RATE_LIMIT:
            later = {} if rule.reset_s is None else {"X-RateLimit-Reset": reset(self._database.now() + rule.reset_s)}
            return JSONResponse({"error": "Too many requests"}, 429, later)
        if rule.do is Fault.REFUSE:
            return JSONResponse({"error": rule.message}, rule.status)
        return HTMLResponse(_HTML, rule.status)

    async def _after(self, rule: Rule, scope: Scope, receive: Receive, send: Send) -> None:
        if rule.do is Fault.SLOW:
            await self._app(scope, receive, _late(rule.delay_s, send))
            return
        if rule.do is Fault.BAD_RESET:
            await self._app(scope, receive, _adding({"X-RateLimit-Reset": "soon"}, send))
            return
        await self._app(scope, receive, _nowhere)
        if rule.delay_s:
            await asyncio.sleep(rule.delay_s)
        if rule.do is Fault.RESET_AFTER:
            return self._cut(scope)
        if rule.do is Fault.ERROR_AFTER:
            return await HTMLResponse(_HTML, rule.status)(scope, receive, send)
        answer = HTMLResponse(_HTML) if rule.do is Fault.HTML else JSONResponse({"unexpected": True})
        await answer(scope, receive, send)


def _adding(headers: dict[str, str], send: Send) -> Send:
    async def adding(message: Message) -> None:
        if message["type"] == "http.response.start":
            added = [(name.encode(), value.encode()) for name, value in headers.items()]
            message = {**message, "headers": [*message.get("headers", []), *added]}
        await send(message)

    return adding


def _late(delay_s: float, send: Send) -> Send:
    async def late(message: Message) -> None:
        if message["type"] == "http.response.start":
            await asyncio.sleep(delay_s)
        await send(message)

    return late


async def _nowhere(message: Message) -> None:
    """The answer is lost."""


async def _drain(receive: Receive) -> None:
    while (await receive()).get("more_body"):
        pass
