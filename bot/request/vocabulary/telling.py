"""How people speak of a painting, or of painting again, without asking for it: thanks, plans, praise, questions."""

# ruff: noqa: E501 -- an alternation cut in pieces is harder to read

import re
from typing import Final

_THANKS: Final = r"(?:thank(?:s|you)?|thx|tysm|ty|cheers|kudos|congrat(?:ulation)?s|bravo)"
_OF_A_PICTURE: Final = r"(?:this|that|it|these|those)"
_BE: Final = r"(?:is|was|are|were|isn't|wasn't|aren't|weren't)"
_BETWEEN: Final = r"(?: (?:this|that|it|these|those|not|a|an|the|so|in|of|from|by|like|made|done|painted|style|really|actually|supposed|to|be|very|no|meant|just|more)){0,6} ?$"

TELLS: Final = re.compile(
    rf"(?<![a-z'])(?:(?:{_OF_A_PICTURE}|here|he|she|painting|picture|style|one) {_BE}|{_BE} {_OF_A_PICTURE}|it's|that's|did|does|which|who|(?<!so it )(?<!sure it )(?<!that it )looks|looked|feels){_BETWEEN}"
    r"|(?:^|[这那它 ,，])(?:张|个|幅)?(?:画|图)?(?:就|也|应该|好像|真|不)?(?:是|像)(?:不是)?$"
)
"""In front of a name: says or asks what a picture is."""
ASKS_ABOUT: Final = re.compile(
    rf"(?:^|[.,!?;:] ?|(?<![a-z'])(?:so|and|but|hey|wow|wait) ){_BE} {_OF_A_PICTURE}{_BETWEEN}"
)
"""In front of a wish: asks whether the picture is so. Not where it may complain ('isn't it too strong?')."""
COMPLAINS: Final = re.compile(r"(?<![a-z])(?:too|enough)(?![a-z])|太|不够")

ONCE_MORE: Final = re.compile(r"(?<![a-z])(?:again|agian|agin|agan|once more)(?![a-z])|再")
"""Of the words for repeating, those that a sentence may just mention."""
REQUESTS: Final = re.compile(
    r"(?<![a-z'])(?:please|pleease|plss?|plz|can|could|would|shall|let'?s|let me|wants?|needs?|wish|should|must|i'?d|we'?d|now|paint|make|give|do (?=me|one|the|my)|(?:will|won't) (?:you|u)|try (?!again))(?![a-z'])|请|麻烦|想|能|可以|帮"
)
"""Asks after all, in the same clause."""
_SUBJECT: Final = r"(?:(?:i|we|they|you|u)(?:'ll|'ve|'m|'re)?|(?:it|this|that|he|she)(?:'s| is| was| has| made| makes| looks| worked))"
BEFORE: Final = re.compile(
    rf"(?<![a-z']){_THANKS}(?: [a-z']+){{0,4}} $"
    rf"|(?<![a-z']){_SUBJECT}(?: [a-z']+){{1,6}} $"
    r"|(?<![a-z'])(?:(?:see|until|meet) (?:you|ya|u)|(?:well|great|good|nice|lovely|amazing|awesome|fantastic|beautiful|brilliant) (?:work|job|done|stuff)|happy|amazed|impressed|hello|hi|hey|welcome|sorry|morning|later|(?:again|over) and|over and over) $"
    r"|(?:明天|后天|下次|以后|改天|回头|有空|晚点|待会儿?|等会儿?|过几天|下周|下个月|明年)(?:我们?)?(?:会|要)?$|我们?会$|欢迎$"
)
BEFORE_A_VERB: Final = re.compile(
    r"(?<![a-z'])(?:(?:i|we|they|he|she)(?:'ll| will| might| may| did| have to| had to|'m going to|'re going to)?|will|might|gonna|going to|for) $"
    r"|(?:明天|后天|下次|以后|改天|回头|有空|晚点|待会儿?|等会儿?|过几天|下周|下个月|明年)(?:我们?)?(?:会|要)?$|我们?会$|欢迎$"
)
"""The same in front of 'try again' or 'do it again', which ask by themselves."""
AFTER: Final = re.compile(
    rf" {_THANKS}(?![a-z])|, ?(?:thank you (?:so|very|for)|many thanks|thanks (?:so|for|a lot))|,? what an?(?![a-z])| and (?:over )?again(?![a-z])"
    r"| (?:tomorrow|later|tonight|soon|yesterday|some ?day|some ?time|another (?:day|time)|next (?:time|week|month|year|day))(?![a-z])"
    r"| (?:i|we|you)(?:'m|'re|'ve| am| are| have| had| did| made)(?![a-z])"
)
AFTER_ONCE: Final = re.compile(rf",? {_THANKS}(?![a-z])")
"""Behind 'once again', which thanks go on with even past a comma."""
