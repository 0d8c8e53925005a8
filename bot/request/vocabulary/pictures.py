"""Which picture is what, and who chooses the style."""

# ruff: noqa: E501 -- an alternation cut in pieces is harder to read

from typing import Final

from bot.request.vocabulary.phrase import Mark, Phrase

_LIKE = r"(?:in|like|with|using|from|of|into|to|as)(?: the)?(?: style of)?(?: the)?"
_ONE = r"(?:one|picture|pic|image|painting|style|artwork)"
_ART = r"(?:style|painting|artwork|art)"


def _ordinal(words: str) -> str:
    """English for 'the style is the nth picture'."""
    return (
        rf"{_LIKE} {words} {_ONE}(?:'?s style)?|style of (?:the )?{words}|{words}(?: {_ONE})? (?:is|as|for) (?:the |a )?{_ART}"
        rf"|{_ART} (?:is|comes|goes)?(?: the)? ?{words}|(?:use|apply|take)(?: the)? {words}(?: {_ONE})?(?:'s style)?(?: as (?:the |a )?{_ART}| for| to| on)"
    )


def _ordinal_zh(words: str) -> str:
    """Chinese for the same."""
    return rf"(?:按|用|以|像|照|成)?{words}(?:张|幅|个)(?:图|画|照片)?(?:的?风格|做风格|是风格|为风格|当风格|作为风格|是画)"


PICTURES: Final = (
    Phrase(
        r"surprise(?: me)?|suprise(?: me)?|random(?:ly)?(?: style)?|any(?: style|thing)?(?: (?:you|u) (?:like|want|prefer))?|whatever(?: (?:you|u) (?:like|want))?"
        r"|(?:you|u) (?:choose|pick|decide)|(?:your|ur) (?:choice|pick|call)|(?:choose|pick) (?:for me|a style|one|something)(?: for me)?|dealer's choice"
        r"|up to (?:you|u)|(?:a|the) style (?:you|u) (?:like|want|prefer)",
        r"随便|随意|随机|任意|惊喜|你(?:来)?(?:选|挑|决定|定)|都(?:可以|行)|看着办|[🎲]",
        marks={Mark.SURPRISE},
    ),
    Phrase(
        r"(?:the )?other way (?:a?round)|swap(?:ped)?(?: (?:them|the (?:two|pictures|images|photos)))?|vice versa|reverse (?:them|the order)|in reverse"
        r"|(?:second|2nd|last)(?: (?:one|picture|pic|image))? is (?:the |my )?photo|photo (?:is|comes) (?:the )?(?:second|2nd|last)"
        r"|apply (?:the )?(?:first|1st)(?: \w{1,12})? to (?:the )?(?:second|2nd)",
        r"反过来|换过来|倒过来|颠倒(?:一下)?|互换|第二张是(?:照片|原图)|照片是第二张|(?:顺序|放)反了",
        marks={Mark.SWAP},
    ),
    Phrase(
        rf"{_ordinal('(?:first|1st)')}|style ?first",
        rf"{_ordinal_zh('第(?:一|1)')}|(?:按|用|以|照)第(?:一|1)张(?:图|画)?画(?:第|其|后)",
        marks={Mark.STYLE_FIRST},
    ),
    Phrase(
        _ordinal("(?:third|3rd)"),
        rf"{_ordinal_zh('第(?:三|3)')}|(?:按|用|照|像|成)第(?:三|3)(?:张|幅)",
        marks={Mark.STYLE_THIRD},
    ),
    Phrase(
        _ordinal("(?:fourth|4th)"),
        rf"{_ordinal_zh('第(?:四|4)')}|(?:按|用|照|像|成)第(?:四|4)(?:张|幅)",
        marks={Mark.STYLE_FOURTH},
    ),
    Phrase(
        rf"{_ordinal('(?:last|final)')}|style ?last",
        r"(?:按|用|以|像|照|成)?(?:最后|末尾)(?:一|那)?(?:张|幅|个)(?:图|画)?(?:的?风格|做风格|是风格|是画)?",
        marks={Mark.STYLE_LAST},
    ),
    Phrase(
        r"(?:blend|mix|combine|merge|mash)(?: ?up|ed|ing)?(?: of)?(?: (?:them|these|those|both|all|the (?:two|three|styles)))?",
        r"混合|融合|混搭|结合|综合|各一半",
        marks={Mark.BLEND},
    ),
    Phrase(
        r"(?:do |paint |make )?(?:all|each|every|both)(?: (?:one|photo|picture|image)s?)?(?: of)?"
        r"(?: (?:them|these|those|the|my|it|photos?|pictures?|images?)){0,4}|every(?:one|thing)|batch|one by one"
        r"|(?:first|other|these|those|my) (?:two|three|four|2|3|4|ones)(?: (?:photos?|pictures?|pics?|images?))?"
        r"|(?:two|three|four|2|3|4) photos?,?(?: and| with)? (?:one|1|a) (?:painting|style)",
        r"每(?:一)?(?:张|幅|个)(?:照片|图片|图)?|全部|所有|都(?:用|画|按|变|换|做|要|照|转)|分别|逐张|批量|一起|前(?:两|二|三|几)张(?:照片|图)?"
        r"|(?:两|二|三|四)张(?:照片|图片?)(?:和|加|，|,)?一(?:张|幅)画",
        marks={Mark.BATCH},
    ),
)
