"""Options written as `key=value`, `key: value`, `key 80`, `80%` or `1024 px`: each read and clamped, or passed over."""

import math
import re
from collections.abc import Callable, Mapping
from typing import Final

from bot.request.vocabulary import PHRASES, layer_patterns
from bot.text import compact
from worker.contract import SEEDS, STRENGTHS, STYLE_SCALES, Colours, Faces, Film, Format, Init, Kind

EDGE_PX: Final = (256, 4096)
"""Sizes a person may ask for; the operator's own bound (`max_edge_px`) is applied to the plan."""

Setting = Mapping[str, object]


def read_pair(match: re.Match[str]) -> Setting | None:
    """What a match of PAIR sets, or None when the key or the value means nothing to us."""
    key = compact(match["key"] or match["word"])
    value = (match["value"] or match["number"]).strip(".,!?\"'")
    reader = _KEYS.get(key)
    return reader(value) if reader else None


def _number(value: str) -> float | None:
    try:
        number = float(value[:20].rstrip("%x"))
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def clamped(low: float, high: float, number: float) -> float:
    return max(low, min(high, number))


_DEGREES: Final = {"min": 10, "low": 25, "mid": 50, "high": 75, "低": 25, "中": 50, "高": 75}


def _strength(value: str) -> Setting | None:
    number = _number(value)
    if number is None:
        return {"strength": _DEGREES[value]} if value in _DEGREES else _strength_word(value)
    percent = number * 100 if "." in value and 0 < number <= 1 else number
    return {"strength": round(clamped(*STRENGTHS, percent))}


_STROKES: Final = {"huge": 3.0, "fine": 0.5, "tiny": 0.35, "细": 0.5, "小": 0.5, "small": 0.5} | dict.fromkeys(
    ("big", "large", "bold", "broad", "大", "粗"), 2.0
)


def _scale(value: str) -> Setting | None:
    number = _number(value)
    if number is None:
        return {"style_scale": _STROKES[value]} if value in _STROKES else None
    return {"style_scale": round(clamped(*STYLE_SCALES, number), 3)}


def _size(value: str) -> Setting | None:
    thousands = re.fullmatch(r"([1-9])k", value)
    number = float(thousands[1]) * 1024 if thousands else _number(value.removesuffix("px"))
    return None if number is None else {"edge_px": round(clamped(*EDGE_PX, number))}


def _seed(value: str) -> Setting | None:
    number = _number(value)
    return None if number is None else {"seed": int(clamped(*SEEDS, number))}


def _weights(value: str) -> Setting | None:
    shares = [_number(part) for part in re.split(r"[,/+]", value)[:8]]
    known = tuple(clamped(0.01, 1000, share) for share in shares if share is not None)
    return {"weights": known} if known and len(known) == len(shares) else None


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

_HAN_NUMBER: Final = r"一?百|[一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九]"


def _han_number(written: str) -> int:
    """一 to 一百."""
    if written.endswith("百"):
        return 100
    tens, ten, ones = written.rpartition("十")
    digits = "零一二三四五六七八九"
    return (10 * (digits.index(tens) if tens else 1) if ten else 0) + (digits.index(ones) if ones else 0)


PAIR = re.compile(
    r"[#!]?(?:--)?(?<![a-z])(?P<key>[a-z][a-z_-]{1,14}|[\u4e00-\u9fff]{1,3}) ?[=:] ?(?P<value>[^\s;，；、]{1,40})"
    r"|[#!]?(?:--)?(?:(?<![a-z])(?P<word>strength|intensity|scale|style_scale|size|seed|强度|力度|尺寸|大小|种子)"
    r" ?(?:of |to |at |at about |为|是|到|设为)?(?P<number>-?\d[\d.]{0,12}(?:e\d{1,3})?))"
)
NUMBERS: Final[tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Setting]], ...]] = (
    (
        re.compile(r"(?<![\d.])(\d{1,3})\s?[/:]\s?(\d{1,3})(?:\s?[/:]\s?(\d{1,3}))?(?![\d.])"),
        lambda m: _weights("/".join(g for g in m.groups() if g)) or {},
    ),
    (
        re.compile(
            r"(?<![\d.])(\d{1,3})\s?%[\s,，/和&+]{0,3}(?:and )?(\d{1,3})\s?%"
            r"(?:[\s,，/和&+]{0,3}(?:and )?(\d{1,3})\s?%)?"
        ),
        lambda m: _weights("/".join(g for g in m.groups() if g)) or {},
    ),
    (re.compile(r"(?<![\d.])(\d{2,5})\s?(?:px|pixels?|像素)"), lambda m: _size(m[1]) or {}),
    (
        re.compile(r"(?<![\d.])(\d{3,5})\s?[x×]\s?(\d{3,5})(?!\d)"),
        lambda m: _size(str(max(int(m[1]), int(m[2])))) or {},
    ),
    (re.compile(r"(?<![\d.])(\d{1,3})\s?(?:%|per ?cent)(?: (?:strength|style))?"), lambda m: _strength(m[1]) or {}),
    (
        re.compile(rf"(?:百分之|强度|力度)(?:为|是|到|设为|调到)?({_HAN_NUMBER})"),
        lambda m: {"strength": _han_number(m[1])},
    ),
    (re.compile(r"([一二三四五六七八九])成(?![\u4e00-\u9fff])"), lambda m: {"strength": 10 * _han_number(m[1])}),
)
