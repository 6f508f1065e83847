"""What a verdict must know of a dev set besides scores: its clusters, and what a constant answer reaches."""

from __future__ import annotations

from dataclasses import dataclass

from sqlite_utils import Database

from mtl_core.metrics import Metric
from mtl_core.statistics import Clusters
from mtl_core.store import clusters, vectors


@dataclass(frozen=True, slots=True)
class DevSet:
    """Of one task, as the runs of a comparison were scored on it."""

    clusters: tuple[Clusters, ...]
    """The coarsest first, in the order of the runs' vectors."""
    floor: float | None
    """The metric of the best constant answer; None where that is not known."""


class DevSets:
    """Reads each dev set once, however many comparisons are about it."""

    def __init__(self, index: Database) -> None:
        self._index = index
        self._known: dict[tuple[str, str], DevSet] = {}

    def of(self, task: str, run_id: str, fingerprint: str, metric: Metric) -> DevSet:
        """The dev set of a run, known by the fingerprint of its examples' ids."""
        key = (task, fingerprint)
        if key not in self._known:
            gold = vectors.gold_answers(self._index, run_id, task)
            levels = clusters.of_examples(self._index, run_id, task)
            self._known[key] = DevSet(
                clusters=tuple(Clusters(level.name, level.codes) for level in levels),
                floor=metric.floor(gold) if gold else None,
            )
        return self._known[key]
