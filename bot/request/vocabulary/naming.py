"""How a style is asked for by its name: 'like …', 'as a …', '… style', 画成…, …风格; and how a likeness only compares."""

# ruff: noqa: E501 -- an alternation cut in pieces is harder to read

import re
from typing import Final

STOP: Final = re.compile(r"[.,!?;()\[\]{}\"“”…，。！？；、（）【】《》\n/|~—–\U0001f300-\U0001faff]")
"""Ends a clause."""

_VERB = r"(?:paint|draw|make|do|render|turn|convert|transform|restyle|styli[sz]e|style|redraw|show|put|have|give|try|want|see|imagine|recreate|repaint|remake)"
_OBJECT = r"(?:me|it|this|that|us|him|her|them|these|those|mine|one|again|both|all|everything)"
_ARTICLE = r"(?:(?:a|an|the|some|that|his|her|my|famous|classic|good|nice|old|real|proper|beautiful)\s+){0,2}"

CUE: Final = re.compile(
    r"(?<![a-z'])(?:"
    r"nothing but|style of|manner of|spirit of|look of|inspired by|based on|(?:styled|painted|drawn|done|made|rendered) (?:like|as|after|in|by)"
    r"|style ?[=:]|style(?: is)?|like|as|into|try|use|using|apply|choose|pick|prefer|now|rather|instead|want|need"
    rf"|(?:i'd|would|i would) (?:like|love)|{_VERB} {_OBJECT}|give me|how about|what about|go for|(?:change|switch|turn|convert|transform|go|back|over|set)(?: [a-z]+){{0,3}} to"
    rf"|{_VERB} (?:[a-z']+ ){{0,5}}(?:in|with|by|after|to)|both in|all in|each in|^\s*(?:in|with|by|à la|a la)"
    rf")\s*[:：]?\s*{_ARTICLE}$"
)
"""Before a name."""
STRICT_CUE: Final = re.compile(
    r"(?<![a-z'])(?:(?:in the )?(?:style|manner) of|inspired by|style ?[=:]|(?:painted|drawn|done|styled) (?:like|as|by)|like|as|into|try|use|apply"
    rf"|{_VERB} (?:[a-z']+ ){{0,5}}(?:in|by))\s*{_ARTICLE}"
)
"""Before a name that may be misspelt."""
COMPARES: Final = re.compile(
    r"(?<![a-z'])(?:(?:looks|looked|looking|feels?|felt|feeling|sounds?|sounded|seems?|seemed|is|are|am|was|were|be|been|it's|that's|isn't|smells?|tastes?|acts?|shines?|shone|such|i|we|they|you|people|who|don't|really|also|always)"
    r"(?: (?:a bit|a little|almost|exactly|so|not|also|[a-z]+ly))?(?: more)? (?:like|as)|as [a-z]+ as|(?:she|he|they|you|we|i|it) (?:looks?|do|does|did) (?:like|as)|known as|same as|as (?:well|long|soon|far) as)"
    r"\s+(?:(?:a|an|the|some|that|my)\s+)?$"
)
"""A likeness that says how something is, not how to paint it."""
STYLE_NOUN: Final = re.compile(
    r"(?:'s)?[\s-]{0,2}(?:styled?|filters?|effects?|look|vibes?|version|aesthetics?|paintings?|prints?|artwork|technique|treatment|please|pls+|plz)(?![a-z])"
)
"""Behind a name."""
GOES_ON: Final = re.compile(
    r"\s+(?:(?P<tie>of|over|above|at|in|on|outside|from|behind|near|under|by)\s+)?(?P<word>[a-z']+)"
)
"""What follows a name: 'starry night sky', 'mosaic of tiles'."""
STATES: Final = re.compile(
    r"(?<![a-z'])(?:is|was|it's|that's|were|are|am|isn't|there's|here's|had|has|have|got|saw|seen|see|went|love|loved|watching|under|what|when|where|why|who|which)(?![a-z])"
    r"|[是有看拍见在去]"
)
"""Tells something, so that a name beside it is no wish."""

CUE_ZH: Final = re.compile(
    r"(?:而是|只要|只有|画成|画得?像|画作|画个|画出|变成|做成|弄成|改成|换成|转成|转换成|变换成|转为|变为|改为|换为|整成|搞成|处理成|渲染成|生成|改用|套用|应用"
    r"|风格(?:是|为|用|选|换成)?[:=：]?|来一?[个张幅点份]|想要|要一?[个张幅种]|给我一?[个张幅]?|试试|试一?下|仿照?|模仿|临摹|参考|学|类似|选择?|换一?[个张种]?)\s*(?:一?[个张幅种点]|那[种幅])?(?:的)?$"
)
CUE_ZH_WEAK: Final = re.compile(r"(?:用|以|按照?|照|要|换|成|像)(?:一?[个张幅种点]|那[种幅])?$")
"""Asks only where the clause ends or goes on about a style behind the name."""
ENDS_ZH: Final = re.compile(
    r"(?:那幅画|那[种样]|一样|似的|的画|的样子)?的?(?:风格|画风|效果|感觉|滤镜|技法|手法|方式|笔触|来?画|处理|渲染|吧|啊|呀|可以吗|好吗|行吗|试试|一下)*\s*$"
)
STYLE_NOUN_ZH: Final = re.compile(
    r"\s?的?(?:那[样种幅]|风格|画风|画法|笔法|效果|滤镜|技法|版(?![画本权面])|风(?![景光雨暴吹大声沙力车筝铃扇衣]))"
)
COMPARES_ZH: Final = re.compile(r"(?:[一-鿿]{1,8})像$")
"""'Her eyes are like …'."""
GOES_ON_ZH: Final = re.compile(r"(?:下|里|中|上|外|旁|边|的(?!画|风|感|效|样|那))")
