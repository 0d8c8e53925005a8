"""Sentences for a person, in their language: one for everything that can come of a mention."""

import hashlib
import re
import tomllib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from importlib.resources import files
from typing import Any, Final

from bot.posts import Limits
from bot.request.reading import Difference, Hint
from bot.styles.catalogue import HouseStyle
from bot.styles.similarity import Why
from bot.text import cut, weight
from worker.contract import Film, Kind, Options

LANGUAGES: Final = ("en", "zh")
MOST_NAMES: Final = 24
"""How many house styles a reply lists."""


@cache
def sentences(language: str) -> dict[str, Any]:
    """Sentences of one language; English where there is none."""
    tables = tomllib.loads(files("bot.reply").joinpath("sentences.toml").read_text(encoding="utf-8"))
    table: dict[str, Any] = tables[language if language in LANGUAGES else "en"]
    return table


def is_note(text: str) -> bool:
    """Whether the text of a post of ours is `Wording.waiting`, in any language."""
    return _notes().search(" ".join(text.split())) is not None


@cache
def _notes() -> re.Pattern[str]:
    """Every variant of it, with anything short in the place of its figures."""
    said = [variant for language in LANGUAGES for variant in sentences(language)["notice"]["waiting"]]
    return re.compile("|".join(".{1,40}?".join(map(re.escape, re.split(r"\{\w+\}", one))) for one in said))


@dataclass(frozen=True, slots=True)
class Wording:
    """How one mention is answered: the same mention always gets the same words. Every text fits `limits`.

    No method takes a person's words, except the alt texts that they gave, which go into alt texts only.
    """

    mention: str
    """Id of the mention; it chooses between the variants of a sentence."""
    handle: str
    language: str
    limits: Limits

    def painted(
        self,
        options: Options,
        houses: Sequence[HouseStyle] = (),
        *,
        count: int = 1,
        missing: int = 0,
        seconds: float = 0,
        turn: Difference | None = None,
        unframed: bool = False,
    ) -> str:
        """Under `count` finished paintings; `missing` are the photos of a batch that could not be used.

        `turn` says in what they differ from an earlier answer, `unframed` that a frame was no part of the style.
        """
        kind = f"turn_{turn.value}" if turn else "batch" if count > 1 else options.kind.value
        kind = kind if options.film is Film.NONE else "film"
        layer = self._table["layer"][options.layer.value]
        parts = [self.told("painted", kind, count=count, layer=layer, strength=options.strength)]
        if houses:
            credits = self._word("list_join").join(dict.fromkeys(map(self.credit, houses)))
            parts.append(self.told("painted", f"credit_{_how(houses)}", style=credits))
        if unframed:
            parts.append(self.told("painted", "unframed"))
        if missing:
            parts.append(self.told("painted", "missing", count=missing))
        parts.append(self.told("painted", "closing", seconds=self.duration(timedelta(seconds=seconds))))
        return self._joined(parts)

    def declined(self, hint: Hint, styles: Sequence[str] = (), near: str = "") -> str:
        """Why nothing is painted and how to ask; `styles` are names of house styles to list, `near` the likeliest."""
        if hint in {Hint.UNKNOWN_STYLE, Hint.STYLES}:
            return self._listed(("notice", "near_style") if near else ("declined", hint.value), styles, near)
        if hint is Hint.HELP:
            return max(filter(self._fits, self._variants("declined", hint.value)), key=weight, default="")
        return self.told("declined", hint.value)

    def waiting(self, place: int, wait: timedelta) -> str:
        return self.told("notice", "waiting", place=place, wait=self.duration(wait))

    def cooldown(self, wait: timedelta, *, everybody: bool = False) -> str:
        """A quota is used up: the person's own, or (`everybody`) the instance's or the studio's."""
        return self.told("notice", "studio_full" if everybody else "cooldown", wait=self.duration(wait))

    def credit(self, house: HouseStyle) -> str:
        """Title, artist and year of a house style, as far as they are known; in Chinese with both titles."""
        form = {(True, True): "_full", (True, False): "_artist", (False, True): "_year"}
        template = self._word("credit" + form.get((bool(house.artist), bool(house.year)), ""))
        title, artist = house.title, house.artist
        if self.language == "zh":
            title = f"{house.title_zh}（{title}）" if house.title_zh else title
            artist = house.artist_zh or artist
        return template.format(title=_plain(title), artist=_plain(artist), year=_plain(house.year))

    def duration(self, wait: timedelta) -> str:
        """Seconds below ninety, minutes below ninety, then hours; rounded up."""
        seconds = max(1, -(-wait // timedelta(seconds=1)))
        if seconds < 90:
            return self._spell("second", seconds)
        minutes = -(-seconds // 60)
        return self._spell("minute", minutes) if minutes < 90 else self._spell("hour", -(-minutes // 60))

    def description(
        self, options: Options, photo: str = "", styles: Sequence[str] = (), house: HouseStyle | None = None
    ) -> str:
        """Alt text of a painting, from the alt texts of the photo and the styles ('' where none was given)."""
        alt = self._table["alt"]
        share = (self.limits.description_length - 160) // (2 + len(styles))
        shown = _plain(photo)[: max(20, share * 2)].rstrip(" .。") or alt["photo"]
        given = [alt["quote"].format(text=_plain(s)[: max(20, share)].rstrip(" .。")) for s in styles if _plain(s)]
        named = [self.credit(house)] if house else (given + [alt["painting"]] * (len(styles) - len(given)))
        text = alt[_alt_form(options, len(named))].format(
            photo=shown,
            style=alt["join"].join(named),
            count=len(named),
            layer=self._table["layer"][options.layer.value],
        )
        text = text if options.film is Film.NONE else alt["film"].format(painting=text)
        return str(text)[: self.limits.description_length]

    def _listed(self, sentence: tuple[str, str], styles: Sequence[str], near: str) -> str:
        """The sentence with as many names of styles as fit."""
        names = [_plain(name) for name in styles[:MOST_NAMES]]
        while True:
            text = self._chosen(*sentence).format(styles=self._word("list_join").join(names), near=_plain(near))
            if not names or self._fits(text):
                return text if names else self.told("declined", Hint.ONE_PICTURE.value)
            names.pop()

    def _joined(self, parts: Sequence[str]) -> str:
        """The parts that fit, the first one always; what cannot be said shorter is cut."""
        text = parts[0]
        for part in parts[1:]:
            longer = text + self._word("space") + part
            text = longer if self._fits(longer) else text
        return cut(text, self._room)

    def told(self, group: str, key: str, **values: object) -> str:
        """The sentence of a group by its key, often a code that says what became of a mention."""
        return cut(self._chosen(group, key).format(**values), self._room)

    def _chosen(self, group: str, key: str) -> str:
        variants = [v for v in self._variants(group, key) if self._fits(v)] or self._variants(group, key)
        digest = hashlib.sha256(f"{self.mention}/{group}/{key}".encode()).digest()
        return variants[int.from_bytes(digest[:4], "big") % len(variants)]

    def _variants(self, group: str, key: str) -> list[str]:
        return list(self._table[group][key])

    def _spell(self, unit: str, number: int) -> str:
        return self._word(unit) if number == 1 else self._word(f"{unit}s").format(n=number)

    def _word(self, key: str) -> str:
        return str(self._table["word"][key])

    def _fits(self, text: str) -> bool:
        return weight(text) <= self._room

    @property
    def _room(self) -> int:
        return self.limits.text_length - weight(f"@{self.handle} ")

    @property
    def _table(self) -> dict[str, Any]:
        return sentences(self.language)


def _how(houses: Sequence[HouseStyle]) -> str:
    """`named`, or `chosen`; with the reason for it where one style was chosen for one reason."""
    if not any(house.chosen for house in houses):
        return "named"
    reasons = {house.why for house in houses}
    return next(iter(reasons)) if len(reasons) == 1 and reasons <= set(Why) else "chosen"


def _alt_form(options: Options, styles: int) -> str:
    if options.kind is Kind.DREAM:
        return "dream_guided" if styles else "dream"
    if options.kind is Kind.TEXTURE:
        return "texture"
    return "blend" if styles > 1 else "style"


_DOT_BETWEEN_LETTERS = re.compile(r"(?<=\w)\.(?=[a-z])", re.IGNORECASE)


def _plain(text: str) -> str:
    """One line without control and format characters, hashtags, handles and anything that would become a link."""
    visible = "".join(c if unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co"} else " " for c in text[:4000])
    return _DOT_BETWEEN_LETTERS.sub(". ", " ".join(visible.replace("@", "").replace("#", "").split()))
