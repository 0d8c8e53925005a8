"""What is made: a dream, a texture, or one of DeepForger's presets."""

from typing import Final

from bot.request.vocabulary.phrase import Phrase
from worker.contract import DreamLayer, Format, Init, Kind

KINDS: Final = (
    Phrase(
        r"deep ?dream(?:ed|y|s|ing)?|dream (?:of|in|about|with|it|this)|make (?:it|this) (?:dream|trippy|psychedelic)",
        r"深(?:度|层)?梦(?:境)?|做(?:个|一个|一场)?梦|梦(?:见|到)",
        {"kind": Kind.DREAM},
    ),
    Phrase(
        r"dream(?:s|y|ed|ing)?|trippy|psychedelic|hallucinate|nightmares?|puppyslugs?",
        r"梦(?:境|幻)?|迷幻",
        {"kind": Kind.DREAM},
        weak=True,
    ),
    Phrase(
        r"(?:make |create |get )?(?:a |me a )?(?:seamless )?texture (?:of|from|out of|like)|make a texture",
        r"(?:生成|做成|提取)(?:一?张)?纹理",
        {"kind": Kind.TEXTURE},
    ),
    Phrase(r"(?:seamless )?texture", r"纹理", {"kind": Kind.TEXTURE}, weak=True),
    Phrase(r"(?<=!)sketch|preset ?= ?sketch", r"(?<=!)(?:草图|素描)", {"strength": 35, "style_scale": 0.6}),
    Phrase(r"(?<=!)styli[sz]ed?|preset ?= ?styli[sz]ed", r"(?<=!)风格化", {"strength": 60, "style_scale": 1.0}),
    Phrase(r"(?<=!)abstract|preset ?= ?abstract", r"(?<=!)抽象", {"strength": 90, "style_scale": 2.0}),
    Phrase(r"(?:as |in )?(?:a )?png(?: format)?|lossless", "", {"format": Format.PNG}),
    Phrase(r"(?:start )?from (?:noise|scratch)", r"从(?:噪声|头)(?:开始)?", {"init": Init.NOISE}),
)

DREAM_LAYERS: Final[tuple[tuple[DreamLayer, str, str], ...]] = (
    (DreamLayer.STROKES, r"strokes?|lines?|brush(?:es|strokes?)?", r"笔触|线条"),
    (DreamLayer.TEXTURES, r"textures?|fur|fabric", r"纹理|质感|毛皮"),
    (DreamLayer.PATTERNS, r"patterns?|ornaments?|mandalas?", r"图案|花纹"),
    (DreamLayer.SHAPES, r"shapes?|forms?|buildings?|arch(?:es)?|pagodas?|towers?", r"形状|建筑|形体|房子|塔"),
    (
        DreamLayer.EYES,
        r"eyes?|animals?|dogs?|puppy|puppies|puppyslugs?|cats?|birds?|fish(?:es)?|creatures?|monsters?|faces",
        r"眼睛|动物|狗|猫|鸟|鱼|生物|怪物",
    ),
)
"""Each layer by what people call what it brings out."""
