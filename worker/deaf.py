"""A process that has done everything hears no more requests to end, or it would be killed by one while Python leaves.

Python gives every signal its default back before it takes its modules down (Py_FinalizeEx), and a service manager would
read "killed by SIGTERM" of a process that ended well. What is ignored stays ignored.
"""

import signal


def hear_no_more() -> None:
    """From here on SIGTERM and SIGINT change nothing. Call it last: programs started afterwards would inherit it."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)
