"""Streams of the sandbox: what happens from the moment that a client hears of its stream is told."""

import asyncio
import json
from types import SimpleNamespace
from typing import cast

from starlette.responses import StreamingResponse
from starlette.types import Message
from starlette.websockets import WebSocket

from bot.sandbox.calls import Call
from bot.sandbox.presence import Event, Presence
from bot.sandbox.streaming_routes import events, socket

ME = 1


def test_what_happens_before_a_stream_is_first_read_is_told() -> None:
    presence = Presence()
    wish = SimpleNamespace(
        request=SimpleNamespace(path_params={"stream": "user"}),
        parameters=SimpleNamespace(text=lambda name: ""),
        account=lambda scope: ME,
        sandbox=SimpleNamespace(presence=presence),
    )

    async def told() -> list[object]:
        response = await events(cast(Call, wish))
        assert isinstance(response, StreamingResponse)
        presence.tell(ME, Event("delete", 5))
        return [await anext(aiter(response.body_iterator)) for _ in range(2)]

    assert asyncio.run(told()) == [":)\n\n", "event: delete\ndata: 5\n\n"]


def test_what_happens_while_a_websocket_is_accepted_is_told() -> None:
    presence = Presence()
    accounts = SimpleNamespace(bearer=lambda token: SimpleNamespace(account=ME) if token == "mine" else None)
    app = SimpleNamespace(state=SimpleNamespace(sandbox=SimpleNamespace(accounts=accounts, presence=presence)))
    scope = {"type": "websocket", "query_string": b"stream=user&access_token=mine", "headers": [], "app": app}

    async def told() -> Message:
        asked: asyncio.Queue[Message] = asyncio.Queue()
        answered: asyncio.Future[Message] = asyncio.get_running_loop().create_future()

        async def send(message: Message) -> None:
            if message["type"] == "websocket.accept":
                presence.tell(ME, Event("delete", 5))
            else:
                answered.set_result(message)
                asked.put_nowait({"type": "websocket.disconnect", "code": 1000})

        asked.put_nowait({"type": "websocket.connect"})
        await asyncio.wait_for(socket(WebSocket(scope, asked.get, send)), 30)
        return await answered

    assert json.loads(asyncio.run(told())["text"]) == {"stream": ["user"], "event": "delete", "payload": "5"}
