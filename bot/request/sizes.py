"""Sizes without a key: 1024 px, at 1280x720; and those that a photo is said to have, which are no wish."""

import re
from collections.abc import Iterator
from typing import Final

from bot.request.amounts import PIXELS, SIDES, SPACED_THOUSANDS, THOUSANDS
from bot.request.options import Number, setting

_SIZE: Final = rf"(?:{SIDES}(?: ?{PIXELS})?|(?:{THOUSANDS}|{SPACED_THOUSANDS}|\d{{2,5}}) ?{PIXELS})"
_NOT_IN_A_NUMBER: Final = r"(?<![\d.,'])"
_PHOTO: Final = r"(?:photos?|pictures?|images?|pics?|originals?|files?|scans?|it|this|that|they|which)"
_TOLD_SIZE = re.compile(
    rf"(?:(?:(?<![a-z]){_PHOTO}(?:'s| is| was| are| were| has)|(?:照片|图片|图|原图|原片|张)(?:是|有|本来是|原来是))"
    r"(?: only| just| about|大概|只)?"
    rf"|(?<![a-z])(?:shot|taken|captured|scanned|photographed)(?: at| in| with)?) ?{_SIZE}"
)
"""The size that a photo has, not one that its painting shall have."""
_SIDES_ASKED = re.compile(
    r"(?:(?<![a-z])(?:at|in|to|into|as|size|resolution|output|want|need|give me|make (?:it|this|that|them|these))"
    rf"|尺寸|大小|分辨率|成|到|要|用)(?: an?| about| around| of|是|为)? ?[:=]? ?(?P<size>{SIDES})(?: ?{PIXELS})?"
    rf"|{_NOT_IN_A_NUMBER}(?P<pixels>{SIDES} ?{PIXELS})"
)
_PIXELS = re.compile(rf"{_NOT_IN_A_NUMBER}(?:{THOUSANDS}|{SPACED_THOUSANDS}|\d{{2,5}}) ?{PIXELS}")
_SIDES = re.compile(rf"{_NOT_IN_A_NUMBER}{SIDES}")


def _told_sizes(text: str) -> Iterator[Number]:
    return (Number.at(match, None) for match in _TOLD_SIZE.finditer(text))


def _sizes(text: str) -> Iterator[Number]:
    for match in _SIDES_ASKED.finditer(text):
        yield Number.at(match, setting("size", match["size"] or match["pixels"]))


def _pixels(text: str) -> Iterator[Number]:
    return (Number.at(match, setting("size", match[0])) for match in _PIXELS.finditer(text))


def _sides(text: str) -> Iterator[Number]:
    return (Number.at(match, setting("size", match[0]), lone=True) for match in _SIDES.finditer(text))


SIZES: Final = (_told_sizes, _sizes, _pixels, _sides)
"""In this order: what one has found, the next does not see."""
