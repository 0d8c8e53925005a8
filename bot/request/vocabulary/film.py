"""Asking to see how a painting grew."""

# ruff: noqa: E501 -- an alternation cut in pieces is harder to read

from typing import Final

from bot.request.vocabulary.phrase import Mark, Phrase
from worker.contract import Film

_IT = r"(?:it|this|that|this one|you|the (?:painting|picture|image))"

FILM: Final = (
    Phrase(
        rf"(?:show|let)(?: me| us)? (?:see )?(?:exactly )?how(?! to)(?: {_IT})?(?: (?:was|is|got|did|do|made|paint|painted|make|grew|grow|done|came)){{0,2}}(?: {_IT})?(?: about)?"
        rf"|how (?:did|do) you (?:paint|make|draw|do) {_IT}|how (?:was|is) {_IT} (?:painted|made|drawn|done)"
        r"|(?:(?:show|see|watch|with|make|record|want|send)(?: me| us)? )?(?:a |the )?(?:time(?: |-)?lapse|making ?of|painting process)(?: (?:video|film|movie|clip|gif))?(?! (?:of|photos?|pictures?|shots?|from|over)(?![a-z]))"
        r"|(?:show|see|watch)(?: me| us)? (?:the |your )?process|(?:as|make(?: me| it| this)?|turn (?:it|this) into|show me) (?:a )?(?:video|film|movie|clip|animation)"
        rf"|(?:show me|watch|see) {_IT} (?:grow|being (?:painted|made)|getting (?:painted|made))",
        r"(?:看看?|看一下|展示|显示|给我看看?|让我看看?|录下?)(?:一?下)?(?:整个|你的|它的|这个)?(?:的)?过程|(?:作画|绘画|绘制|创作|画画|画)的?过程"
        r"|延时(?:摄影|视频|录像)?|缩时(?:摄影|影片|视频)?|(?:是)?怎么画(?:出来)?的|如何画(?:出来)?的|过程(?:视频|录像|动画)|做成(?:视频|动画|影片)",
        {"film": Film.MP4},
    ),
    Phrase(
        r"(?:no|not|without|don't|dont|do not|skip)(?: (?:want|need|make|send|add))?(?: (?:a|the|any))? (?:films?|videos?|movies?|clips?|gifs?|animations?)",
        r"(?:不要|不用|不想要|不需要|别|没有|无需)(?:做成?|发|给我?|来)?(?:一?个)?(?:视频|动画(?!风)|影片|录像|电影)",
        marks={Mark.ASIDE},
    ),
    Phrase(r"(?:the|your) process", r"(?<![一-鿿])过程(?![一-鿿])", {"film": Film.MP4}, weak=True),
)
