"""Options written as `key=value`, `key: value` or `key 80`: each read and clamped, or passed over."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Self

from bot.request.amounts import PART, PIXELS, SIDES, SPACED_THOUSANDS, number, part, pixels, shares, whole
from bot.request.vocabulary import PHRASES, layer_patterns
from bot.text import compact
from worker.contract import SEEDS, STRENGTHS, STYLE_SCALES, Colours, Faces, Film, Format, Init, Kind

EDGE_PX: Final = (256, 4096)
"""Sizes a person may ask for; the operator's own bound (`max_edge_px`) is applied to the plan."""

Setting = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Number:
    """What a number without a key sets, at `start` to `end` of a text: nothing where it only tells of something."""

    start: int
    end: int
    sets: Setting
    lone: bool = False
    """Counts only in a mention that says nothing else that is not understood."""

    @classmethod
    def at(cls, match: re.Match[str], sets: Setting | None, lone: bool = False) -> Self:
        return cls(*match.span(), sets or {}, lone)


def pairs(text: str) -> Iterator[tuple[re.Match[str], Setting]]:
    """Keys that we know and values that mean something to us; a strange key does not hide the next one."""
    at = 0
    while match := _PAIR.search(text, at):
        key, value = match["key"] or match["word"], match["value"] or match["number"]
        read = setting(key, value.rstrip(".,!?\"'").lstrip(",!?\"'"))
        at = match.start() + 1 if read is None else match.end()
        if read is not None:
            yield match, read


def setting(key: str, value: str) -> Setting | None:
    """What `value` sets, or None when the key or the value means nothing to us."""
    reader = _KEYS.get(compact(key))
    return reader(value) if reader else None


def clamped(low: float, high: float, value: float) -> float:
    return max(low, min(high, value))


_DEGREES: Final = {"min": 10, "low": 25, "mid": 50, "high": 75, "低": 25, "中": 50, "高": 75}


def _strength(value: str) -> Setting | None:
    share, amount = part(value), number(value)
    if share is not None:
        return {"strength": round(100 * share)}
    if amount is None:
        return {"strength": _DEGREES[value]} if value in _DEGREES else _strength_word(value)
    percent = amount * 100 if re.search(r"[.,]", value) and 0 < amount <= 1 else amount
    return {"strength": round(clamped(*STRENGTHS, percent))}


_STROKES: Final = {"huge": 3.0, "fine": 0.5, "tiny": 0.35, "细": 0.5, "小": 0.5, "small": 0.5} | dict.fromkeys(
    ("big", "large", "bold", "broad", "大", "粗"), 2.0
)


def _scale(value: str) -> Setting | None:
    amount = number(value)
    if amount is None:
        return {"style_scale": _STROKES[value]} if value in _STROKES else None
    return {"style_scale": round(clamped(*STYLE_SCALES, amount), 3)}


def _size(value: str) -> Setting | None:
    length = pixels(value)
    return None if length is None else {"edge_px": round(clamped(*EDGE_PX, length))}


def _seed(value: str) -> Setting | None:
    seed = whole(value)
    return None if seed is None else {"seed": int(clamped(*SEEDS, seed))}


def _weights(value: str) -> Setting | None:
    known = tuple(clamped(0.01, 1000, share) for share in shares(value))
    return {"weights": known} if known else None


def _switch(name: str, on: object, off: object) -> Callable[[str], Setting | None]:
    words = {"on": on, "yes": on, "true": on, "1": on, "keep": on, "开": on, "是": on, "photo": on, "original": on}
    words |= {"off": off, "no": off, "false": off, "0": off, "style": off, "关": off, "否": off}
    return lambda value: {name: words[value]} if value in words else None


def _choice(name: str, choices: Mapping[str, object]) -> Callable[[str], Setting | None]:
    return lambda value: {name: choices[value]} if value in choices else None


def _layer_named(value: str) -> Setting | None:
    found = next((layer for layer, pattern in layer_patterns() if pattern.fullmatch(value)), None)
    return {"layer": found, "kind": Kind.DREAM} if found else None


def _strength_word(value: str) -> Setting | None:
    """`strength=wild`: the same words as in a sentence."""
    for phrase in PHRASES:
        if set(phrase.sets) == {"strength"} and phrase.pattern.fullmatch(value):
            return dict(phrase.sets)
    return None


_colours = _switch("colours", Colours.LUMINANCE, Colours.STYLE)
_faces = _switch("faces", Faces.ON, Faces.OFF)
_film = _switch("film", Film.MP4, Film.NONE)
_FORMATS: Final = {"png": Format.PNG, "jpg": Format.JPEG, "jpeg": Format.JPEG}
_KEYS: Final[Mapping[str, Callable[[str], Setting | None]]] = {
    **dict.fromkeys(("strength", "intensity", "power", "强度", "力度", "浓度"), _strength),
    **dict.fromkeys(("scale", "stylescale", "strokes", "stroke", "brush", "笔触", "比例"), _scale),
    **dict.fromkeys(("size", "edge", "width", "px", "resolution", "尺寸", "大小", "分辨率"), _size),
    **dict.fromkeys(("seed", "种子"), _seed),
    **dict.fromkeys(("weights", "blend", "ratio", "mix", "权重"), _weights),
    **dict.fromkeys(("colour", "color", "colours", "colors", "keepcolours", "keepcolors", "颜色"), _colours),
    **dict.fromkeys(("portrait", "face", "faces", "人像"), _faces),
    **dict.fromkeys(("layer", "dream", "层"), _layer_named),
    **dict.fromkeys(("film", "timelapse", "video", "视频"), _film),
    **dict.fromkeys(("kind", "mode"), _choice("kind", {kind.value: kind for kind in Kind})),
    **dict.fromkeys(("format", "格式"), _choice("format", _FORMATS)),
    "init": _choice("init", {"noise": Init.NOISE, "photo": Init.PHOTO}),
}

_AMOUNT: Final = rf"(?:{PART}|{SIDES}|{SPACED_THOUSANDS} ?{PIXELS}|-?\.?\d[\d.,]{{0,12}}(?:e\d{{1,3}})?)"
_UNIT: Final = rf"(?: ?(?:{PIXELS}|%|per ?cent))?"
_PAIR = re.compile(
    r"[#!]?(?:--)?(?<![a-z])(?P<key>[a-z][a-z_-]{1,14}|[\u4e00-\u9fff]{1,3}) ?[=:] ?"
    rf"(?P<value>{PART}|{SIDES}|{SPACED_THOUSANDS} ?{PIXELS}|(?:[^\s,;；、/]|[,/](?=\d)){{1,40}}){_UNIT}"
    r"|[#!]?(?:--)?(?<![a-z])(?P<word>strength|intensity|scale|style_scale|size|seed|强度|力度|尺寸|大小|种子)"
    rf" ?(?:of |to |at |at about |is |为|是|到|设为)?(?P<number>{_AMOUNT}){_UNIT}"
)
