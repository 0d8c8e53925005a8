"""Refusals, in the words and with the statuses of a Mastodon server."""


class ApiError(Exception):
    """Answered as JSON `{"error": …}` with this HTTP status."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


def not_found() -> ApiError:
    """For posts that are gone and posts that the asker may not see alike."""
    return ApiError(404, "Record not found")


def invalid(message: str) -> ApiError:
    """A value that Mastodon's models do not accept."""
    return ApiError(422, f"Validation failed: {message}")
