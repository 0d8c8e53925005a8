"""How a wish is taken back: the words that negate, what may stand between them and the wish, and what negates nothing."""

# ruff: noqa: E501 -- an alternation cut in pieces is harder to read

import re
from typing import Final

from bot.request.vocabulary.phrase import Mark, Phrase

HARMLESS: Final = Phrase(
    r"not (?:bad|sure|only|just|to mention)|no (?:problem|worries|idea|rush|hurry|offen[cs]e|doubt|wonder|matter|need to worry)|why not|(?:(?:can't|cannot|couldn't) wait|(?:don't|dont|do not) (?:worry|hesitate|forget|mind|miss))(?: to)?|never ?mind|(?:can't|couldn't|won't|wouldn't|don't|dont) (?:you|u)(?! dare)|(?:isn't|wasn't|aren't) (?:it|this|that)"
    r"|no(?= ?[!:;]| (?:make|use|try|do|go|give|i|wait|please)(?![a-z']))",
    r"不错|不客气|没关系|没事|没问题|没想到|不好意思|不急|不妨|不如|不过|不仅|不但|不光|不只|不得不|不知道?|别忘了?|别急|要不(?![要是])|是不是|能不能|可不可以|要不要|好不好|行不行|会不会|想不想",
    marks={Mark.ASIDE},
)
"""Idioms with a negation that is none."""

REFUSES: Final = Phrase(
    r"never|don't|dont|do not|no|not|nope|isn't|wasn't|didn't|can't|won't",
    r"不要|(?<![特分区级类性个识告])别(?!的|人|墅)|不用|没有|不是",
    marks={Mark.REFUSE},
)
"""Refuses to be painted where it takes back no single wish."""

NEGATIONS: Final = re.compile(
    r"(?<![a-z0-9'])(?P<noun>no|nope|nothing like|isn't|wasn't|ain't|aren't|neither|nor|w/o|except(?:ing)?(?: for)?|avoid(?:ing)?|skip|anything but|everything but)(?![a-z0-9'])"
    r"|(?<![a-z0-9'])(?P<verb>not|never|don't|dont|do not|doesn't|does not|shouldn't|should not|mustn't|must not|please no|without|(?:instead|sick|tired) of|(?<!none )(?<!no )(?:other|rather) than|hate)(?![a-z0-9'])"
    r"|(?<![a-z0-9'])(?P<style>(?:any|every|all)(?: other)? ?(?:style|painter|artist|one|of them)?s? (?:but|except|besides))(?![a-z0-9'])"
    r"|(?P<han>(?:千万|绝对?)?(?:不(?:想?要|是|用|想|需要|喜欢|可以|许|准|能(?=[是用要像画])|(?:太|是很)喜欢)?|(?<![特分区级类性个识告])别|没有?|除了?|无需|勿|禁止|拒绝|讨厌))"
)
"""Takes back what follows. After a `noun` no verb may stand between them; a `style` takes back styles alone."""

_NOUNY: Final = r"an?|the|any|some|that|this|those|these|such|more|further|extra|other|another|again|ever|longer|(?:a )?(?:big |huge )?fan of|kind of|of|in|as|like|with|by|so|too|very|really|quite|overly|even|the style of|to be"
_VERBY: Final = (
    rf"{_NOUNY}|it|its|it's|them|me|him|her|us|my|your|make|made|making|do|doing|go|going|be|being|use|using|used|have|having|want(?: you)?|need|love|add|adding|include|including"
    r"|(?:you |u )?dare|paint(?:ed|ing)?|draw|turn(?:ed|ing)?|into|to|try|apply|put|give|show|send|choose|pick|keep|render|style|convert|transform|change|switch"
)
BRIDGES: Final = {
    "noun": re.compile(rf"[ '\"]{{0,3}}(?:(?:{_NOUNY}) {{1,3}}['\"]?){{0,6}}"),
    "verb": re.compile(rf"[ '\"]{{0,3}}(?:(?:{_VERBY}) {{1,3}}['\"]?){{0,8}}"),
    "style": re.compile(rf"[ '\"]{{0,3}}(?:(?:{_NOUNY}) {{1,3}}['\"]?){{0,6}}"),
    "han": re.compile(
        r"[ 用画成做变像把要再给我的是个一那这种任何它弄搞选换改想来加有太么幅张得过于“”‘’《》「」]{0,8}"
    ),
}
"""What may stand between a negation and what it takes back."""
ALSO: Final = re.compile(
    r" {0,2}(?:,? ?n?or(?: in| as| like)?(?: an?| the)? {1,2}|[/、或和与跟](?:者|是)?(?:要|用)? ?)"
)
"""Between two things that one negation takes back: 'no mosaic or woodcut'."""
BEHIND: Final = re.compile(
    r"(?: is| are)? (?:excluded|forbidden|not allowed)(?![a-z])|(?:就|还是)?(?:除外|(?:不要|算了|免了|不行)了?)(?=[吧啊哦]?(?:$|[ ,.!;，。！；]))"
)
"""Takes back the style that stands in front of it."""
REACH: Final = 60
"""Characters that a bridge may be long."""
