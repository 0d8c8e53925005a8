"""`python -m tests.fakes.mastodon DIRECTORY [PORT] [--styles=FOLDER]`."""

import os
import sys
from pathlib import Path

from bot.sandbox.app import application
from bot.sandbox.progress import PaintingProgress
from bot.sandbox.samples import house_styles
from bot.sandbox.serve import access_to, listen, run
from bot.styles.listing import load
from tests.fakes.mastodon.cutting import Connections
from tests.fakes.mastodon.misbehaviour import Misbehaviour
from tests.fakes.mastodon.routes import routes
from tests.fakes.mastodon.stores import FaultyServer


def main(directory: Path, port: int, redis_url: str, styles: list[Path]) -> None:
    listener, address = listen("127.0.0.1", port)
    server = FaultyServer(directory, address, PaintingProgress(redis_url) if redis_url else None)
    access, connections = access_to(server), Connections()
    app = application(server, access.person_token, house_styles(load(*styles)))
    app.router.routes += routes
    app.add_middleware(Misbehaviour, server=server, cut=connections.cut)
    run(app, server, access, listener, connections.protocol())


if __name__ == "__main__":
    words = [word for word in sys.argv[1:] if not word.startswith("--")]
    folders = [Path(word.removeprefix("--styles=")) for word in sys.argv[1:] if word.startswith("--styles=")]
    redis = os.environ.get("STYLESMITH_REDIS_URL", "")
    main(Path(words[0]), int(words[1]) if words[1:] else 0, redis, folders)
