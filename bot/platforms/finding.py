"""One line of `stylesmith doctor`'s report, about an account or about the machine."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    about: str
    ok: bool
    says: str
    """What is, or what to do about it."""
