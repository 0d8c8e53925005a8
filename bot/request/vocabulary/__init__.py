"""The words of the grammar, as one table: what each phrase, in English and in Chinese, sets, shifts or marks."""

import re
from functools import cache

from bot.request.vocabulary.commands import COMMANDS
from bot.request.vocabulary.fillers import ASKING
from bot.request.vocabulary.film import FILM
from bot.request.vocabulary.kinds import DREAM_LAYERS, KINDS
from bot.request.vocabulary.look import LOOK
from bot.request.vocabulary.phrase import Phrase
from bot.request.vocabulary.pictures import PICTURES
from bot.request.vocabulary.strength import STRENGTH
from worker.contract import DreamLayer

PHRASES: tuple[Phrase, ...] = (*FILM, *COMMANDS, *KINDS, *LOOK, *STRENGTH, *PICTURES, *ASKING)
"""In order of precedence: 'bigger strokes' before 'bigger', 'not too strong' before 'too strong'."""


@cache
def layer_patterns() -> tuple[tuple[DreamLayer, re.Pattern[str]], ...]:
    return tuple(
        (layer, re.compile(rf"(?<![a-z])(?:{english})(?![a-z])|{chinese}")) for layer, english, chinese in DREAM_LAYERS
    )
