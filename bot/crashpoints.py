"""Places where the fault harness ends this process, by name; they do nothing anywhere else.

P1   poll answered -> ledger transaction        P7   outcome seen -> `decided`
P2   ledger transaction -> next step            P8   reply composed -> `posting`
P3   one picture fetched -> the next            P9   `posting` -> request sent
P4   pictures stored -> job submitted           P10  request sent -> response read
P5   job submitted -> `queued`                  P11  response read -> `answered`
P6   `queued` -> next step                      P12  looked for our reply -> row changed
"""

import os
import signal

VARIABLE = "STYLESMITH_CRASH_AT"


def point(name: str) -> None:
    """Ends this process with SIGKILL when the environment names this point; as good as a power cut."""
    if os.environ.get(VARIABLE) == name:
        os.kill(os.getpid(), signal.SIGKILL)
