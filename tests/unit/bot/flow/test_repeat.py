"""What an earlier painting becomes under a wish."""

import pytest

from bot.flow.repeat import repeated, slugs_of, used
from bot.ledger import Plan
from bot.posts import Mention
from bot.request.reading import Difference, Wanted
from bot.styles.catalogue import HouseStyle
from tests.unit.bot.request.builders import mention, ours, wanted
from worker.contract import Colours, Kind, Options

PHOTO, STYLE = "1" * 64, "2" * 64
PAIR = Plan((PHOTO,), (STYLE,), Options(strength=60, seed=3), photo_texts=("a cat",), style_texts=("stars",))
SURPRISE = Plan((PHOTO, STYLE), (), Options(), houses=(HouseStyle("mosaic", "M"), HouseStyle("glass", "G")))
DREAM = Plan((PHOTO,), (), Options(kind=Kind.DREAM))


def say(text: str) -> tuple[Wanted, Mention]:
    return wanted(text, 0, parent=ours()), mention(text, 0, parent=ours())


def after(before: Plan, text: str) -> Plan:
    return repeated(before, *say(text))


def test_again_changes_the_seed_and_nothing_else() -> None:
    plan = after(PAIR, "again")
    assert plan.options.seed not in {0, PAIR.options.seed}
    assert plan.options.model_copy(update={"seed": 3}) == PAIR.options
    assert (plan.photos, plan.styles, plan.photo_texts, plan.style_texts) == (
        PAIR.photos,
        PAIR.styles,
        PAIR.photo_texts,
        PAIR.style_texts,
    )


def test_a_changed_word_overrides_and_the_rest_is_inherited_with_the_seed() -> None:
    plan = after(PAIR, "again, keep my colours")
    assert plan.options == PAIR.options.model_copy(update={"colours": Colours.LUMINANCE})


CHAIN = [("wilder", 93), ("wilder", 100), ("a bit subtler", 88), ("much weaker", 48), ("strength 10", 10), ("less", 0)]


def test_comparisons_are_measured_from_each_painting_in_turn() -> None:
    plan = PAIR
    for text, strength in CHAIN:
        plan = after(plan, text)
        assert plan.options.strength == strength, text
        assert plan.options.seed == PAIR.options.seed


def test_where_nothing_can_change_the_seed_does() -> None:
    strongest = Plan((PHOTO,), (STYLE,), Options(strength=100))
    plan = after(strongest, "stronger")
    assert (plan.options.strength, plan.options.seed != 0) == (100, True)


def test_no_painting_is_called_larger_than_the_operator_lets_it_be() -> None:
    largest = Plan((PHOTO,), (STYLE,), Options(edge_px=1024))
    plan = repeated(largest, *say("bigger picture"), max_edge_px=1024)
    assert (plan.options.edge_px, plan.turn, plan.options.seed != 0) == (1024, Difference.AGAIN, True)
    plan = repeated(largest, *say("bigger picture"), max_edge_px=4096)
    assert (plan.options.edge_px, plan.turn) == (1536, Difference.LARGER)


def test_each_photo_of_a_series_keeps_its_own_house_style() -> None:
    assert slugs_of(SURPRISE, say("again")[0]) == ("mosaic", "glass")
    assert slugs_of(SURPRISE, say("now #mosaic")[0]) == ("mosaic", "mosaic")


def test_another_style_is_none_of_those_before() -> None:
    assert set(used(SURPRISE, say("another style")[0])) == {"mosaic", "glass"}
    assert not used(SURPRISE, say("again")[0])
    assert set(used(PAIR, say("another style but no stained glass")[0])) == {"stained-glass"}


def test_a_dream_of_a_painting_leaves_its_style_behind() -> None:
    wish, said = say("now dream of eyes")
    assert repeated(PAIR, wish, said).styles == ()
    assert slugs_of(SURPRISE, wish) == ()


def test_whoever_names_a_style_under_a_dream_wants_a_painting() -> None:
    assert after(DREAM, "now #mosaic").options.kind is Kind.STYLE
    assert after(DREAM, "again").options.kind is Kind.DREAM


@pytest.mark.parametrize("text", ["kind=style", "kind=texture"])
def test_what_needs_a_style_and_has_none_gets_one_of_the_house(text: str) -> None:
    assert slugs_of(DREAM, say(text)[0]) == ("*",)


def test_a_texture_of_a_painting_needs_no_photo() -> None:
    plan = after(PAIR, "make a texture")
    assert (plan.photos, plan.styles) == ((), PAIR.styles)


def test_a_swap_takes_the_alt_texts_along() -> None:
    plan = after(PAIR, "the other way round")
    assert (plan.photos, plan.styles, plan.photo_texts, plan.style_texts) == (
        (STYLE,),
        (PHOTO,),
        ("stars",),
        ("a cat",),
    )
    assert plan.options == PAIR.options


TURNS = [
    (PAIR, "again", Difference.AGAIN),
    (PAIR, "wilder", Difference.STRONGER),
    (PAIR, "strength 20", Difference.SOFTER),
    (Plan((PHOTO,), (STYLE,), Options(strength=100)), "stronger", Difference.STRONGEST),
    (Plan((PHOTO,), (STYLE,), Options(strength=0)), "softer", Difference.SOFTEST),
    (PAIR, "bigger strokes", Difference.BROADER),
    (PAIR, "finer strokes", Difference.FINER),
    (PAIR, "larger", Difference.LARGER),
    (PAIR, "in a smaller size", Difference.SMALLER),
    (PAIR, "keep my colours", Difference.CHANGED),
    (PAIR, "now #mosaic", Difference.CHANGED),
    (PAIR, "swap them", Difference.CHANGED),
    (PAIR, "now dream of eyes", None),
    (DREAM, "again", Difference.AGAIN),
]


@pytest.mark.parametrize(("before", "text", "turn"), TURNS, ids=lambda value: value if isinstance(value, str) else "")
def test_the_answer_says_what_is_different(before: Plan, text: str, turn: Difference | None) -> None:
    assert after(before, text).turn is turn
