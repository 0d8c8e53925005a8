"""Numbers as people write them, and numbers that are about something else."""

import pytest

from tests.unit.bot.request.builders import set_options, wanted

WRITTEN = [
    pytest.param("again with 2,048px", {"edge_px": 2048}, id="a comma between thousands"),
    pytest.param("2.048 px", {"edge_px": 2048}, id="a point between thousands"),
    pytest.param("2\u2009048 px", {"edge_px": 2048}, id="a thin space between thousands"),
    pytest.param("at 1\u202f920 px", {"edge_px": 1920}, id="a narrow no-break space"),
    pytest.param("picture 2 768 px", {"edge_px": 768}, id="an ordinal is no thousand"),
    pytest.param("size: 2,048", {"edge_px": 2048}, id="thousands under the key"),
    pytest.param("size 2,048 please", {"edge_px": 2048}, id="thousands behind the word"),
    pytest.param("２，０４８像素", {"edge_px": 2048}, id="zh full width"),
    pytest.param("seed=1,234", {"seed": 1234}, id="thousands of a seed"),
    pytest.param("scale=0,5", {"style_scale": 0.5}, id="a decimal comma"),
    pytest.param("scale 1,5", {"style_scale": 1.5}, id="a decimal comma behind the word"),
    pytest.param("strength=0,8", {"strength": 80}, id="a share with a decimal comma"),
    pytest.param("strength=.8", {"strength": 80}, id="a share without its nought"),
    pytest.param("3 840 × 2 160 px", {"edge_px": 3840}, id="two sides with spaces between thousands"),
    pytest.param("strength: 80/100", {"strength": 80}, id="a part of a hundred"),
    pytest.param("strength 8/10", {"strength": 80}, id="a part of ten"),
    pytest.param("8/10 strength", {"strength": 80}, id="a part in front"),
    pytest.param("8 out of 10 strength", {"strength": 80}, id="out of, in front"),
    pytest.param("strength 8 out of 10", {"strength": 80}, id="out of"),
    pytest.param("strength: 8 out of 10", {"strength": 80}, id="out of, under the key"),
    pytest.param("强度8/10", {"strength": 80}, id="zh a part of ten"),
    pytest.param("strength=8/0", {}, id="a part of nothing"),
    pytest.param("strength:80;size:768", {"strength": 80, "edge_px": 768}, id="semicolon"),
    pytest.param("strength:80,size:768", {"strength": 80, "edge_px": 768}, id="comma"),
    pytest.param("strength=80/size=768", {"strength": 80, "edge_px": 768}, id="slash"),
    pytest.param("强度：80，尺寸：768", {"strength": 80, "edge_px": 768}, id="zh comma"),
    pytest.param("settings: strength=80", {"strength": 80}, id="a strange key in front"),
    pytest.param("我想强度=80", {"strength": 80}, id="zh words in front of a key"),
    pytest.param("size=768px", {"edge_px": 768}, id="unit behind the value"),
    pytest.param("size: 720 x 1280 px", {"edge_px": 1280}, id="two sides under the key"),
    pytest.param("768 x 768 px", {"edge_px": 768}, id="a square"),
    pytest.param("720x1280px", {"edge_px": 1280}, id="the long side is the second"),
    pytest.param("1280px × 720px", {"edge_px": 1280}, id="a unit behind each"),
    pytest.param("make it 1280 by 720", {"edge_px": 1280}, id="by"),
    pytest.param("1280x720 please", {"edge_px": 1280}, id="two sides and nothing else"),
    pytest.param("画成1024×768", {"edge_px": 1024}, id="zh two sides"),
]
TOLD_SIZES = [
    "this photo is 4000x3000",
    "this photo is 4000x3000 px",
    "the original was 3000 pixels wide",
    "my cat (4000x3000)",
    "photo taken at 4000x3000",
    "这张照片是4000x3000",
]


@pytest.mark.parametrize(("text", "options"), WRITTEN)
def test_numbers_are_read_as_people_write_them(text: str, options: dict[str, object]) -> None:
    assert set_options(wanted(text)) == options


@pytest.mark.parametrize("text", TOLD_SIZES)
def test_the_size_that_a_photo_has_is_no_wish(text: str) -> None:
    assert set_options(wanted(text)) == {}
    assert set_options(wanted(f"{text}, in 768 px")) == {"edge_px": 768}


def test_a_unit_is_no_unexplained_word() -> None:
    assert set_options(wanted("size: 768 px, 80 percent")) == {"strength": 80, "edge_px": 768}
