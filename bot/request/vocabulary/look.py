"""What a painting looks like, but for its strength: faces, colours, strokes, size."""

# ruff: noqa: E501 -- an alternation cut in pieces is harder to read

from typing import Final

from bot.request.vocabulary.phrase import BY, MORE, ZH_BY, ZH_MORE, Phrase
from worker.contract import Colours, Faces

_NO = r"(?:no|not|without|don't|dont|do not|never|off|ignore)"
_COLOURS = r"(?:photo'?s? |original |its |it's |my |the |same |own |natural )?(?:original |own |natural )?(?:colou?rs?|colurs?|coulors?)"
_WHOSE = r"(?:my |the |his |her |their |our |its )?"
_STROKES = r"(?:brush ?)?(?:strokes?|stokes?|storkes?|brush(?:es)?)"
_PICTURE = r"(?:picture|image|size|version|resolution|file|canvas)"

LOOK: Final = (
    # Faces
    Phrase(
        rf"(?:don't|dont|do not|without|never) (?:touch|chang|distort|ruin|mess up|destroy|alter)(?:e|ing)? ?{_WHOSE}faces?"
        rf"|leave {_WHOSE}faces? (?:alone|as (?:it|they) (?:is|are))|(?:fix|mend|repair) {_WHOSE}faces?"
        rf"|faces? (?:looks?|is|are|got|came out) (?:so |very |a bit |too )?(?:weird|wrong|ruined|distorted|broken|off|bad|scary|creepy|strange)"
        rf"|(?:ruined|distorted|destroyed|broke|lost) {_WHOSE}faces?",
        r"(?:别|不要|不)(?:动|改变?|碰|毁|变)(?:我|他|她|人|孩子)?的?(?:人?脸|五官)|(?:人?脸|五官)(?:别|不要|不能|不)(?:动|变|改变?)"
        r"|脸(?:都|全)?(?:毁|坏|歪|花|变形|糊)了|人?脸不(?:太)?像",
        {"faces": Faces.ON},
    ),
    Phrase(
        rf"{_NO} (?:portrait|face|faces)(?: mode| protection)?|(?:portrait|faces?)(?: mode)?(?: protection)? ?off|no(?:portrait|faces?)",
        r"(?:不要|不用|别|不|关闭|关)(?:保护|保留)?(?:人像|人脸|脸部?|肖像)(?:模式)?",
        {"faces": Faces.OFF},
    ),
    Phrase(
        r"(?:portrait|faces?)(?: mode)?(?: protection)? ?on|portrait(?: mode)?"
        rf"|(?:keep|protect|save|preserve) {_WHOSE}(?:faces?|likeness)(?: recogni[sz]able| intact)?|recogni[sz]able",
        r"(?:保护|保留|保持)(?:好)?(?:人像|人脸|脸部?|面部|五官)|(?:脸|人)要(?:像|认得出)|人像(?:模式)?|肖像",
        {"faces": Faces.ON},
    ),
    # Colours
    Phrase(
        rf"(?:don't|dont|do not|not|without|never) (?:chang|alter|touch|los)(?:e|ing)? ?{_COLOURS}",
        r"(?:不要|别|不)(?:改变?|变|动)(?:原来的?|原图的?|照片的?|我的)?(?:颜色|色彩|配色)|(?:颜色|色彩|配色)(?:不要|别|不能|不)(?:改变?|变|动)"
        r"|还原(?:颜色|色彩)|(?:颜色|色彩)(?:保持|保留)(?:原样|不变|原来的?)?",
        {"colours": Colours.LUMINANCE},
    ),
    Phrase(
        rf"(?:don't|dont|do not|not) (?:keep|preserve) {_COLOURS}|(?:style|painting)'?s? colou?rs?|colou?rs? of the (?:style|painting)",
        r"不(?:要|用)?保留(?:原来的?|照片的?)?(?:颜色|原色|色彩)|用(?:画|风格)的颜色",
        {"colours": Colours.STYLE},
    ),
    Phrase(
        r"(?:match|adapt|transfer|blend) (?:the )?colou?rs",
        r"(?:匹配|适应)(?:颜色|色彩)",
        {"colours": Colours.STATISTICS},
    ),
    Phrase(
        rf"(?:keep|keeping|preserve|preserving|retain|with|leave|same|original) ?{_COLOURS}"
        r"|(?:original|natural|real|my own|my) ?colou?rs|colou?rs of (?:the|my) photo",
        r"(?:保留|保持|不变|不改变?|别改变?|用)(?:原图|原来|照片|原本|我)?的?(?:颜色|色彩|配色|原色)|原(?:来的颜色|色|配色)|颜色不变",
        {"colours": Colours.LUMINANCE},
    ),
    # Strokes
    Phrase(
        rf"(?:huge|giant|massive|enormous) {_STROKES}",
        r"(?:巨大|超大|特大)的?笔触|笔触(?:巨大|超大|特大)",
        {"style_scale": 3.0},
    ),
    Phrase(
        rf"{MORE}(?:bigger|larger|broader|bolder|coarser|thicker|wider|chunkier) ?{_STROKES}{BY}|{_STROKES} (?:are |were )?too (?:small|fine|thin|tiny)",
        rf"笔触(?:再|要|更|可以|能){{0,2}}(?:大|粗){ZH_BY}|笔触{ZH_MORE}(?:大|粗)|{ZH_MORE}(?:大|粗){ZH_BY}?的?笔触|(?:大|粗){ZH_BY}的?笔触"
        rf"|笔触太(?:小|细)了?|{ZH_MORE}?粗{ZH_BY}",
        {"style_scale": 2.0},
        {"style_scale": +1},
    ),
    Phrase(
        rf"{MORE}(?:finer|smaller|thinner|tinier) ?(?:{_STROKES}|details?){BY}|{MORE}more details?|more detailed|{_STROKES} (?:are |were )?too (?:big|large|coarse|thick|broad)",
        rf"笔触(?:再|要|更|可以|能){{0,2}}(?:小|细腻?){ZH_BY}|笔触{ZH_MORE}(?:小|细腻?)|{ZH_MORE}(?:小|细腻?){ZH_BY}?的?笔触|(?:小|细腻?){ZH_BY}的?笔触"
        rf"|笔触太(?:大|粗)了?|细节(?:再|更)?多{ZH_BY}?|{ZH_MORE}?(?:精细|细腻){ZH_BY}|{ZH_MORE}(?:精细|细腻)|{ZH_MORE}?细{ZH_BY}",
        {"style_scale": 0.5},
        {"style_scale": -1},
    ),
    Phrase(
        rf"{MORE}(?:big|large|broad|bold|coarse|thick|wide|chunky|fat) ?{_STROKES}",
        r"(?:大|粗)的?笔触|笔触要?(?:大|粗)|(?:大|粗)笔",
        {"style_scale": 2.0},
    ),
    Phrase(
        rf"{MORE}(?:fine|small|tiny|thin|delicate|little) ?(?:{_STROKES}|details?)|fine ?grained|(?:lots of|high) details?|detailed",
        r"(?:小|细)(?:腻)?的?笔触|笔触要?(?:小|细)(?:腻)?|细腻|精细",
        {"style_scale": 0.5},
    ),
    # Size
    Phrase(
        rf"4k(?: uhd)?|uhd|as (?:large|big) as (?:possible|you can)|(?:max(?:imum)?|full) (?:size|resolution)|(?:huge|giant) {_PICTURE}",
        r"最大(?:尺寸|的图|图)|超清|超大图",
        {"edge_px": 4096},
    ),
    Phrase(r"2k(?: uhd)?", r"2k", {"edge_px": 2048}),
    Phrase(
        rf"(?:in )?{MORE}(?:larger|bigger|higher) {_PICTURE}|too small",
        rf"{ZH_MORE}大{ZH_BY}?的?图|大{ZH_BY}的图|{ZH_MORE}?(?:清晰|清楚){ZH_BY}|{ZH_MORE}(?:清晰|清楚|高清)|太小了?",
        {"edge_px": 1024},
        {"edge_px": +1},
    ),
    Phrase(rf"{MORE}(?:larger|bigger)", rf"{ZH_MORE}?大{ZH_BY}|更大", {}, {"edge_px": +1}, weak=True),
    Phrase(
        rf"(?:in )?{MORE}(?:smaller|lower) {_PICTURE}",
        rf"{ZH_MORE}小{ZH_BY}?的?图|小{ZH_BY}的图",
        {"edge_px": 384},
        {"edge_px": -1},
    ),
    Phrase(rf"{MORE}smaller", rf"{ZH_MORE}?小{ZH_BY}|更小", {}, {"edge_px": -1}, weak=True),
    Phrase(
        rf"(?:full ?)?hd|hi ?res|high ?res(?:olution)?|(?:large|big) {_PICTURE}|in large",
        r"高清|大图|高分辨率",
        {"edge_px": 1024},
    ),
    Phrase(rf"low ?res(?:olution)?|(?:small|tiny) {_PICTURE}|thumbnail", r"小图|低分辨率|缩略图", {"edge_px": 384}),
)
