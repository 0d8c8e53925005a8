"""Refusals, in the words and with the statuses of a Mastodon server."""

from starlette.exceptions import HTTPException


def not_found() -> HTTPException:
    """For posts that are gone and posts that the asker may not see alike."""
    return HTTPException(404, "Record not found")


def invalid(message: str) -> HTTPException:
    """A value that Mastodon's models do not accept."""
    return HTTPException(422, f"Validation failed: {message}")
