import asyncio
from types import SimpleNamespace
from typing import cast

from starlette.responses import StreamingResponse

from bot.sandbox.calls import Call
from bot.sandbox.presence import Event, Presence
from bot.sandbox.streaming_routes import events


def test_what_happens_before_a_stream_is_first_read_is_told() -> None:
    presence = Presence()
    wish = SimpleNamespace(
        request=SimpleNamespace(path_params={"stream": "user"}),
        parameters=SimpleNamespace(text=lambda name: ""),
        account=lambda scope: 1,
        sandbox=SimpleNamespace(presence=presence),
    )

    async def told() -> list[object]:
        response = await events(cast(Call, wish))
        assert isinstance(response, StreamingResponse)
        presence.tell(1, Event("delete", 5))
        return [await anext(aiter(response.body_iterator)) for _ in range(2)]

    assert asyncio.run(told()) == [":)\n\n", "event: delete\ndata: 5\n\n"]
