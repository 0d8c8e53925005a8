"""A platform's own time at first contact, from its `Date` header: our clock may be wrong."""

from collections.abc import Mapping

from bot.platforms.rate_limits import calendar


class ServerClock:
    """Safe to use from several threads; of two first answers either is as good."""

    def __init__(self) -> None:
        self.first_contact = 0.0
        """Seconds since 1970; 0 until an answer said what time it was."""

    def learn(self, headers: Mapping[str, str]) -> None:
        """Takes in an answer's headers; their names must ignore case."""
        if not self.first_contact:
            self.first_contact = calendar(headers.get("date", "")) or 0.0
