"""Words that ask at all or refuse, and well-known manners that a catalogue may not have."""

# ruff: noqa: E501, SIM905 -- an alternation or a word list cut in pieces is harder to read

import re
from typing import Final

from bot.request.vocabulary.negation import HARMLESS, REFUSES
from bot.request.vocabulary.phrase import Mark, Phrase

ASKING: Final = (
    Phrase(
        r"(?:vincent )?van gogh|monet|picasso|dal[ií]|munch|hokusai|kandinsky|mondrian|rembrandt|vermeer|renoir|c[eé]zanne|matisse|warhol|klimt|banksy|pollock"
        r"|mir[oó]|basquiat|frida(?: kahlo)?|(?:studio )?ghibli|miyazaki|pixar|disney|lego|minecraft|cubis[mt]|impressionis[mt]|expressionis[mt]|surrealis[mt]"
        r"|pop art|pointillis[mt]|ukiyo ?e|anime|manga|cartoon|comic(?: book)?|pixel art|water ?colou?rs?|oil paint(?:ing)?|pencil (?:drawing|sketch)|charcoal|crayons?"
        r"|cyberpunk|vaporwave|steampunk|pastels?|fresco",
        r"梵高|莫奈|毕加索|达利|蒙克|(?:葛饰)?北斋|康定斯基|蒙德里安|伦勃朗|维米尔|雷诺阿|塞尚|马蒂斯|沃霍尔|宫崎骏|吉卜力|迪士尼|皮克斯|乐高"
        r"|动漫|动画|卡通|漫画|水彩|油画|素描|铅笔画|蜡笔|粉彩|像素(?:画|风)|赛博朋克|蒸汽波|印象派|立体(?:派|主义)|表现主义|超现实(?:主义)?|波普|浮世绘",
        marks={Mark.STRANGE_STYLE},
        weak=True,
    ),
    Phrase(
        r"paint(?:ed|ing)?|draw|turn|transform|convert|restyle|styli[sz]e|style|render|re ?draw|do (?:this|it|that|these|mine|me)"
        r"|make (?:this|it|that|me|art|these)|try (?:this|it|that|these)|your (?:turn|magic)|go ahead|make",
        r"画|风格|变成|做成|弄成|处理|转(?:成|换)|试(?:试|一下)|来一?(?:张|幅)|整一?个|艺术",
        marks={Mark.ASK},
    ),
    HARMLESS,
    REFUSES,
)

FILLERS: Final = frozenset(
    """
    a an and am are as at be bit by can could do does for from get give go have hello hey hi i if im i'm i'd i'll
    in into is it it's its just polite let let's lets like little lol look make me my now of oh ok okay on one ones
    only or our out over painting paintings photo photos pic pics picture pictures image images please pleease
    pls plz plss post really reply same so some sorry than thank thanks thx ty tysm cheers that the them
    then there these they thing think this those time to too try tho though u up ur us use using very want was we
    will with would wanna you your version much more yes yeah yep level mode but also maybe instead actually still
    again first second third keep dis dat here see both two three four style strength
    """.split()
)
"""English words that carry no wish of their own beside others."""

CHINESE_FILLERS: Final = frozenset(
    "请把将帮我你您他她它们一个下的地得了吧呢啊呀嘛吗哦哈嗯这那些张幅图片照片画给要想用在和跟与再来点儿就好也都还以成为变做弄让按照里上去出看谢回复帖子并但是可不能先后最麻烦换改到"
)

PRAISE: Final = re.compile(
    r"(?<![a-z])(?:love(?:d|ly|s)?|nice|great|beautiful(?:ly)?|cool|wow|awesome|amazing|gorgeous|perfect|good|ha(?:ha){1,3}|h?m{2,3}|fantastic|wonderful"
    r"|brilliant|superb|o{2,4}h|omg|yay|sweet|neat|excellent|stunning|impressive|incredible|interesting|fun|pretty|better|almost|close|that'?s)(?![a-z])"
    r"|太?(?:好看|漂亮|美|棒|喜欢|厉害|酷|可爱|赞)(?:了|极了)?|真?(?:不错|好看|漂亮|棒|美|好)|哈{2,4}|有意思|喜欢"
)
"""A kind word in front of a wish ('Love it! A bit stronger, please?')."""

PLAIN_STYLES: Final = frozenset(
    """
    nice cool good great beautiful pretty funny interesting similar certain specific classic classical modern favorite
    favourite best suitable matching artistic painting painter artwork house more less your their some every each which what
    whose list show other another different same this that such with these those first second third fourth last real right wrong life
    """.split()
)
"""What stands before 'style' without naming one."""
PLAIN_STYLES_ZH: Final = frozenset(
    "这那哪什么啥随便任意张幅第最前后你我他它喜欢强淡轻重浓一点些每其别换混多种个的是同像照片画图"
)
