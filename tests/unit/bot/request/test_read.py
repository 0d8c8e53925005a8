"""The grammar as tables of cases: what words set, which picture is what, and what is no request at all."""

from dataclasses import replace

import pytest

from bot.admission import Admission
from bot.posts import Attachment, Author, Media, Mention
from bot.request.read import read
from bot.request.reading import Command, CommandKind, Declined, Hint, Ignored, IgnoreReason, Reading, Wanted
from bot.styles.catalogue import Catalogue
from tests.unit.bot.request.builders import ANN, BOB, CATALOGUE, mention, ours, pictures, set_options, theirs, wanted

OPTIONS = [
    pytest.param("", {}, id="no words, house defaults"),
    pytest.param("subtle", {"strength": 20}, id="subtle"),
    pytest.param("a bit softer please", {"strength": 30}, id="softer"),
    pytest.param("make it strong", {"strength": 75}, id="strong"),
    pytest.param("#strong", {"strength": 75}, id="hashtag"),
    pytest.param("make it wild please", {"strength": 95}, id="wild"),
    pytest.param("go all the way", {"strength": 95}, id="all the way"),
    pytest.param("not so strong", {"strength": 25}, id="not so strong"),
    pytest.param("strength 80", {"strength": 80}, id="key and number"),
    pytest.param("strength=0.8", {"strength": 80}, id="a fraction is a share"),
    pytest.param("strength: 80%", {"strength": 80}, id="colon and percent"),
    pytest.param("80%", {"strength": 80}, id="percent alone"),
    pytest.param("strength=wild", {"strength": 95}, id="key and word"),
    pytest.param("强烈一点", {"strength": 75}, id="zh strong"),
    pytest.param("淡一点", {"strength": 30}, id="zh lighter"),
    pytest.param("疯狂", {"strength": 95}, id="zh wild"),
    pytest.param("不要那么强", {"strength": 25}, id="zh not so strong"),
    pytest.param("强度80", {"strength": 80}, id="zh key and number"),
    pytest.param("big strokes", {"style_scale": 2.0}, id="big strokes"),
    pytest.param("with much finer brush strokes", {"style_scale": 0.5}, id="finer strokes"),
    pytest.param("scale=1.5", {"style_scale": 1.5}, id="scale"),
    pytest.param("#big_strokes", {"style_scale": 2.0}, id="hashtag with underscore"),
    pytest.param("strokes=fine", {"style_scale": 0.5}, id="strokes by word"),
    pytest.param("笔触大一点", {"style_scale": 2.0}, id="zh big strokes"),
    pytest.param("细笔触", {"style_scale": 0.5}, id="zh fine strokes"),
    pytest.param("keep my colours", {"colours": "luminance"}, id="keep colours"),
    pytest.param("keep the original colors", {"colours": "luminance"}, id="keep colors"),
    pytest.param("#keepcolors", {"colours": "luminance"}, id="keepcolors hashtag"),
    pytest.param("colours=keep", {"colours": "luminance"}, id="colours key"),
    pytest.param("match the colours", {"colours": "statistics"}, id="match colours"),
    pytest.param("don't keep the colours", {}, id="don't keep colours"),
    pytest.param("保留颜色", {"colours": "luminance"}, id="zh keep colours"),
    pytest.param("保留原来的颜色", {"colours": "luminance"}, id="zh keep original colours"),
    pytest.param("size=1024", {"edge_px": 1024}, id="size"),
    pytest.param("1024 px", {"edge_px": 1024}, id="pixels"),
    pytest.param("at 1280x720", {"edge_px": 1280}, id="width by height"),
    pytest.param("in HD", {"edge_px": 1024}, id="hd"),
    pytest.param("高清", {"edge_px": 1024}, id="zh hd"),
    pytest.param("尺寸512", {}, id="zh size, the default"),
    pytest.param("portrait", {"faces": "on"}, id="portrait"),
    pytest.param("no portrait", {"faces": "off"}, id="no portrait"),
    pytest.param("portrait=off", {"faces": "off"}, id="portrait key"),
    pytest.param("please protect her face", {"faces": "on"}, id="protect her face"),
    pytest.param("人像", {"faces": "on"}, id="zh portrait"),
    pytest.param("不要人像", {"faces": "off"}, id="zh no portrait"),
    pytest.param("seed=7", {"seed": 7}, id="seed"),
    pytest.param("种子 7", {"seed": 7}, id="zh seed"),
    pytest.param("as png", {"format": "png"}, id="png"),
    pytest.param("from noise", {"init": "noise"}, id="from noise"),
    pytest.param("!sketch", {"strength": 35, "style_scale": 0.6}, id="DeepForger sketch"),
    pytest.param("!stylized", {"strength": 60}, id="DeepForger stylized"),
    pytest.param("!abstract", {"strength": 90, "style_scale": 2.0}, id="DeepForger abstract"),
    pytest.param("！素描", {"strength": 35, "style_scale": 0.6}, id="zh preset in full width"),
    pytest.param("!abstract strength 20", {"strength": 20, "style_scale": 2.0}, id="an option holds over a preset"),
    pytest.param("strong, no, subtle", {"strength": 20}, id="the later wish holds"),
    pytest.param("强烈，保留颜色，大笔触", {"strength": 75, "colours": "luminance", "style_scale": 2.0}, id="zh three"),
    pytest.param("deep dream", {"kind": "dream"}, id="a firm dream under two pictures"),
    pytest.param("STRONG Keep Colours", {"strength": 75, "colours": "luminance"}, id="capitals"),
    pytest.param("ｓｔｒｏｎｇ", {"strength": 75}, id="full width letters"),
    pytest.param("stong please", {"strength": 75}, id="a typo"),
    pytest.param("just a little", {"strength": 20}, id="just a little"),
    pytest.param("full strength", {"strength": 100}, id="full strength"),
    pytest.param("strength: high", {"strength": 75}, id="key and a degree"),
    pytest.param("at 30 percent strength", {"strength": 30}, id="percent in words"),
    pytest.param("百分之八十", {"strength": 80}, id="zh percent in words"),
    pytest.param("强度八十五", {"strength": 85}, id="zh number in words"),
    pytest.param("七成", {"strength": 70}, id="zh tenths"),
    pytest.param("强度=高", {"strength": 75}, id="zh key and a degree"),
    pytest.param("特别强", {"strength": 75}, id="zh very strong"),
    pytest.param("别太夸张", {"strength": 25}, id="zh not too wild"),
    pytest.param("chunky brush strokes", {"style_scale": 2.0}, id="chunky"),
    pytest.param("lots of detail", {"style_scale": 0.5}, id="detail"),
    pytest.param("细节多一点", {"style_scale": 0.5}, id="zh detail"),
    pytest.param("don't change the colors!", {"colours": "luminance"}, id="don't change colours"),
    pytest.param("without changing my colours", {"colours": "luminance"}, id="without changing colours"),
    pytest.param("natural colours please", {"colours": "luminance"}, id="natural colours"),
    pytest.param("不要改变颜色", {"colours": "luminance"}, id="zh don't change colours"),
    pytest.param("颜色别变", {"colours": "luminance"}, id="zh colours stay"),
    pytest.param("4k pls", {"edge_px": 4096}, id="4k"),
    pytest.param("size=2k", {"edge_px": 2048}, id="size in k"),
    pytest.param("in 2k", {"edge_px": 2048}, id="2k"),
    pytest.param("as large as possible", {"edge_px": 4096}, id="as large as possible"),
    pytest.param("please don't touch my face", {"faces": "on"}, id="don't touch my face"),
    pytest.param("leave the faces alone", {"faces": "on"}, id="leave the faces alone"),
    pytest.param("别动我的脸", {"faces": "on"}, id="zh don't touch my face"),
    pytest.param("ignore faces", {"faces": "off"}, id="ignore faces"),
    pytest.param(
        "Hi! 🙂 Could you do this one? Bold brush strokes, keep my colours. Thanks!!",
        {"style_scale": 2.0, "colours": "luminance"},
        id="several sentences",
    ),
    pytest.param(
        "你好，麻烦画一下这张，强烈一点，颜色别变，谢谢啦",
        {"strength": 75, "colours": "luminance"},
        id="zh several sentences",
    ),
    pytest.param(
        "#bigstrokes strength=70 保留颜色 🎨",
        {"style_scale": 2.0, "strength": 70, "colours": "luminance"},
        id="both languages, all forms",
    ),
    pytest.param("my dog after his strength training", {}, id="strength in passing"),
    pytest.param("saw wild animals in soft light, what a heavy rain", {}, id="chatter is no wish"),
    pytest.param("my dream came true in Paris last summer", {}, id="a dream in passing"),
    pytest.param("@alice@strong.example #caturday https://x.example/wild", {}, id="addresses are not read"),
]


@pytest.mark.parametrize(("text", "options"), OPTIONS)
def test_words_set_options(text: str, options: dict[str, object]) -> None:
    assert set_options(wanted(text)) == options


DREAMS = [
    pytest.param("dream", {"kind": "dream"}, id="dream"),
    pytest.param("dream of eyes", {"kind": "dream", "layer": "eyes"}, id="eyes"),
    pytest.param("deep dream with lots of dogs", {"kind": "dream", "layer": "eyes"}, id="dogs are eyes"),
    pytest.param("#deepdream textures", {"kind": "dream", "layer": "textures"}, id="textures"),
    pytest.param("dream layer=strokes", {"kind": "dream", "layer": "strokes"}, id="layer key"),
    pytest.param("dream: shapes", {"kind": "dream", "layer": "shapes"}, id="dream key"),
    pytest.param("梦境 眼睛", {"kind": "dream", "layer": "eyes"}, id="zh eyes"),
    pytest.param("make it trippy", {"kind": "dream"}, id="trippy"),
    pytest.param("梦见狗", {"kind": "dream", "layer": "eyes"}, id="zh dogs"),
    pytest.param("迷幻一点", {"kind": "dream"}, id="zh trippy"),
    pytest.param("做个梦，图案", {"kind": "dream"}, id="zh patterns, the default"),
]


@pytest.mark.parametrize(("text", "options"), DREAMS)
def test_one_picture_can_dream(text: str, options: dict[str, object]) -> None:
    reading = wanted(text, own=1)
    assert set_options(reading) == options
    assert (len(reading.photos), reading.styles, reading.house) == (1, (), "")


ROLES = [
    pytest.param("", 2, "0", "1", "", id="photo and painting"),
    pytest.param("", 3, "0", "12", "", id="blend of two"),
    pytest.param("", 4, "0", "123", "", id="blend of three"),
    pytest.param("blend all of them", 4, "0", "123", "", id="blend holds over all"),
    pytest.param("", 5, "0", "123", "", id="more than four"),
    pytest.param("all of these in the last one", 4, "012", "3", "", id="batch in the last"),
    pytest.param("each in the style of the last picture", 3, "01", "2", "", id="batch of two"),
    pytest.param("the first one is the style, paint each", 4, "123", "0", "", id="batch in the first"),
    pytest.param("all in the last one", 5, "0123", "4", "", id="batch of a five"),
    pytest.param("all in the last one", 7, "0123", "6", "", id="at most four photos"),
    pytest.param("每张都用最后一张的风格", 4, "012", "3", "", id="zh batch in the last"),
    pytest.param("全部画成最后一张", 3, "01", "2", "", id="zh batch"),
    pytest.param("all of these", 2, "0", "1", "", id="two are a pair whatever the words"),
    pytest.param("the first one is the style", 2, "1", "0", "", id="pair the other way round"),
    pytest.param("swap them please", 2, "1", "0", "", id="swapped"),
    pytest.param("paint the second in the style of the first", 2, "1", "0", "", id="by their numbers"),
    pytest.param("apply the first to the second", 2, "1", "0", "", id="the first to the second"),
    pytest.param("the second one is the photo", 2, "1", "0", "", id="the second is the photo"),
    pytest.param("用第一张的风格画第二张", 2, "1", "0", "", id="zh by their numbers"),
    pytest.param("第一张是画，第二张是照片", 2, "1", "0", "", id="zh the first is the painting"),
    pytest.param("顺序反了", 2, "1", "0", "", id="zh the wrong way round"),
    pytest.param("paint the first like the second", 2, "0", "1", "", id="the usual order, said"),
    pytest.param("the first two in the style of the third", 3, "01", "2", "", id="the third is the style"),
    pytest.param("two photos and one painting", 3, "01", "2", "", id="counted"),
    pytest.param("style is the last", 3, "01", "2", "", id="style is the last"),
    pytest.param("all three photos in the style of the 4th", 4, "012", "3", "", id="the fourth is the style"),
    pytest.param("in the style of the third", 4, "0", "123", "", id="the third of four is one of three"),
    pytest.param("前两张用第三张的风格", 3, "01", "2", "", id="zh the third is the style"),
    pytest.param("两张照片一幅画", 3, "01", "2", "", id="zh counted"),
    pytest.param("各一半", 3, "0", "12", "", id="zh half and half"),
    pytest.param("", 1, "0", "", "*", id="one photo, the curator"),
    pytest.param("surprise me", 1, "0", "", "*", id="surprise"),
    pytest.param("随便", 1, "0", "", "*", id="zh surprise"),
    pytest.param("a style you like", 1, "0", "", "*", id="one you like"),
    pytest.param("up to you!", 1, "0", "", "*", id="up to you"),
    pytest.param("suprise me 🎲", 1, "0", "", "*", id="a surprising typo"),
    pytest.param("你看着办吧", 1, "0", "", "*", id="zh as you see fit"),
    pytest.param("my cartoon cat says hello to everyone at work", 1, "0", "", "*", id="a manner in passing"),
    pytest.param("nice style!", 1, "0", "", "*", id="no name of a style"),
    pytest.param("#mosaic", 1, "0", "", "mosaic", id="slug as hashtag"),
    pytest.param("like starry night", 1, "0", "", "night-swirl", id="by another name"),
    pytest.param("in the style of Rose Window", 1, "0", "", "stained-glass", id="by title"),
    pytest.param("style=stained-glass", 1, "0", "", "stained-glass", id="style key"),
    pytest.param("#RoseWindow", 1, "0", "", "stained-glass", id="title as hashtag"),
    pytest.param("用星夜的风格画", 1, "0", "", "night-swirl", id="zh name"),
    pytest.param("像马赛克一样", 1, "0", "", "mosaic", id="zh like"),
    pytest.param("#mosaic", 2, "0", "1", "", id="an attached painting holds over a name"),
    pytest.param("both in #mosaic", 2, "01", "", "mosaic", id="two photos, one name"),
    pytest.param("all as a mosaic", 4, "0123", "", "mosaic", id="four photos, one name"),
    pytest.param("#texture", 1, "", "0", "", id="texture of one"),
    pytest.param("deep dream", 2, "0", "1", "", id="guided dream"),
    pytest.param("dream of eyes, all of them", 3, "012", "", "", id="batch of dreams"),
]


@pytest.mark.parametrize(("text", "own", "photos", "styles", "house"), ROLES)
def test_pictures_have_roles(text: str, own: int, photos: str, styles: str, house: str) -> None:
    given = pictures(own)
    reading = wanted(text, own)
    assert reading.photos == tuple(given[int(i)] for i in photos)
    assert reading.styles == tuple(given[int(i)] for i in styles)
    assert reading.house == house


def test_shares_of_a_blend_are_read_where_they_fit_the_styles() -> None:
    assert wanted("70/30", own=3).options.weights == (70, 30)
    assert wanted("weights=2,1", own=3).options.weights == (2, 1)
    assert wanted("30% and 70%", own=3).options.weights == (30, 70)
    assert wanted("70/30", own=2).options.weights == ()


PARENTS = [
    pytest.param("", 0, "p", "", "*", id="a bare handle under a photo"),
    pytest.param("paint this please", 0, "p", "", "*", id="asked for"),
    pytest.param("like starry night", 0, "p", "", "night-swirl", id="with a name"),
    pytest.param("画成马赛克", 0, "p", "", "mosaic", id="zh with a name"),
    pytest.param("", 1, "p", "o", "", id="the painting in the reply"),
    pytest.param("cool", 2, "o", "o", "", id="two of their own leave the parent alone"),
]


@pytest.mark.parametrize(("text", "own", "photo", "style", "house"), PARENTS)
def test_a_reply_under_a_photo(text: str, own: int, photo: str, style: str, house: str) -> None:
    reading = wanted(text, own, parent=theirs())
    assert ["p" if "parent" in a.url else "o" for a in reading.photos] == [photo]
    assert ["p" if "parent" in a.url else "o" for a in reading.styles] == list(style)
    assert reading.house == house


def test_ones_own_parent_is_read_like_ones_own_pictures() -> None:
    reading = wanted("please", 0, parent=theirs(2, author=ANN))
    assert (len(reading.photos), len(reading.styles)) == (1, 1)


def test_the_owner_of_a_photo_may_object() -> None:
    objecting = theirs(author=Author("2", "bob", "away.example", opted_out=True))
    assert read(mention("", 1, parent=objecting), CATALOGUE) == Declined(Hint.OWNER_OPTED_OUT)
    assert isinstance(read(mention("", 2, parent=objecting), CATALOGUE), Wanted)


def test_an_opt_out_does_not_stop_ones_own_summons() -> None:
    me = Author("1", "ann", "home.example", opted_out=True)
    assert isinstance(read(mention("", 1, author=me, parent=theirs(author=me)), CATALOGUE), Wanted)


AGAIN = [
    pytest.param("again", ("seed",), "", id="again is a new seed"),
    pytest.param("Once more, please!", ("seed",), "", id="once more"),
    pytest.param("再来一张", ("seed",), "", id="zh again"),
    pytest.param("again but strong", ("strength",), "", id="again, strong"),
    pytest.param("wild", ("strength",), "", id="wild alone"),
    pytest.param("强烈", ("strength",), "", id="zh strong alone"),
    pytest.param("keep colours and size 768 this time", ("colours", "edge_px"), "", id="two changes"),
    pytest.param("again with seed 5", ("seed",), "", id="again with a seed"),
    pytest.param("now #mosaic", (), "mosaic", id="another style"),
    pytest.param("surprise me again", (), "*", id="another surprise"),
    pytest.param("重画，用星夜", (), "night-swirl", id="zh another style"),
]


@pytest.mark.parametrize(("text", "changed", "house"), AGAIN)
def test_a_reply_to_our_reply_repeats_it(text: str, changed: tuple[str, ...], house: str) -> None:
    reading = wanted(text, 0, parent=ours())
    assert (reading.again_of, reading.changed, reading.house) == ("50", changed, house)
    assert reading.photos == reading.styles == ()


def test_again_has_the_same_new_seed_however_often_it_is_read() -> None:
    seeds = {wanted("again", 0, parent=ours()).options.seed for _ in range(3)}
    assert len(seeds) == 1
    assert seeds != {0}


def test_again_with_pictures_is_a_new_request() -> None:
    reading = wanted("again", 2, parent=ours())
    assert (reading.again_of, len(reading.photos), len(reading.styles)) == ("", 1, 1)


REST = [
    pytest.param("", {}, Declined(Hint.HOW_TO), id="only the handle"),
    pytest.param("hello there friend", {}, Declined(Hint.HOW_TO), id="small talk"),
    pytest.param("你好呀朋友", {}, Declined(Hint.HOW_TO, "zh"), id="zh small talk"),
    pytest.param("paint my cat", {}, Declined(Hint.NO_PICTURE), id="a wish without a picture"),
    pytest.param("画我的猫", {}, Declined(Hint.NO_PICTURE, "zh"), id="zh a wish without a picture"),
    pytest.param("help", {}, Declined(Hint.HELP), id="help"),
    pytest.param("how do I use this?", {}, Declined(Hint.HELP), id="how"),
    pytest.param("帮助", {}, Declined(Hint.HELP, "zh"), id="zh help"),
    pytest.param("怎么用？", {}, Declined(Hint.HELP, "zh"), id="zh how"),
    pytest.param("help", {"parent": ours()}, Declined(Hint.HELP), id="help under our reply"),
    pytest.param("again", {}, Declined(Hint.NOTHING_TO_REPEAT), id="again of nothing"),
    pytest.param("delete", {}, Declined(Hint.NOTHING_TO_DELETE), id="delete of nothing"),
    pytest.param("delete", {"parent": ours()}, Command(CommandKind.DELETE), id="delete"),
    pytest.param("Please remove this picture.", {"parent": ours()}, Command(CommandKind.DELETE), id="remove"),
    pytest.param("STOP", {"parent": ours()}, Command(CommandKind.DELETE), id="stop"),
    pytest.param("请删掉", {"parent": ours()}, Command(CommandKind.DELETE, "zh"), id="zh delete"),
    pytest.param("please don't stop", {"parent": ours()}, Ignored(IgnoreReason.LOOP), id="don't stop"),
    pytest.param("forget me", {}, Command(CommandKind.FORGET_ME), id="forget me"),
    pytest.param("#forgetme", {"parent": theirs()}, Command(CommandKind.FORGET_ME), id="forget me anywhere"),
    pytest.param("忘记我", {}, Command(CommandKind.FORGET_ME, "zh"), id="zh forget me"),
    pytest.param("thank you", {"parent": ours()}, Ignored(IgnoreReason.LOOP), id="thanks"),
    pytest.param("that's wild, thank you so much!", {"parent": ours()}, Ignored(IgnoreReason.LOOP), id="wild thanks"),
    pytest.param("太美了，谢谢", {"parent": ours()}, Ignored(IgnoreReason.LOOP), id="zh thanks"),
    pytest.param("never again, thanks", {"parent": ours()}, Ignored(IgnoreReason.LOOP), id="never again"),
    pytest.param("", {"parent": ours()}, Ignored(IgnoreReason.LOOP), id="a bare handle under our reply"),
    pytest.param("nice photo bob", {"parent": theirs()}, Ignored(IgnoreReason.NOT_FOR_US), id="talk under a photo"),
    pytest.param("you could ask this bot", {"in_reply_to": "7"}, Ignored(IgnoreReason.NOT_FOR_US), id="talk about us"),
    pytest.param("thanks", {"parent": theirs()}, Ignored(IgnoreReason.NOT_FOR_US), id="thanks under a photo"),
    pytest.param("好的谢谢", {"parent": theirs()}, Ignored(IgnoreReason.NOT_FOR_US), id="zh thanks under a photo"),
    pytest.param("no way", {"parent": theirs()}, Ignored(IgnoreReason.NOT_FOR_US), id="no"),
    pytest.param("", {"by_us": True}, Ignored(IgnoreReason.OWN_POST), id="our own post"),
    pytest.param("", {"author": Author("3", "b", "h", is_bot=True)}, Ignored(IgnoreReason.BOT), id="a bot"),
]


@pytest.mark.parametrize(("text", "fields", "reading"), REST)
def test_what_is_no_painting(text: str, fields: dict[str, object], reading: Reading) -> None:
    assert read(mention(text, 0, **fields), CATALOGUE) == reading


def test_a_style_we_do_not_have_is_said_so_only_beside_a_photo_alone() -> None:
    assert read(mention("style=cubism", 1), CATALOGUE) == Declined(Hint.UNKNOWN_STYLE)
    assert read(mention("in the style of Hokusai", 1), CATALOGUE) == Declined(Hint.UNKNOWN_STYLE)
    assert isinstance(read(mention("in the style of Hokusai", 2), CATALOGUE), Wanted)
    for text in ("like picasso", "as a Monet please", "make it ghibli style", "Dubuffet style", "watercolour"):
        assert read(mention(text, 1), CATALOGUE) == Declined(Hint.UNKNOWN_STYLE), text
    for text in ("莫奈风格", "画成毕加索那样", "像宫崎骏一样", "卡通"):
        assert read(mention(text, 1), CATALOGUE) == Declined(Hint.UNKNOWN_STYLE, "zh"), text
    assert wanted("in the style of the last one", 3).styles == pictures(3)[2:]


def test_without_a_catalogue_one_picture_is_not_enough() -> None:
    assert read(mention("", 1), Catalogue()) == Declined(Hint.ONE_PICTURE)
    assert isinstance(read(mention("dream", 1), Catalogue()), Wanted)


def test_only_allow_listed_bots_are_answered() -> None:
    robot = Author("3", "robo", "away.example", is_bot=True)
    friendly = Admission(allowed_bots=frozenset({"@robo@away.example"}))
    assert isinstance(read(mention(author=robot), CATALOGUE, friendly), Wanted)
    other = Author("4", "robo", "elsewhere.example", is_bot=True)
    assert read(mention(author=other), CATALOGUE, friendly) == Ignored(IgnoreReason.BOT)


@pytest.mark.parametrize("entry", ["bob@away.example", "@bob@away.example", "2", "away.example", "AWAY.example"])
def test_the_denied_are_not_answered(entry: str) -> None:
    strict = Admission(denied=frozenset({entry}))
    assert read(mention(author=BOB), CATALOGUE, strict) == Ignored(IgnoreReason.DENIED)
    assert isinstance(read(mention(author=ANN), CATALOGUE, strict), Wanted)


@pytest.mark.parametrize("text", ["a Gore scene", "ｇｏｒｅ!", "#gore", "请画血腥的"])
def test_what_the_operator_bans_is_not_painted(text: str) -> None:
    strict = Admission(denied_words=frozenset({"gore", "血腥"}))
    assert read(mention(text), CATALOGUE, strict) == Ignored(IgnoreReason.DENIED_WORD)
    assert read(replace(mention(), warning=text), CATALOGUE, strict) == Ignored(IgnoreReason.DENIED_WORD)
    alt = replace(mention().attachments[0], description=text)
    assert read(replace(mention(), attachments=(alt,)), CATALOGUE, strict) == Ignored(IgnoreReason.DENIED_WORD)


@pytest.mark.parametrize("text", ["", "gorey", "Singore", "of Gor e"])
def test_a_banned_word_within_another_is_none(text: str) -> None:
    strict = Admission(denied_words=frozenset({"gore", " "}))
    assert isinstance(read(mention(text), CATALOGUE, strict), Wanted)


def test_whoever_wants_to_be_forgotten_may_say_so_in_any_words() -> None:
    strict = Admission(denied_words=frozenset({"forget"}))
    assert isinstance(read(mention("forget me", 0), CATALOGUE, strict), Command)


def test_a_denied_host_takes_its_subdomains_but_not_its_namesakes() -> None:
    strict = Admission(denied=frozenset({"away.example"}))
    under = Author("5", "eve", "deep.away.example")
    namesake = Author("6", "eve", "faraway.example")
    assert read(mention(author=under), CATALOGUE, strict) == Ignored(IgnoreReason.DENIED)
    assert isinstance(read(mention(author=namesake), CATALOGUE, strict), Wanted)


LANGUAGES = [
    ("keep colours", "zh", "en"),
    ("保留颜色", "en", "zh"),
    ("#mosaic", "zh-TW", "zh"),
    ("#mosaic", "en", "en"),
    ("", "zh", "zh"),
    ("", "de", "en"),
    ("塗ってください", "ja", "en"),
    ("🎨🎨", "", "en"),
]


@pytest.mark.parametrize(("text", "declared", "language"), LANGUAGES)
def test_the_language_follows_the_words_and_then_the_declaration(text: str, declared: str, language: str) -> None:
    assert wanted(text, language=declared).language == language


def test_two_platforms_read_the_same_words_alike() -> None:
    posts = [Mention(p, "1", ANN, "strong", (Attachment(Media.IMAGE, "https://m/1"),)) for p in ("x", "fedi")]
    assert read(posts[0], CATALOGUE) == read(posts[1], CATALOGUE)
