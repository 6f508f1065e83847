"""Finished runs in a runs folder, written through the store, for tests that need many and no training."""

from __future__ import annotations

import math
import random
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from mtl_core import metrics
from mtl_core.config import run as configs
from mtl_core.kinds._definition import task_of
from mtl_core.kinds.classification import Classification
from mtl_core.kinds.regression import Regression
from mtl_core.records import DevExample, Draw, Prediction, RunState, Step
from mtl_core.services import queue
from mtl_core.store import evaluations, predictions, results, runs, steps
from mtl_core.store import scores as scores_store
from mtl_core.store.database import immediate
from mtl_core.store.runs import Run
from mtl_core.store.workspace import Workspace

WORDS = [
    "the",
    "film",
    "is",
    "a",
    "warm",
    "and",
    "funny",
    "portrait",
    "of",
    "two",
    "slow",
    "tired",
    "lives",
    "that",
    "never",
    "quite",
    "meet",
]


def run(
    workspace: Workspace,
    *,
    state: str = "finished",
    accuracy: float = 0.8,
    dev: int = 40,
    launch: str = "",
    scores: Mapping[str, Sequence[float]] | None = None,
    **values: Any,
) -> str:
    """Writes a run in any state and returns its id; its curves and predictions are drawn from its seed.

    `scores` are those of each task's dev examples, shares of 1, instead of `dev` drawn ones.
    """
    config = configs.parse({"tasks": "sst2", **values})
    with workspace.write() as index:
        with immediate(index):
            run_id = runs.add(index, config, device="cpu", launch=launch, created=time.time() - 600)
            if state != RunState.QUEUED:  # from the first moment, or an app that looks on would train it
                runs.adopt_state(index, run_id, RunState.STOPPED)
        folder = workspace.run(run_id)
        folder.write_json(folder.config, config.model_dump(mode="json"))
        if state == RunState.QUEUED:
            return run_id
        with folder.open() as run_db:
            _train(run_db, config)
            if state == "finished":
                _test(run_db, config, scores or _drawn(config, accuracy, dev))
        if state == "finished":
            results.publish(index, folder)
        runs.update(index, run_id, started=time.time() - 590, step=60, total_steps=60 if state == "finished" else 120)
        runs.update(index, run_id, examples_per_second=83.2, memory_bytes=1_200_000_000, seconds_left=60.0)
        detail = "killed by signal 9" if state == RunState.LOST else ""
        runs.adopt_state(index, run_id, RunState(state), detail=detail)
        if state != RunState.RUNNING:
            runs.update(index, run_id, seconds=23.0)
    return run_id


def end(
    workspace: Workspace,
    run_id: str,
    *,
    state: str = "finished",
    detail: str = "",
    losses: Sequence[Mapping[str, float]] = (),
    scores: Mapping[str, Sequence[float]] | None = None,
    seconds: float = 23.0,
) -> None:
    """Ends a run that waits, as its worker would; `losses` are those on the validation split, an evaluation each."""
    folder = workspace.run(run_id)
    with workspace.write() as index:
        config = runs.get(index, run_id).config
        with folder.open() as run_db:
            for step, of_task in enumerate(losses, 1):
                for task, loss in of_task.items():
                    evaluations.record(run_db, step=step, task=task, scores={"loss": loss}, seconds=1.0, examples=16)
            if scores:
                _test(run_db, config, scores)
        if state == "finished":
            results.publish(index, folder)
        runs.update(index, run_id, seconds=seconds)
        runs.adopt_state(index, run_id, RunState(state), detail=detail)


def _train(run_db: Any, config: configs.RunConfig) -> None:
    noise, drawn = random.Random(config.seed), dict.fromkeys(config.tasks, 0)
    rows = []
    for step in range(1, 61):
        task = config.tasks[step % len(config.tasks)]
        drawn[task] += 32
        loss = 0.3 + 0.8 * math.exp(-step / 20) + noise.gauss(0, 0.05)
        rate = 5e-5 * (1 - step / 61)
        rows.append(Step(step, task, step * 0.4, loss, rate, 1.2, drawn[task], drawn[task] * 24, 83.0, 10**9))
    steps.record(run_db, rows)
    for step in (15, 30, 45, 60):
        for task in config.tasks:
            metrics = dict.fromkeys(task_of(config.definitions, task).metrics, 0.6 + step / 300)
            evaluations.record(
                run_db, step=step, task=task, scores={**metrics, "loss": 0.5}, seconds=step * 0.4, examples=step * 16
            )


def _drawn(config: configs.RunConfig, accuracy: float, dev: int) -> dict[str, list[float]]:
    """Right and wrong answers."""
    noise = random.Random(f"{config.title}")
    return {name: [float(noise.random() < accuracy) for _ in range(dev)] for name in config.tasks}


def _test(run_db: Any, config: configs.RunConfig, reached: Mapping[str, Sequence[float]]) -> None:
    noise = random.Random(f"{config.title} {config.seed}")
    for name in config.tasks:
        task = task_of(config.definitions, name)
        examples = [_example(task, position) for position in range(len(reached[name]))]
        said = [_said(task, one, float(score), noise) for one, score in zip(examples, reached[name], strict=True)]
        mean = sum(one.score for one in said) / len(said)
        values = dict.fromkeys(task.metrics, mean)
        if isinstance(task, Regression):
            numbers = [one.detail["value"] for one in said], [one.gold[0] for one in examples]
            values = {metric: metrics.load(metric).value(*numbers) for metric in task.metrics}
            each = metrics.load(task.metric).contributions(*numbers).tolist()
            said = [replace(one, contribution=value) for one, value in zip(said, each, strict=True)]
        predictions.record(run_db, examples, [(name, one) for one in said])
        scores_store.record_scores(run_db, name, values, len(said))
    planned = [Draw(name, 30, 960, 30, 960, 23040, 960, 1.0, 23040) for name in config.tasks]
    scores_store.record_draws(run_db, planned)


def _example(task: Any, position: int) -> DevExample:
    words = random.Random(position)
    texts = tuple(" ".join(words.choices(WORDS, k=12)) + f" {position}." for _ in task.inputs)
    if isinstance(task, Regression):
        number = task.low + (task.high - task.low) * (position % 6) / 5
        return DevExample(f"{task.name}-{position:04}", task.name, position, texts, [number], f"{number:g}")
    if isinstance(task, Classification):
        label = task.labels[position % len(task.labels)]
        return DevExample(f"{task.name}-{position:04}", task.name, position, texts, [label], label)
    start = texts[1].index(" ") + 1
    gold = texts[1][start : start + 9]
    return DevExample(f"{task.name}-{position:04}", task.name, position, texts, [{"text": gold, "start": start}], gold)


def _said(task: Any, example: DevExample, score: float, noise: random.Random) -> Prediction:
    """An answer that is right from a score of 1 on."""
    confidence, right = noise.uniform(0.5, 1), score >= 1
    if isinstance(task, Regression):
        middle = (task.low + task.high) / 2
        off = (1 - score) * (task.high - task.low) * (1 if example.gold[0] < middle else -1)
        detail = {"value": example.gold[0] + off, "low": task.low, "high": task.high}
        return Prediction(example.id, f"{detail['value']:.2f}", right, score, None, detail)
    if isinstance(task, Classification):
        wrong = next(label for label in task.labels if label != example.label)
        label = example.label if right else wrong
        rest = (1 - confidence) / (len(task.labels) - 1)
        shares = {name: confidence if name == label else rest for name in task.labels}
        return Prediction(example.id, label, right, score, confidence, {"probabilities": shares})
    start = example.gold[0]["start"] if right else 0
    end = start + 9
    return Prediction(example.id, example.inputs[1][start:end], right, score, confidence, {"start": start, "end": end})


def live(workspace: Workspace) -> list[Run]:
    """Runs that train, then those that wait, as the Overview lists them."""
    return [run for group in queue.now(workspace).groups for run in (*group.training, *group.waiting)]
