"""A painting once more: what an earlier answer was made of, with what a reply to it asks to change."""

from collections.abc import Sequence
from dataclasses import replace

from bot.ledger import Plan
from bot.posts import Mention
from bot.request.adjustments import nudged
from bot.request.options import EDGE_PX
from bot.request.read import fresh_seed
from bot.request.reading import Difference, Wanted
from bot.styles.catalogue import ANY
from worker.contract import Film, Kind, Options


def repeated(before: Plan, wanted: Wanted, mention: Mention, max_edge_px: int = EDGE_PX[1]) -> Plan:
    """The plan of `before` with the wishes of `wanted`; its house styles are still to be fetched (see `slugs_of`).

    What is asked for by name holds; comparisons shift the value that `before` was painted with. Where all that
    changes nothing ('stronger' at 100), the seed does, so that nobody is sent the same picture again. A texture needs
    no photo, a dream no style; a film is of one painting. `max_edge_px` is the operator's bound.
    """
    options, slugs = _options(before, wanted, max_edge_px), slugs_of(before, wanted)
    plan = _swapped(before) if wanted.swap and not slugs else before
    if options == before.options and not wanted.house and plan.photos == before.photos:
        options = options.model_copy(update={"seed": fresh_seed(mention)})
    bare = bool(slugs) or (options.kind is Kind.DREAM and before.options.kind is not Kind.DREAM)
    textured = options.kind is Kind.TEXTURE
    most = len(plan.photos) if options.film is Film.NONE else 1
    if options.weights and (bare or len(options.weights) != len(plan.styles)):
        options = options.model_copy(update={"weights": ()})
    return Plan(
        photos=() if textured else plan.photos[:most],
        styles=() if bare else plan.styles,
        options=options,
        language=wanted.language,
        photo_texts=() if textured else plan.photo_texts[:most],
        style_texts=() if bare else plan.style_texts,
        missing=plan.missing if options.film is Film.NONE else 0,
        turn=_difference(before, options, wanted),
    )


def _difference(before: Plan, options: Options, wanted: Wanted) -> Difference | None:
    """The one difference worth saying; None for a dream of a painting, which has words of its own."""
    old, nudges = before.options.model_copy(update={"film": options.film}), dict(wanted.nudges)
    if options.kind is not old.kind:
        return None if options.kind is Kind.DREAM else Difference.CHANGED
    if options.strength != old.strength:
        return Difference.STRONGER if options.strength > old.strength else Difference.SOFTER
    if "strength" in nudges:
        return Difference.STRONGEST if nudges["strength"] > 0 else Difference.SOFTEST
    if options.style_scale != old.style_scale:
        return Difference.BROADER if options.style_scale > old.style_scale else Difference.FINER
    if options.edge_px != old.edge_px:
        return Difference.LARGER if options.edge_px > old.edge_px else Difference.SMALLER
    only_seed = options.model_copy(update={"seed": old.seed}) == old and not wanted.house and not wanted.swap
    return Difference.AGAIN if only_seed else Difference.CHANGED


def slugs_of(before: Plan, wanted: Wanted) -> tuple[str, ...]:
    """House styles to paint with, one a photo: the one asked for, else those from before; none for a dream."""
    options, paintings = _options(before, wanted), max(1, len(before.photos))
    if options.kind is Kind.DREAM:
        return ()
    if options.kind is Kind.TEXTURE:
        paintings = 1
    if wanted.house:
        return (wanted.house,) * paintings
    known = tuple(house.slug for house in before.houses)[:paintings]
    return known if known or before.styles else (ANY,) * paintings


def used(before: Plan, wanted: Wanted) -> Sequence[str]:
    """House styles that 'another style', or another by the same artist, must not bring (again)."""
    return [*(house.slug for house in before.houses if wanted.house), *wanted.unwanted]


def _options(before: Plan, wanted: Wanted, max_edge_px: int = EDGE_PX[1]) -> Options:
    changed: dict[str, object] = {"film": Film.NONE}  # asked for each time
    changed |= {name: getattr(wanted.options, name) for name in wanted.changed}
    changed |= nudged(before.options.model_copy(update=changed), dict(wanted.nudges), max_edge_px)
    if wanted.house and before.options.kind is Kind.DREAM and "kind" not in changed:
        changed |= {"kind": Kind.STYLE}  # whoever names a style has had enough of dreaming
    return bounded(before.options.model_copy(update=changed), max_edge_px)


def bounded(options: Options, max_edge_px: int) -> Options:
    return options.model_copy(update={"edge_px": min(options.edge_px, max_edge_px)})


def _swapped(plan: Plan) -> Plan:
    if not len(plan.photos) == len(plan.styles) == 1:
        return plan
    return replace(
        plan, photos=plan.styles, styles=plan.photos, photo_texts=plan.style_texts, style_texts=plan.photo_texts
    )
