"""X's API v2 at a port of loopback: `python -m tests.fakes.x --port N --log FILE`.

What X has: mentions and own posts (newest first, since_id exclusive, 5..100 a page, the newest 800), one post with
expansions, create (replies only to those who summoned us, 280 weighted characters, no duplicate text), delete, media
upload and alt text, the OAuth 1.0a PIN flow. Fields and expansions come only when asked for. A request without an
OAuth 1.0a header is answered 401.

What a test says to it (no header needed):
  POST /_control/mention  {"text", "author", "media": [{"data": base64, "alt_text", ...}], "in_reply_to", "lag_s", ...}
  POST /_control/mentions [the same, ...]                      -> {"ids": [...]}
  POST /_control/edit     {"id", "text"}
  POST /_control/remove   {"id"}
  POST /_control/faults   {"route": "POST /2/tweets", "kind": KIND, "times": 1, "reset_s": 900}
  POST /_control/weather  {"seed": 1, "before": 0.02, "after": 0.06, "reads": 0.02, "lag_s": 2.0, "answer_s": 0}
  GET  /_control/posts    every post of the bot, deleted ones too
  POST /_control/post     {"id"}                               -> everything about it
  POST /_control/spoil    {"id"}                               its pictures are not served any more
A mention with a `key` that was said before is not written twice; its id is told again.
KIND is a status (429 with `reset_s` or without, 402, 403, 500, 503 ...), `html`, `list` (an error whose body is a JSON
list), `reset` (hangs up before), `after` (does it, then hangs up), `after500` (does it, then answers 500), `slow`.
Each request and each post of the bot is one line of JSON in the log, for an oracle to read.
"""

import argparse
import json
import random
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, TextIO
from urllib.parse import parse_qs, urlsplit

from tests.fakes.x_world import Media, Post, Rejected, World, created_at


class FakeX(ThreadingHTTPServer):
    """The server, its world and its faults."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, port: int = 0, log: Path | None = None, *, own: str = "9000", label: bool = True) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.world = World(own, takes_label=label)
        self.faults: list[dict[str, Any]] = []
        self.weather: dict[str, float] = {}
        self.dice = random.Random(1)
        self.requests: list[dict[str, Any]] = []
        self.spoilt: set[str] = set()
        """Keys of pictures that are not served."""
        self._log: TextIO | None = log.open("a", encoding="utf-8") if log else None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def note(self, event: dict[str, Any]) -> None:
        with self.world.lock:
            self.requests.append(event)
            if self._log and not self._log.closed:
                self._log.write(json.dumps({"at": time.time(), **event}) + "\n")
                self._log.flush()

    def fault(self, route: str) -> dict[str, Any]:
        """The next fault for a route: the first queued one that fits, else one by the weather."""
        with self.world.lock:
            for fault in self.faults:
                if route.startswith(fault.get("route", "")):
                    fault["times"] = int(fault.get("times", 1)) - 1
                    if fault["times"] <= 0:
                        self.faults.remove(fault)
                    return fault
            return self._by_weather(route)

    def _by_weather(self, route: str) -> dict[str, Any]:
        chance = self.dice.random()
        if route.startswith("GET"):
            return {"kind": 503} if chance < self.weather.get("reads", 0) else {}
        before, after = self.weather.get("before", 0), self.weather.get("after", 0)
        if chance < before:
            return {"kind": self.dice.choice([500, 503, "reset", 429]), "reset_s": 1}
        return {"kind": self.dice.choice(["after", "after500", "html_after"])} if chance < before + after else {}

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that hang up are what this server is for."""

    def server_close(self) -> None:
        super().server_close()
        if self._log:
            self._log.close()


class Handler(BaseHTTPRequestHandler):
    """One request: fault, authorisation, route, answer."""

    server: FakeX
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def do_DELETE(self) -> None:
        self._serve()

    def log_message(self, format: str, *args: Any) -> None:
        """The log is ours."""

    def _serve(self) -> None:
        parts = urlsplit(self.path)
        self.query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        self.raw = self.rfile.read(int(self.headers.get("content-length", 0)))
        route = f"{self.command} {parts.path}"
        if parts.path.startswith("/_control/"):
            with self.server.world.lock:
                told = self._control(parts.path.removeprefix("/_control/"))
            return self._answer(200, told)
        if parts.path.startswith("/media/"):
            return self._picture(parts.path.removeprefix("/media/"))
        fault = self.server.fault(route)
        kind = fault.get("kind", "")
        if kind == "slow":
            time.sleep(float(fault.get("seconds", 5)))
        if kind == "reset":
            return self._hang_up(route, "reset")
        if kind in {"html", "list"} or isinstance(kind, int):
            return self._broken(route, fault)
        status, body = self._result(parts.path)
        if route == "POST /2/tweets":
            time.sleep(self.server.weather.get("answer_s", 0))
        if kind == "after":
            return self._hang_up(route, "after")
        if kind == "after500":
            status, body = 500, {"title": "Internal Server Error"}
        if kind == "html_after":
            return self._send(200, b"<html>It worked!</html>", "text/html")
        self.server.note({"event": "request", "route": route, "status": status, "query": self.query})
        self._answer(status, body)

    def _result(self, path: str) -> tuple[int, Any]:
        try:
            if not path.startswith("/oauth/"):
                self._authorise()
            with self.server.world.lock:
                return self._route(path.strip("/").split("/"))
        except Rejected as rejected:
            return rejected.status, {"title": "Problem", "detail": rejected.detail, "status": rejected.status}

    def _authorise(self) -> None:
        header = self.headers.get("authorization", "")
        needed = ("oauth_consumer_key", "oauth_token", "oauth_signature", "oauth_nonce", "oauth_timestamp")
        if not header.startswith("OAuth ") or not all(f"{name}=" in header for name in needed):
            raise Rejected(401, "Unauthorized")
        if 'oauth_token="revoked' in header:
            raise Rejected(401, "Unauthorized")

    def _route(self, path: list[str]) -> tuple[int, Any]:
        match path:
            case ["oauth", step]:
                return 200, self._oauth(step)
            case ["2", "users", *rest]:
                return 200, self._user(rest)
            case ["2", "tweets", *rest]:
                return self._tweets(rest)
            case ["2", "media", *rest]:
                return 200, {"data": self._media_step(rest)}
        raise Rejected(404, "Not Found")

    def _media_step(self, rest: list[str]) -> dict[str, Any]:
        world = self.server.world
        match [self.command, *rest]:
            case ["POST", "upload"]:
                return {"id": self._upload().key, "expires_after_secs": 86400}
            case ["POST", "upload", "initialize"]:
                return {"id": world.begin(json.loads(self.raw)).key, "expires_after_secs": 86400}
            case ["POST", "upload", key, "append"]:
                fields = self._fields()
                world.append(key, int(fields["segment_index"]), fields["media"])
                return {"expires_at": 0}
            case ["POST", "upload", key, "finalize"]:
                return world.finalize(key)
            case ["GET", "upload"]:
                return world.processed(self.query.get("media_id", ""))
            case ["POST", "metadata"]:
                return self._alt_text(json.loads(self.raw))
        raise Rejected(404, "Not Found")

    def _user(self, rest: list[str]) -> dict[str, Any]:
        world = self.server.world
        match rest:
            case ["me"]:
                return {"data": {"id": world.own, "username": "stylesmith", "name": "Stylesmith"}}
            case [own, "mentions"] if own == world.own:
                return self._timeline(world.mentions())
            case [own, "tweets"] if own == world.own:
                return self._timeline(world.own_posts())
        raise Rejected(404, "Not Found")

    def _tweets(self, rest: list[str]) -> tuple[int, Any]:
        world = self.server.world
        match [self.command, *rest]:
            case ["GET", number]:
                try:
                    return 200, self._one(world.post(int(number)))
                except Rejected as missing:  # X reads 200 and says it inside
                    problem = {"title": "Not Found Error", "detail": missing.detail, "resource_id": number}
                    return 200, {"errors": [problem | {"type": "https://api.x.com/2/problems/resource-not-found"}]}
            case ["POST"]:
                return 201, self._create(json.loads(self.raw))
            case ["DELETE", number]:
                world.post(int(number)).deleted = True
                return 200, {"data": {"deleted": True}}
        raise Rejected(404, "Not Found")

    def _create(self, body: dict[str, Any]) -> dict[str, Any]:
        post = self.server.world.create(body)
        self.server.note({"event": "post", "id": str(post.id), "to": str(post.in_reply_to), "text": post.text})
        return {"data": {"id": str(post.id), "text": post.text}}

    def _upload(self) -> Media:
        fields = self._fields()
        if fields.get("media_category") != b"tweet_image" or "media" not in fields:
            raise Rejected(400, "media and media_category are required")
        return self.server.world.upload(fields["media"])

    def _fields(self) -> dict[str, bytes]:
        """The parts of a multipart form."""
        boundary = self.headers.get("content-type", "").partition("boundary=")[2].encode()
        fields: dict[str, bytes] = {}
        for part in self.raw.split(b"--" + boundary)[1:-1]:
            head, _, data = part.partition(b"\r\n\r\n")
            fields[head.partition(b'name="')[2].partition(b'"')[0].decode()] = data.removesuffix(b"\r\n")
        return fields

    def _alt_text(self, body: dict[str, Any]) -> dict[str, Any]:
        text = str(body["metadata"]["alt_text"]["text"])
        if len(text) > 1000 or str(body["id"]) not in self.server.world.media:
            raise Rejected(400, "alt text is too long or the media unknown")
        self.server.world.media[str(body["id"])].alt_text = text
        return {"id": body["id"]}

    def _oauth(self, step: str) -> str:
        if step == "request_token":
            return "oauth_token=request&oauth_token_secret=secret&oauth_callback_confirmed=true"
        if 'oauth_verifier="1234567"' not in self.headers.get("authorization", ""):
            raise Rejected(401, "the PIN is wrong")
        return f"oauth_token={self.server.world.own}-token&oauth_token_secret=access-secret&screen_name=stylesmith"

    def _timeline(self, posts: list[Post]) -> dict[str, Any]:
        count = int(self.query.get("max_results", 10))
        if not 5 <= count <= 100:
            raise Rejected(400, "The `max_results` query parameter value is not between 5 and 100")
        since = int(self.query.get("since_id", 0))
        below = int(self.query.get("pagination_token", 2**63))
        left = [post for post in posts if since < post.id < below]
        page = left[:count]
        meta: dict[str, Any] = {"result_count": len(page)}
        if len(left) > count:
            meta["next_token"] = str(page[-1].id)
        if not page:
            return {"meta": meta}
        return {"data": [self._shown(p) for p in page], **self._includes(page), "meta": meta}

    def _one(self, post: Post) -> dict[str, Any]:
        return {"data": self._shown(post), **self._includes([post])}

    def _shown(self, post: Post) -> dict[str, Any]:
        asked = set(self.query.get("tweet.fields", "").split(","))
        shown: dict[str, Any] = {"id": str(post.id), "text": post.text}
        shown["edit_history_tweet_ids"] = [str(one) for one in post.history]
        above = self.server.world.posts.get(post.in_reply_to or 0)
        references = [{"type": "replied_to", "id": str(post.in_reply_to)}] if post.in_reply_to else []
        references += [{"type": "quoted", "id": str(post.quoted)}] if post.quoted else []
        if post.repost:
            references = [{"type": "retweeted", "id": "1"}]
        known: dict[str, Any] = {
            "author_id": post.author_id,
            "created_at": created_at(post),
            "lang": post.lang,
            "possibly_sensitive": post.sensitive,
            "conversation_id": str(post.in_reply_to or post.id),
            "referenced_tweets": references or None,
            "in_reply_to_user_id": above.author_id if above else None,
            "attachments": {"media_keys": post.media} if post.media else None,
        }
        return shown | {name: value for name, value in known.items() if name in asked and value is not None}

    def _includes(self, posts: list[Post]) -> dict[str, Any]:
        asked = self.query.get("expansions", "").split(",")
        includes: dict[str, Any] = {}
        keys = sorted({key for post in posts for key in post.media})
        if "attachments.media_keys" in asked and keys:
            includes["media"] = [self._media(self.server.world.media[key]) for key in keys]
        if "author_id" in asked:
            fields = {"id", "name", "username", *self.query.get("user.fields", "").split(",")}
            users = [self.server.world.users[post.author_id] for post in posts]
            includes["users"] = [{name: value for name, value in user.items() if name in fields} for user in users]
        return {"includes": includes} if includes else {}

    def _media(self, media: Media) -> dict[str, Any]:
        asked = self.query.get("media.fields", "").split(",")
        shown = {"media_key": media.key, "type": media.type}
        if media.type == "photo":
            shown["url"] = media.url or f"{self.server.address}/media/{media.key}.png"
        known = {"alt_text": media.alt_text, "width": media.width, "height": media.height}
        return shown | {name: value for name, value in known.items() if value and name in asked}

    def _picture(self, name: str) -> None:
        media = self.server.world.media.get(name.removesuffix(".png"))
        if name.removesuffix(".png") in self.server.spoilt:
            return self._send(503, b"", "text/plain")
        missing = media is None or (media.without_original and self.query.get("name") == "orig")
        if media is None or missing:
            return self._send(404, b"", "text/plain")
        self._send(200, media.data, "image/png")

    def _control(self, action: str) -> dict[str, Any]:
        world, server = self.server.world, self.server
        wish = json.loads(self.raw) if self.raw else {}
        match action:
            case "mention":
                return {"id": str(world.write(wish).id)}
            case "mentions":
                return {"ids": [str(world.write(one).id) for one in wish]}
            case "edit":
                return {"id": str(world.edit(int(wish["id"]), wish["text"]).id)}
            case "remove":
                world.version(int(wish["id"])).deleted = True
            case "faults":
                server.faults.append(wish)
            case "weather":
                server.weather = wish
                server.dice = random.Random(int(wish.get("seed", 1)))
                world.lag_s = float(wish.get("lag_s", world.lag_s))
            case "spoil":
                server.spoilt |= set(world.version(int(wish["id"])).media)
            case "post":
                return vars(world.version(int(wish["id"])))
            case "posts":
                return {"posts": [vars(p) for p in world.posts.values() if p.author_id == world.own]}
        return {}

    def _broken(self, route: str, fault: dict[str, Any]) -> None:
        kind = fault["kind"]
        status = int(fault.get("status", 400 if kind == "list" else 200)) if isinstance(kind, str) else kind
        self.server.note({"event": "request", "route": route, "status": status, "fault": kind})
        if kind == "html":
            return self._send(status, b"<html><h1>Over capacity</h1></html>", "text/html")
        headers = {"x-rate-limit-reset": str(int(time.time() + fault["reset_s"]))} if "reset_s" in fault else {}
        body: Any = ["no", "object"] if kind == "list" else {"title": "Problem", "detail": fault.get("detail", "")}
        self._send(status, json.dumps(body).encode(), "application/json", headers)

    def _hang_up(self, route: str, kind: str) -> None:
        self.server.note({"event": "request", "route": route, "status": 0, "fault": kind})
        self.close_connection = True
        self.connection.close()

    def _answer(self, status: int, body: Any) -> None:
        if isinstance(body, str):
            return self._send(status, body.encode(), "application/x-www-form-urlencoded")
        self._send(status, json.dumps(body).encode(), "application/json")

    def _send(self, status: int, data: bytes, mime_type: str, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"content-type": mime_type, "content-length": str(len(data)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)


@contextmanager
def running(**options: Any) -> Iterator[FakeX]:
    """A fake X on a free port, in a thread, for as long as the block lasts."""
    server = FakeX(**options)
    thread = threading.Thread(target=lambda: server.serve_forever(poll_interval=0.01), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def main() -> None:
    arguments = argparse.ArgumentParser(description="A fake X on loopback.")
    arguments.add_argument("--port", type=int, required=True)
    arguments.add_argument("--log", type=Path)
    arguments.add_argument("--own", default="9000")
    asked = arguments.parse_args()
    server = FakeX(asked.port, asked.log, own=asked.own)

    def stop(*_: object) -> None:
        threading.Thread(target=server.shutdown).start()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    server.serve_forever(poll_interval=0.05)
    server.server_close()


if __name__ == "__main__":
    main()
