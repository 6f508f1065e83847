"""Runs that belong together: those of a study, those that were launched with one click, or any that someone chose."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlite_utils import Database

from mtl_core.errors import RunNotFound, StudyNotFound
from mtl_core.records import LIVE, RunState
from mtl_core.store import launches, runs, study_members
from mtl_core.store.runs import Run
from mtl_core.store.study_members import StudyRuns
from mtl_core.store.workspace import Workspace, is_example, is_run_id

SHOWN_ARMS = 2
"""Multitask recipes that a launch's title names."""
SHOWN_SEEDS = 5


class GroupKind(StrEnum):
    """What the runs of a group have in common."""

    STUDY = "study"
    LAUNCH = "launch"
    RUNS = "runs"
    """Nothing but that someone chose them; the id is theirs, with commas between."""


@dataclass(frozen=True, slots=True)
class RunGroup:
    """A study's, a launch's or chosen runs, in the order in which they were queued."""

    kind: GroupKind
    id: str
    title: str
    runs: tuple[Run, ...]
    planned: int
    """All of its runs, started or not."""
    created: float
    trials: frozenset[str] = frozenset()
    """Ids of the runs that tune the study's arms; they are not among those planned."""

    @property
    def alone(self) -> bool:
        """True for a launch of one run, which stands for itself."""
        return self.kind == GroupKind.LAUNCH and len(self.runs) == 1

    @property
    def training(self) -> tuple[Run, ...]:
        """Runs that train now."""
        return tuple(run for run in self.runs if run.training)

    @property
    def waiting(self) -> tuple[Run, ...]:
        """Runs that wait in the queue."""
        return tuple(run for run in self.runs if run.waiting)

    @property
    def live(self) -> bool:
        """True while one of them waits or trains."""
        return any(run.live for run in self.runs)

    @property
    def finished(self) -> int:
        """How many have finished, trials left out."""
        return sum(run.finished and run.id not in self.trials for run in self.runs)

    @property
    def ended_early(self) -> tuple[Run, ...]:
        """Runs that were stopped, failed or lost."""
        return tuple(run for run in self.runs if run.state.resumable)

    @property
    def state(self) -> RunState:
        """Of the whole group: training before waiting, trouble before success."""
        order = (RunState.RUNNING, RunState.QUEUED, RunState.FAILED, RunState.LOST, RunState.STOPPED)
        states = {run.state for run in self.runs}
        return next((state for state in order if state in states), RunState.FINISHED)

    @property
    def progress(self) -> float:
        """The share of its steps that is done, 0 to 1; each run counts the same."""
        counted = [run for run in self.runs if run.id not in self.trials]
        done = sum(1.0 if run.finished else _share(run) for run in counted)
        return min(1.0, done / max(self.planned, 1))


def _share(run: Run) -> float:
    return min(1.0, run.step / run.total_steps) if run.total_steps else 0.0


def live(workspace: Workspace) -> list[RunGroup]:
    """Groups with a run that trains or waits: those that train first, then in the order of the queue."""
    with workspace.read() as index:
        found = runs.listing(index, states=LIVE)
        groups = _groups(index, study_members.listing(workspace), found)
    return sorted(
        groups, key=lambda group: (not group.training, min((run.order for run in group.waiting), default=0.0))
    )


def of_runs(workspace: Workspace, found: Sequence[Run]) -> list[RunGroup]:
    """The groups that these runs belong to, each with all of its runs, in the order of the runs."""
    with workspace.read() as index:
        return _groups(index, study_members.listing(workspace), found)


def get(workspace: Workspace, kind: GroupKind, group_id: str) -> RunGroup:
    """One group. Raises StudyNotFound, or RunNotFound where none of the runs is there."""
    with workspace.read() as index:
        if kind == GroupKind.STUDY:
            named = [study for study in study_members.listing(workspace) if study.id == group_id]
            if not named:
                raise StudyNotFound(f"there is no study '{group_id}'. `python -m mtl_core study --list` lists them.")
            return _study(index, named[0])
        if kind == GroupKind.RUNS:
            return _chosen(runs.of_ids(index, list(filter(is_run_id, group_id.split(",")))))
        found = runs.listing(index, launch=group_id) if is_run_id(group_id) else []
    if not found:
        raise RunNotFound(f"there is no launch '{group_id}'. `python -m mtl_core queue` lists what waits and trains.")
    return _launch(found)


def find(workspace: Workspace, name: str) -> RunGroup | None:
    """The group of that id: a study's, a launch's, or that of a single run's own launch; None where there is none."""
    for kind in (GroupKind.STUDY, GroupKind.LAUNCH):
        try:
            return get(workspace, kind, name)
        except (StudyNotFound, RunNotFound):
            continue
    return None


def several(workspace: Workspace, limit: int = 50) -> list[RunGroup]:
    """Studies that have begun, and launches of more than one run that are no part of one.

    The newest first, the example last.
    """
    listed = study_members.listing(workspace)
    owners = study_members.owners(listed)
    with workspace.read() as index:
        found = [_study(index, study) for study in listed[-limit:]]
        for launch in launches.of_several(index, limit):
            own = runs.listing(index, launch=launch)
            if any(run.id not in owners for run in own):
                found.append(_launch(own))
    return sorted((group for group in found if group.runs), key=lambda group: (is_example(group.id), -group.created))[
        :limit
    ]


def _groups(index: Database, listed: list[StudyRuns], found: Iterable[Run]) -> list[RunGroup]:
    owners, groups = study_members.owners(listed), dict[tuple[GroupKind, str], RunGroup]()
    for run in found:
        study = owners.get(run.id)
        key = (GroupKind.STUDY, study.id) if study else (GroupKind.LAUNCH, run.launch)
        if key not in groups:
            groups[key] = _study(index, study) if study else _launch(_unowned(index, run.launch, owners))
    return list(groups.values())


def _unowned(index: Database, launch: str, owners: dict[str, StudyRuns]) -> list[Run]:
    """The launch's runs that no study has taken over."""
    return [run for run in runs.listing(index, launch=launch) if run.id not in owners]


def _study(index: Database, study: StudyRuns) -> RunGroup:
    order = {run_id: number for number, run_id in enumerate((*study.trials, *study.runs))}
    found = sorted(runs.of_ids(index, list(order)), key=lambda run: order[run.id])
    trials = frozenset(study.trials) - frozenset(study.runs)
    return RunGroup(GroupKind.STUDY, study.id, study.name, tuple(found), study.planned, study.created, trials)


def _launch(found: Sequence[Run]) -> RunGroup:
    """`found` is the newest first."""
    ordered = found[::-1]
    first = ordered[0]
    title = first.title if len(ordered) == 1 else launch_title(ordered)
    return RunGroup(GroupKind.LAUNCH, first.launch, title, tuple(ordered), len(ordered), first.created)


def _chosen(found: Sequence[Run]) -> RunGroup:
    if not found:
        raise RunNotFound("there is none of these runs. `python -m mtl_core runs` lists those that are.")
    ordered = sorted(found, key=lambda run: run.order)
    ids = ",".join(run.id for run in ordered)
    return RunGroup(GroupKind.RUNS, ids, launch_title(ordered), tuple(ordered), len(ordered), ordered[0].created)


def launch_title(found: Sequence[Run]) -> str:
    """What was launched, in a line: "sst2 + mnli · hard, sst2 alone, mnli alone · seeds 1, 2"; or its own name."""
    name = _common_name([run.config.name for run in found])
    seeds = sorted({run.seed for run in found})
    words = f"seed {seeds[0]}" if len(seeds) == 1 else f"seeds {', '.join(map(str, seeds))}"
    ending = words if len(seeds) <= SHOWN_SEEDS else f"{len(seeds)} seeds"
    if name:
        return f"{name} · {ending}"
    together = dict.fromkeys(run.config.recipe for run in found if len(run.config.tasks) > 1)
    alone = dict.fromkeys(f"{run.config.tasks[0]} alone" for run in found if len(run.config.tasks) == 1)
    rest = [f"{len(together) - SHOWN_ARMS} more recipes"] * (len(together) > SHOWN_ARMS)
    return f"{', '.join([*list(together)[:SHOWN_ARMS], *rest, *alone])} · {ending}"


def _common_name(names: Sequence[str]) -> str:
    """The parts that all names begin with: "warm up" of "warm up · seed 1" and "warm up · seed 2"."""
    parts = [name.split(" · ") for name in names]
    common = []
    for first, *others in zip(*parts, strict=False):
        if any(other != first for other in others):
            break
        common.append(first)
    return " · ".join(part for part in common if not part.startswith("seed "))
