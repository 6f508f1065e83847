"""What every balancing promises."""

from __future__ import annotations

import pytest
import torch

from mtl_core import registry
from mtl_core.balancing import Balancing, GradientBalancing, LossBalancing, StepStatistics
from mtl_core.balancing.pcgrad import PCGrad
from mtl_core.balancing.sum import Sum

GRADIENTS = torch.tensor([[2.0, 0.0, 1.0], [-1.0, 1.0, 0.5], [0.3, -0.4, 2.0]])


def seen() -> StepStatistics:
    losses = torch.tensor([0.7, 1.1, 2.0])
    return StepStatistics(torch.arange(3), losses, GRADIENTS @ GRADIENTS.T, losses * 0.9)


@pytest.mark.parametrize("name", registry.names("balancing"))
class TestContract:
    def test_every_task_counts(self, name: str) -> None:
        balancing: Balancing = registry.load("balancing", name)(3)
        assert isinstance(balancing, (LossBalancing, GradientBalancing))
        for _ in range(3):
            weights = balancing.weights()
            assert weights.shape == (3,)
            assert torch.isfinite(weights).all()
            assert (weights > 0).all(), "a task's loss does not count"
            shares = balancing.aggregate(GRADIENTS @ GRADIENTS.T)
            assert shares.shape == (3,)
            assert torch.isfinite(shares).all()
            assert torch.linalg.norm(shares @ GRADIENTS) > 0
            balancing.observe(seen())

    def test_what_it_has_learned_comes_back(self, name: str) -> None:
        """After the same steps, a copy made from the saved state goes on as the first does."""
        from mtl_core.engine.checkpoints import optimiser_state, put_optimiser_state, put_weights, weights_of

        first, second = (registry.load("balancing", name)(3) for _ in range(2))
        torch.manual_seed(0)
        for _ in range(4):
            first.weights(), first.aggregate(GRADIENTS @ GRADIENTS.T), first.observe(seen())
        put_weights(second, {key: value.clone() for key, value in weights_of(first).items()}, "here")
        learned = {key: value.clone() for key, value in optimiser_state(first.optimiser).items()}
        put_optimiser_state(second.optimiser, learned)
        told = []
        for balancing in (first, second):
            torch.manual_seed(1)
            for _ in range(3):
                told.append(balancing.weights().clone())
                told.append(balancing.aggregate(GRADIENTS @ GRADIENTS.T).clone())
                balancing.observe(seen())
        assert all(torch.equal(a, b) for a, b in zip(told[:6], told[6:], strict=True))


def test_sum_adds_up() -> None:
    assert Sum(2).weights().tolist() == [1.0, 1.0]


def test_pcgrad_projects_two_conflicting_gradients() -> None:
    """g1 = (1, 0), g2 = (-1, 1): g1 loses its part along g2 and becomes (0.5, 0.5), g2 becomes (0, 1)."""
    gradients = torch.tensor([[1.0, 0.0], [-1.0, 1.0]])
    weights = PCGrad(2).aggregate(gradients @ gradients.T)
    assert (weights @ gradients).tolist() == pytest.approx([0.5, 1.5])
    agreeing = torch.tensor([[1.0, 0.0], [1.0, 1.0]])
    assert PCGrad(2).aggregate(agreeing @ agreeing.T).tolist() == [1.0, 1.0]
