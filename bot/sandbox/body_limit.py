"""Refuses a request's body as soon as it is too long, whatever its header says."""

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.sandbox.attachments import LIMIT_BYTES

LARGEST_BODY = LIMIT_BYTES + 64 * 1024


class BodyLimit:
    """ASGI middleware; uvicorn itself reads a body of any length."""

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
