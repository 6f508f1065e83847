"""The runs that a study lacks: found out, taken over where they exist, queued where they don't."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from mtl_core.config.run import RunConfig
from mtl_core.jobs import queue
from mtl_core.store.studies import Changes, Study
from mtl_core.store.workspace import Workspace
from mtl_core.studies.members import members, resolved, reusable

Started = dict[str, dict[int, str]]
Wanted = tuple[str, int, RunConfig]
"""An arm, a seed, and the run's config."""


def queue_missing(workspace: Workspace, changes: Changes, first: Sequence[str] = ()) -> list[str]:
    """Queues every run that the study lacks, and takes over those that exist; the ids of the new ones.

    Seed by seed, the arms in `first` before the others. Who is killed before the study is written finds the runs
    again: they are taken over. Raises StoreError or DeviceError.
    """
    new: list[str] = []
    while wanted := _next_wanted(workspace, changes.study, first):
        taken, missing = _taken_over(workspace, wanted)
        known = changes.study.expected
        expected = {config.arm: known[arm] for arm, _, config in missing if arm in known}
        ids = queue.submit(workspace, [config for *_, config in missing], expected) if missing else []
        new += ids
        made = [(arm, seed, run_id) for (arm, seed, _), run_id in zip(missing, ids, strict=True)]
        changes.keep(runs=_with(changes.study.runs, [*taken, *made]))
    return new


def run_of(workspace: Workspace, config: RunConfig) -> tuple[str, bool]:
    """The id of a run with that config, and whether it is new: one that exists is taken over.

    Raises StoreError or DeviceError.
    """
    config = queue.settle(config)
    with workspace.read() as index:
        there = reusable(workspace, index, config)
    return (there.id, False) if there else (queue.submit(workspace, [config])[0], True)


def _next_wanted(workspace: Workspace, study: Study, first: Sequence[str]) -> list[Wanted]:
    """Configs of runs that the study lacks, those that can be told by now: a start from another arm needs its id."""
    lacking = {(one.arm, one.seed) for one in members(workspace, study) if one.run is None}
    present = {
        arm: {seed: run for seed, run in seeds.items() if (arm, seed) not in lacking}
        for arm, seeds in study.runs.items()
    }
    found = []
    for arm, seed, config in study.config.runs():
        ready = resolved(arm, seed, config, present) if (arm.name, seed) in lacking else None
        if ready is not None:
            found.append((arm.name, seed, ready))
    ranks, seeds = {name: place for place, name in enumerate(first)}, study.config.seeds
    return sorted(found, key=lambda one: (seeds.index(one[1]), ranks.get(one[0], len(ranks))))


def _taken_over(workspace: Workspace, wanted: Sequence[Wanted]) -> tuple[list[tuple[str, int, str]], list[Wanted]]:
    """Runs that exist already, as (arm, seed, id), and what must be trained."""
    with workspace.read() as index:
        found = [(one, reusable(workspace, index, one[2])) for one in wanted]
    taken = [(arm, seed, run.id) for (arm, seed, _), run in found if run]
    return taken, [one for one, run in found if run is None]


def _with(runs: Mapping[str, Mapping[int, str]], more: Iterable[tuple[str, int, str]]) -> Started:
    found: Started = {arm: dict(seeds) for arm, seeds in runs.items()}
    for arm, seed, run_id in more:
        found.setdefault(arm, {})[seed] = run_id
    return found
