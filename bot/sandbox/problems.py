"""What the sandbox refuses, in the words and with the statuses of a Mastodon server."""


class Problem(Exception):
    """Answered as JSON `{"error": …}` with this HTTP status."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


def not_found() -> Problem:
    """For posts that are gone and posts that the asker may not see alike."""
    return Problem(404, "Record not found")


def invalid(message: str) -> Problem:
    """A value that Mastodon's models do not accept."""
    return Problem(422, f"Validation failed: {message}")
