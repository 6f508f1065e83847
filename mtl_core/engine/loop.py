"""The training loop: a generator of events. Who listens decides what happens with them."""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

from mtl_core.config.run import RunConfig
from mtl_core.engine import checkpoints, merging, optimiser, parents, resume, scoring
from mtl_core.engine.distributed import distributed_of
from mtl_core.engine.evaluation import evaluate
from mtl_core.engine.events import (
    CheckpointSaved,
    Event,
    Finished,
    Mixed,
    Preparing,
    Saving,
    Started,
    StepDone,
    Tested,
)
from mtl_core.engine.facts import data_fingerprint, facts
from mtl_core.engine.parents import FindRun
from mtl_core.engine.progress import Progress
from mtl_core.engine.resume import Position
from mtl_core.engine.selection import EVALUATION_FACTOR, mean, select, tune
from mtl_core.engine.session import Session, prepare
from mtl_core.engine.step import make_step
from mtl_core.errors import Diverged
from mtl_core.kinds import kind_of
from mtl_core.records import RunState

Events = Generator[Event, None, RunState]
"""Events, and in the end the state that they lead to."""
StopAsked = Callable[[], bool]

SAVE_SECONDS = 60.0
"""A run that dies loses at most so much work."""


def never() -> bool:
    """Nobody asks this run to stop."""
    return False


def train(
    config: RunConfig, folder: Path, *, cache: Path, find_run: FindRun = parents.none, should_stop: StopAsked = never
) -> Iterator[Event]:
    """Trains, evaluates and tests as the config says; resumes where `folder` holds a checkpoint of a stopped run.

    Weights go to `folder` (the run's checkpoints), encoded texts to `cache`; all else is in the events. Runs that
    the config names, to start from, to merge or as teachers, are looked for in `find_run`. Ends after
    the current step, with a checkpoint, once `should_stop()` is true. Under torchrun every process calls this, and
    the first one's events are the run's. Raises TandemErrors for what a user can fix.
    """
    began, session, distributed = time.perf_counter(), None, distributed_of(config)
    for ready in prepare(config, cache, distributed, find_run):
        if isinstance(ready, Session):
            session = ready
        elif distributed.broadcast(should_stop()):
            yield Finished(RunState.STOPPED, 0, (), time.perf_counter() - began, 0.0)
            return
        else:
            yield ready
    assert session is not None
    progress = Progress(session.order.draws, session.device)
    position = resume.restore(session, progress, folder)
    if distributed.rank == 0:
        checkpoints.save_encoder(session.tokenizer, session.encoder_config, folder, cache / checkpoints.ENCODERS)
    total = len(session.order.step_plans)
    about = data_fingerprint(session), facts(session)
    yield Started(total, session.order.draws, str(session.device), *about, position.step)

    if position.step == 0:
        yield from _mix(session, 0)
    state = RunState.FINISHED
    if config.merging:
        state = yield from merging.merge(session, progress, find_run, folder, should_stop)
    elif not position.ended:
        state = yield from _steps(session, position, progress, folder, should_stop)
    if state == RunState.FINISHED:
        checkpoints.load(session.model, folder / "best")
        if (yield from tune(session)) and distributed.rank == 0:
            position_of_best = checkpoints.position_of(folder / "best" / checkpoints.WEIGHTS)
            checkpoints.save(session.model, folder / "best", position_of_best)
        state = yield from _test(session, should_stop)
    seconds = time.perf_counter() - began
    yield Finished(state, progress.steps_done, progress.draws(), seconds, progress.mean_speed)


def _steps(session: Session, position: Position, progress: Progress, folder: Path, should_stop: StopAsked) -> Events:
    """The steps that are left, with evaluations between them."""
    config, step_plans = session.config, session.order.step_plans
    total, saved = len(step_plans), time.monotonic()
    every = config.eval_every or math.ceil(total / 4)
    drawn = Counter(task for step_plan in step_plans[: position.step] for task in step_plan.tasks)
    streams = {name: session.stream(name, drawn[name]) for name in session.tasks}
    session.model.train()
    while position.step < total and not position.ended:
        step_plan, number = step_plans[position.step], position.step + 1
        progress.begin_step()
        rate = _set_rate(session, position, number)
        result = make_step(
            session, step_plan, {task: next(streams[task]) for task in step_plan.tasks}, progress, position.step / total
        )
        progress.end_step()
        position.step = number
        for task, loss in result.losses.items():
            point = progress.point(number, task, loss=loss, rate=rate, norm=result.norm)
            yield StepDone(point, progress.seconds_left())
        if not math.isfinite(sum(result.losses.values())):
            words = f"Loss became NaN or infinite at step {number}."
            raise Diverged(f"{words} Lower learning_rate below {config.learning_rate:g}.")
        if not math.isfinite(result.norm):  # clipping would make every update 0 from here on
            words = f"The gradient's norm became NaN or infinite at step {number}, so nothing more would be learned."
            raise Diverged(f"{words} Lower learning_rate below {config.learning_rate:g}, or use fp32.")
        if number % every == 0 or number == total:
            yield from _choose(session, position, progress, folder)
        position.ended = position.ended or number == total
        stop = session.distributed.broadcast(should_stop() and not position.ended)
        if stop or position.ended or session.distributed.broadcast(time.monotonic() - saved > SAVE_SECONDS):
            yield Saving(number)
            resume.save(session, position, progress, folder)
            yield CheckpointSaved(number, folder / resume.LAST, resume.LAST)
            saved = time.monotonic()
        if stop:
            return RunState.STOPPED
    return RunState.FINISHED


def _set_rate(session: Session, position: Position, number: int) -> float:
    """Sets the learning rate of a step, and returns it. With a new phase the optimiser and the choice of the checkpoint
    begin anew: of fine-tunings one after another it is the last that gives the model."""
    step, steps = session.order.in_phase(number)
    if step == 1 and number > 1:
        optimiser.start_anew(session.optimiser)
        position.best, position.worse = math.inf, 0
    return optimiser.set_rate(session.optimiser, step, steps, session.config)


def _choose(session: Session, position: Position, progress: Progress, folder: Path) -> Generator[Event, None, None]:
    """Scores the validation split, keeps the weights where they are the best of their phase so far, and ends a run that
    is past it in its last phase."""
    loss = mean((yield from select(session, position.step, progress)))
    yield from _mix(session, position.step)
    position.worse += 1
    if loss < position.best:
        position.best, position.worse = loss, 0
        if session.distributed.rank == 0:
            checkpoints.save(session.model, folder / "best", {"step": position.step, "selection_loss": loss})
        yield CheckpointSaved(position.step, folder / "best", "best")
    patience = session.config.early_stopping
    if patience and position.worse >= patience and session.order.in_last_phase(position.step):
        position.ended = True
        yield Preparing(f"ending early: the validation split has not become better in {position.worse} scores")


def _mix(session: Session, step: int) -> Iterator[Mixed]:
    """Tells how tasks read each other's layers, where the sharing learns it."""
    mix = tuple(session.model.layer_mix())
    if mix:
        yield Mixed(step, mix)


def _test(session: Session, should_stop: StopAsked) -> Events:
    """The dev sets, once, with the best checkpoint."""
    for name, one in session.tasks.items():
        if session.distributed.broadcast(should_stop()):
            return RunState.STOPPED
        if not one.splits.dev:
            continue
        yield Preparing(f"testing {name} on {len(one.splits.dev):,} dev examples")
        outcome = evaluate(
            session.model,
            one.task,
            one.splits.dev,
            session.encoded(one, one.splits.dev),
            batch_size=session.config.batch_size * EVALUATION_FACTOR,
            padding=session.padding,
            bf16=session.bf16,
            distributed=session.distributed,
        )
        kind = kind_of(one.task)
        shown = tuple(kind.shown(one.task, example, place) for place, example in enumerate(one.splits.dev))
        predictions = scoring.with_contributions(one.task, one.splits.dev, outcome.predictions)
        yield Tested(name, outcome.scores, shown, predictions)
    return RunState.FINISHED
