"""What the sources of the balancings on losses say of them, by hand-worked numbers."""

from __future__ import annotations

import math
import re

import pytest
import torch

from mtl_core.balancing import LossBalancing, StepStatistics
from mtl_core.balancing.dwa import DynamicWeightAverage
from mtl_core.balancing.famo import Famo
from mtl_core.balancing.gradnorm import GradNorm
from mtl_core.balancing.rlw import RandomLossWeighting
from mtl_core.balancing.static import Static
from mtl_core.balancing.uncertainty import Uncertainty
from mtl_core.config import run as configs
from mtl_core.data.batches import collate, rows_of
from mtl_core.encoders.batch import Batch, Ints
from mtl_core.engine import methods
from mtl_core.engine.progress import Progress
from mtl_core.engine.session import Session
from mtl_core.engine.step import make_step
from mtl_core.errors import Fault
from tests import toy


def step(balancing: LossBalancing, *losses: float, tasks: tuple[int, ...] = (), **seen: torch.Tensor) -> None:
    """One step that showed these losses, of all tasks unless they are named."""
    places = torch.tensor(tasks or range(len(losses)))
    balancing.observe(StepStatistics(places, torch.tensor(losses), **seen))


def test_static_takes_the_weights_as_they_are_given() -> None:
    assert Static(2, weights="1, 0.25").weights().tolist() == [1.0, 0.25]
    assert Static(3).weights().tolist() == [1.0, 1.0, 1.0]


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ("1, 2", "2 weights for 3 tasks. Give one per task, in the run's order, such as 1, 0.5, 0.5."),
        ("1", "1 weight for 3 tasks. Give one per task, in the run's order, such as 1, 0.5, 0.5."),
        ("1, heavy, 2", "'heavy' is not a number. Give one weight per task, such as 1, 0.5, 0.5."),
        ("1, , 2", "'' is not a number. Give one weight per task, such as 1, 0.5, 0.5."),
        ("1, 0, 2", "'1, 0, 2' holds a weight that is not above 0. Leave out a task that should not count."),
        ("1, -1, 2", "'1, -1, 2' holds a weight that is not above 0. Leave out a task that should not count."),
        ("1, nan, 2", "'1, nan, 2' holds a weight that is not above 0. Leave out a task that should not count."),
        ("1, inf, 2", "'1, inf, 2' holds a weight that is not above 0. Leave out a task that should not count."),
    ],
)
def test_static_refuses_other_weights(weights: str, message: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        Static(3, weights=weights)


def test_static_weights_for_other_tasks_are_refused_before_a_run() -> None:
    values = {"tasks": "sst2,mnli", "balancing": "static", "balancing_settings": {"weights": "1, 2, 3"}}
    message = "3 weights for 2 tasks. Give one per task, in the run's order, such as 1, 0.5."
    assert methods.config_faults(configs.parse(values)) == [Fault("balancing_settings", message)]
    assert not methods.config_faults(configs.parse({**values, "balancing_settings": {"weights": "1, 2"}}))


def test_rlw_draws_anew_and_counts_as_much_as_the_sum() -> None:
    """Drawn normals 0 and log 3 would give 2 * (1/4, 3/4)."""
    torch.manual_seed(0)
    drawn = torch.randn(2)
    torch.manual_seed(0)
    balancing = RandomLossWeighting(2)
    first, second = balancing.weights(), balancing.weights()
    ratio = math.exp(float(drawn[1] - drawn[0]))
    assert first.tolist() == pytest.approx([2 / (1 + ratio), 2 * ratio / (1 + ratio)])
    assert not torch.equal(first, second)
    mean = torch.stack([balancing.weights() for _ in range(2000)]).mean(0)
    assert mean.tolist() == pytest.approx([1.0, 1.0], abs=0.05)


def test_uncertainty_settles_where_the_variance_is_twice_the_loss() -> None:
    balancing = Uncertainty(2, rate=0.05)
    for _ in range(400):
        step(balancing, 0.25, 2.0)
    variances = 1 / balancing.weights()
    assert variances.tolist() == pytest.approx([0.5, 4.0], rel=1e-3)


def test_uncertainty_moves_only_tasks_that_were_seen() -> None:
    """At s = 0 and loss 2 the slope is 1/2 - 2 < 0, so Adam's first step adds the rate to s."""
    balancing = Uncertainty(2, rate=0.1)
    step(balancing, 2.0, tasks=(1,))
    assert balancing.weights().tolist() == pytest.approx([1.0, math.exp(-0.1)])
    step(balancing, 2.0, tasks=(1,))
    assert balancing.weights()[0] == 1


def test_dwa_helps_the_task_whose_loss_falls_slower() -> None:
    """Means 2 -> 1 and 1 -> 1: ratios 1/2 and 1, so 2 softmax(1/4, 1/2) = (0.8757, 1.1243)."""
    balancing = DynamicWeightAverage(2, every=2)
    for losses in ((3.0, 1.0), (1.0, 1.0), (1.0, 0.5)):
        assert balancing.weights().tolist() == [1.0, 1.0]
        step(balancing, *losses)
    step(balancing, 1.0, 1.5)
    assert balancing.weights().tolist() == pytest.approx([0.8757, 1.1243], abs=1e-4)


def test_dwa_keeps_the_means_of_a_task_that_a_window_did_not_train() -> None:
    balancing = DynamicWeightAverage(2, every=1)
    for place, loss in ((0, 4.0), (1, 1.0), (0, 2.0)):
        step(balancing, loss, tasks=(place,))
    expected = 2 * torch.tensor([2 / 4 / 2, 1 / 1 / 2]).softmax(0)
    assert balancing.weights().tolist() == pytest.approx(expected.tolist())


def test_famo_can_weigh_by_the_inverse_of_the_losses_last_seen() -> None:
    """Equal z, losses 1 and 3: weights in proportion to 1 and 1/3, adding up to 2."""
    balancing = Famo(2)
    assert balancing.weights().tolist() == [1.0, 1.0]
    step(balancing, 1.0, 3.0, after=torch.tensor([0.5, 1.5]))
    assert balancing.weights().tolist() == pytest.approx([1.5, 0.5], rel=1e-3)


@pytest.mark.parametrize("parts", [1, 2], ids=["whole batches", "accumulated"])
def test_famo_weighs_a_step_by_its_own_losses(parts: int) -> None:
    """Its gradient is that of sum of T * c * z / l * loss with l the same batch's losses, for every parameter."""
    ready = toy.session(
        tasks=("sst2", "mnli"), schedule="joint", balancing="famo", batch_size=4 // parts, gradient_accumulation=parts,
        max_grad_norm=1e9,
    )  # fmt: skip
    assert isinstance(ready.balancing, Famo)
    assert ready.balancing.after_losses, "a new config weighs so"
    ready.balancing.logits.data = torch.tensor([0.4, -0.3])
    chosen = {task: next(ready.stream(task)) for task in ready.tasks}
    losses = [ready.loss(task, batch_of(ready, task, chosen[task])) for task in ready.tasks]
    z = torch.tensor([0.4, -0.3]).softmax(0)
    own = [float(share) / float(loss.detach()) for share, loss in zip(z, losses, strict=True)]
    total = sum(2 * weight / sum(own) * loss for weight, loss in zip(own, losses, strict=True))
    parameters = list(ready.model.parameters())
    expected = torch.autograd.grad(total, parameters, allow_unused=True)
    progress = Progress(ready.order.draws, ready.device)
    told = make_step(ready, ready.order.step_plans[0], chosen, progress)
    assert told.losses == pytest.approx(
        {task: float(loss.detach()) for task, loss in zip(ready.tasks, losses, strict=True)}
    )
    for parameter, wanted in zip(parameters, expected, strict=True):
        if wanted is not None:
            torch.testing.assert_close(parameter.grad, wanted, atol=1e-6, rtol=1e-4)


def batch_of(ready: Session, task: str, examples: Ints) -> Batch:
    encoded = ready.tasks[task].train
    return collate(encoded, rows_of(encoded, examples), ready.padding)


def test_famo_of_a_stored_config_weighs_by_the_step_before() -> None:
    assert not Famo(2).after_losses
    assert configs.RunConfig.model_validate({"tasks": "sst2,mnli", "balancing": "famo"}).balancing_settings == {}


def test_famo_turns_to_the_task_that_falls_less() -> None:
    """log losses fall by log 2 and 0: the slope for xi is z1 z2 log 2 (1, -1); Adam's first step is the rate."""
    balancing = Famo(2, rate=0.1, decay=0.0)
    step(balancing, 1.0, 1.0, after=torch.tensor([0.5, 1.0]))
    assert balancing.logits.tolist() == pytest.approx([-0.1, 0.1], abs=1e-5)
    expected = 2 * torch.tensor([-0.1, 0.1]).softmax(0)
    assert balancing.weights().tolist() == pytest.approx(expected.tolist(), abs=1e-5)


def test_gradnorm_moves_weights_towards_equal_lengths_and_keeps_their_sum() -> None:
    """First step: rates are 1, so the goal is the mean length 2 for lengths 3 and 1; Adam moves by its rate."""
    balancing = GradNorm(2, rate=0.1)
    step(balancing, 1.0, 1.0, gramian=torch.diag(torch.tensor([9.0, 1.0])))
    assert balancing.weights().tolist() == pytest.approx([0.9, 1.1], abs=1e-5)
    for _ in range(300):
        weights = balancing.weights()
        step(balancing, 1.0, 1.0, gramian=torch.diag((weights * torch.tensor([3.0, 1.0])) ** 2))
    assert float(balancing.weights().sum()) == pytest.approx(2)
    assert balancing.weights().tolist() == pytest.approx([0.5, 1.5], abs=0.1), "3 * 0.5 = 1 * 1.5"


def test_gradnorm_helps_the_slower_task() -> None:
    """Losses fell to 1/4 and not at all: rates 0.4 and 1.6; goals 0.4^1.5 = 0.253 and 1.6^1.5 = 2.02 for lengths 1."""
    balancing = GradNorm(2, rate=0.1)
    step(balancing, 1.0, 1.0, gramian=torch.eye(2))
    before = balancing.weights()
    assert before.tolist() == [1.0, 1.0], "lengths are at their goals"
    step(balancing, 0.25, 1.0, gramian=torch.eye(2))
    assert balancing.weights()[0] < 1 < balancing.weights()[1]


def test_gradnorm_never_lets_a_weight_reach_zero() -> None:
    balancing = GradNorm(2, rate=1.0)
    for _ in range(50):
        step(balancing, 1.0, 1.0, gramian=torch.diag(torch.tensor([100.0, 1.0])))
    assert (balancing.weights() > 0).all()
