"""The clusters of a run's dev examples, as codes beside its vectors: for statistics that know what belongs together."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sqlite_utils import Database

from mtl_core import registry
from mtl_core.kinds import Kind, Task, kind_of_stored
from mtl_core.kinds._clusters import Codes, coded
from mtl_core.records import Example
from mtl_core.store import explore

OF_RUN = "predictions.run = ? AND predictions.task = ? ORDER BY predictions.example"
NOTED = f"""SELECT examples.clusters FROM predictions JOIN examples INDEXED BY clusters_by_example
    ON examples.id = predictions.example WHERE {OF_RUN}"""
INPUTS = f"SELECT examples.inputs FROM predictions JOIN examples ON examples.id = predictions.example WHERE {OF_RUN}"
UNNAMED = "text"
"""Name of the unit that examples of a task which is no longer registered are about."""


@dataclass(frozen=True, slots=True)
class ClusterLevel:
    """One level: what several examples are about, such as articles."""

    name: str
    """The unit: "article"."""
    codes: Codes
    """(examples,): which cluster each is in, from 0, in the order of the vectors (of the examples' ids)."""
    count: int
    """Number of clusters, at least 1 and fewer than examples."""


def of_examples(index: Database, run_id: str, task: str) -> list[ClusterLevel]:
    """The levels of clusters of a task's dev examples in a run, the coarsest first; none where each stands alone.

    A level counts if all of the examples have it. Runs of earlier versions have noted none: then it is the text
    that several examples may be about. Levels that part the examples alike are told once, by the coarser one's name.
    """
    rows = index.execute(NOTED, [run_id, task]).fetchall()
    noted, which = coded(text for (text,) in rows)
    levels = _noted(noted, which) if None not in noted else _derived(index, run_id, task)
    found: list[ClusterLevel] = []
    for level in levels:
        if level.count < len(rows) and not any(_alike(level, other) for other in found):
            found.append(level)
    return found


def _noted(texts: Sequence[str], which: Codes) -> list[ClusterLevel]:
    """Levels by what is stored beside the examples: the different texts, and which one each example has."""
    read = [json.loads(text) for text in texts]
    whole = [name for name in (read[0] if read else ()) if all(name in clusters for clusters in read)]
    levels = ((name, *coded(clusters[name] for clusters in read)) for name in whole)
    return [ClusterLevel(name, codes[which], len(keys)) for name, keys, codes in levels]


def _derived(index: Database, run_id: str, task: str) -> list[ClusterLevel]:
    """The text that the kind says, of examples that have nothing noted, where the task has several."""
    first = explore.first_example(index, task)
    if first is None or len(first.inputs) < 2:
        return []
    kind = kind_of_stored(task, [first])
    texts = (tuple(json.loads(inputs)) for (inputs,) in index.execute(INPUTS, [run_id, task]))
    keys, codes = coded(kind.group(Example("", inputs, None)).strip() for inputs in texts)
    return [ClusterLevel(_unit(kind, task), codes, len(keys))]


def _unit(kind: Kind, task: str) -> str:
    """The name of what the kind's text is for the task."""
    if not registry.has("tasks", task):
        return UNNAMED
    known: Task = registry.load("tasks", task)
    shared = known.inputs[kind.shared_input]
    return next(name for name, column in (*known.clusters, *kind.levels(known)) if column == shared)


def _alike(one: ClusterLevel, other: ClusterLevel) -> bool:
    """True if both part the examples into the same clusters: codes are numbered as they appear."""
    return bool(np.array_equal(one.codes, other.codes))
