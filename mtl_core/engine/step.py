"""One optimisation step: batches, losses, gradients, balancing, update."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn.utils import clip_grad_norm_

from mtl_core.balancing import StepStatistics
from mtl_core.data.batches import collate, rows_of, tokens_of
from mtl_core.encoders.batch import Batch, Encoded, Ints
from mtl_core.engine import optimiser
from mtl_core.engine.model import head_seed
from mtl_core.engine.progress import Progress
from mtl_core.engine.session import Session
from mtl_core.schedules import StepPlan

Gradients = list[Tensor | None]


@dataclass(frozen=True, slots=True)
class Stepped:
    """The losses and the gradient norm of a step."""

    losses: dict[str, float]
    """Each task's mean loss over its rows, in nats, before the update and without weights."""
    norm: float
    """The gradient's length before clipping."""


def make_step(
    session: Session, step_plan: StepPlan, chosen: Mapping[str, Ints], progress: Progress, done: float = 1.0
) -> Stepped:
    """Trains on the chosen examples of the step's tasks; `done` is the share of the run's steps that were made.

    Gradients are exact whatever the parts: each part's mean loss counts by its share of the step's rows, over
    accumulated batches and over processes.
    """
    model, balancing, distributed = session.model, session.balancing, session.distributed
    _renew_heads(session, step_plan)
    model.zero_grad(set_to_none=True)
    places = torch.tensor([session.config.tasks.index(task) for task in step_plan.tasks])
    shared = model.shared_parameters() if balancing.needs_task_gradients else []
    task_gradients: list[Gradients] = []
    for task in step_plan.tasks:
        progress.count(task, len(chosen[task]), tokens_of(session.tasks[task].train, chosen[task]))
    if balancing.after_losses:
        summed = _weighed_after(session, step_plan, chosen, done)
    else:
        weights = distributed.broadcast_numbers(balancing.weights().detach().cpu()[places].tolist())
        losses = []
        for task, weight in zip(step_plan.tasks, weights, strict=True):
            losses.append(_backward(session, task, chosen[task], weight, done))
            if balancing.needs_task_gradients:
                task_gradients.append(_take_gradients(shared))
        summed = distributed.all_reduce(torch.stack(losses))
    gramian = _put_together(session, shared, task_gradients) if balancing.needs_task_gradients else None
    _add_up_rest(session, shared)
    _add_penalty(session, step_plan)
    norm = clip_grad_norm_(model.parameters(), session.config.max_grad_norm)
    session.optimiser.step()
    after = _losses_again(session, step_plan, chosen) if balancing.needs_losses_after else None
    balancing.observe(StepStatistics(places.to(session.device), summed, gramian, after))
    return Stepped(dict(zip(step_plan.tasks, summed.tolist(), strict=True)), float(norm))


def _backward(session: Session, task: str, examples: Ints, weight: float, done: float) -> Tensor:
    """Leaves the gradient of this process's share of a task's weighted mean loss; the share without weight: ()."""
    total = torch.zeros((), device=session.device)
    for part in _parts(session, examples):
        batch = _batch(session, task, part)
        loss = session.loss(task, batch, done) * _share(session.tasks[task].train, part, examples)
        (loss * weight).backward()  # type: ignore[no-untyped-call]
        total += loss.detach()
    return total


def _weighed_after(session: Session, step_plan: StepPlan, chosen: Mapping[str, Ints], done: float) -> Tensor:
    """Leaves the gradient of the losses as they weigh once they are known; the losses without weight: (S,).

    One task's gradient at a time is kept beside the sum of the earlier ones.
    """
    balancing, distributed = session.balancing, session.distributed
    parameters, losses, own = list(session.model.parameters()), [], []
    for task in step_plan.tasks:
        earlier = _take_gradients(parameters)
        loss = distributed.all_reduce(_backward(session, task, chosen[task], 1.0, done))
        [weight] = distributed.broadcast_numbers([balancing.own_weight(session.config.tasks.index(task), float(loss))])
        _scale(parameters, weight, earlier)
        losses.append(loss)
        own.append(weight)
    _scale(parameters, balancing.scale(torch.tensor(own)))
    return torch.stack(losses)


def _scale(parameters: list[nn.Parameter], factor: float, more: Sequence[Tensor | None] = ()) -> None:
    """Multiplies the gradients, and adds others to them."""
    for parameter, other in zip(parameters, more or [None] * len(parameters), strict=True):
        if parameter.grad is not None:
            parameter.grad.mul_(factor)
        if other is not None:
            parameter.grad = other if parameter.grad is None else parameter.grad.add_(other)


def _parts(session: Session, examples: Ints) -> list[Ints]:
    """The micro-batches of this process: examples that go through the encoder at once."""
    size = session.config.batch_size
    mine = session.distributed.shard(examples)
    return [mine[at : at + size] for at in range(0, len(mine), size)]


def _batch(session: Session, task: str, examples: Ints) -> Batch:
    encoded = session.tasks[task].train
    return collate(encoded, rows_of(encoded, examples), session.padding).to(session.device)


def _share(encoded: Encoded, part: Ints, whole: Ints) -> float:
    """The part's share of the whole's rows, so that means over parts add up to the mean."""
    if len(part) == len(whole):
        return 1.0
    rows = encoded.first_rows[1:] - encoded.first_rows[:-1]
    return float(rows[part].sum() / rows[whole].sum())


def _take_gradients(parameters: list[nn.Parameter]) -> Gradients:
    """Moves gradients out of the parameters."""
    taken: Gradients = [parameter.grad for parameter in parameters]
    for parameter in parameters:
        parameter.grad = None
    return taken


def _put_together(session: Session, shared: list[nn.Parameter], task_gradients: list[Gradients]) -> Tensor:
    """Gives the shared parameters the tasks' gradients as the balancing weighs them; their inner products: (S, S)."""
    for gradients in task_gradients:
        session.distributed.all_reduce_gradients(shared, gradients)
    gramian = gramian_of(task_gradients).to(session.device)
    weights = session.distributed.broadcast_numbers(session.balancing.aggregate(gramian).tolist())
    for parameter, of_tasks in zip(shared, zip(*task_gradients, strict=True), strict=True):
        there = [(weight, one) for weight, one in zip(weights, of_tasks, strict=True) if one is not None]
        if there:
            (first, total), *others = there
            total.mul_(first)
            for weight, one in others:
                total.add_(one, alpha=weight)
            parameter.grad = total
    return gramian


def _add_up_rest(session: Session, done: list[nn.Parameter]) -> None:
    """Adds up over processes what `_put_together` has not."""
    left_out = {id(parameter) for parameter in done}
    rest = [one for one in session.model.parameters() if one.requires_grad and id(one) not in left_out]
    gradients = [one.grad for one in rest]
    session.distributed.all_reduce_gradients(rest, gradients)
    for parameter, gradient in zip(rest, gradients, strict=True):
        parameter.grad = gradient


def gramian_of(task_gradients: list[Gradients]) -> Tensor:
    """Inner products of the tasks' gradients, a missing one being zero: (S, S)."""
    gramian = torch.zeros(len(task_gradients), len(task_gradients))
    for row, left in enumerate(task_gradients):
        for column, right in enumerate(task_gradients[: row + 1]):
            pairs = [(a, b) for a, b in zip(left, right, strict=True) if a is not None and b is not None]
            products = [torch.dot(a.flatten(), b.flatten()) for a, b in pairs]
            gramian[row, column] = gramian[column, row] = torch.stack(products).sum() if products else 0.0
    return gramian


def _add_penalty(session: Session, step_plan: StepPlan) -> None:
    """Adds the gradients of the sharing's own penalty; every process computes all of it."""
    penalty = session.model.penalty(step_plan.tasks)
    if penalty is not None:
        penalty.backward()  # type: ignore[no-untyped-call]


def _losses_again(session: Session, step_plan: StepPlan, chosen: Mapping[str, Ints]) -> Tensor:
    """The step's losses after its update, without gradients: (S,)."""
    losses = []
    with torch.no_grad():
        for task in step_plan.tasks:
            train, whole = session.tasks[task].train, chosen[task]
            parts = [
                session.loss(task, _batch(session, task, part)) * _share(train, part, whole)
                for part in _parts(session, whole)
            ]
            losses.append(sum(parts, torch.zeros((), device=session.device)))
    return session.distributed.all_reduce(torch.stack(losses))


def _renew_heads(session: Session, step_plan: StepPlan) -> None:
    """Initialises again the heads that the schedule renews."""
    for task in step_plan.renew:
        session.model.head(task).renew(head_seed(session.config, f"{task}:renewed"))
        optimiser.forget(session.optimiser, session.model.head(task).parameters())
