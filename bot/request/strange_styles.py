"""Styles by a name of their own, which the catalogue may not have: 'monet style', `style: cubist`, 画成毕加索风格."""

import re
from collections.abc import Iterator

from bot.request.naming import Named
from bot.request.vocabulary import PHRASES
from bot.request.vocabulary.fillers import FILLERS, PLAIN_STYLES, PLAIN_STYLES_ZH
from bot.request.vocabulary.phrase import CONSUMED
from bot.styles.names import Names


def by_key(text: str) -> Iterator[re.Match[str]]:
    """`style: X` and 'in the style of X': the `name`, or that `any` will do, or neither where the style was read."""
    return (match for match in _STYLE_BY_NAME.finditer(text) if not match["one_of_these"])


def manners(text: str, names: Names) -> Iterator[tuple[re.Match[str], Named]]:
    """'X style' where X names one, and none of ours."""
    for match in _MANNER.finditer(text):
        group = "word" if match["word"] else "han"
        if _is_a_manner(match[group]) and not names.exact(match[group]):
            yield match, Named(match.start(group), match.end(), match[group])


def _is_a_manner(name: str) -> bool:
    """Whether 'X style' names a style, rather than saying which of these or what like."""
    if name.isascii():
        plain = name in FILLERS or name in PLAIN_STYLES
    else:
        plain = any(letter in PLAIN_STYLES_ZH for letter in name)
    return not plain and not any(phrase.pattern.search(name) for phrase in PHRASES)


_STYLE_BY_NAME = re.compile(
    r"(?:[#!]?(?:style|风格) ?[=:] ?|in the style of (?:the )?)"
    rf"(?:{CONSUMED}|(?P<any>any|random|surprise|\*|随便|随机|任意)"
    r"|(?P<one_of_these>(?:this|that|these|those|first|second|third|fourth|1st|2nd|3rd|4th|last|final|other|attached|it|my|painting|picture|image)\b)"
    r"|(?P<name>[a-z\u4e00-\u9fff][\w'-]{0,40}))"
)
_MANNER = re.compile(
    r"(?<![a-z'])(?P<word>[a-z]{4,20})(?: |-)style(?![a-z])"
    r"|(?:^|画成|变成|做成|改成|换成|用|像|来个|想要|[，。,. ])(?P<han>[\u4e00-\u9fff]{2,4}?)的?"
    r"(?:风格|画风|(?:一样|那样))"
)
"""A style by a name of its own: 'monet style', 画成毕加索风格."""
