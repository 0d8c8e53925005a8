"""Parser of a mention's words, without its pictures: `parse_words(text, names) -> Said`."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Final

from bot.request.adjustments import degree
from bot.request.negation import Negation, Wish, negations, taken_back
from bot.request.numbers import NUMBERS
from bot.request.options import Setting, pairs
from bot.request.said import Said
from bot.request.telling import asks_about, mentions_again, only_told
from bot.request.vocabulary import PHRASES, layer_patterns
from bot.request.vocabulary.fillers import CHINESE_FILLERS, FILLERS, PRAISE
from bot.request.vocabulary.phrase import CONSUMED, Mark, Phrase
from bot.styles.names import Names
from bot.text import fold
from worker.contract import DreamLayer, Kind

from . import naming, strange_styles

TERSE_WORDS: Final = 2
"""A weak phrase counts in a mention with at most this many unexplained words."""


def parse_words(text: str, names: Names) -> Said:
    """Read `text` by the table in bot.request.vocabulary. `names` are those of the house styles.

    Never raises; work is bounded by bot.text.READ_CHARACTERS. Where two wishes contradict, the later one holds,
    and a single option holds over a preset.
    """
    page = _Page(fold(text), names)
    page.read_pairs()
    page.read_names()
    page.read_strange_styles()
    page.read_numbers()
    page.read_phrases()
    page.pass_over_the_told()
    page.take_back()
    return page.said()


@dataclass(frozen=True, slots=True)
class _Hit:
    at: int
    phrase: Phrase
    words: str

    @property
    def wish(self) -> Wish:
        return Wish(self.at, self.at + len(self.words), Mark.STRANGE_STYLE in self.phrase.marks)

    @property
    def repeats(self) -> bool:
        """Asks for a painting once more; without it, a refusal."""
        return Mark.AGAIN in self.phrase.marks and Mark.SURPRISE not in self.phrase.marks

    def told(self, text: str) -> bool:
        if self.repeats:
            return mentions_again(text, self.wish)
        return bool(self.phrase.sets or self.phrase.nudges) and asks_about(text, self.wish)

    @property
    def idle(self) -> bool:
        """Asks for nothing by itself, so that a negation reaches over it: 'don't make it …'."""
        return bool(self.phrase.marks & {Mark.ASK, Mark.REFUSE})

    @property
    def explicit(self) -> bool:
        return self.words.startswith(("#", "!"))

    @property
    def wishes(self) -> bool:
        return bool(self.phrase.sets or self.phrase.marks - {Mark.ASIDE})


class _Page:
    """A text being parsed. What a rule matches is replaced, so that it is read once and the rest can be counted."""

    def __init__(self, text: str, names: Names) -> None:
        self.names = names
        self.text = text
        self.whole = text
        self.spaced = _spaced(text)
        self.hits: list[_Hit] = []
        self.sets: list[tuple[int, Setting]] = []
        self.lone: list[tuple[int, Setting]] = []
        self.houses: list[naming.Named] = []
        self.unwanted: list[naming.Named] = []
        self.marks: set[Mark] = set()
        self.strange_styles: list[naming.Named] = []

    def consume(self, start: int, end: int) -> None:
        self.text = self.text[:start] + CONSUMED * (end - start) + self.text[end:]

    def consumed(self, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
        for match in list(pattern.finditer(self.text)):
            self.consume(*match.span())
            yield match

    def read_pairs(self) -> None:
        """`key=value`, `key: value`, and `key value` where the value is a number."""
        for match, setting in list(pairs(self.text)):
            self.sets.append((match.start(), setting))
            self.consume(*match.span())

    def read_names(self) -> None:
        """House styles by name, each as it may be written: as a hashtag, anywhere, where asked for, and misspelt."""
        for search in (naming.hashtags, naming.anywhere, naming.asked, naming.misspelt):
            for named in search(self.text, self.names):
                if CONSUMED not in self.text[named.start : named.end]:
                    self.houses.append(named)
                    self.consume(named.start, named.end)

    def read_strange_styles(self) -> None:
        for match in list(strange_styles.by_key(self.text)):
            self.consume(*match.span())
            if match["any"]:
                self.marks.add(Mark.SURPRISE)
            if match["name"]:
                self.strange_styles.append(naming.Named(*match.span(), match["name"]))
        for match, named in list(strange_styles.manners(self.text, self.names)):
            self.consume(*match.span())
            self.strange_styles.append(named)

    def read_numbers(self) -> None:
        """Numbers without a key; those that could be about anything wait until the rest is read."""
        for find in NUMBERS:
            for number in list(find(self.text)):
                self.consume(number.start, number.end)
                if number.sets:
                    (self.lone if number.lone else self.sets).append((number.start, number.sets))

    def read_phrases(self) -> None:
        self.text = _spaced(self.text)
        for phrase in PHRASES:
            for match in self.consumed(phrase.pattern):
                self.hits.append(_Hit(match.start(), phrase, match[0]))
        if any(h.phrase.sets.get("kind") is Kind.DREAM for h in self.hits):
            for _, pattern in layer_patterns():
                list(self.consumed(pattern))
        unexplained = self._unexplained(self.text)
        self.sets += [] if unexplained else self.lone
        self.hits = [h for h in self.hits if h.explicit or not h.phrase.weak or unexplained <= TERSE_WORDS]

    def pass_over_the_told(self) -> None:
        """Leaves out what is spoken of rather than asked for."""
        told = [hit for hit in self.hits if hit.told(self.spaced)]
        if told:
            self.marks.add(Mark.ASIDE)
            self.hits = [hit for hit in self.hits if hit not in told]

    def take_back(self) -> None:
        """Leaves out the wishes that are negated, and with each the words that negate it: they refuse nothing else."""
        back = taken_back(self.spaced, self._negations(), self._wishes())
        for start, word in back.items():
            end = max(start, word.end)
            self.hits = [hit for hit in self.hits if not (hit.idle and word.start <= hit.at < end)]
            self.consume(word.start, end)
        negated = [hit for hit in self.hits if hit.at in back]
        self.marks |= {Mark.REFUSE if hit.repeats else Mark.ASIDE for hit in negated}
        self.hits = [hit for hit in self.hits if hit.at not in back]
        self.sets = [(at, setting) for at, setting in self.sets if at not in back]
        self.unwanted = [named for named in self.houses if named.start in back]
        self.houses = [named for named in self.houses if named.start not in back]
        self.strange_styles = [named for named in self.strange_styles if named.start not in back]

    def _negations(self) -> list[Negation]:
        """Those that are no part of a phrase, as in 'not too strong'."""
        taken = self.text
        for hit in self.hits:
            if Mark.REFUSE in hit.phrase.marks:
                taken = taken[: hit.at] + hit.words + taken[hit.wish.end :]
        return [word for word in negations(self.spaced) if taken[word.end - 1] != CONSUMED]

    def _wishes(self) -> Iterator[Wish]:
        yield from (hit.wish for hit in self.hits if (hit.wishes or hit.phrase.nudges) and not hit.idle)
        yield from (Wish(at, at) for at, _ in self.sets)
        yield from (Wish(start, end, is_style=True) for start, end, _ in self.houses + self.strange_styles)

    def said(self) -> Said:
        counted, unexplained = self.hits, self._unexplained(self.text)
        kinds = [h.phrase.sets["kind"] for h in counted if _weak_kind(h)]
        marks = frozenset(self.marks.union(*(h.phrase.marks for h in counted)))
        strange = [] if self.houses else self._strange_styles(counted)
        wishes, nudges = [h for h in counted if h.wishes], self._nudges(counted)
        changes = self._options([h for h in counted if not h.phrase.nudges])
        return Said(
            options=self._options(counted),
            changes={name: value for name, value in changes.items() if name not in nudges},
            nudges=nudges,
            marks=marks,
            house=self._house(),
            unwanted=tuple(sorted({named.key for named in self.unwanted})),
            told=only_told(self.spaced, self._styles()),
            unknown_style=bool(strange),
            near_house=next(filter(None, map(self.names.nearest, strange)), ""),
            weak_kind=Kind(str(kinds[0])) if kinds else None,
            weak_layer=self._layer(),
            unexplained=unexplained,
            unexplained_but_praise=self._unexplained(PRAISE.sub(" ", self.text)),
            asks=_REQUEST.search(self.whole) is not None and _THAN.search(self.whole) is None,
            understood=len(wishes)
            + len(self.sets)
            + len(self.houses + self.unwanted)
            + int(Mark.SURPRISE in self.marks),
        )

    def _house(self) -> str:
        """The key named last; a painting holds over its own artist, wherever that stands."""
        keys = [named.key for named in sorted(self.houses)]
        return next((key for key in reversed(keys) if not self.names.by.get(key, frozenset()) & set(keys)), "")

    def _styles(self) -> Iterator[Wish]:
        named = self.houses + self.unwanted + self.strange_styles
        yield from (Wish(start, end, is_style=True) for start, end, _ in named)
        yield from (hit.wish for hit in self.hits if Mark.STRANGE_STYLE in hit.phrase.marks)

    def _strange_styles(self, hits: Sequence[_Hit]) -> list[str]:
        """Styles by names that no style of ours has; an everyday word that is one's name was no wish here."""
        manners = [hit.words.lstrip("#!") for hit in hits if Mark.STRANGE_STYLE in hit.phrase.marks]
        return [named.key for named in self.strange_styles] + [
            manner for manner in manners if not self.names.exact(manner)
        ]

    def _options(self, hits: Sequence[_Hit]) -> dict[str, object]:
        wishes: list[tuple[int, Setting]] = [(h.at, h.phrase.sets) for h in hits if not _weak_kind(h)]
        presets = sorted((wish for wish in wishes if len(wish[1]) > 1), key=itemgetter(0))
        single = sorted([wish for wish in wishes if len(wish[1]) == 1] + self.sets, key=itemgetter(0))
        options: dict[str, object] = {}
        for _, setting in presets + single:
            options.update(setting)
        layer = self._layer()
        if layer is not None and options.get("kind") is Kind.DREAM:
            options.setdefault("layer", layer)
        return options

    def _nudges(self, hits: Sequence[_Hit]) -> dict[str, float]:
        """Comparisons that no later wish for the same option overrides; of two, the later."""
        last = {name: at for at, setting in sorted(self.sets, key=itemgetter(0)) for name in setting}
        for hit in hits:
            if not hit.phrase.nudges:
                last |= {name: max(hit.at, last.get(name, -1)) for name in hit.phrase.sets}
        nudges: dict[str, float] = {}
        for hit in sorted(hits, key=lambda hit: hit.at):
            steps = degree(hit.words)
            nudges |= {name: way * steps for name, way in hit.phrase.nudges.items() if hit.at > last.get(name, -1)}
        return nudges

    def _layer(self) -> DreamLayer | None:
        found = ((m.start(), layer) for layer, p in layer_patterns() if (m := p.search(self.whole)))
        return min(found, key=itemgetter(0), default=(0, None))[1]

    def _unexplained(self, rest: str) -> int:
        words = sum(1 for word in _WORD.findall(rest) if word not in FILLERS)
        return words + sum(1 for run in _HAN_RUN.findall(rest) if not CHINESE_FILLERS.issuperset(run))


def _spaced(text: str) -> str:
    return text.replace("_", " ").replace("-", " ")


def _weak_kind(hit: _Hit) -> bool:
    return hit.phrase.weak and not hit.explicit and "kind" in hit.phrase.sets


_REQUEST = re.compile(
    r"\b(?:please|pleease|plea?s|plss?|plz|(?:can|could|would|will) (?:you|u)|make (?:it|this)|try|let'?s"
    r"|i'?(?:d| would) (?:like|love)|i want|but|a (?:bit|little|touch)|slightly|too|enough)\b"
    r"|但|太(?=[强重浓狂疯夸过淡弱轻浅])|不够|能不能|可不可以|可以|请|麻烦|帮|再|试试|一点|一些"
)
_THAN = re.compile(r"\bthan\b|比")
_WORD = re.compile(r"[a-z][a-z']+")
_HAN_RUN = re.compile(r"[\u4e00-\u9fff]+")
