"""What the sources of the balancings on gradients say of them, by hand-worked numbers."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from mtl_core import registry
from mtl_core.balancing import GradientBalancing
from mtl_core.balancing.aligned_mtl import AlignedMTL
from mtl_core.balancing.cagrad import CAGrad
from mtl_core.balancing.dualproj import DualProj
from mtl_core.balancing.fairgrad import FairGrad
from mtl_core.balancing.gradvac import GradVac
from mtl_core.balancing.imtl_g import IMTLG
from mtl_core.balancing.mgda import MGDA
from mtl_core.balancing.nash_mtl import NashMTL
from mtl_core.balancing.pcd import PCD
from mtl_core.balancing.upgrad import UPGrad

METHODS = [name for name, method in registry.load_all("balancing").items() if issubclass(method, GradientBalancing)]
CONFLICT = torch.tensor([[1.0, 0.0], [-1.0, 1.0]])
UNLIKE = torch.tensor([[2.0, 0.0], [0.0, 1.0]])


def update(method: GradientBalancing, gradients: Tensor) -> list[float]:
    """The sum of the gradients as the method weighs them."""
    found: list[float] = (method.aggregate(gradients @ gradients.T) @ gradients).tolist()
    return found


HARD = {
    "conflict": [[1.0, 0.0], [-1.0, 1.0]],
    "a task without gradient": [[0.0, 0.0], [1.0, 2.0]],
    "no gradient at all": [[0.0, 0.0], [0.0, 0.0]],
    "the same gradient": [[1.0, 2.0], [1.0, 2.0]],
    "the same direction": [[1.0, 2.0], [100.0, 200.0]],
    "opposed": [[1.0, 2.0], [-1.0, -2.0]],
    "opposed and unlike": [[1e-3, 0.0], [-1e3, 0.0]],
    "a million times longer": [[1e-3, 0.0], [1e3, 1e3]],
    "a million times longer, in conflict": [[1e-3, 0.0], [-1e3, 1e3]],
    "very short": [[1e-6, 0.0], [-1e-6, 1e-6]],
    "very long": [[1e6, 0.0], [-1e6, 1e6]],
    "three, one without gradient": [[0.0, 0.0], [1.0, 2.0], [2.0, -1.0]],
    "three the same": [[1.0, 2.0], [1.0, 2.0], [1.0, 2.0]],
    "three in a plane": [[1.0, 0.0], [-0.5, 0.8], [-0.5, -0.8]],
}


@pytest.mark.parametrize("case", HARD)
@pytest.mark.parametrize("name", METHODS)
def test_hard_gradients_give_finite_weights(name: str, case: str) -> None:
    gradients = torch.tensor(HARD[case])
    method = registry.load("balancing", name)(len(gradients))
    for _ in range(2):
        weights = method.aggregate(gradients @ gradients.T)
        assert weights.shape == (len(gradients),)
        assert torch.isfinite(weights).all()


@pytest.mark.parametrize("name", METHODS)
def test_drawn_gradients_give_finite_weights_and_shorter_ones_the_same(name: str) -> None:
    for seed in range(10):
        tasks = 2 + seed % 3
        gradients = torch.randn(tasks, 20, generator=torch.Generator().manual_seed(seed))
        gramian = gradients @ gradients.T
        found = []
        for scale in (1.0, 1e-6):
            torch.manual_seed(0)
            found.append(registry.load("balancing", name)(tasks).aggregate(gramian * scale))
        assert torch.isfinite(found[0]).all()
        assert found[1].tolist() == pytest.approx(found[0].tolist(), rel=1e-2, abs=1e-3)


@pytest.mark.parametrize("name", METHODS)
def test_a_loss_that_is_no_number_breaks_no_solver(name: str) -> None:
    """The loop ends such a run with words of its own, after the step."""
    method = registry.load("balancing", name)(2)
    assert method.aggregate(torch.full((2, 2), math.nan)).shape == (2,)
    assert method.aggregate(torch.full((2, 2), math.inf)).shape == (2,)


def test_mgda_is_the_point_of_the_mixtures_nearest_to_zero() -> None:
    """Between (2, 0) and (0, 1): 0.2 and 0.8 of them give (0.4, 0.8), at right angles to the line between them."""
    assert update(MGDA(2), UNLIKE) == pytest.approx([0.4, 0.8])
    assert update(MGDA(2), torch.tensor([[1.0, 0.0], [3.0, 1.0]])) == pytest.approx([1.0, 0.0]), "the shorter one"


def test_cagrad_without_radius_is_the_mean() -> None:
    assert update(CAGrad(2, c=0.0), CONFLICT) == pytest.approx([0.0, 0.5])


def test_cagrad_turns_from_the_mean_towards_the_worst_task() -> None:
    """(2, 0) and (0, 1), c = 1/2: g0 = (1, 0.5), |g0| = 1.118. gw . g0 + c |g0| |gw| is least for w = (0, 1), as
    0.5 + 0.559 = 1.059 there and rises towards w = (1, 0) with slope 1.5 - 0.559 > 0. So d = g0 + 0.559 (0, 1)."""
    assert update(CAGrad(2), UNLIKE) == pytest.approx([1.0, 0.5 + 0.5 * math.sqrt(1.25)], abs=1e-4)


def test_cagrad_takes_the_mean_where_a_mixture_vanishes() -> None:
    assert CAGrad(2).aggregate(torch.diag(torch.tensor([0.0, 1.0]))).tolist() == [0.5, 0.5]


def test_imtl_g_has_equal_projections_on_all_gradients() -> None:
    """For two tasks weights are in proportion to 1 / length: (2, 0) and (0, 1) get 1/3 and 2/3."""
    assert IMTLG(2).aggregate(UNLIKE @ UNLIKE.T).tolist() == pytest.approx([1 / 3, 2 / 3])
    gradients = torch.tensor([[2.0, 0.0, 1.0], [-1.0, 1.0, 0.5], [0.3, -0.4, 2.0]])
    direction = torch.tensor(update(IMTLG(3), gradients))
    projections = gradients @ direction / gradients.norm(dim=1)
    assert projections.tolist() == pytest.approx([projections[0].item()] * 3)


def test_imtl_g_never_climbs_on_every_task() -> None:
    """A short gradient between two others counts negatively, and more than they do: the weights' sum is negative."""
    gradients = torch.tensor([[1.0, 0.9, 0.0], [1.0, -0.9, 0.0], [0.1, 0.0, 0.01]])
    raw = IMTLG(3).weighting(gradients @ gradients.T) @ gradients
    assert (gradients @ raw < 0).all(), "the paper's solution does"
    assert (gradients @ torch.tensor(update(IMTLG(3), gradients)) > 0).all()


def test_imtl_g_of_opposed_gradients_adds_them_at_equal_lengths() -> None:
    weights = IMTLG(2).aggregate(torch.tensor([[1.0, -2.0], [-2.0, 4.0]]))
    assert weights.tolist() == pytest.approx([2 / 3, 1 / 3], abs=1e-4)


def test_upgrad_is_the_mean_of_gradients_that_hurt_nobody() -> None:
    """(1, 0) loses its part along (-1, 1) and becomes (0.5, 0.5); (-1, 1) becomes (0, 1); their mean."""
    assert update(UPGrad(2), CONFLICT) == pytest.approx([0.25, 0.75], abs=1e-3)


def test_dualproj_bends_the_mean_only_where_it_hurts_a_task() -> None:
    """The mean (0, 0.5) hurts neither. For (1, 0) and (-3, 1) the mean (-1, 0.5) hurts the first: (0, 0.5) does not."""
    assert update(DualProj(2), CONFLICT) == pytest.approx([0.0, 0.5], abs=1e-3)
    assert update(DualProj(2), torch.tensor([[1.0, 0.0], [-3.0, 1.0]])) == pytest.approx([0.0, 0.5], abs=2e-3)


def test_aligned_mtl_makes_components_as_long_as_the_shortest() -> None:
    """(2, 0) and (0, 1) are their own components: both get length 1, then the mean."""
    assert update(AlignedMTL(2), UNLIKE) == pytest.approx([0.5, 0.5])
    longer = math.sqrt((4 + 1) / 2) / 2
    assert update(AlignedMTL(2, scale="rmse"), UNLIKE) == pytest.approx([longer, longer])


def test_nash_mtl_is_the_bargain_in_which_gains_are_equal() -> None:
    """Orthogonal gradients get 1 / length, times the root mean square length. In general w * (G w) is the same."""
    mean = math.sqrt(2.5)
    assert NashMTL(2).aggregate(UNLIKE @ UNLIKE.T).tolist() == pytest.approx([mean / 2, mean])
    gradients = torch.tensor([[2.0, 0.0, 1.0], [-1.0, 1.0, 0.5], [0.3, -0.4, 2.0]])
    gramian = gradients @ gradients.T
    weights = NashMTL(3).aggregate(gramian)
    assert (weights * (gramian @ weights) / gramian.diagonal().mean()).tolist() == pytest.approx([1.0] * 3, abs=1e-5)


def test_fairgrad_goes_from_the_sum_over_nash_to_equal_progress() -> None:
    """Orthogonal gradients of squared lengths 4 and 1, divided by 2.5: w = G^(-alpha / (1 + alpha))."""
    gramian = UNLIKE @ UNLIKE.T
    for alpha in (0.1, 0.5, 2.0, 10.0):
        power = -alpha / (1 + alpha)
        expected = [1.6**power, 0.4**power]
        assert FairGrad(2, alpha=alpha).aggregate(gramian).tolist() == pytest.approx(expected, rel=1e-5)
    conflict = CONFLICT @ CONFLICT.T
    assert FairGrad(2, alpha=1.0).aggregate(conflict).tolist() == pytest.approx(NashMTL(2).aggregate(conflict).tolist())
    weights = FairGrad(2).aggregate(conflict)
    assert (conflict / 1.5 @ weights).tolist() == pytest.approx((weights**-0.5).tolist(), rel=1e-5)


def test_gradvac_turns_gradients_until_they_agree_as_usual() -> None:
    """The goal starts at 0 and moves by beta * cos: (1, 0) and (1, 1) agree by 0.7071, so it becomes 0.35355 at
    beta = 1/2. Then (1, 0) and (0, 1), cos 0 < 0.35355, get goal / sqrt(1 - goal^2) = 0.37796 of the other."""
    method = GradVac(2, beta=0.5)
    agreeing = torch.tensor([[1.0, 0.0], [1.0, 1.0]])
    assert update(method, agreeing) == pytest.approx([2.0, 1.0]), "they agree enough"
    assert update(method, torch.eye(2)) == pytest.approx([1.37796, 1.37796], abs=1e-4)


def test_gradvac_with_the_goal_zero_is_gradient_surgery() -> None:
    assert update(GradVac(2, beta=0.0), CONFLICT) == pytest.approx([0.5, 1.5])


def test_pcd_grants_the_helper_its_part_of_progress() -> None:
    """Gradients of length 1, target (1, 0), helper (0, 1), tau 1/2: d = (1, 0.5), then as long as the target's."""
    length = math.sqrt(1.25)
    assert update(PCD(2, tau=0.5), torch.eye(2)) == pytest.approx([1 / length, 0.5 / length], abs=1e-5)
    agreeing = torch.tensor([[1.0, 0.0], [0.6, 0.8]])
    assert update(PCD(2, tau=0.5), agreeing) == pytest.approx([1.0, 0.0]), "the helper has its part already"
