"""Which fields are asked of X, and what is read in them."""

from bot.platforms.x.adapter import X
from bot.posts import Media
from tests.fakes.x import FakeX
from tests.integration.bot.platforms.x.account import read, reply, say


def test_pictures_keep_their_order_their_alt_texts_and_their_fallbacks(fake: FakeX, x: X) -> None:
    say(fake, media=[{"alt_text": "the photo", "width": 9}, {"alt_text": "the style"}, {"type": "video"}])
    (mention,) = read(x)
    assert [a.description for a in mention.images] == ["the photo", "the style"]
    assert mention.attachments[2].media is Media.OTHER
    assert mention.images[0].url.endswith("?name=orig")
    assert [url.rpartition("?")[2] for url in mention.images[0].fallback_urls][:2] == ["name=4096x4096", "name=large"]


def test_every_field_that_matters_is_asked_for(fake: FakeX, x: X) -> None:
    above = say(fake, "look", author="7")
    say(fake, media=[{}], in_reply_to=above, lang="zh")
    (mention,) = read(x)
    assert (mention.in_reply_to, mention.language, len(mention.images)) == (above, "zh", 1)
    posted = x.post(reply(mention.id))
    assert x.find(mention.id) == [posted]
