"""A process that crashes leaves no image of its memory: there are passwords, tokens and people's pictures in it."""

import resource


def leave_no_core() -> None:
    """For this process and all that it starts."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
