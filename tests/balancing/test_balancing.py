"""What every balancing promises."""

from __future__ import annotations

import pytest
import torch

from mtl_core import registry
from mtl_core.balancing.sum import Sum


@pytest.mark.parametrize("name", registry.names("balancing"))
def test_contract(name: str) -> None:
    losses = torch.tensor([0.7, 1.1, 2.0], requires_grad=True)
    total = registry.load("balancing", name)(3).combine(losses)
    total.backward()
    assert total.shape == ()
    assert torch.isfinite(total)
    assert losses.grad is not None
    assert (losses.grad > 0).all(), "a task is left without a gradient"


def test_sum_adds_up() -> None:
    assert Sum(2).combine(torch.tensor([0.25, 1.5])) == 1.75
