"""House styles by what people call them: asked for in many ways, misspelt, and left alone in ordinary sentences."""

import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.request.read import read
from bot.request.reading import Declined, Hint, Wanted
from bot.request.words import parse_words
from bot.styles.catalogue import HOUSE, Catalogue, Style
from bot.styles.listing import load
from bot.text import compact
from tests.unit.bot.request.builders import mention

CATALOGUE = load(HOUSE)
NAMES = CATALOGUE.names
VAN_GOGH = "vincent-van-gogh"

ASKED = [
    ("like Starry Night", "starry-night"),
    ("Van Gogh", "vincent-van-gogh"),
    ("as a woodcut", "woodcut"),
    ("星空", "starry-night"),
    ("梵高", "vincent-van-gogh"),
    ("浮世绘", "great-wave"),
    ("mosaic", "mosaic"),
    ("etching", "piazza-del-popolo"),
    ("in the style of Hokusai", "great-wave"),
    ("Starry Nite", "starry-night"),
    ("the stary nite", "starry-night"),
    ("van-gogh", "vincent-van-gogh"),
    ("wood-cut", "woodcut"),
    ("Klimt's kiss", "gold-leaf"),
    ("klimpt", "gold-leaf"),
    ("Great Wave of Kanagawa", "great-wave"),
    ("as the big wave", "great-wave"),
    ("畫成梵谷的星夜", "starry-night"),
    ("用梵谷的風格", "vincent-van-gogh"),
    ("像星空一樣", "starry-night"),
    ("浮世繪", "great-wave"),
    ("浮世絵", "great-wave"),
    ("葛飾北斎", "great-wave"),
    ("神奈川沖浪裡", "great-wave"),
    ("剪紙風格", "paper-cut"),
    ("換成油畫風格", "impasto"),
    ("馬賽克鑲嵌畫", "mosaic"),
    ("麥田與絲柏", "wheat-field-with-cypresses"),
    ("點彩", "portrait-of-metzinger"),
    ("銅版畫", "piazza-del-popolo"),
    ("莫內", "impression-sunrise"),
    ("莫内", "impression-sunrise"),
    ("克林姆", "gold-leaf"),
    ("透納", "shipwreck"),
    ("like Starry Nite", "starry-night"),
    ("vangogh", "vincent-van-gogh"),
    ("kandinski", "composition-vii"),
    ("in the style of kandinski", "composition-vii"),
    ("now #mosaic", "mosaic"),
    ("style=starry-night", "starry-night"),
    ("style: starry night, strong", "starry-night"),
    ("#StarryNight", "starry-night"),
    ("#vangogh please", "vincent-van-gogh"),
    ("van gogh's starry night", "starry-night"),
    ("starry night by van gogh please", "starry-night"),
    ("paint my dog in stained glass", "stained-glass"),
    ("make me look like the scream", "the-scream"),
    ("my cat as the great wave please", "great-wave"),
    ("turn this into a mosaic", "mosaic"),
    ("paint this as an etching", "piazza-del-popolo"),
    ("use the scream", "the-scream"),
    ("monet", "impression-sunrise"),
    ("Monet style please", "impression-sunrise"),
    ("could you do it like Turner?", "shipwreck"),
    ("in the manner of Munch", "the-scream"),
    ("munch", "the-scream"),
    ("画成星空", "starry-night"),
    ("像星空一样", "starry-night"),
    ("用梵高的风格画", "vincent-van-gogh"),
    ("画成马赛克", "mosaic"),
    ("来个剪纸", "paper-cut"),
    ("水墨风", "ink-wash"),
    ("换成浮世绘", "great-wave"),
    ("葛饰北斋", "great-wave"),
    ("呐喊", "the-scream"),
    ("莫奈的风格", "impression-sunrise"),
    ("像莫奈那样画", "impression-sunrise"),
    ("油画", "impasto"),
    ("请画成油画风格", "impasto"),
    ("as mosiac", "mosaic"),
    ("mosaik please", "mosaic"),
    ("like a wodcut", "woodcut"),
    ("Van Gough please", "vincent-van-gogh"),
    ("like van goh", "vincent-van-gogh"),
    ("hokusay", "great-wave"),
    ("in the style of Hokusi", "great-wave"),
    ("etchng", "piazza-del-popolo"),
    ("paint us in mosaic style", "mosaic"),
    ("I'd like the starry night one", "starry-night"),
    ("Make it starry night!", "starry-night"),
    ("give me mosaic", "mosaic"),
    ("how about kandinsky", "composition-vii"),
    ("do my garden in van gogh style", "vincent-van-gogh"),
    ("try stained glass", "stained-glass"),
    ("both in mosaic", "mosaic"),
    ("impressionism please", "impression-sunrise"),
    ("as an impressionist painting", "impression-sunrise"),
    ("pointillism", "portrait-of-metzinger"),
    ("点彩派", "portrait-of-metzinger"),
    ("as woodblock print", "great-wave"),
    ("japanese print style", "great-wave"),
    ("ukiyo-e", "great-wave"),
    ("ukiyoe please", "great-wave"),
    ("蚀刻版画", "piazza-del-popolo"),
    ("铜版画风格", "piazza-del-popolo"),
    ("彩色玻璃", "stained-glass"),
    ("国画", "ink-wash"),
    ("变成水墨画", "ink-wash"),
    ("Starry Night, but softer", "starry-night"),
    ("starry night 80%", "starry-night"),
    ("make it stronger and like the great wave", "great-wave"),
    ("wheat field", "wheat-field-with-cypresses"),
    ("麦田", "wheat-field-with-cypresses"),
    ("樱花", "cherry-on-gold"),
    ("樱花风格", "cherry-on-gold"),
    ("Klimt", "gold-leaf"),
    ("gold leaf", "gold-leaf"),
    ("把它画成梵高的星空", "starry-night"),
    ("请用浮世绘风格", "great-wave"),
    ("呐喊那样的", "the-scream"),
    ("我想要星空风格", "starry-night"),
    ("北斋", "great-wave"),
    ("康定斯基", "composition-vii"),
    ("构成第七号", "composition-vii"),
    ("日出印象", "impression-sunrise"),
    ("starrynight", "starry-night"),
    ("The Starry Night", "starry-night"),
    ("Composition VII", "composition-vii"),
    ("composition 7", "composition-vii"),
    ("the shipwreck", "shipwreck"),
    ("paint it after turner", "shipwreck"),
    ("Can I get this as a stained glass window?", "stained-glass"),
    ("my kid, ink wash style, keep colours", "ink-wash"),
    ("please paint my grandma in the style of the Scream", "the-scream"),
    ("like in the scream", "the-scream"),
    ("a la van gogh", "vincent-van-gogh"),
    ("Katsushika Hokusai", "great-wave"),
    ("piranesi!", "piazza-del-popolo"),
    ("starry night style but keep my colours", "starry-night"),
    ("use starry night for this one please", "starry-night"),
    ("Sunrise by Monet", "impression-sunrise"),
    ("Make my city look like van gogh painted it", "vincent-van-gogh"),
    ("woodcut please, strong", "woodcut"),
    ("wood cut", "woodcut"),
    ("paper cut", "paper-cut"),
    ("rain on glass", "rain-on-glass"),
    ("impasto", "impasto"),
    ("the wave by hokusai", "great-wave"),
]

ORDINARY = """\
our first kiss
my first wave
It was a starry night at the beach
What a starry night!
Look at this starry night sky over Utah
My kid started to scream when he saw the dog
I scream for ice cream
We love the stained glass in our church, can you paint this?
The sunrise over the lake this morning
Good morning from the beach, what a sunrise
I got a paper cut today, please paint my finger
The mosaic floor in the museum is beautiful
A great wave came over us
He likes to munch on carrots
a real page turner
Turner and I went to the park
Rain on the glass of the bus, paint please
the gold leaf on the frame is real
My impression of the trip
This is my etching from school
She looks like a mosaic of her parents
The light was like a starry night
Our cherry tree in the garden
The cherry blossoms are out in Kyoto, can you paint them?
What an impression he made
Photo from Kanagawa
The wheat field behind our house, please
white as paper
her eyes shine like a starry night
Fetching water from the well
my sketching from yesterday, paint it
I like music
paint this stream in the woods
like the stream behind our house
This is Vincent, my son
the ink on my hand
This oil painting is by my aunt
A walk under the starry sky with friends
cypresses in Tuscany
we have been through a shipwreck of a year
I have swirls in my coffee
please paint my cat
strong, keep colours
just a photo of my lunch, sorry
Where did you learn to paint like that?
the screen of my phone
in the rainy season we stay inside
at the Piazza del Popolo in Rome, paint it please
I turned left at the corner
he returned to the turner exhibition
expressions of joy
this dog makes an impression
my dog in the ocean waves
as soon as possible please
paint my composition homework
abstract thoughts about the weekend
it sounds like a scream
just like him
The prints came from the lab
engraving on my new watch, please paint it
make it a portrait of my daughter
Can you paint the mosque in the background?
the music tonight was great
he is such a golden boy
Happy birthday to my sister, paint her please
昨晚的星空好美
她的眼睛像星空一样美
樱花开了，我们去公园
今天早上的日出真好看
这幅油画是我爷爷画的
给人脸打马赛克
麦田里的小路
他在尖叫
国画课的作业，帮我看看
我们在教堂看到彩色玻璃
外面的海浪很大
窗外的雨夜
我喜欢剪纸，这是我妈妈做的
请把这张照片画得好看一点
抱一抱我的猫
他的水平非凡高超
巨浪打过来了
用剪纸装饰的房间
这是水墨画展的门口
印象里他总是笑
屏风后面的猫
我家的花窗
第一印象很重要
木刻的小鸟，爷爷做的
把屏风画出来
星空下的帐篷
夜空中最亮的星
天空变成了金色
""".splitlines()

MISSPELLABLE = (
    "starry night",
    "van gogh",
    "hokusai",
    "kandinsky",
    "mosaic",
    "woodcut",
    "etching",
    "piranesi",
    "delaunay",
)


def house(text: str) -> str:
    return parse_words(text, NAMES).house


@pytest.mark.parametrize(("text", "key"), ASKED, ids=[text for text, _ in ASKED])
def test_a_style_is_found_by_what_people_say(text: str, key: str) -> None:
    assert house(text) == key


@pytest.mark.parametrize("text", ORDINARY)
def test_an_ordinary_sentence_asks_for_no_style(text: str) -> None:
    assert house(text) == ""
    assert not parse_words(text, NAMES).unknown_style


@given(st.lists(st.sampled_from(ORDINARY), min_size=1, max_size=3), st.sampled_from(["{}", "@bot {}", "{}!", "{} :)"]))
def test_no_mix_of_ordinary_sentences_asks_for_a_style(sentences: list[str], frame: str) -> None:
    assert house(frame.format(". ".join(sentences))) == ""


@given(
    st.sampled_from(MISSPELLABLE),
    st.integers(1, 20),
    st.sampled_from(string.ascii_lowercase),
    st.sampled_from(["like {}", "in the style of {} please", "style={}"]),
)
def test_a_wrong_letter_never_leads_to_another_style(name: str, place: int, letter: str, frame: str) -> None:
    place = 1 + place % (len(name) - 1)
    wrong = (name[:place] + name[place + 1 :], name[:place] + letter + name[place:])
    assert {house(frame.format(spelling.replace(" ", "-" if "=" in frame else " "))) for spelling in wrong} <= {
        NAMES.exact(name),
        "",
    }


@pytest.mark.parametrize("name", MISSPELLABLE)
def test_a_doubled_letter_is_forgiven(name: str) -> None:
    doubled = [name[:place] + name[place] + name[place:] for place in range(1, len(name)) if name[place] != " "]
    assert {house(f"like {spelling} please") for spelling in doubled} == {NAMES.exact(name)}


@given(st.text(alphabet="星空像画成用的like a scream.,! ", max_size=2000))
def test_any_heap_of_names_is_read_in_time(text: str) -> None:
    assert house(text) in {"", *(style.slug for style in CATALOGUE.styles)}


def test_every_name_in_the_listing_leads_to_its_style_in_both_languages() -> None:
    for style in CATALOGUE.styles:
        for name in (style.slug, style.title, *filter(None, [style.title_zh]), *style.names, *style.words):
            assert CATALOGUE.find(name) == (style,), name
            assert house(f"像{name}一样" if not name.isascii() else f"#{compact(name)}") == style.slug, name


def test_no_two_styles_claim_one_name() -> None:
    names = [name for style in CATALOGUE.styles for name in {style.slug, style.title, *style.names, *style.words}]
    assert len(set(names)) == len(names)


def test_an_artist_means_every_painting_of_theirs_and_a_title_the_one() -> None:
    assert {style.slug for style in CATALOGUE.among(VAN_GOGH)} == {"starry-night", "wheat-field-with-cypresses"}
    assert [style.slug for style in CATALOGUE.find("Hokusai")] == ["great-wave"]
    for text in ("starry night by van gogh", "van gogh's starry night", "画成梵高的星空"):
        assert house(text) == "starry-night"


@pytest.mark.parametrize(
    ("text", "language", "near"),
    [
        ("in the style of Kandid", "en", "composition vii"),
        ("style=impressive", "en", ""),
        ("style=picasso", "en", ""),
        ("like picasso", "en", ""),
        ("毕加索风格", "zh", ""),
    ],
)
def test_an_unknown_style_is_declined_with_the_one_that_was_meant(text: str, language: str, near: str) -> None:
    reading = read(mention(text, 1), CATALOGUE)
    assert isinstance(reading, Declined)
    assert (reading.hint, reading.language, reading.near) == (Hint.UNKNOWN_STYLE, language, near)


@pytest.mark.parametrize("text", ["#mosaic", "now #mosaic", "style=mosaic", "as mosiac"])
def test_a_named_style_is_wanted(text: str) -> None:
    reading = read(mention(text, 1), CATALOGUE)
    assert isinstance(reading, Wanted)
    assert reading.house == "mosaic"


def test_the_operators_artists_are_known_by_their_surnames(tmp_path: Path) -> None:
    lily = Style("lilies", "Water Lilies", tmp_path / "a.jpg", artist="Paula Modersohn", artist_zh="莫德松")
    ours = Style("field", "Field", tmp_path / "b.jpg", artist="Stylesmith")
    names = Catalogue((lily, ours)).names
    for text, key in {"like Modersohn": "lilies", "画成莫德松": "lilies", "hey stylesmith, paint this": ""}.items():
        assert parse_words(text, names).house == key
