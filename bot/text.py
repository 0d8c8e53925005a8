"""Text of strangers and for strangers: folded for reading, escaped for a terminal, weighed as X weighs it."""

import re
import unicodedata

READ_CHARACTERS = 2000
"""What is written after this is not read; nobody asks for a painting on the second page."""

_RAW_CHARACTERS = 10_000
# Addresses are taken out first: `@alice@mosaic.social` asks for no mosaic.
_ADDRESS = re.compile(r"https?://\S{1,2000}|@[\w.-]{1,80}(?:@[\w.-]{1,253})?|:[a-z0-9_]{2,40}:(?!\d)", re.IGNORECASE)
_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "`": "'", "…": " ", "\x01": " "})
# Traditional characters of words that we know, and their simplified forms: Unihan's kSimplifiedVariant.
_SIMPLIFIED = str.maketrans(
    "丟並佈併來個們倫備傳億兒內兩別刪剛創動務勞厲參吶員問單嗎國圍園圖場塗壞夠夢學宮實將對導層師帶幫幹幾廣張強彆錄"
    "後從復愛應懞掛換損擇擊據攝數斂時暫書會朮東條棄極構樂樣樹機櫻權歡毀決沒沖淺減準溫溼滿濃濕濛濾為無煩燬爐爾牆狀"
    "現當瘋發種穀筆箇箏節築約紋納紙級細組結給絲經綜維編緻縮總繪絵繼續纔義聲膩膽臉臨與華萬藝處號蝕蠟術衝裏裡製複見"
    "視親覺覽觀觸記設許訴註詞試話該誇認說誰調請諾謝識譟護讀變讓讚貓貼資質賽贊車載輕輯輸轉辦這週進運過達適選還邊鈴"
    "銅錯錶鏈鏡鐘鑲長門閉間關陣隊隨隻難霧靈靜頁順預頭頻題顏類顯風飾馬駿驚體髮魚鮮鳥麥點齋斎畫線開麼於綵",
    "丢并布并来个们伦备传亿儿内两别删刚创动务劳厉参呐员问单吗国围园图场涂坏够梦学宫实将对导层师带帮干几广张强别录"
    "后从复爱应蒙挂换损择击据摄数敛时暂书会术东条弃极构乐样树机樱权欢毁决没冲浅减准温湿满浓湿蒙滤为无烦毁炉尔墙状"
    "现当疯发种谷笔个筝节筑约纹纳纸级细组结给丝经综维编致缩总绘绘继续才义声腻胆脸临与华万艺处号蚀蜡术冲里里制复见"
    "视亲觉览观触记设许诉注词试话该夸认说谁调请诺谢识噪护读变让赞猫贴资质赛赞车载轻辑输转办这周进运过达适选还边铃"
    "铜错表链镜钟镶长门闭间关阵队随只难雾灵静页顺预头频题颜类显风饰马骏惊体发鱼鲜鸟麦点斋斋画线开么于彩",
)
_HAN = re.compile(r"[㐀-䶿一-鿿]")
_OTHER_SCRIPTS = re.compile(r"[぀-ヿ가-힯ᄀ-ᇿ]")
_LATIN = re.compile(r"[a-z]{2,}")
_SYNTAX = re.compile(r"[#!]\w+|(?<![a-z])[a-z]{1,15} ?[=:] ?\S+")


def fold(text: str) -> str:
    """Casefolded NFKD, in simplified characters, without marks, control characters, handles, links and custom emoji.

    Marks are dropped before normalising, because reordering ten thousand of them takes quadratic time.
    """
    bare = _ADDRESS.sub(" ", _without_marks(text[:_RAW_CHARACTERS]))
    folded = _without_marks(unicodedata.normalize("NFKD", bare)).casefold()
    return folded.translate(_APOSTROPHES).translate(_SIMPLIFIED)[:READ_CHARACTERS]


def compact(text: str) -> str:
    """Letters and digits only: the form in which a title and its hashtag are the same."""
    return "".join(c for c in fold(text) if c.isalnum())


def language_of(text: str, declared: str = "") -> str:
    """`zh` or `en`: by the letters where there are any (clients often declare a default), else as declared."""
    letters = _SYNTAX.sub(" ", fold(text))
    if _OTHER_SCRIPTS.search(letters):
        return "en"
    if _HAN.search(letters):
        return "zh"
    if _LATIN.search(letters):
        return "en"
    chinese = declared.lower().startswith("zh") or (not declared and _HAN.search(fold(text)) is not None)
    return "zh" if chinese else "en"


def _without_marks(text: str) -> str:
    return "".join(c for c in _BLANKS.sub(" ", text) if unicodedata.category(c) not in _INVISIBLE)


_BLANKS = re.compile(r"[\t\n\r]")
_INVISIBLE = frozenset({"Mn", "Me", "Cf", "Cc", "Cs", "Co"})


def storable(value: object) -> str:
    """Text that can be stored: without lone surrogates and NUL, which JSON may hold and SQLite does not take."""
    return str(value or "").encode("utf-8", "ignore").decode().replace("\x00", "")


# Escaped for a terminal.

_ACTIVE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Control, format (bidi, zero width), surrogate, private, unassigned, line and paragraph separators."""


def printable(text: object, longest: int = 200) -> str:
    r"""`text` on one line of at most `longest` characters, control and bidi characters spelt as \x1b or \u202e."""
    shown = "".join(_spelt(character) for character in str(text)[: longest + 1])
    return shown if len(shown) <= longest else shown[: longest - 1] + "…"


def _spelt(character: str) -> str:
    if unicodedata.category(character) not in _ACTIVE:
        return " " if character.isspace() else character
    return character.encode("unicode_escape").decode("ascii")


# Weighed, after twitter-text's configuration v3: a text is never shorter on X than on Mastodon.

LINK_WEIGHT = 23
_HEAVY = re.compile("[^\\0-\u10ff\u2000-\u200d\u2010-\u201f\u2032-\u2037]")
"""What weighs 2."""
# One emoji is a base with modifiers, joined by U+200D, or two regional indicators: two units however long.
_PICTOGRAM = "[\u2600-\u27bf\U0001f300-\U0001faff]"
_EMOJI = re.compile(
    rf"[\U0001f1e6-\U0001f1ff]{{2}}|{_PICTOGRAM}[\ufe0f\U0001f3fb-\U0001f3ff]{{0,2}}"
    rf"(?:\u200d{_PICTOGRAM}[\ufe0f\U0001f3fb-\U0001f3ff]{{0,2}}){{0,8}}"
)
_LINK = re.compile(r"https?://\S+|\b[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|io|social|art|example|dev|app|co|me|ai)\b")


def weight(text: str) -> int:
    """Weighted characters: most scripts 1, CJK 2, an emoji 2, a link 23 whatever its length."""
    links = len(_LINK.findall(text))
    rest = _LINK.sub("", text)
    emoji = len(_EMOJI.findall(rest))
    plain = _EMOJI.sub("", rest)
    return LINK_WEIGHT * links + 2 * emoji + len(plain) + len(_HEAVY.findall(plain))


def cut(text: str, room: int) -> str:
    """`text` in at most `room` units, ended with an ellipsis where something had to go."""
    if weight(text) <= room:
        return text
    kept = text
    while kept and weight(kept) + 2 > room:
        kept = kept[: min(len(kept) - 1, max(0, room))]
    return f"{kept.rstrip()}…" if kept else ""


def has_link(text: str) -> bool:
    """True when X would bill this text as a post with a URL."""
    return _LINK.search(text) is not None
