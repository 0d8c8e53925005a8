"""Whether an answer is a platform's own, or that of something in front of it (a proxy, a firewall)."""

import json

_WORDS = frozenset({"error", "errors", "error_description", "title", "detail", "message"})


def is_api_error(body: bytes) -> bool:
    """True for a JSON object that says what is wrong, as every API of ours does when it refuses."""
    try:
        said = json.loads(body)
    except ValueError:
        return False
    return isinstance(said, dict) and not _WORDS.isdisjoint(said)
