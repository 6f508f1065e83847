"""The flips of a study's comparison, read from its finished runs, and the examples that they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from mtl_core.config.study import Comparison
from mtl_core.kinds import kind_of_stored
from mtl_core.records import DevExample
from mtl_core.store import explore, vectors
from mtl_core.store.runs import Run
from mtl_core.store.vectors import Vector
from mtl_core.store.workspace import Workspace
from mtl_core.studies.members import Member, refused_on
from mtl_core.studies.views.flips.counts import Flips, flips

EXPLORED = 2
"""Runs of each arm that a link shows side by side on the Explore page."""


@dataclass(frozen=True, slots=True)
class Flipped:
    """The changes between the two arms of a comparison, or why they can't be told."""

    comparison: Comparison
    baseline: tuple[Run, ...]
    """The runs that count, by their seeds."""
    treatment: tuple[Run, ...]
    wanted: tuple[int, int]
    """The number of runs that the study has for either arm."""
    flips: Flips | None
    right: str = ""
    """The meaning of "right" for the task, in words."""
    refused: str = ""
    """The reason why there are none, and what to do."""

    @property
    def generated(self) -> bool:
        """True if the examples come from the generated sample."""
        return any(run.config.from_sample(self.comparison.target) for run in (*self.baseline, *self.treatment))

    def link(self, example: str) -> dict[str, str]:
        """Query parameters that open an example on the Explore page, with runs of both arms."""
        shown = (*self.baseline[:EXPLORED], *self.treatment[:EXPLORED])
        runs = ",".join(run.id for run in shown)
        return {"task": self.comparison.target, "runs": runs, "baseline": shown[0].id, "example": example}


def read(workspace: Workspace, comparison: Comparison, members: Sequence[Member]) -> Flipped:
    """The flips between the finished runs of both arms."""
    names = (comparison.baseline, comparison.treatment)
    done = [[one.run for one in members if one.arm == name and one.done and one.run] for name in names]
    wanted = (sum(one.arm == names[0] for one in members), sum(one.arm == names[1] for one in members))
    with workspace.read() as index:
        by_run = vectors.of_runs(index, [run.id for runs in done for run in runs], comparison.target)
        example = explore.first_example(index, comparison.target)
    kind = kind_of_stored(comparison.target, [example] if example else [])
    baseline, treatment = (tuple(run for run in runs if run.id in by_run) for runs in done)
    scored = {name: [by_run[run.id] for run in runs] for name, runs in zip(names, (baseline, treatment), strict=True)}
    refused = refused_on(scored, members)
    counted = None if refused else _counted(baseline, treatment, by_run, kind.right_from)
    return Flipped(comparison, baseline, treatment, wanted, counted, kind.right_words, refused)


def _counted(
    baseline: Sequence[Run], treatment: Sequence[Run], by_run: Mapping[str, Vector], right_from: float
) -> Flips:
    before, after = (np.stack([by_run[run.id].scores >= right_from for run in runs]) for runs in (baseline, treatment))
    return flips(before, after, ([run.seed for run in baseline], [run.seed for run in treatment]))


def example_ids(workspace: Workspace, flipped: Flipped) -> list[str]:
    """The ids of the examples, in the order of the flips."""
    with workspace.read() as index:
        return vectors.example_ids(index, flipped.baseline[0].id, flipped.comparison.target)


def texts(workspace: Workspace, task: str, ids: Sequence[str]) -> list[DevExample]:
    """Those of the examples that there are, in the order of their ids."""
    with workspace.read() as index:
        return [example for one in ids if (example := explore.example(index, task, one))]
