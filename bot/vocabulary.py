"""The words of the grammar, as a table: what each phrase, in English and in Chinese, sets or marks."""

# ruff: noqa: E501, SIM905 -- an alternation or a word list cut in pieces is harder to read

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache

from worker.contract import Colours, DreamLayer, Faces, Format, Init, Kind


class Mark(StrEnum):
    """What a phrase says about the pictures or the conversation rather than about an option."""

    ASK = "ask"
    BATCH = "batch"
    BLEND = "blend"
    STYLE_FIRST = "style_first"
    STYLE_LAST = "style_last"
    SURPRISE = "surprise"
    AGAIN = "again"
    HELP = "help"
    DELETE = "delete"
    FORGET = "forget"
    REFUSE = "refuse"
    """A 'no' or 'never' that nothing else explains."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """One row: regular expressions without unbounded repeats, and what they mean."""

    id: str
    english: str
    chinese: str
    sets: Mapping[str, object] = field(default_factory=dict)
    marks: frozenset[Mark] = frozenset()
    timid: bool = False
    """Counts only where nothing contradicts it: 'a dream come true' under two pictures is no dream."""

    def pattern(self) -> re.Pattern[str]:
        """Both languages in one expression; English stands between ASCII word boundaries, Chinese anywhere."""
        english = rf"(?<![a-z0-9'])[#!]?(?<![a-z0-9'])(?:{self.english})(?![a-z0-9])"
        return re.compile(f"{english}|[#!]?(?:{self.chinese})" if self.chinese else english)


def _marks(*marks: Mark) -> frozenset[Mark]:
    return frozenset(marks)


_NO = r"(?:no|not|without|don't|do not|never|off)"
_MORE = r"(?:a bit |a little |much |way |very |really |more |extra )?"
_LIKE = r"(?:in|like|with|using|from|of|into|to|as)(?: the)?(?: style of)?(?: the)?"
_COLOURS = r"(?:photo'?s? |original |its |it's |my |the |same |own )?(?:original |own )?colou?rs?"

PHRASES: tuple[Phrase, ...] = (
    # Deeds and questions
    Phrase(
        "forget-me",
        r"forget ?me|(?:delete|erase|remove) (?:all )?my data|opt ?out",
        r"忘(?:记|了|掉)我|(?:删除|清除)我的(?:所有|全部)?(?:数据|资料)",
        marks=_marks(Mark.FORGET),
    ),
    Phrase(
        "delete",
        r"delete|remove|take (?:it|this|that) down|stop|unsubscribe|cancel",
        r"删除|删掉|删了|撤回|撤下|停止|取消|停",
        marks=_marks(Mark.DELETE),
    ),
    Phrase(
        "help",
        r"help|how (?:do|does|can|to) (?:i|you|it|this|use)(?: (?:use|work))?(?: (?:you|this|it))?"
        r"|what (?:can|do) you do|usage|commands|instructions",
        r"帮助|怎么(?:用|玩|使用)|如何使用|使用(?:说明|方法)|用法|教程",
        marks=_marks(Mark.HELP),
    ),
    Phrase(
        "again",
        r"(?:do (?:it|that|this) |try |once )?again|once more|one more(?: time)?|another(?: one| go| try| version)?"
        r"|redo|retry|repeat|re ?roll|encore",
        r"再(?:来|画|做|试)(?:一?次|一?张|一?遍|一下)?|重(?:来|画|做|新画)(?:一?次|一?张|一?遍)?|换一(?:张|个|种)",
        marks=_marks(Mark.AGAIN),
    ),
    # What is made
    Phrase(
        "deep-dream",
        r"deep ?dream(?:ed|y|s)?|dream (?:of|in|about|with)",
        r"深(?:度|层)?梦(?:境)?|做(?:个|一个)?梦",
        {"kind": Kind.DREAM},
    ),
    Phrase("dream", r"dream(?:s|y|ed|ing)?", r"梦(?:境|幻)?", {"kind": Kind.DREAM}, timid=True),
    Phrase(
        "texture-of",
        r"(?:make |create |get )?(?:a |me a )?(?:seamless )?texture (?:of|from|out of|like)|make a texture",
        r"(?:生成|做成|提取)(?:一?张)?纹理",
        {"kind": Kind.TEXTURE},
    ),
    Phrase("texture", r"texture", r"纹理", {"kind": Kind.TEXTURE}, timid=True),
    # DeepForger's presets
    Phrase("sketch", r"(?<=!)sketch|preset ?= ?sketch", r"(?<=!)(?:草图|素描)", {"strength": 35, "style_scale": 0.6}),
    Phrase(
        "stylized", r"(?<=!)styli[sz]ed?|preset ?= ?styli[sz]ed", r"(?<=!)风格化", {"strength": 60, "style_scale": 1.0}
    ),
    Phrase("abstract", r"(?<=!)abstract|preset ?= ?abstract", r"(?<=!)抽象", {"strength": 90, "style_scale": 2.0}),
    # Faces, before strength: "soft portrait"
    Phrase(
        "faces-off",
        rf"{_NO} (?:portrait|face|faces)(?: mode)?|(?:portrait|faces?)(?: mode)?(?: protection)? ?off|no(?:portrait|faces?)",
        r"(?:不要|不用|别|不|关闭|关)(?:保护|保留)?(?:人像|人脸|脸部?|肖像)(?:模式)?",
        {"faces": Faces.OFF},
    ),
    Phrase(
        "faces-on",
        r"(?:portrait|faces?)(?: mode)?(?: protection)? ?on|portrait(?: mode)?"
        r"|(?:keep|protect|save|preserve) (?:my |the |his |her |their |our )?faces?",
        r"(?:保护|保留|保持)(?:人像|人脸|脸部?|面部|五官)|人像(?:模式)?|肖像",
        {"faces": Faces.ON},
    ),
    # Colours
    Phrase(
        "colours-of-style",
        rf"(?:don't|do not|not) keep {_COLOURS}|(?:style'?s?|painting'?s?) colou?rs?|colou?rs? of the (?:style|painting)",
        r"不(?:要)?保留(?:颜色|原色|色彩)|用(?:画|风格)的颜色",
        {"colours": Colours.STYLE},
    ),
    Phrase(
        "colours-statistics",
        r"(?:match|adapt|transfer|blend) (?:the )?colou?rs",
        r"(?:匹配|适应)(?:颜色|色彩)",
        {"colours": Colours.STATISTICS},
    ),
    Phrase(
        "colours-kept",
        rf"(?:keep|preserve|retain|with|leave|same|original) ?{_COLOURS}|original ?colou?rs|colou?rs of the photo",
        r"(?:保留|保持|不变|不改变?|别改变?|用)(?:原图|原来|照片|我)?的?(?:颜色|色彩|配色|原色)|原(?:来的颜色|色|配色)|颜色不变",
        {"colours": Colours.LUMINANCE},
    ),
    # Size of the strokes
    Phrase(
        "strokes-huge",
        r"(?:huge|giant|massive|enormous) (?:brush ?)?strokes?",
        r"(?:巨大|超大)的?笔触|笔触(?:巨大|超大)",
        {"style_scale": 3.0},
    ),
    Phrase(
        "strokes-big",
        rf"{_MORE}(?:big(?:ger)?|large[r]?|broad(?:er)?|bold(?:er)?|coarse[r]?|thick(?:er)?|wide[r]?) ?(?:brush ?)?strokes?",
        r"(?:大|粗)(?:一?点|些)?的?笔触|笔触(?:再|要|更)?(?:大|粗)(?:一?点|些)?|(?:大|粗)笔",
        {"style_scale": 2.0},
    ),
    Phrase(
        "strokes-fine",
        rf"{_MORE}(?:fine[r]?|small(?:er)?|tiny|thin(?:ner)?|delicate|little) ?(?:brush ?)?(?:strokes?|details?)|fine ?grained",
        r"(?:小|细)(?:一?点|些|腻)?的?笔触|笔触(?:再|要|更)?(?:小|细)(?:一?点|些|腻)?|细腻(?:一?点|些)?|精细(?:一?点|些)?",
        {"style_scale": 0.5},
    ),
    # Size of the picture
    Phrase(
        "size-large",
        r"hd|hi ?res|high ?res(?:olution)?|(?:large|big|bigger|larger) (?:picture|image|size|version)|in large",
        r"高清|大图|高分辨率|大(?:一?点|些)的图",
        {"edge_px": 1024},
    ),
    Phrase(
        "size-small",
        r"low ?res(?:olution)?|(?:small|smaller|tiny) (?:picture|image|size|version)|thumbnail",
        r"小图|低分辨率|缩略图",
        {"edge_px": 384},
    ),
    Phrase("png", r"(?:as |in )?(?:a )?png", "", {"format": Format.PNG}),
    Phrase("from-noise", r"(?:start )?from (?:noise|scratch)", r"从(?:噪声|头)(?:开始)?", {"init": Init.NOISE}),
    # Strength
    Phrase(
        "strength-less",
        r"(?:not (?:so|too|that)|less|don't be (?:so|too)) (?:strong(?:ly)?|wild|intense|heavy|much|abstract)|weaker|subtler|milder",
        r"(?:不要|别|不)(?:那么|太|这么)(?:强烈?|浓|重|夸张)",
        {"strength": 25},
    ),
    Phrase(
        "strength-subtle",
        rf"{_MORE}(?:subtle|subtly|faint(?:ly)?|slight(?:ly)?)|just a (?:hint|touch)|a (?:hint|touch) of",
        r"微妙|淡淡的?|一点点风格|若有若无",
        {"strength": 20},
    ),
    Phrase(
        "strength-light",
        rf"{_MORE}(?:gentle|gentler|gently|softer|softly|lighter|lightly|light (?:touch|style)|mild(?:ly)?|closer to the photo)",
        r"(?:更|再)?(?:淡|轻|弱|柔)(?:一?点儿?|一?些|和|微)|更(?:淡|轻|弱)",
        {"strength": 30},
    ),
    Phrase("strength-light-word", rf"{_MORE}(?:light|soft|weak|less)", "", {"strength": 30}, timid=True),
    Phrase("strength-medium", r"medium|moderate(?:ly)?|balanced", r"适中|中等", {"strength": 50}),
    Phrase(
        "strength-wild",
        r"(?:go (?:wild|crazy)|wildly|wilder|extreme|maximum(?: strength)?|max strength|full (?:on|power)|all the way)",
        r"疯狂|狂野|极致|最强|夸张|极端",
        {"strength": 95},
    ),
    Phrase("strength-wild-word", r"wild|crazy|insane|max", "", {"strength": 95}, timid=True),
    Phrase(
        "strength-strong",
        rf"{_MORE}(?:strong(?:er|ly)?|intense(?:ly)?|bold(?:er|ly)|heavier|heavily|more style)|more abstract",
        r"(?:更|再|很|非常)?(?:强烈|浓烈|强|浓|重)(?:一?点儿?|一?些)|(?:更|很|非常)?(?:强烈|浓烈)|更强|加强",
        {"strength": 75},
    ),
    Phrase("strength-strong-word", rf"{_MORE}(?:bold|heavy|powerful)", "", {"strength": 75}, timid=True),
    # The curator
    Phrase(
        "surprise",
        r"surprise(?: me)?|random(?:ly)?(?: style)?|any(?: style|thing)?(?: (?:you|u) (?:like|want))?|whatever(?: you (?:like|want))?"
        r"|(?:you|u) (?:choose|pick|decide)|your (?:choice|pick)|choose for me|dealer's choice",
        r"随便|随机|任意|惊喜|你(?:来)?(?:选|挑|决定)|都(?:可以|行)|看着办",
        marks=_marks(Mark.SURPRISE),
    ),
    # Which picture is what
    Phrase(
        "style-first",
        rf"{_LIKE} (?:first|1st) (?:one|picture|image|painting|style)|(?:first|1st)(?: one| picture| image)? (?:is|as) (?:the )?style"
        r"|style ?first",
        r"(?:按|用|以|像|照)?第(?:一|1)(?:张|幅)(?:图|画)?(?:的风格|做风格|是风格|为风格)",
        marks=_marks(Mark.STYLE_FIRST),
    ),
    Phrase(
        "style-last",
        rf"{_LIKE} last (?:one|picture|image|painting|style)|style of (?:the )?last|last(?: one| picture| image)? (?:is|as) (?:the )?style"
        r"|style ?last",
        r"(?:按|用|以|像|照|成)?(?:最后|末尾)(?:一|那)?(?:张|幅|个)(?:图|画)?(?:的?风格|做风格|是风格)?",
        marks=_marks(Mark.STYLE_LAST),
    ),
    Phrase(
        "blend",
        r"(?:blend|mix|combine|merge|mash)(?: ?up|ed|ing)?(?: of)?(?: (?:them|these|those|both|all|the (?:two|three|styles)))?",
        r"混合|融合|混搭|结合|综合",
        marks=_marks(Mark.BLEND),
    ),
    Phrase(
        "batch",
        r"(?:do |paint |make )?(?:all|each|every|both)(?: (?:one|photo|picture|image)s?)?(?: of)?"
        r"(?: (?:them|these|those|the|my|it|photos?|pictures?|images?)){0,4}|every(?:one|thing)|batch|one by one",
        r"每(?:一)?(?:张|幅|个)(?:照片|图片|图)?|全部|所有|都(?:用|画|按|变|换|做|要)|分别|逐张|批量|一起",
        marks=_marks(Mark.BATCH),
    ),
    # Asking at all
    Phrase(
        "ask",
        r"paint(?:ed|ing)?|draw|turn|transform|convert|restyle|styli[sz]e|style|render|re ?draw|do (?:this|it|that|these|mine|me)"
        r"|make (?:this|it|that|me|art|these)|try (?:this|it|that|these)|your (?:turn|magic)|go ahead|make",
        r"画|风格|变成|做成|弄成|处理|转(?:成|换)|试(?:试|一下)|来一?(?:张|幅)|艺术",
        marks=_marks(Mark.ASK),
    ),
    Phrase(
        "refuse",
        r"never|don't|do not|no|not|nope|isn't|wasn't|didn't|can't",
        r"不要|别|不用|没有|不是",
        marks=_marks(Mark.REFUSE),
    ),
)

DREAM_LAYERS: tuple[tuple[DreamLayer, str, str], ...] = (
    (DreamLayer.STROKES, r"strokes?|lines?|brush(?:es|strokes?)?", r"笔触|线条"),
    (DreamLayer.TEXTURES, r"textures?|fur|fabric", r"纹理|质感|毛皮"),
    (DreamLayer.PATTERNS, r"patterns?|ornaments?|mandalas?", r"图案|花纹"),
    (DreamLayer.SHAPES, r"shapes?|forms?|buildings?|arches|pagodas?", r"形状|建筑|形体"),
    (DreamLayer.EYES, r"eyes?|animals?|dogs?|puppies|puppyslugs?|creatures?|faces", r"眼睛|动物|狗|生物"),
)

FILLERS = frozenset(
    """
    a an and am are as at be bit but by can could do does for from get give go have hello hey hi i if im
    in into is it it's its just kindly let like little lol look make me my now of oh ok okay on one ones
    only or our out over painting paintings photo photos pic pics picture pictures image images please
    pls plz post really reply same so some sorry than thank thanks that the them then there these they
    thing think this those to too try up us use using very want we will with would you your version time
    much more yes yeah level mode
    """.split()
)
"""English words that carry no wish of their own beside others."""

CHINESE_FILLERS = frozenset(
    "请把将帮我你您他她它们一个下的地得了吧呢啊呀嘛吗哦哈这那些张幅图片照片画给要想用在和跟与再来点儿就好也都还以为成变做弄让用按照里上去出看谢回复帖子并但是可不能先后最"
)


@cache
def phrase_patterns() -> tuple[tuple[Phrase, re.Pattern[str]], ...]:
    """The table with its expressions compiled, in its order: what stands earlier is eaten first."""
    return tuple((phrase, phrase.pattern()) for phrase in PHRASES)


@cache
def layer_patterns() -> tuple[tuple[DreamLayer, re.Pattern[str]], ...]:
    """Dream layers with what people call them."""
    return tuple(
        (layer, re.compile(rf"(?<![a-z])(?:{english})(?![a-z])|{chinese}")) for layer, english, chinese in DREAM_LAYERS
    )
