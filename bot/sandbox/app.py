"""The sandbox as an ASGI application: routes, errors, and what every answer carries."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.sandbox import (
    account_routes,
    instance_routes,
    media_routes,
    notification_routes,
    oauth_routes,
    page_data_routes,
    page_routes,
    search_routes,
    status_routes,
    streaming_routes,
)
from bot.sandbox.attachments import LIMIT_BYTES
from bot.sandbox.samples import Sample, examples
from bot.sandbox.server import Server

LARGEST_BODY = LIMIT_BYTES + 64 * 1024
# In the order in which they are tried.
_SUBJECTS = (
    page_routes, page_data_routes, oauth_routes, search_routes, account_routes, status_routes, media_routes,
    notification_routes, instance_routes, streaming_routes,
)  # fmt: skip


def application(sandbox: Server, page_token: str, styles: Sequence[Sample]) -> Starlette:
    """The whole sandbox; `styles` are the house styles that its page offers.

    Only requests for our own address are answered: a page elsewhere that rebinds its name to this machine is not.
    """
    names = {urlsplit(sandbox.base).hostname or "", "127.0.0.1", "localhost", "[::1]"}
    app = Starlette(
        routes=[route for subject in _SUBJECTS for route in subject.routes],
        middleware=[
            Middleware(TrustedHostMiddleware, allowed_hosts=[*names]),
            Middleware(GZipMiddleware, minimum_size=1000),
            Middleware(BodyLimit),
        ],
        exception_handlers={HTTPException: _refusal},
    )
    app.state.sandbox, app.state.page_token = sandbox, page_token
    app.state.samples = {"examples": examples(), "styles": styles}
    return app


async def _refusal(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101  # registered for this class
    return JSONResponse({"error": error.detail}, error.status_code)


class BodyLimit:
    """Refuses a body as soon as it is too long, whatever its header says; uvicorn itself reads one of any length."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        if int(Request(scope).headers.get("content-length") or 0) > LARGEST_BODY:
            return await JSONResponse({"error": "Payload too large"}, 413)(scope, receive, send)
        seen = 0

        async def limited() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            return {"type": "http.disconnect"} if seen > LARGEST_BODY else message

        return await self._app(scope, limited, send)
