"""Host name -> addresses, in bounded time."""

import queue
import socket
import threading
from collections.abc import Callable, Sequence

Resolve = Callable[[str, int], Sequence[str]]
"""(host, port) -> numeric addresses in order of preference; raises OSError when there are none."""


def system_resolve(host: str, port: int) -> Sequence[str]:
    """What this machine's resolver says, each address once."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def within(timeout_s: float, resolve: Resolve, host: str, port: int) -> Sequence[str]:
    """`resolve(host, port)` or TimeoutError: getaddrinfo() itself cannot be interrupted, so a thread waits for it."""
    answers: queue.Queue[Sequence[str] | OSError] = queue.Queue()

    def ask() -> None:
        try:
            answers.put(resolve(host, port))
        except OSError as exc:
            answers.put(exc)

    threading.Thread(target=ask, name="resolve", daemon=True).start()
    try:
        answer = answers.get(timeout=max(0.0, timeout_s))
    except queue.Empty:
        raise TimeoutError(f"no answer from the resolver within {timeout_s:.0f} s") from None
    if isinstance(answer, OSError):
        raise answer
    return answer
