"""A platform's own time at first contact, from its `Date` header: our clock may be wrong."""

from collections.abc import Mapping
from email.utils import parsedate_to_datetime


class ServerClock:
    """Safe to use from several threads; of two first answers either is as good."""

    def __init__(self) -> None:
        self.first_contact = 0.0
        """Seconds since 1970; 0 until an answer said what time it was."""

    def learn(self, headers: Mapping[str, str]) -> None:
        """Takes in an answer's headers; their names must ignore case."""
        if not self.first_contact:
            self.first_contact = _date(headers.get("date", ""))


def _date(text: str) -> float:
    try:
        return parsedate_to_datetime(text).timestamp()
    except (ValueError, TypeError, IndexError, OverflowError):
        return 0.0
