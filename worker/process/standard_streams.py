"""Standard input, output and error of a command: there even where they were closed, and telling what fails."""

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any, TextIO


class NotPrinted(OSError):
    """Standard output or error takes nothing: its disk is full, say, or it is closed."""


@contextmanager
def standard_streams() -> Iterator[None]:
    """Until the block ends, what cannot be printed raises NotPrinted, whoever prints; at the latest at its end.

    Only a reader that went away, such as `head`, ends the process quietly, with status 1. What is not written by then
    is dropped, so that the interpreter does not try again.
    """
    sys.stdin, sys.stdout, sys.stderr = sys.stdin or _empty(), sys.stdout or _closed(), sys.stderr or _heedless()
    output, errors = _telling(sys.stdout), _telling(sys.stderr)
    with redirect_stdout(output), redirect_stderr(errors):
        try:
            try:
                yield
            finally:
                sys.stdout.flush()
                sys.stderr.flush()
        except BrokenPipeError:
            sys.exit(1)
        finally:
            for stream in (output, errors):
                _drop_what_is_left(stream)


class _File(io.FileIO):
    def write(self, data: Any) -> int:
        try:
            return super().write(data)
        except BrokenPipeError:
            raise
        except OSError as error:
            raise NotPrinted(error.errno, error.strerror) from error


def _telling(stream: TextIO) -> TextIO:
    """The same file as a stream whose failures are NotPrinted."""
    try:
        number = stream.fileno()
    except OSError:  # none that could fail, such as a test's
        return stream
    return io.TextIOWrapper(
        io.BufferedWriter(_File(number, "wb", closefd=False)),
        encoding=stream.encoding,
        errors=stream.errors,
        line_buffering=any(getattr(stream, name, False) for name in ("line_buffering", "write_through")),
    )


def _empty() -> TextIO:
    return Path(os.devnull).open()


def _closed() -> TextIO:
    """A stream that takes nothing; it keeps the number of standard output from any other file."""
    return os.fdopen(os.open(os.devnull, os.O_RDONLY), "w", encoding="utf-8")


def _heedless() -> TextIO:
    return Path(os.devnull).open("w")


def _drop_what_is_left(stream: TextIO) -> None:
    try:
        stream.flush()
    except OSError:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
