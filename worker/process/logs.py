"""The log of both programs, as JSON lines or plain text; secrets and users' words are kept out of it.

Our own messages are shown in full (they name ids and codes). Of other libraries' records and of exceptions that are not
ours only the constant parts are shown, since their values hold whatever was being handled: headers, URLs, posts.
"""

import json
import logging
import re
import sys
import threading
import traceback
from collections.abc import Iterable
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, TextIO
from urllib.parse import quote

OURS = ("bot", "worker", "stylesmith")

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName", "color_message"}
_SHORTEST_SECRET = 4
_CREDENTIALS = re.compile(
    r"(?i)((?:bearer|basic|oauth)\s+)[^\s'\",]+|(://)[^/\s@]*@|((?:token|secret|password)=)[^&\s'\"]+"
)
_HIDDEN = "***"


class Redaction:
    """Replaces known secrets, and what looks like credentials, in any text."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        known = {secret for secret in secrets if len(secret) >= _SHORTEST_SECRET}
        known |= {quote(secret, safe="") for secret in known} | {json.dumps(secret)[1:-1] for secret in known}
        longest_first = sorted(known, key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, longest_first))) if known else None

    def __call__(self, text: str) -> str:
        if self._known is not None:
            text = self._known.sub(_HIDDEN, text)
        return _CREDENTIALS.sub(
            lambda found: f"{found[1] or found[2] or found[3]}{_HIDDEN}{'@' if found[2] else ''}", text
        )


class JsonLines(logging.Formatter):
    """One JSON object a line: at, level, logger, event, and what was passed as `extra`."""

    def __init__(self, redact: Redaction) -> None:
        super().__init__()
        self._redact = redact

    def format(self, record: logging.LogRecord) -> str:
        return self._redact(json.dumps(_fields(record), default=str, ensure_ascii=False))


class PlainLines(JsonLines):
    """One line of text a record, without control characters: time, level, logger, event, then `name=value`."""

    def format(self, record: logging.LogRecord) -> str:
        fields = _fields(record)
        at, level, logger, event = (fields.pop(name) for name in ("at", "level", "logger", "event"))
        rest = " ".join(f"{name}={value!r}" for name, value in fields.items())
        line = f"{at[11:19]} {level:7} {logger}: {event} {rest}".rstrip()
        return self._redact("".join(letter if letter.isprintable() else repr(letter)[1:-1] for letter in line))


def configure(
    *, level: str = "INFO", secrets: Iterable[str] = (), stream: TextIO | None = None, as_json: bool | None = None
) -> None:
    """Send every record of this process to `stream` (standard error), JSON unless that is a terminal.

    Replaces earlier handlers, takes over uncaught exceptions of all threads and Python's warnings; other libraries are
    heard from WARNING on.
    """
    stream = stream or sys.stderr
    redact = Redaction(secrets)
    handler = logging.StreamHandler(stream)
    wants_json = not stream.isatty() if as_json is None else as_json
    handler.setFormatter((JsonLines if wants_json else PlainLines)(redact))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    for name in OURS:
        logging.getLogger(name).setLevel(level.upper())
    logging.captureWarnings(True)
    sys.excepthook = _log_uncaught
    threading.excepthook = lambda args: _log_uncaught(args.exc_type, args.exc_value, args.exc_traceback)


def describe(error: BaseException) -> str:
    """An exception in words safe to log: ours with their message, foreign ones by their type only."""
    kind = type(error)
    return f"{kind.__name__}: {error}" if _is_ours(kind.__module__) else f"{kind.__module__}.{kind.__qualname__}"


def places(trace: TracebackType | None) -> list[str]:
    """Where an exception came through, innermost last, without source lines or values."""
    return [f"{frame.name} {frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in traceback.extract_tb(trace)]


def _fields(record: logging.LogRecord) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
        "level": record.levelname,
        "logger": record.name,
        "event": _event(record),
    }
    if _is_ours(record.name):
        fields |= {name: value for name, value in vars(record).items() if name not in _STANDARD}
    error = record.exc_info[1] if record.exc_info else None
    if error is not None:
        fields |= {"error": describe(error), "through": places(error.__traceback__)}
    return fields


def _event(record: logging.LogRecord) -> str:
    if _is_ours(record.name):
        return record.getMessage()
    if record.args:
        return str(record.msg)  # the template; what goes into it is left out
    # Formatted before it was logged, so it may hold anything: the place says which message it was.
    return f"(withheld) {record.filename}:{record.lineno}"


def _is_ours(name: str) -> bool:
    return name.partition(".")[0] in OURS


def _log_uncaught(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt | SystemExit):
        return
    logging.getLogger("stylesmith").critical("uncaught", exc_info=(kind, error or kind(), trace))
