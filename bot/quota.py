"""How much one person, and the people of one instance, may ask for."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Window:
    """At most `limit` admitted mentions in the last `seconds`; `of` is the ledger's column that is counted by."""

    of: str
    seconds: float
    limit: int


@dataclass(frozen=True, slots=True)
class Quota:
    """The windows that a request has to fit into, all of them."""

    per_10_min: int = 3
    per_day: int = 20
    instance_per_hour: int = 60

    without_instances: frozenset[str] = frozenset({"x"})
    """Platforms whose people all share one host, so that a host's share would be everybody's."""

    def windows(self, platform: str) -> tuple[Window, ...]:
        """What a request on this platform has to fit into."""
        person = (Window("author", 600, self.per_10_min), Window("author", 86_400, self.per_day))
        if platform in self.without_instances:
            return person
        return (*person, Window("host", 3600, self.instance_per_hour))


@dataclass(frozen=True, slots=True)
class Allowed:
    """The request fits and was counted."""


@dataclass(frozen=True, slots=True)
class Wait:
    """The request does not fit; the next one will in `seconds`. `of` says whose quota is used up: author or host."""

    seconds: float
    of: str = "author"


Verdict = Allowed | Wait
