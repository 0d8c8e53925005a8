"""The objective: when the windows' partners are chosen."""

from tests.unit.worker.gatys.tiny import picture, tiny_net
from worker.gatys.objective import PARTNERS_KEPT, Objective
from worker.gatys.recipe import Recipe

RECIPE = Recipe(tv_weight=0, style_weights={}, content_weights={}, window_weights={"relu2_1": 1.0})


def _objective() -> Objective:
    return Objective(None, [picture(64, 80, 2)], RECIPE, tiny_net(), size=(64, 80))


def test_partners_are_kept_for_some_evaluations_and_then_chosen_anew() -> None:
    first, later = picture(64, 80, 3), picture(64, 80, 3).flip(-1)
    kept, fresh = _objective(), _objective()
    kept.loss_and_gradient(first)
    found = [kept.loss_and_gradient(later)[0].item() for _ in range(PARTNERS_KEPT)]
    chosen_for_it = fresh.loss_and_gradient(later)[0].item()
    assert found[-1] == chosen_for_it
    assert set(found[:-1]) == {found[0]} != {chosen_for_it}


def test_evaluations_in_tiles_choose_partners_as_often() -> None:
    tiled = Objective(None, [picture(64, 80, 2)], RECIPE, tiny_net(), size=(64, 80), tile_px=32)
    x = picture(64, 80, 3)
    tiled.loss_and_gradient(x)
    found = [tiled.loss_and_gradient(x.flip(-1))[0].item() for _ in range(PARTNERS_KEPT)]
    assert len(set(found[:-1])) == 1
    assert found[-1] != found[0]
