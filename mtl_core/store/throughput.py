"""The speed of earlier runs, from which a new one's duration is estimated."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from mtl_core.config.run import RunConfig
from mtl_core.records import RunState
from mtl_core.store import runs, steps
from mtl_core.store.runs import IS_EXAMPLE
from mtl_core.store.workspace import Workspace

LATEST = 20
"""Earlier runs that are looked at."""


@dataclass(frozen=True, slots=True)
class Past:
    """The cost of a finished run."""

    config: dict[str, Any]
    seconds: float
    """Wall time of all of it."""
    examples_per_second: float
    """Over its training steps."""
    examples: int
    """Training examples that it drew."""
    tokens: int
    """Their tokens, padding left out."""
    dev: int
    """Dev examples that it was tested on."""
    memory_bytes: int

    @property
    def tokens_per_example(self) -> float:
        """The mean over what it drew."""
        return self.tokens / self.examples

    @property
    def seconds_per_token(self) -> float:
        """Of its training steps."""
        return self.examples / self.examples_per_second / self.tokens


def earlier(index: Database, config: RunConfig, device: str) -> list[Past]:
    """Finished runs with the same encoder, device, precision and attention dropout, the newest first.

    None of the example: another machine has trained it.
    """
    sql = f"""
        SELECT runs.config, runs.seconds, runs.examples_per_second, runs.memory_bytes,
            sum(draws.actual_examples) AS examples, sum(draws.actual_tokens) AS tokens,
            (SELECT coalesce(sum(examples), 0) FROM
                (SELECT max(examples) AS examples FROM scores WHERE run = runs.id GROUP BY task)) AS dev
        FROM runs JOIN draws ON draws.run = runs.id
        WHERE NOT {IS_EXAMPLE} AND runs.state = :state AND runs.encoder = :encoder AND runs.device = :device
            AND runs.seconds > 0 AND runs.examples_per_second > 0
            AND json_extract(runs.config, '$.precision') = :precision
            AND json_extract(runs.config, '$.attention_dropout') IS :attention_dropout
        GROUP BY runs.id HAVING tokens > 0 ORDER BY runs.ended DESC LIMIT :latest
    """
    wanted = {
        "state": RunState.FINISHED,
        "encoder": config.encoder,
        "device": device,
        "precision": config.precision,
        "attention_dropout": config.attention_dropout,
        "latest": LATEST,
    }
    return [_past(row) for row in index.query(sql, wanted)]


def training(workspace: Workspace, index: Database, device: str) -> list[Past]:
    """The run that trains on the device as if it ended now, once its latest step has told its speed; else none."""
    found = []
    for run in runs.listing(index, states=(RunState.RUNNING,)):
        if run.device != device or not run.examples_per_second:
            continue
        with workspace.run(run.id).open() as run_db:
            examples, tokens = steps.drawn(run_db)
        if tokens:
            seconds = examples / run.examples_per_second
            config = run.config.model_dump(mode="json")
            memory = run.memory_bytes or 0
            found.append(Past(config, seconds, run.examples_per_second, examples, tokens, 0, memory))
    return found


@dataclass(frozen=True, slots=True)
class TaskSize:
    """What one pass over a task's data takes, as an earlier run on the same data counted it."""

    examples: int
    """Of one epoch."""
    tokens_per_example: float
    dev: int
    """Dev examples that it was tested on."""


def mean_seconds(index: Database, arms: Collection[str]) -> dict[tuple[str, str], float]:
    """(Arm, device) → mean seconds of its finished runs, where there are any; none of the example."""
    marks = ", ".join("?" * len(arms))
    sql = f"""
        SELECT arm, device, avg(seconds) FROM runs
        WHERE NOT {IS_EXAMPLE} AND state = ? AND seconds > 0 AND arm IN ({marks}) GROUP BY arm, device
    """
    return {(arm, device): mean for arm, device, mean in index.execute(sql, [RunState.FINISHED, *arms]).fetchall()}


def latest_end(index: Database) -> float:
    """When a run finished last: what is known of speeds changes with it. 0.0 before the first."""
    sql = "SELECT coalesce(max(ended), 0.0) FROM runs WHERE state = ?"
    return float(index.execute(sql, [RunState.FINISHED]).fetchone()[0])


def task_size(index: Database, config: RunConfig, task: str) -> TaskSize | None:
    """The size of a task's data as the config draws it, from the newest finished run on the same data; or None."""
    sql = """
        SELECT runs.config, draws.size, draws.actual_examples, draws.actual_tokens,
            (SELECT coalesce(max(examples), 0) FROM scores WHERE run = runs.id AND task = draws.task) AS dev
        FROM draws JOIN runs ON runs.id = draws.run
        WHERE draws.task = ? AND runs.state = ? AND draws.size > 0 AND draws.actual_examples > 0
        ORDER BY runs.ended DESC LIMIT ?
    """
    wanted = _data(config, task)
    for row in index.query(sql, [task, RunState.FINISHED, LATEST]):
        if _data(RunConfig.model_construct(**json.loads(row["config"])), task) == wanted:
            return TaskSize(row["size"], row["actual_tokens"] / row["actual_examples"], row["dev"])
    return None


def _data(config: RunConfig, task: str) -> tuple[object, ...]:
    """The settings that decide how many examples and tokens of a task there are."""
    return (
        *(*config.place_of(task), config.version_of(task)),
        *(config.train_limit_of(task), config.eval_limit, config.selection_limit),
        *(config.encoder, config.max_length, config.limit_by if config.limited else ""),
    )


def _past(row: dict[str, Any]) -> Past:
    return Past(**{**row, "config": json.loads(row["config"]), "memory_bytes": row["memory_bytes"] or 0})
