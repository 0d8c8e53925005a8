"""How strongly the style is applied: absolute words ('wild' is 95) and comparisons ('wilder'), in steps of bot.request.adjustments."""

# ruff: noqa: E501 -- an alternation cut in pieces is harder to read

from typing import Final

from bot.request.vocabulary.phrase import BY, MORE, ZH_BY, ZH_MORE, Phrase

_BOLD = r"strong|stong|wild|intense|heavy|bold|abstract|crazy|extreme|dramatic"

STRENGTH: Final = (
    # Comparisons
    Phrase(
        r"(?:not (?:so|too|quite so|that|as)|less|don't be (?:so|too)|don't make it (?:so|too)) (?:strong(?:ly)?|stong|wild|intense|heavy|much|abstract|extreme|bold|crazy|dramatic)"
        rf"|{MORE}(?:weaker|subtler|milder|tamer|calmer|fainter){BY}",
        r"(?:不要|别|不)(?:那么|太|这么)(?:强烈?|浓|重|夸张|狂野|疯狂|抽象)",
        {"strength": 25},
        {"strength": -1},
    ),
    Phrase(
        rf"{MORE}too (?:subtle|weak|faint|light|soft|mild|tame|boring)|not (?:{_BOLD}) enough|not enough(?: style| of the style)?",
        r"太(?:淡|弱|轻|浅|柔和?|平淡)了?|不够(?:强烈?|重|浓|狂野|夸张|明显|疯狂)?",
        {"strength": 75},
        {"strength": +1},
        weak=True,
    ),
    Phrase(
        rf"{MORE}too (?:{_BOLD}|much)|over the top|overdone",
        r"太(?:强烈?|重|浓|狂野?|疯狂|夸张|过|抽象)了?|过(?:于)?(?:强烈?|夸张|浓|重)|(?:强烈|夸张|浓|重)过头了?",
        {"strength": 30},
        {"strength": -1},
        weak=True,
    ),
    Phrase(
        rf"{MORE}(?:wilder|crazier|more (?:wild|crazy|extreme)){BY}",
        rf"{ZH_MORE}(?:狂野?|疯狂?|夸张|野|极端){ZH_BY}?|(?:狂野?|疯狂?|夸张){ZH_BY}",
        {"strength": 95},
        {"strength": +1.5},
    ),
    Phrase(
        rf"{MORE}(?:stronger|bolder|heavier|intenser|more (?:intense(?:ly)?|strongly|styli[sz]ed|abstract|bold|dramatic|strength|(?:of )?(?:the |that )?style)"
        rf"|(?:closer|nearer) to the (?:painting|style|artwork)|more like the (?:painting|style|artwork)){BY}"
        rf"|(?:turn|crank|dial|amp|pump|step)(?: (?:it|that|the style))? up(?: the (?:style|strength))?{BY}",
        rf"{ZH_MORE}(?:强烈?|浓烈?|重|猛|大胆|明显|抽象){ZH_BY}?|(?:强烈?|浓烈?|重|猛|大胆|明显|抽象){ZH_BY}|加强|加重|增强|加大(?:力度|强度)"
        rf"|{ZH_MORE}?多{ZH_BY}风格|更像(?:那?幅?画|风格)",
        {"strength": 75},
        {"strength": +1},
    ),
    Phrase(
        rf"{MORE}(?:softer|gentler|lighter|more (?:subtle|subtly|gentle|faint|like the (?:photo|original))|less (?:of )?(?:the |that )?style"
        rf"|(?:closer|nearer) to (?:the|my) (?:photo|original|picture)){BY}|(?:turn|tone|dial)(?: (?:it|that|the style))? (?:down|back){BY}",
        rf"{ZH_MORE}(?:淡|轻|弱|柔和?|温柔|浅|收){ZH_BY}?|(?:淡|轻|弱|柔和?|温柔|浅|收敛?|低调){ZH_BY}|减弱|减轻|降低(?:力度|强度)|更(?:像|接近)(?:照片|原图)",
        {"strength": 30},
        {"strength": -1},
    ),
    # Absolute words
    Phrase(
        rf"{MORE}(?:subtle|suble|subtel|subtly|faint(?:ly)?|slight(?:ly)?)|just a (?:hint|touch|little|bit)(?: bit)?|a (?:hint|touch) of",
        r"微妙|淡淡的?|一点点风格|若有若无|微弱|轻度",
        {"strength": 20},
    ),
    Phrase(
        rf"{MORE}(?:gentle|gently|softly|lightly|light (?:touch|style)|mild(?:ly)?)|low(?:er)? strength",
        r"柔和|轻微|温柔",
        {"strength": 30},
    ),
    Phrase(rf"{MORE}(?:light|soft|weak)", "", {"strength": 30}, weak=True),
    Phrase(r"medium|moderate(?:ly)?|balanced|half strength", r"适中|中等|中度", {"strength": 50}),
    Phrase(r"(?:full|max(?:imum)?|highest) strength|100 percent", r"最强|拉满|百分之百", {"strength": 100}),
    Phrase(
        r"(?:go (?:wild|crazy|nuts)|wildly|extreme(?:ly)?|maximum|full (?:on|power)|all the way|to the max)",
        r"疯狂|狂野|极致|夸张|极端",
        {"strength": 95},
    ),
    Phrase(rf"{MORE}(?:wild|crazy|insane|max)", "", {"strength": 95}, weak=True),
    Phrase(
        rf"{MORE}(?:strong(?:ly)?|stong|intense(?:ly)?|boldly|heavily|high strength)",
        r"(?:很|非常|特别|超级?|十分)?(?:强烈|浓烈)|(?:很|非常|特别|超级?|十分)(?:强|浓|重)|重度",
        {"strength": 75},
    ),
    Phrase(rf"{MORE}(?:bold|heavy|powerful|dramatic)", "", {"strength": 75}, weak=True),
    Phrase(rf"{MORE}more{BY}", rf"(?:再|更|要)?多{ZH_BY}", {}, {"strength": +1}, weak=True),
    Phrase(rf"{MORE}less{BY}", rf"(?:再|更|要)?少{ZH_BY}", {"strength": 30}, {"strength": -1}, weak=True),
)
