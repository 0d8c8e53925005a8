"""The transcript: what people say, in two languages, and what comes of it. One row is one mention."""

from dataclasses import dataclass, field
from typing import Any, Literal

from bot.request.reading import CommandKind, Hint, IgnoreReason


@dataclass(frozen=True)
class Painted:
    """A post with `count` paintings, each made of `styles` pictures (or a house style) with these options."""

    count: int = 1
    styles: int = 1
    house: str = ""
    """Slug; `*` for any."""
    options: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Line:
    """One mention and what must follow. `under` says what it answers."""

    id: str
    text: str
    shots: int
    follows: Painted | Hint | IgnoreReason | CommandKind
    language: Literal["en", "zh"] = "en"
    under: Literal["", "our painting", "ben's photo", "ben's words", "own photo", "own pair", "objector's photo"] = ""


def en(id: str, text: str, shots: int, follows: Painted | Hint | IgnoreReason | CommandKind, under: Any = "") -> Line:
    return Line(id, text, shots, follows, "en", under)


def zh(id: str, text: str, shots: int, follows: Painted | Hint | IgnoreReason | CommandKind, under: Any = "") -> Line:
    return Line(id, text, shots, follows, "zh", under)


EYES = Painted(styles=0, options={"kind": "dream", "layer": "eyes"})

TRANSCRIPT = (
    # A photo and a painting
    en("two pictures and not a word", "", 2, Painted()),
    en("please", "could you paint this for me please?", 2, Painted()),
    zh("please", "请帮我画一下", 2, Painted()),
    en("subtle", "keep it subtle", 2, Painted(options={"strength": 20})),
    en("wild", "go wild!", 2, Painted(options={"strength": 95})),
    en("number", "strength 80", 2, Painted(options={"strength": 80})),
    en("key=value", "strength=35 scale=2 seed=7", 2, Painted(options={"strength": 35, "style_scale": 2.0, "seed": 7})),
    zh("strong", "强烈一点", 2, Painted(options={"strength": 75})),
    zh("light", "淡一点", 2, Painted(options={"strength": 30})),
    zh("number", "强度80", 2, Painted(options={"strength": 80})),
    en("big strokes", "big brush strokes please", 2, Painted(options={"style_scale": 2.0})),
    zh("fine strokes", "笔触细一点", 2, Painted(options={"style_scale": 0.5})),
    en("keep colours", "keep my colours", 2, Painted(options={"colours": "luminance"})),
    zh("keep colours", "保留原来的颜色", 2, Painted(options={"colours": "luminance"})),
    en("hashtags", "#strong #keepcolors", 2, Painted(options={"strength": 75, "colours": "luminance"})),
    en("size", "at 768 px", 2, Painted(options={"edge_px": 768})),
    zh("large", "高清大图", 2, Painted(options={"edge_px": 1024})),
    en("too large a wish", "size=99999999", 2, Painted(options={"edge_px": 2048})),
    en("portrait", "portrait of my sister, strong", 2, Painted(options={"faces": "on", "strength": 75})),
    zh("no portrait", "不要人像", 2, Painted(options={"faces": "off"})),
    en("png", "as png", 2, Painted(options={"format": "png"})),
    en("DeepForger's sketch", "!sketch", 2, Painted(options={"strength": 35, "style_scale": 0.6})),
    en("DeepForger's abstract", "!abstract", 2, Painted(options={"strength": 90, "style_scale": 2.0})),
    en("DeepForger's stylized", "!stylized", 2, Painted(options={"strength": 60})),
    en("chatter", "we went to Lisbon last summer, such soft light and wild waves", 2, Painted()),
    en("an attack", "--help; rm -rf / {{7*7}} ../../etc/passwd %n", 2, Painted()),
    zh("chatter", "去年夏天在里斯本拍的，海浪很大", 2, Painted()),
    en(
        "a friendly paragraph",
        "Hi! 🙂 Could you do this one? Bold brush strokes, keep my colours. Thanks!!",
        2,
        Painted(options={"style_scale": 2.0, "colours": "luminance"}),
    ),
    zh(
        "a friendly paragraph",
        "你好，麻烦画一下这张，强烈一点，颜色别变，谢谢啦 🙏",
        2,
        Painted(options={"strength": 75, "colours": "luminance"}),
    ),
    en("typos", "plz make it stong, bigger stokes", 2, Painted(options={"strength": 75, "style_scale": 2.0})),
    zh("a number in words", "强度八十五", 2, Painted(options={"strength": 85})),
    en(
        "all forms at once",
        "#bigstrokes strength=70 保留颜色",
        2,
        Painted(options={"style_scale": 2.0, "strength": 70, "colours": "luminance"}),
    ),
    zh("a face to be left alone", "别动我的脸", 2, Painted(options={"faces": "on"})),
    en("a face to be left alone", "please don't touch my face", 2, Painted(options={"faces": "on"})),
    en("a comparison with nothing", "a bit subtler", 2, Painted(options={"strength": 25})),
    # Blends and batches
    en("three pictures", "", 3, Painted(styles=2)),
    en("a blend by shares", "blend 70/30", 3, Painted(styles=2, options={"weights": [70.0, 30.0]})),
    zh("a blend", "把后面三张融合起来", 4, Painted(styles=3)),
    en("a batch", "all of these in the last one", 4, Painted(count=3)),
    zh("a batch", "每张都用最后一张的风格", 4, Painted(count=3)),
    en("a batch in the first", "the first one is the style, do each of them", 3, Painted(count=2)),
    en("two photos, one house style", "both in #mosaic", 2, Painted(count=2, house="mosaic")),
    en("the other way round", "the first picture is the style", 2, Painted()),
    en("by their numbers", "first one's the style: paint the second in the style of the first", 2, Painted()),
    en("the third is the style", "the first two in the style of the third", 3, Painted(count=2)),
    zh("the third is the style", "前两张用第三张的风格", 3, Painted(count=2)),
    zh("counted", "两张照片一幅画", 3, Painted(count=2)),
    # House styles
    en("one photo", "", 1, Painted(house="*")),
    en("surprise", "surprise me", 1, Painted(house="*")),
    zh("surprise", "随便什么风格", 1, Painted(house="*")),
    en("by hashtag", "#mosaic", 1, Painted(house="mosaic")),
    en("by another name", "like starry night", 1, Painted(house="starry-night")),
    en("by title", "in the style of Paper Hills", 1, Painted(house="paper-cut")),
    en("by key", "style=woodcut strength=70", 1, Painted(house="woodcut", options={"strength": 70})),
    zh("by name", "画成水墨画", 1, Painted(house="ink-wash")),
    zh("by name with a wish", "像彩色玻璃一样，强烈一点", 1, Painted(house="stained-glass", options={"strength": 75})),
    zh("by a tune of its own", "换成剪纸风格吧", 1, Painted(house="paper-cut")),
    en("up to you", "up to you!", 1, Painted(house="*")),
    zh("as you see fit", "你看着办吧", 1, Painted(house="*")),
    en("unknown", "style=cubism", 1, Hint.UNKNOWN_STYLE),
    en("a painter we do not have", "like Picasso please", 1, Hint.UNKNOWN_STYLE),
    zh("a painter we do not have", "画成毕加索风格", 1, Hint.UNKNOWN_STYLE),
    # How it grew
    en("a time-lapse", "timelapse please", 1, Painted(house="*", options={"film": "mp4"})),
    zh("a time-lapse", "画成马赛克，给我看看过程", 1, Painted(house="mosaic", options={"film": "mp4"})),
    en(
        "a time-lapse of a batch is of its first",
        "both in #mosaic, timelapse",
        2,
        Painted(house="mosaic", options={"film": "mp4"}),
    ),
    en("how it was painted", "Show me how", 0, Painted(styles=1, options={"film": "mp4"}), "our painting"),
    zh("how it was painted", "过程", 0, Painted(styles=1, options={"film": "mp4"}), "our painting"),
    # Dreams and textures
    en("a dream", "dream", 1, Painted(styles=0, options={"kind": "dream"})),
    en("a dream of eyes", "dream of eyes", 1, Painted(styles=0, options={"kind": "dream", "layer": "eyes"})),
    zh("a dream", "梦境 眼睛", 1, Painted(styles=0, options={"kind": "dream", "layer": "eyes"})),
    en("a guided dream", "deep dream", 2, Painted(styles=1, options={"kind": "dream"})),
    en("a texture", "#texture", 1, Painted(styles=1, options={"kind": "texture"})),
    # Under somebody's post
    en("a painting under a photo", "like this", 1, Painted(), "ben's photo"),
    en("a house style under a photo", "#mosaic please", 0, Painted(house="mosaic"), "ben's photo"),
    zh("a house style under a photo", "画成马赛克", 0, Painted(house="mosaic"), "ben's photo"),
    en("a bare handle under a photo", "", 0, Painted(house="*"), "ben's photo"),
    en("talk under a photo", "nice photo, ben", 0, IgnoreReason.NOT_FOR_US, "ben's photo"),
    en("talk about us", "you could ask that bot", 0, IgnoreReason.NOT_FOR_US, "ben's words"),
    en("under one's own photo", "strong please", 0, Painted(house="*", options={"strength": 75}), "own photo"),
    en("under one's own pair", "please paint these", 0, Painted(), "own pair"),
    en("an owner who objects", "paint this", 0, Hint.OWNER_OPTED_OUT, "objector's photo"),
    zh("an owner who objects", "画这张", 0, Hint.OWNER_OPTED_OUT, "objector's photo"),
    # Under our reply
    en("again", "again", 0, Painted(options={"seed": ...}), "our painting"),
    zh("again", "再来一张", 0, Painted(options={"seed": ...}), "our painting"),
    en("again, stronger", "again but stronger", 0, Painted(options={"strength": 72}), "our painting"),
    zh("lighter", "淡一点", 0, Painted(options={"strength": 28}), "our painting"),
    en("again, wilder", "again, wilder", 0, Painted(options={"strength": 83}), "our painting"),
    en(
        "a bit subtler",
        "Love it! Now a bit subtler?",
        0,
        Painted(options={"strength": 38}),
        "our painting",
    ),
    en("more", "MORE!!", 0, Painted(options={"strength": 72}), "our painting"),
    en("too strong", "that's too strong for me", 0, Painted(options={"strength": 28}), "our painting"),
    en("bigger strokes", "bigger strokes please", 0, Painted(options={"style_scale": 1.6}), "our painting"),
    zh("wilder", "更狂野", 0, Painted(options={"strength": 83}), "our painting"),
    zh("a little stronger", "稍微强一点", 0, Painted(options={"strength": 62}), "our painting"),
    zh("praise and a wish", "太好看了，能不能再强一点", 0, Painted(options={"strength": 72}), "our painting"),
    zh("smaller strokes", "笔触再小一点", 0, Painted(options={"style_scale": 0.625}), "our painting"),
    en("colours back", "again with my original colours", 0, Painted(options={"colours": "luminance"}), "our painting"),
    en("swap", "the other way round, sorry", 0, Painted(options={}), "our painting"),
    en(
        "a dream of it",
        "now dream of eyes",
        0,
        Painted(styles=0, options={"kind": "dream", "layer": "eyes"}),
        "our painting",
    ),
    en("some other style", "another style please", 0, Painted(house="*"), "our painting"),
    zh("some other style", "换个风格", 0, Painted(house="*"), "our painting"),
    en("another style", "now #mosaic", 0, Painted(house="mosaic"), "our painting"),
    en("thanks", "thank you so much, that's wild!", 0, IgnoreReason.LOOP, "our painting"),
    zh("thanks", "太美了，谢谢", 0, IgnoreReason.LOOP, "our painting"),
    en("never again", "never again", 0, IgnoreReason.LOOP, "our painting"),
    en("delete", "please delete this", 0, CommandKind.DELETE, "our painting"),
    zh("delete", "请删掉", 0, CommandKind.DELETE, "our painting"),
    en(
        "delete, with a reason",
        "please take this picture down, it shows my daughter",
        0,
        CommandKind.DELETE,
        "our painting",
    ),
    zh("delete, with a reason", "把这张删掉，里面有我女儿", 0, CommandKind.DELETE, "our painting"),
    en("don't stop", "stop it, that's so good", 0, IgnoreReason.LOOP, "our painting"),
    en("stop", "STOP", 0, CommandKind.DELETE, "our painting"),
    en("forget me", "forget me", 0, CommandKind.FORGET_ME, "our painting"),
    zh("forget me", "忘记我", 0, CommandKind.FORGET_ME, "our painting"),
    # Nothing to paint
    en("only the handle", "", 0, Hint.HOW_TO),
    en("hello", "hello there friend", 0, Hint.HOW_TO),
    zh("hello", "你好呀朋友", 0, Hint.HOW_TO),
    en("a wish without a picture", "paint my cat", 0, Hint.NO_PICTURE),
    zh("a wish without a picture", "画我的猫", 0, Hint.NO_PICTURE),
    en("help", "help", 0, Hint.HELP),
    en("how", "how does this work?", 0, Hint.HELP),
    zh("help", "怎么用？", 0, Hint.HELP),
    zh("help in a word", "帮助", 0, Hint.HELP),
    en("who", "who are you?", 0, Hint.HELP),
    en("which styles", "what styles do you have?", 0, Hint.STYLES),
    zh("which styles", "有哪些风格？", 0, Hint.STYLES),
    en("again of nothing", "again", 0, Hint.NOTHING_TO_REPEAT),
    en("delete of nothing", "delete", 0, Hint.NOTHING_TO_DELETE),
    zh("delete of nothing", "删除", 0, Hint.NOTHING_TO_DELETE),
)
