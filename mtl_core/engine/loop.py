"""The training loop: a generator of events. Who listens decides what happens with them."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Generator, Iterator, Mapping
from pathlib import Path

import torch
from torch import Tensor
from torch.nn.utils import clip_grad_norm_

from mtl_core.config import RunConfig
from mtl_core.data.batches import Encoded, Ints, collate, rows_of
from mtl_core.engine import checkpoints, optimiser
from mtl_core.engine.evaluation import evaluate
from mtl_core.engine.events import CheckpointSaved, Evaluated, Event, Finished, Preparing, Started, StepDone, Tested
from mtl_core.engine.facts import data_fingerprint, facts
from mtl_core.engine.model import head_seed
from mtl_core.engine.progress import Progress
from mtl_core.engine.session import Session, prepare
from mtl_core.errors import Diverged
from mtl_core.kinds import kind_of
from mtl_core.schedules import Turn

Events = Generator[Event, None, str]
"""Events, and in the end the state that they lead to."""
StopAsked = Callable[[], bool]

EVALUATION_FACTOR = 2
"""Evaluation keeps no gradients, so twice the batch fits."""


def never() -> bool:
    """Nobody asks this run to stop."""
    return False


def train(config: RunConfig, folder: Path, *, cache: Path, should_stop: StopAsked = never) -> Iterator[Event]:
    """Trains, evaluates and tests as the config says.

    Weights go to `folder` (the run's checkpoints), encoded texts to `cache`; all else is in the events. Ends after
    the current step, with a checkpoint, once `should_stop()` is true. Raises TandemErrors for what a user can mend.
    """
    began, session = time.perf_counter(), None
    for ready in prepare(config, cache):
        if isinstance(ready, Session):
            session = ready
        elif should_stop():
            yield Finished("stopped", 0, (), time.perf_counter() - began, 0.0)
            return
        else:
            yield ready
    assert session is not None
    progress = Progress(session.order.draws, session.device)
    checkpoints.save_encoder(session.tokenizer, session.encoder_config, folder)
    total = len(session.order.turns)
    yield Started(total, session.order.draws, str(session.device), data_fingerprint(session), facts(session))

    state = yield from _steps(session, progress, folder, should_stop)
    if state == "finished":
        checkpoints.load(session.model, folder / "best")
        state = yield from _test(session, should_stop)
    seconds = time.perf_counter() - began
    yield Finished(state, progress.steps_done, progress.draws(), seconds, progress.mean_speed)


def _steps(session: Session, progress: Progress, folder: Path, should_stop: StopAsked) -> Events:
    """All steps of the run, with evaluations between them."""
    config, total = session.config, len(session.order.turns)
    every = config.eval_every or math.ceil(total / 4)
    streams = {name: session.stream(name) for name in session.tasks}
    best = math.inf
    session.model.train()
    for number, turn in enumerate(session.order.turns, start=1):
        progress.begin_step()
        rate = optimiser.set_rate(session.optimiser, number, total, config)
        losses, norm = _step(session, turn, {task: next(streams[task]) for task in turn.tasks}, progress)
        progress.end_step()
        for task, loss in losses.items():
            yield StepDone(progress.point(number, task, loss=loss, rate=rate, norm=norm), progress.seconds_left())
        if not math.isfinite(sum(losses.values())):
            raise Diverged(f"the loss is no number any more at step {number}. Use less than {config.learning_rate:g}.")
        if number % every == 0 or number == total:
            loss = yield from _select(session, number, progress)
            if loss < best:
                best = loss
                yield _checkpoint(session, folder, "best", number, loss)
        if number < total and should_stop():
            yield _checkpoint(session, folder, "last", number, best)
            return "stopped"
    return "finished"


def _step(
    session: Session, turn: Turn, chosen: Mapping[str, Ints], progress: Progress
) -> tuple[dict[str, float], float]:
    """One optimisation step. Returns each task's mean loss (nats) and the gradient's length before clipping."""
    model, size = session.model, session.config.batch_size
    _renew_heads(session, turn)
    session.optimiser.zero_grad(set_to_none=True)
    losses = {task: torch.zeros((), device=session.device) for task in turn.tasks}
    for part in range(max(-(-len(examples) // size) for examples in chosen.values())):
        parts = []
        for task, examples in chosen.items():
            now = examples[part * size : (part + 1) * size]
            if len(now):
                loss = _loss(session, task, now, progress) * _share(session.tasks[task].train, now, examples)
                losses[task] += loss.detach()
                parts.append(loss)
        session.balancing.combine(torch.stack(parts)).backward()  # type: ignore[no-untyped-call]
    norm = clip_grad_norm_(model.parameters(), session.config.max_grad_norm)
    session.optimiser.step()
    return {task: float(loss) for task, loss in losses.items()}, float(norm)


def _loss(session: Session, name: str, examples: Ints, progress: Progress) -> Tensor:
    """Mean loss of a task's batch: ()."""
    task = session.tasks[name]
    batch = collate(task.train, rows_of(task.train, examples), session.padding).to(session.device)
    progress.count(name, len(examples), batch.tokens)
    with torch.autocast(session.device.type, torch.bfloat16, enabled=session.bf16):
        output = session.model(name, batch)
    return kind_of(task.task).loss(output, batch)


def _share(encoded: Encoded, part: Ints, whole: Ints) -> float:
    """The part's share of the whole's rows, so that accumulated means add up to the mean."""
    if len(part) == len(whole):
        return 1.0
    rows = encoded.first_rows[1:] - encoded.first_rows[:-1]
    return float(rows[part].sum() / rows[whole].sum())


def _renew_heads(session: Session, turn: Turn) -> None:
    """Makes heads anew that the schedule puts on as new ones."""
    for task in turn.renew:
        session.model.head(task).renew(head_seed(session.config, f"{task}:renewed"))
        optimiser.forget(session.optimiser, session.model.head(task).parameters())


def _select(session: Session, step: int, progress: Progress) -> Generator[Event, None, float]:
    """Scores every task on its selection split. Returns the mean of the tasks' losses, in nats, which all tasks
    share as a unit; accuracies and F1 would not add up."""
    losses = []
    for name, task in session.tasks.items():
        found = evaluate(
            session.model,
            task.task,
            task.splits.selection,
            task.selection,
            batch_size=session.config.batch_size * EVALUATION_FACTOR,
            padding=session.padding,
            bf16=session.bf16,
        )
        losses.append(found.loss)
        scores = {**found.scores, "loss": found.loss}
        yield Evaluated(step, name, scores, progress.seconds, progress.examples[name])
    return sum(losses) / len(losses)


def _test(session: Session, should_stop: StopAsked) -> Events:
    """The dev sets, once, with the best checkpoint."""
    for name, one in session.tasks.items():
        if should_stop():
            return "stopped"
        yield Preparing(f"testing {name} on {len(one.splits.dev):,} dev examples")
        found = evaluate(
            session.model,
            one.task,
            one.splits.dev,
            session.encoded(one.task, one.splits.dev),
            batch_size=session.config.batch_size * EVALUATION_FACTOR,
            padding=session.padding,
            bf16=session.bf16,
        )
        kind = kind_of(one.task)
        shown = tuple(kind.show(one.task, example, place) for place, example in enumerate(one.splits.dev))
        yield Tested(name, found.scores, shown, found.predictions)
    return "finished"


def _checkpoint(session: Session, folder: Path, kind: str, step: int, loss: float) -> CheckpointSaved:
    """Saves the weights; `loss` is the best mean selection loss so far."""
    position = {"step": step, "selection_loss": loss if math.isfinite(loss) else None}
    checkpoints.save(session.model, folder / kind, position)
    return CheckpointSaved(step, folder / kind, kind)
