"""What a mention's words say, before its pictures are looked at: `hear(text, names)`."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from bot.folding import compact, fold
from bot.pairs import NUMBERS, PAIR, Setting, read_pair
from bot.vocabulary import CHINESE_FILLERS, FILLERS, Mark, Phrase, layer_patterns, phrase_patterns
from worker.contract import DreamLayer, Kind

TERSE_WORDS: Final = 2
"""A timid phrase counts in a mention with at most this many words that nothing explains."""

_EATEN = "\x01"


@dataclass(frozen=True, slots=True)
class Said:
    """Everything understood. `options` holds only what was asked for, already clamped."""

    options: Mapping[str, object] = field(default_factory=dict)
    marks: frozenset[Mark] = frozenset()
    house: str = ""
    """Slug of the style that was named, or empty."""
    unknown_style: bool = False
    """A style was asked for by a name that the catalogue does not have."""
    timid_kind: Kind | None = None
    """A dream or texture mentioned in passing; counts with at most one picture."""
    timid_layer: DreamLayer | None = None
    strangers: int = 0
    """How many words nothing explains."""
    hits: int = 0

    @property
    def terse(self) -> bool:
        """True when something was understood and nothing else was said."""
        return self.hits > 0 and self.strangers == 0 and Mark.REFUSE not in self.marks


def hear(text: str, names: Mapping[str, str]) -> Said:
    """Read `text` by the table in bot.vocabulary. `names` maps each folded name of a house style to its slug.

    Never raises; work is bounded by bot.folding.READ_CHARACTERS. Where two wishes contradict, the later one holds,
    and a single option holds over a preset.
    """
    page = _Page(fold(text))
    page.read_pairs()
    page.read_names(names)
    page.read_unknown_style()
    page.read_numbers()
    page.read_phrases()
    return page.said()


@dataclass(frozen=True, slots=True)
class _Hit:
    at: int
    phrase: Phrase
    firm: bool


class _Page:
    """A text being read: whatever is understood is eaten, so that nothing is read twice and the rest can be counted."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.whole = text
        self.hits: list[_Hit] = []
        self.sets: list[tuple[int, Setting]] = []
        self.houses: list[tuple[int, str]] = []
        self.marks: set[Mark] = set()
        self.unknown_style = False

    def eat(self, start: int, end: int) -> None:
        self.text = self.text[:start] + _EATEN * (end - start) + self.text[end:]

    def eaten(self, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
        """Matches in the text as it is now, each eaten."""
        for match in list(pattern.finditer(self.text)):
            self.eat(*match.span())
            yield match

    def read_pairs(self) -> None:
        """`key=value`, `key: value`, and `key value` where the value is a number."""
        for match in list(PAIR.finditer(self.text)):
            setting = read_pair(match)
            if setting is not None:
                self.sets.append((match.start(), setting))
                self.eat(*match.span())

    def read_names(self, names: Mapping[str, str]) -> None:
        """Titles and slugs of the catalogue, longest first; as a hashtag they may be written together."""
        for match in list(_HASHTAG.finditer(self.text)):
            slug = names.get(compact(match["tag"]))
            if slug is not None:
                self.houses.append((match.start(), slug))
                self.eat(*match.span())
        for name in sorted((n for n in names if len(n) > 1 and n in self.text), key=len, reverse=True):
            for match in self.eaten(_name_pattern(name)):
                self.houses.append((match.start(), names[name]))

    def read_unknown_style(self) -> None:
        for match in list(_STYLE_BY_NAME.finditer(self.text)):
            if match["one_of_these"]:
                continue
            self.eat(*match.span())
            if match["any"]:
                self.marks.add(Mark.SURPRISE)
            self.unknown_style |= bool(match["name"])

    def read_numbers(self) -> None:
        for pattern, read in NUMBERS:
            for match in self.eaten(pattern):
                self.sets.append((match.start(), read(match)))

    def read_phrases(self) -> None:
        self.text = self.text.replace("_", " ").replace("-", " ")
        for phrase, pattern in phrase_patterns():
            for match in self.eaten(pattern):
                self.hits.append(_Hit(match.start(), phrase, firm=match[0].startswith(("#", "!"))))

    def said(self) -> Said:
        strangers = self._strangers()
        counted = [h for h in self.hits if h.firm or not h.phrase.timid or strangers <= TERSE_WORDS]
        options = self._options(counted)
        kinds = [h.phrase.sets["kind"] for h in counted if _timid_kind(h)]
        layer = self._layer()
        if layer is not None and options.get("kind") is Kind.DREAM:
            options.setdefault("layer", layer)
        return Said(
            options=options,
            marks=frozenset(self.marks.union(*(h.phrase.marks for h in counted))),
            house=max(self.houses)[1] if self.houses else "",
            unknown_style=self.unknown_style and not self.houses,
            timid_kind=Kind(str(kinds[0])) if kinds else None,
            timid_layer=layer,
            strangers=strangers,
            hits=len(counted) + len(self.sets) + len(self.houses) + int(Mark.SURPRISE in self.marks),
        )

    def _options(self, hits: Sequence[_Hit]) -> dict[str, object]:
        wishes: list[tuple[int, Setting]] = [(h.at, h.phrase.sets) for h in hits if not _timid_kind(h)]
        presets = sorted((wish for wish in wishes if len(wish[1]) > 1), key=_position)
        single = sorted([wish for wish in wishes if len(wish[1]) == 1] + self.sets, key=_position)
        options: dict[str, object] = {}
        for _, setting in presets + single:
            options.update(setting)
        return options

    def _layer(self) -> DreamLayer | None:
        found = ((m.start(), layer) for layer, p in layer_patterns() if (m := p.search(self.whole)))
        return min(found, key=_position, default=(0, None))[1]

    def _strangers(self) -> int:
        rest = self.text
        words = sum(1 for word in _WORD.findall(rest) if word not in FILLERS)
        return words + sum(1 for run in _HAN_RUN.findall(rest) if not CHINESE_FILLERS.issuperset(run))


def _position(entry: tuple[int, object]) -> int:
    return entry[0]


def _timid_kind(hit: _Hit) -> bool:
    return hit.phrase.timid and not hit.firm and "kind" in hit.phrase.sets


@cache
def _name_pattern(name: str) -> re.Pattern[str]:
    words = r"\s{1,3}".join(re.escape(word) for word in name.split())
    if name.isascii():
        return re.compile(rf"(?<![a-z0-9]){words}(?![a-z0-9])")
    return re.compile(words)


_HASHTAG = re.compile(r"[#!](?P<tag>[\w-]{1,60})")
_STYLE_BY_NAME = re.compile(
    r"(?:[#!]?(?:style|风格) ?[=:] ?|in the style of (?:the )?)"
    rf"(?:{_EATEN}|(?P<any>any|random|surprise|\*|随便|随机|任意)"
    r"|(?P<one_of_these>(?:this|that|these|those|first|second|third|last|other|attached|it|my|painting|picture|image)\b)"
    r"|(?P<name>[a-z\u4e00-\u9fff][\w'-]{0,40}))"
)
_WORD = re.compile(r"[a-z][a-z']+")
_HAN_RUN = re.compile(r"[\u4e00-\u9fff]+")
