"""How much one person, the people of one instance, and everybody together may ask for."""

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
    everybody_per_hour: int = 60
    """On each platform. Mastodon takes 30 uploads in 30 minutes; what was promised beyond that would wait for ever."""

    without_instances: frozenset[str] = frozenset({"x"})
    """Platforms whose people all share one host, so that a host's share would be everybody's."""

    def windows(self, platform: str) -> tuple[Window, ...]:
        """What a request on this platform has to fit into."""
        person = (Window("author", 600, self.per_10_min), Window("author", 86_400, self.per_day))
        everybody = Window("platform", 3600, self.everybody_per_hour)
        if platform in self.without_instances:
            return (*person, everybody)
        return (*person, Window("host", 3600, self.instance_per_hour), everybody)


@dataclass(frozen=True, slots=True)
class Allowed:
    """The request fits and was counted."""


@dataclass(frozen=True, slots=True)
class Wait:
    """The request does not fit; the next one will in `seconds`. `of` says whose quota is used up."""

    seconds: float
    of: str = "author"
    """author, host, or platform for everybody's."""


Verdict = Allowed | Wait
