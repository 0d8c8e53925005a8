"""What people say under a painting without asking for another: thanks, tales, plans and questions about it."""

import pytest

from bot.request.read import read
from bot.request.reading import Ignored, IgnoreReason, Wanted
from bot.styles.catalogue import HOUSE
from bot.styles.listing import load
from tests.unit.bot.request.builders import mention, ours

CATALOGUE = load(HOUSE)

TOLD = """\
Thanks again!
Thank you again!
thank you so much again
thanks again, it's great
once more thank you
Once again, thank you so much!
Again, many thanks
thanks for trying again
again and again I am amazed
I look at it again and again
you did it again!
here we go again
great work again
hello again
i will try again tomorrow
I'll ask again later
maybe again next week
see you again
again, what a painting
再次感谢
明天再来
我们会再来的
""".splitlines()


@pytest.mark.parametrize("text", TOLD)
def test_an_again_in_passing_is_no_wish(text: str) -> None:
    assert read(mention(text, 0, parent=ours()), CATALOGUE) == Ignored(IgnoreReason.LOOP)


ASKED = """\
is this Van Gogh?
is it a Monet?
isn't that in the style of Van Gogh?
is this Monet or Van Gogh?
did Van Gogh paint this?
this is so Van Gogh!
looks like the starry night
is this picasso?
is this a dream?
is this stronger?
这是梵高吗？
这是毕加索吗？
""".splitlines()


@pytest.mark.parametrize("text", ASKED)
def test_a_question_about_the_painting_is_no_wish(text: str) -> None:
    assert read(mention(text, 0, parent=ours()), CATALOGUE) == Ignored(IgnoreReason.LOOP)


REPEATED = """\
two more please
3 more
a few more
could we have two more?
three more versions
再来两张
多来几张
Thanks! Again please
thanks, again please
again, thanks
again and again please
try again
can you do it again
I'd like to see it again
i want you to do it again
谢谢，再来一张
""".splitlines()


@pytest.mark.parametrize("text", REPEATED)
def test_more_of_them_is_again_and_no_comparison(text: str) -> None:
    reading = read(mention(text, 0, parent=ours()), CATALOGUE)
    assert isinstance(reading, Wanted)
    assert (reading.changed, reading.nudges, reading.house) == (("seed",), (), "")


@pytest.mark.parametrize("text", ["make it van gogh", "can it be van gogh?", "could this be in van gogh style"])
def test_a_question_for_another_style_is_a_wish(text: str) -> None:
    reading = read(mention(text, 0, parent=ours()), CATALOGUE)
    assert isinstance(reading, Wanted)
    assert reading.house == "vincent-van-gogh"


@pytest.mark.parametrize(("text", "step"), [("isn't it too strong?", -1), ("thanks again, now stronger please", 1)])
def test_a_wish_beside_it_still_holds(text: str, step: int) -> None:
    reading = read(mention(text, 0, parent=ours()), CATALOGUE)
    assert isinstance(reading, Wanted)
    assert (dict(reading.nudges), reading.changed) == ({"strength": step}, ())
