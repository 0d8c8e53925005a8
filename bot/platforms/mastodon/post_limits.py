"""What one reply may hold on a Mastodon server, from what the server says about itself."""

from collections.abc import Mapping
from typing import Any

from bot.posts import Limits

DEFAULT = Limits(
    text_length=500,
    description_length=1500,
    paintings=4,
    image_bytes=16 * 1024 * 1024,
    image_pixels=33_177_600,
)
"""Mastodon's own (docs.joinmastodon.org/user/posting, /methods/instance)."""


def limits_of(said: Mapping[str, Any]) -> Limits:
    """From /api/v2/instance or v1, which agree on these; what is not said is DEFAULT."""
    configuration = said.get("configuration") or {}
    statuses = configuration.get("statuses") or {}
    media = configuration.get("media_attachments") or {}
    return Limits(
        # Pleroma and Akkoma say these two at the top level.
        text_length=_count(statuses.get("max_characters") or said.get("max_toot_chars"), DEFAULT.text_length),
        description_length=_count(
            media.get("description_limit") or said.get("description_limit"), DEFAULT.description_length
        ),
        paintings=_count(statuses.get("max_media_attachments"), DEFAULT.paintings),
        image_bytes=_count(media.get("image_size_limit"), DEFAULT.image_bytes),
        image_pixels=_count(media.get("image_matrix_limit"), DEFAULT.image_pixels),
        video=_takes_video(media),
    )


def _takes_video(media: Mapping[str, Any]) -> bool:
    """Where the server does not say, it does."""
    types = media.get("supported_mime_types")
    listed = not isinstance(types, list) or not types or "video/mp4" in types
    return listed and media.get("video_size_limit") != 0


def _count(value: object, default: int) -> int:
    return value if isinstance(value, int) and value > 0 else default
