"""A clock that is moved by hand."""

from dataclasses import dataclass

from tests.fakes.mentions import EPOCH


@dataclass
class FakeClock:
    """Time that passes when it is told to."""

    boot: str = "boot"
    wall: float = EPOCH
    since_boot: float = 1000.0
    elsewhere: float = 0.0
    """The platform's own time, which nobody here sets."""

    def now(self) -> float:
        return self.wall

    def steady(self) -> float:
        return self.since_boot

    def pass_s(self, seconds: float) -> None:
        self.wall += seconds
        self.since_boot += seconds
        self.elsewhere += seconds
