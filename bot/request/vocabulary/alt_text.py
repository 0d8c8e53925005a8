"""What an alt text says its picture is."""

# ruff: noqa: E501 -- an alternation cut in pieces is harder to read

from typing import Final

from bot.request.vocabulary.phrase import Phrase

PAINTED: Final = Phrase(
    r"paintings?|painted by|artworks?|(?:digital|line|fan|pixel) ?art|work of art|drawings?|drawn by|sketch(?:es)?|illustrations?|on canvas|masterpiece|gouache"
    r"|water ?colou?rs?|aquarelles?|woodcuts?|woodblock|etchings?|engravings?|lithographs?|linocuts?|fresco(?:e?s)?|\A(?:(?:the|my) )?(?:style|art)(?: (?:image|picture|reference))?\Z"
    r"|gemalde|olbild|zeichnung|aquarell|holzschnitt|kunstwerk|peinture|tableau|dessin|gravure|pintura|cuadro|dibujo|grabado|dipinto|quadro|disegno",
    r"画作|名画|油画|国画|水墨|版画|壁画|水彩|素描|绘画|插画|[一二两]?幅画|艺术品|絵画|浮世绘|\A风格",
)
PHOTOGRAPHED: Final = Phrase(
    r"photo(?:s|graphs?|graphed|graphy)?|selfies?|snapshots?|snaps?|polaroids?|fotos?|fotografi[ae]|schnappschuss|photographie",
    r"照片|相片|自拍|合影|摄影|写真|随手拍|拍(?:的|摄)",
)
