"""Partners: like goes with like, every window of the style is somebody's, and skies go with skies."""

import itertools

import pytest
import torch

from tests.unit.worker.gatys.test_losses import noise
from worker.gatys.partners import partners, places, prices, unlike
from worker.gatys.windows import Windows

ONE = torch.ones((), dtype=torch.float64)
NOTHING = torch.zeros(())


def test_each_window_of_the_style_itself_is_its_own_partner() -> None:
    A = noise(6, 3, 3)
    assert torch.equal(partners(A, [A], [NOTHING], [1.0]), A)


def test_partners_of_several_styles_are_blended_by_their_shares() -> None:
    G = noise(4, 2, 2)
    found = partners(G, [G, G + 100], [NOTHING, NOTHING], [0.25, 0.75])
    apart = (found - 0.25 * G)[:, None] - 0.75 * (G + 100)
    assert apart.flatten(2).abs().amax(2).amin(1).max() < 1e-9


def test_windows_that_are_all_alike_do_not_all_get_the_same_partner() -> None:
    G = torch.tensor([0.9, 0.95, 1.0, 1.05, 1.1, 1.15], dtype=torch.float64)[:, None, None]
    A = torch.tensor([1.0, 1.4, 1.8], dtype=torch.float64)[:, None, None]
    nearest = (G[:, 0] - A[:, 0].T).abs().argmin(1).tolist()
    chosen = partners(G, [A], [NOTHING], [1.0]).flatten().tolist()
    assert nearest == [0] * 6
    assert len(set(chosen)) > 1
    assert chosen == sorted(chosen)


def test_full_prices_make_the_cheapest_of_all_pairings() -> None:
    cost = noise(5, 5).abs()
    cheapest = min(itertools.permutations(range(5)), key=lambda to: sum(cost[n, m].item() for n, m in enumerate(to)))
    assert (cost + prices(cost)).argmin(1).tolist() == list(cheapest)


def test_without_any_difference_prices_are_even_and_finite() -> None:
    for shape in ((3, 3), (1, 1), (4, 2)):
        found = prices(torch.zeros(shape))
        torch.testing.assert_close(found, torch.zeros_like(found), atol=1e-6, rtol=0)


def test_places_tell_lightness_by_rank_and_height_from_the_top() -> None:
    picture = torch.zeros(1, 3, 64, 64, dtype=torch.float64)
    picture[..., :32, :32], picture[..., :32, 32:], picture[..., 32:, :32] = 0.9, 0.5, 0.2
    found = places(picture, (16, 16), Windows.over((16, 16), 8, ONE))
    assert found[:, 0].tolist() == pytest.approx([0.875, 0.625, 0.375, 0.125])
    assert found[0, 1] == found[1, 1] < 0.5 < found[2, 1] == found[3, 1]


def test_places_tell_what_has_a_dark_part_from_what_is_as_light_without_one() -> None:
    picture = torch.full((1, 3, 64, 64), 0.6, dtype=torch.float64)
    picture[..., 6:10, 6:10] = 0.1  # a tree's top
    picture[..., 6:10, 56:60] = 1.0  # a star
    found = places(picture, (16, 16), Windows.over((16, 16), 4, ONE))
    assert found[:, 2].argmin() == 0
    assert found[1:, 2].min() >= 0.5, "a star is not dark"


def test_a_sky_that_is_darkest_at_its_top_has_nothing_dark_in_it() -> None:
    picture = torch.linspace(0.05, 0.8, 64, dtype=torch.float64)[:, None].expand(1, 3, 64, 128).clone()
    windows = Windows.over((16, 32), 4, ONE)
    even = places(picture, (16, 32), windows)
    assert even[:, 2].tolist() == [0.5] * len(windows)
    assert even[0, 0] < even[-1, 0]
    picture[..., 40:60, 20:24] = 0.05  # a trunk, no darker than the sky's top
    dark = places(picture, (16, 32), windows)[:, 2]
    assert dark[:8].min() > 0.5 > dark.min()


def test_an_even_picture_has_one_rank() -> None:
    picture = torch.full((1, 3, 64, 64), 0.3, dtype=torch.float64)
    found = places(picture, (16, 16), Windows.over((16, 16), 8, ONE))
    assert found[:, 0].tolist() == found[:, 2].tolist() == [0.5] * 4


def test_a_light_sky_goes_with_a_light_sky_of_other_statistics() -> None:
    G, A = noise(2, 2, 2), noise(2, 2, 2) + 5
    photo, style = torch.tensor([[1.0, 0.0, 0.5], [0.0, 1.0, 0.5]]), torch.tensor([[0.0, 1.0, 0.5], [1.0, 0.0, 0.5]])
    assert torch.equal(partners(G, [A], [unlike(photo, style)], [1.0]), A.flip(0))


def test_a_sky_with_nothing_dark_in_it_does_not_go_with_one_that_has_the_top_of_a_tree() -> None:
    G, A = noise(2, 2, 2), noise(2, 2, 2) + 5
    photo, style = torch.tensor([[0.5, 0.0, 1.0], [0.5, 0.0, 0.0]]), torch.tensor([[0.5, 0.0, 0.0], [0.5, 0.0, 1.0]])
    assert torch.equal(partners(G, [A], [unlike(photo, style)], [1.0]), A.flip(0))
