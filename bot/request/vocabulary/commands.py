"""Commands and questions: forget me, delete, help, which styles, again."""

# ruff: noqa: E501 -- an alternation cut in pieces is harder to read

from typing import Final

from bot.request.vocabulary.phrase import Mark, Phrase

_MINE = r"(?:this|it|that|them|these|(?:the|this|that|my|your|our) (?:last )?(?:painting|picture|pic|photo|image|post|reply|toot|tweet|answer)s?)"
_MANY = r"(?:[2-9]|two|three|four|five|six|seven|eight|nine|ten|several|a few|a couple(?: of)?)"

COMMANDS: Final = (
    Phrase(
        r"(?:delete|erase|remove|forget|clear) (?:all (?:of )?|everything (?:of|about|on) )?(?:my (?:data|pictures and data)|me)"
        r"|(?:delete|erase|forget) everything",
        r"(?:删除|清除|删掉|抹掉|忘掉)(?:所有|全部)?(?:关于)?我的(?:所有|全部|一切)?(?:数据|资料|信息|记录|一切)",
        marks={Mark.FORGET, Mark.INSIST},
    ),
    Phrase(
        r"forget ?(?:about )?me|opt(?:ing)? ?(?:me )?out", r"忘(?:记|了|掉)我|把我忘(?:记|了|掉)?", marks={Mark.FORGET}
    ),
    Phrase(
        rf"(?:delete|remove|erase|del) {_MINE}|take {_MINE} down|take down {_MINE}",
        r"(?:删除|删掉|删了|撤下|撤回|移除)(?:这|那|它|我的?)(?:张|幅|条|个)?(?:图片?|画|照片|帖子?|回复)?"
        r"|把?(?:这|那)(?:张|幅|条|个)(?:图片?|画|照片|帖子?|回复)?(?:删除|删掉|删了|撤下|撤回)",
        marks={Mark.DELETE, Mark.INSIST},
    ),
    Phrase(
        r"delete|remove|erase|stop|unsubscribe|cancel",
        r"删除|删掉|删了|撤回|撤下|停止|取消|不要了|别发了|停",
        marks={Mark.DELETE},
    ),
    Phrase(
        r"(?:what|which)(?: (?:other|house|kind of|kinds of))? styles?(?: (?:do|can|are|have) (?:you|i|there|u)(?: (?:have|know|do|use|got))?)?"
        r"|(?:list|show)(?: me)?(?: of)?(?: (?:the|your|all))? ?styles|styles? list|styles",
        r"(?:都?有|会|能画)(?:哪些|什么|啥)(?:画?风格?|风格)|哪些风格|(?:所有|全部)?风格(?:列表|清单|有哪些|都有什么)",
        marks={Mark.STYLES},
    ),
    Phrase(
        r"help|halp|how (?:do|does|can|to|should) (?:i|you|it|this|use|ask)(?: (?:use|work|ask))?(?: (?:you|this|it|for))?(?: (?:bot|painting))?"
        r"|what (?:can|do|does|should) (?:you|u|i|it|this)(?: bot)? (?:do|say|ask|write)|(?:who|what) (?:are|r) (?:you|u)"
        r"|usage|commands|instructions|manual",
        r"帮助|怎么(?:用|玩|使用|弄)|如何使用|使用(?:说明|方法)|用法|教程|说明书|你是谁|你(?:能|会|可以)(?:做|干|画)?(?:什么|啥)|教教?我",
        marks={Mark.HELP},
    ),
    Phrase(
        r"(?:try )?(?:another|(?:a |some )?(?:different|new|other)) (?:style|painter|artist)s?"
        r"|(?:not|no|without|anything but|don't use|do not use|don't want) (?:this|that|(?:the |this |that )?same) (?:style|painter|artist)(?: again)?",
        r"换(?:一)?(?:个|种)?(?:别的|其他的?|不同的?)?(?:风格|画风)|(?:别的|其他的?|另一种|另外的?|不同的?)(?:风格|画风)",
        marks={Mark.AGAIN, Mark.SURPRISE},
    ),
    Phrase(
        r"(?:do (?:it|that|this) |try |once )?(?:again|agian|agin|agan)|once more|one more(?: time)?"
        r"|another(?: one| go| try| version| take| shot| two| three| few)?|redo|re ?try|repeat|re ?roll|encore|(?:a |with (?:a )?)?(?:new|different|another|random) seed"
        rf"|{_MANY} more(?! (?:style|strength|colou?r|detail|points?|steps?|notch|percent|days?|weeks?|hours?|minutes?|years?)|%)(?: of (?:these|those|them))?(?: (?:times?|versions?|variations?|takes?|tries|paintings?|ones))?",
        r"再?多(?:来|画|做)?[一两二三四几]张|再(?:来|画|做|试|生成)[两二三四几](?:次|张|遍|幅)|再(?:来|画|做|试|生成)(?:一?次|一?张|一?遍|一?幅|一下)?|重新?(?:来|画|做|试|生成)(?:一?次|一?张|一?遍|一?幅|一下)?|换(?:一)?(?:张|个|种)|[🔁🔄]",
        marks={Mark.AGAIN},
    ),
    Phrase(
        r"(?:i )?(?:don't|do not|dont|didn't) (?:really |quite )?(?:like|love|want|need) (?:it|this|that|them)(?! (?:to|so|as|in|like|any|too|more|less|wild|strong|[a-z]{3,10}er)(?![a-z]))|no(?= ?[,.])|nah",
        r"(?:不|没那么|不太|不是很)喜欢(?=[ ,.!?，。！？了这那它你]|$)|不好看",
        marks={Mark.ASIDE},
    ),
    Phrase(
        r"thanks?(?: you)?(?: (?:so|very) much)?(?: a lot)?|thx|tysm|ty|cheers|ok(?:ay)?|i see|got it",
        r"谢谢(?:你|您|啦|了)?|多谢|感谢|好的|知道了|明白了",
        marks={Mark.ASIDE},
    ),
)
