"""Streams of posts, notifications and deletions, also over WebSocket (docs.joinmastodon.org/methods/streaming)."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from bot.sandbox.calls import Call, Routes, bearer_of
from bot.sandbox.presence import Event
from bot.sandbox.server import Server

_THUMP_S = 15.0
_POLICY_VIOLATION = 1008
_NAMES = frozenset({"user", "user:notification", "public", "public:local", "direct", "hashtag", "hashtag:local"})

routes = Routes()


def _payload(sandbox: Server, me: int, event: Event) -> str | None:
    """What an event says, as text; None when it is about something that is gone meanwhile."""
    if event.kind == "delete":
        return str(event.about)
    if event.kind == "notification":
        alert = sandbox.notifications.get(me, event.about)
        return json.dumps(sandbox.entities.notification(alert)) if alert is not None else None
    post = sandbox.posts.get(event.about)
    return json.dumps(sandbox.entities.status(post, me)) if post is not None else None


def _named(stream: str, tag: str) -> str:
    """The name of a stream within; a local hashtag is the same as any."""
    return f"hashtag:{tag.lower()}" if stream.startswith("hashtag") else stream


@routes("GET /api/v1/streaming/health")
async def healthy(call: Call) -> Response:
    return PlainTextResponse("OK")


@routes("GET /api/v1/streaming/{stream:path}")
async def events(call: Call) -> Response:
    """Server-sent events with a heartbeat; `stream` is user, public, hashtag and so on."""
    stream = call.request.path_params["stream"].replace("/", ":")
    if stream not in _NAMES:
        raise HTTPException(404)
    me = call.account("read:notifications" if stream == "user:notification" else "read:statuses")
    name = _named(stream, call.parameters.text("tag"))
    told = _events(call.sandbox, me, name)
    await anext(told)  # it listens before the client hears that it does: what is posted right then is told
    return StreamingResponse(told, media_type="text/event-stream")


async def _events(sandbox: Server, me: int, name: str) -> AsyncIterator[str]:
    """What is told from now on; an empty first text says that it listens."""
    with sandbox.presence.listening(me) as queue:
        yield ""
        yield ":)\n\n"
        while True:
            try:
                event = await asyncio.wait_for(queue.get(), _THUMP_S)
            except TimeoutError:
                yield ":thump\n\n"
                continue
            payload = _payload(sandbox, me, event) if name in event.streams else None
            if payload is not None:
                yield f"event: {event.kind}\ndata: {payload}\n\n"


async def socket(websocket: WebSocket) -> None:
    """GET /api/v1/streaming over WebSocket: one connection for any number of streams, changed by messages."""
    sandbox: Server = websocket.app.state.sandbox
    protocols = websocket.scope.get("subprotocols") or []
    token = websocket.query_params.get("access_token") or (protocols[0] if protocols else "")
    try:
        who = bearer_of(websocket, token or websocket.headers.get("authorization", "").removeprefix("Bearer "))
    except HTTPException:
        who = None
    if who is None or who.account is None:
        await websocket.close(_POLICY_VIOLATION)
        return
    names: dict[str, list[str]] = {}
    first = {name: websocket.query_params.get(name, "") for name in ("stream", "tag")}
    _subscribe(names, {"type": "subscribe", **first})
    with sandbox.presence.listening(who.account) as queue:
        await websocket.accept(protocols[0] if protocols else None)
        talking = asyncio.create_task(_talk(websocket, sandbox, who.account, queue, names))
        with suppress(WebSocketDisconnect):
            while True:
                _subscribe(names, _message(await websocket.receive_text()))
        talking.cancel()


async def _talk(
    websocket: WebSocket, sandbox: Server, me: int, queue: "asyncio.Queue[Event]", names: dict[str, list[str]]
) -> None:
    while True:
        event = await queue.get()
        for name in [name for name in names if name in event.streams]:
            payload = _payload(sandbox, me, event)
            if payload is not None:
                await websocket.send_json({"stream": names[name], "event": event.kind, "payload": payload})


def _message(text: str) -> dict[str, Any]:
    try:
        message = json.loads(text)
    except ValueError:
        return {}
    return message if isinstance(message, dict) else {}


def _subscribe(names: dict[str, list[str]], message: dict[str, Any]) -> None:
    """Adds or removes the stream that a message names; anything else is passed over."""
    stream, tag = str(message.get("stream", "")), str(message.get("tag") or "")
    if stream not in _NAMES:
        return
    name = _named(stream, tag)
    if message.get("type") == "subscribe":
        names[name] = [stream, tag] if tag else [stream]
    elif message.get("type") == "unsubscribe":
        names.pop(name, None)


routes += [WebSocketRoute("/api/v1/streaming", socket), WebSocketRoute("/api/v1/streaming/", socket)]
