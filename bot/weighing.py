"""How long a text is on X, which is never shorter than on Mastodon; after twitter-text's configuration v3."""

import re

LINK_WEIGHT = 23
_LIGHT = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))
# One emoji is a base with modifiers, joined by U+200D, or two regional indicators: two units however long.
_PICTOGRAM = "[\u2600-\u27bf\U0001f300-\U0001faff]"
_EMOJI = re.compile(
    rf"[\U0001f1e6-\U0001f1ff]{{2}}|{_PICTOGRAM}[\ufe0f\U0001f3fb-\U0001f3ff]{{0,2}}"
    rf"(?:\u200d{_PICTOGRAM}[\ufe0f\U0001f3fb-\U0001f3ff]{{0,2}}){{0,8}}"
)
_LINK = re.compile(r"https?://\S+|\b[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|io|social|art|example|dev|app|co|me|ai)\b")


def weight(text: str) -> int:
    """Weighted characters: most scripts 1, CJK 2, an emoji 2, a link 23 whatever its length."""
    links = len(_LINK.findall(text))
    rest = _LINK.sub("", text)
    emoji = len(_EMOJI.findall(rest))
    plain = _EMOJI.sub("", rest)
    return LINK_WEIGHT * links + 2 * emoji + sum(1 if _is_light(ord(c)) else 2 for c in plain)


def cut(text: str, room: int) -> str:
    """`text` in at most `room` units, ended with an ellipsis where something had to go."""
    if weight(text) <= room:
        return text
    kept = text
    while kept and weight(kept) + 2 > room:
        kept = kept[: min(len(kept) - 1, max(0, room))]
    return f"{kept.rstrip()}…" if kept else ""


def has_link(text: str) -> bool:
    """True when X would bill this text as a post with a URL."""
    return _LINK.search(text) is not None


def _is_light(code: int) -> bool:
    return any(low <= code <= high for low, high in _LIGHT)
