"""Starts a study's missing runs, pauses and resumes it, and makes it larger.

Runs that are there already are taken over.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress

from mtl_core.config import study as study_config
from mtl_core.config.run import RunConfig
from mtl_core.config.study import StudyConfig
from mtl_core.errors import TandemError
from mtl_core.jobs import control, queue
from mtl_core.store import studies
from mtl_core.store.runs import Run
from mtl_core.store.studies import Study
from mtl_core.store.workspace import Workspace
from mtl_core.studies.members import members, resolved, reusable

Started = dict[str, dict[int, str]]
Wanted = tuple[str, int, RunConfig]
"""An arm, a seed, and the run's config."""


def settled(config: StudyConfig) -> StudyConfig:
    """The study with paths that mean the same wherever it is read."""
    arms = [arm.model_copy(update={"config": queue.settle(arm.config)}) for arm in config.arms]
    return config.model_copy(update={"arms": tuple(arms)})


def start(workspace: Workspace, study_id: str) -> list[str]:
    """Queues every run that the study lacks, and takes over those that exist; the ids of the new ones.

    Raises StudyNotFound, StoreError or DeviceError.
    """
    new: list[str] = []
    with studies.changing(workspace, study_id) as changes:
        while wanted := _next_wanted(workspace, changes.study):
            taken, missing = _taken_over(workspace, wanted)
            ids = queue.submit(workspace, [config for *_, config in missing]) if missing else []
            new += ids
            made = [(arm, seed, run_id) for (arm, seed, _), run_id in zip(missing, ids, strict=True)]
            changes.keep(runs=_with(changes.study.runs, [*taken, *made]))
    return new


def pause(workspace: Workspace, study_id: str) -> list[str]:
    """Stops what waits and what trains, each with a checkpoint; the ids. Runs go on where they stopped."""
    live = [run for run in _runs(workspace, study_id) if run.live]
    for run in live:
        with suppress(TandemError):  # it has ended meanwhile, which is as good
            control.request_stop(workspace, run.id)
    return [run.id for run in live]


def go_on(workspace: Workspace, study_id: str) -> list[str]:
    """Resumes what was stopped, lost or has failed, and starts what is missing; the ids.

    Raises TandemError, naming them, where some can't go on; the others do all the same.
    """
    going, refused = [], []
    for run in _runs(workspace, study_id):
        if run.state.resumable:
            try:
                going.append(control.resume(workspace, run.id).id)
            except TandemError as error:
                refused.append(str(error))
    going += start(workspace, study_id)
    if refused:
        raise TandemError(" ".join(dict.fromkeys(refused)), field="study")
    return going


def grow(workspace: Workspace, study_id: str, config: StudyConfig) -> list[str]:
    """Gives a study more seeds or arms, and starts them; the ids of the new runs."""
    change(workspace, study_id, config)
    return start(workspace, study_id)


def change(workspace: Workspace, study_id: str, config: StudyConfig) -> Study:
    """Replaces what a study says of itself; runs of arms or seeds that it no longer has are let go, not deleted."""
    with studies.changing(workspace, study_id) as changes:
        names = {arm.name for arm in config.arms}
        kept = {
            arm: {seed: run for seed, run in seeds.items() if seed in config.seeds}
            for arm, seeds in changes.study.runs.items()
            if arm in names
        }
        return changes.keep(config=settled(config), runs=kept)


def more_seeds(config: StudyConfig, count: int) -> StudyConfig:
    """The study with so many seeds more, the lowest that it does not have. Raises InvalidConfig for too many.

    Its plan stays: a verdict that was planned with 3 seeds is that of these 3, and later seeds are shown beside it.
    """
    looks = config.looks or ((len(config.seeds),) if len(config.seeds) > 1 else ())
    free = [seed for seed in range(1, len(config.seeds) + count + 1) if seed not in config.seeds]
    return study_config.parse({**config.model_dump(), "seeds": (*config.seeds, *free[:count]), "looks": looks})


def _runs(workspace: Workspace, study_id: str) -> list[Run]:
    """The study's runs that are there."""
    found = (member.run for member in members(workspace, studies.get(workspace, study_id)))
    return [run for run in found if run is not None]


def _next_wanted(workspace: Workspace, study: Study) -> list[Wanted]:
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
    return found


def _taken_over(workspace: Workspace, wanted: Sequence[Wanted]) -> tuple[list[tuple[str, int, str]], list[Wanted]]:
    """Runs that exist already, as (arm, seed, id), and what must be trained."""
    with workspace.read() as index:
        found = [(one, reusable(index, one[2])) for one in wanted]
    taken = [(arm, seed, run.id) for (arm, seed, _), run in found if run]
    return taken, [one for one, run in found if run is None]


def _with(runs: Mapping[str, Mapping[int, str]], more: Iterable[tuple[str, int, str]]) -> Started:
    found: Started = {arm: dict(seeds) for arm, seeds in runs.items()}
    for arm, seed, run_id in more:
        found.setdefault(arm, {})[seed] = run_id
    return found
