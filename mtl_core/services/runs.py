"""Answers to the Runs page: any of all runs, found, sorted and labelled; and what is done with several at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from mtl_core import registry
from mtl_core.errors import InvalidConfig, TandemError
from mtl_core.jobs import control, free
from mtl_core.store import describe, found_runs, labels, needs, run_filter, scores
from mtl_core.store import runs as run_rows
from mtl_core.store.found_runs import ORDERS as ORDERS
from mtl_core.store.found_runs import RunTotals as RunTotals
from mtl_core.store.labels import Labels as Labels
from mtl_core.store.needs import Need as Need
from mtl_core.store.run_filter import RunFilter as RunFilter
from mtl_core.store.runs import Run
from mtl_core.store.workspace import Workspace

PAGE = 50
"""Runs on a page."""
NEWEST = "-created"
"""The usual order: the newest first. A minus before a column's name sorts from the highest down."""


@dataclass(frozen=True, slots=True)
class MainScore:
    """A task's score by its main metric."""

    task: str
    metric: str
    value: float
    examples: int


@dataclass(frozen=True, slots=True)
class RunRow:
    """One line of the table."""

    run: Run
    scores: tuple[MainScore, ...]
    studies: tuple[tuple[str, str], ...]
    """Ids and names of the studies that have it."""
    disk_bytes: int


@dataclass(frozen=True, slots=True)
class RunPage:
    """A page of the table."""

    rows: tuple[RunRow, ...]
    found: RunTotals
    """All that the filter finds, on every page."""
    number: int
    """The page, from 1."""
    pages: int


@dataclass(frozen=True, slots=True)
class Deletion:
    """What deleting some runs would mean."""

    runs: tuple[Run, ...]
    """Those that would go."""
    live: tuple[Run, ...]
    """Those that wait or train, and would stay."""
    disk_bytes: int
    needs: tuple[Need, ...]


@dataclass(frozen=True, slots=True)
class BulkOutcome:
    """What came of something that was done with several runs."""

    done: tuple[str, ...]
    refused: tuple[str, ...]
    """Why it could not be done with the others, a sentence each."""
    disk_bytes: int = 0
    """Bytes that it has freed."""


def page(workspace: Workspace, wanted: RunFilter, order: str = NEWEST, number: int = 1) -> RunPage:
    """One page of the runs that a filter finds; the last one where `number` is too high."""
    members, column = needs.members(workspace), order.removeprefix("-")
    with workspace.read() as index:
        found = found_runs.total(index, wanted, members)
        pages = max(1, -(-found.count // PAGE))
        number = min(max(1, number), pages)
        listed = found_runs.listing(
            index,
            wanted,
            members,
            order=column if column in ORDERS else "created",
            descending=order.startswith("-") or column not in ORDERS,
            limit=PAGE,
            offset=(number - 1) * PAGE,
        )
        reached = scores.table(index, [run.id for run in listed])
    by_run: dict[str, list[MainScore]] = {}
    for run_id, task, metric, value, examples in reached.itertuples(index=False):
        by_run.setdefault(run_id, []).append(MainScore(task, metric, value, examples))
    studies = needs.studies_by_run(members)
    rows = tuple(
        RunRow(
            run,
            tuple(_main(run, by_run.get(run.id, []))),
            tuple(studies.get(run.id, ())),
            describe.disk_bytes(workspace, run),
        )
        for run in listed
    )
    return RunPage(rows, found, number, pages)


def _main(run: Run, reached: Sequence[MainScore]) -> Iterable[MainScore]:
    """Each task's main score, in the order of the tasks; of an unknown task the first that there is."""
    for task in run.config.tasks:
        mine = {one.metric: one for one in reached if one.task == task}
        main = str(registry.load("tasks", task).metrics[0]) if registry.has("tasks", task) else next(iter(mine), "")
        if main in mine:
            yield mine[main]


def parsed(text: str) -> tuple[RunFilter, TandemError | None]:
    """The filter that was typed into the search; what is wrong with it, and then no filter at all."""
    try:
        return run_filter.parse(text), None
    except InvalidConfig as error:
        return RunFilter(), error


def options(workspace: Workspace) -> dict[str, dict[str, str]]:
    """What each field of a filter can be: values with their words."""
    with workspace.read() as index:
        found: dict[str, dict[str, str]] = {
            field: {value: value for value in values} for field, values in found_runs.options(index).items()
        }
    return {**found, "studies": {study: name for study, name, _ in needs.members(workspace)}}


def unheard(workspace: Workspace, wanted: RunFilter) -> list[str]:
    """What a filter asks for and no run has, a sentence each."""
    members = needs.members(workspace)
    with workspace.read() as index:
        return found_runs.unheard(index, wanted, members)


def ids(workspace: Workspace, wanted: RunFilter) -> list[str]:
    """Ids of all runs that a filter finds."""
    members = needs.members(workspace)
    with workspace.read() as index:
        return found_runs.ids(index, wanted, members)


def of_ids(workspace: Workspace, run_ids: Sequence[str]) -> list[Run]:
    """Those of the runs that there are, in the order of their ids' list."""
    with workspace.read() as index:
        known = {run.id: run for run in run_rows.of_ids(index, run_ids)}
    return [known[run_id] for run_id in run_ids if run_id in known]


def tags(workspace: Workspace) -> list[str]:
    """All tags that runs have."""
    with workspace.read() as index:
        return found_runs.options(index)["tags"]


def label(workspace: Workspace, run_id: str, *, name: str, tags: Sequence[str], note: str) -> Labels:
    """Writes a run's labels. Raises TandemErrors."""
    return labels.change(workspace, run_id, name=name, tags=tags, note=note)


def name_of(workspace: Workspace, run_id: str) -> str:
    """The name that a run was given, "" for one that has the name made of its config. Raises StoreError."""
    return labels.read(workspace.run(run_id)).name


def tag(workspace: Workspace, runs: Sequence[Run], add: Sequence[str], remove: Sequence[str]) -> BulkOutcome:
    """Adds tags to runs, and takes others off."""
    return _each(runs, lambda run: labels.change(workspace, run.id, add=add, remove=remove))


def stop(workspace: Workspace, runs: Sequence[Run]) -> BulkOutcome:
    """Stops those that wait or train."""
    waiting_first = sorted((run for run in runs if run.live), key=lambda run: run.training)  # else one would start
    return _each(waiting_first, lambda run: control.request_stop(workspace, run.id))


def resume(workspace: Workspace, runs: Sequence[Run]) -> BulkOutcome:
    """Puts those that ended early back into the queue, the oldest first."""
    early = sorted((run for run in runs if run.can_go_on), key=lambda run: run.created)
    return _each(early, lambda run: control.resume(workspace, run.id))


def freeable(workspace: Workspace, runs: Sequence[Run]) -> int:
    """Bytes that the runs' resume states take, about."""
    return sum(free.freeable(workspace, run) for run in runs)


def free_state(workspace: Workspace, runs: Sequence[Run]) -> BulkOutcome:
    """Deletes the resume state of those that have ended."""
    freed: list[int] = []
    ended = [run for run in runs if not run.live]
    outcome = _each(ended, lambda run: freed.append(free.free(workspace, run.id)))
    return BulkOutcome(outcome.done, outcome.refused, sum(freed))


def deletion(workspace: Workspace, runs: Sequence[Run]) -> Deletion:
    """What deleting the runs would free, and who still needs one of them."""
    ended = tuple(run for run in runs if not run.live and not run.example)
    live = tuple(run for run in runs if run.live)
    size = sum(workspace.run(run.id).size() for run in ended)
    return Deletion(ended, live, size, tuple(needs.of_runs(workspace, [run.id for run in ended])))


def delete(workspace: Workspace, asked: Deletion) -> BulkOutcome:
    """Deletes the runs that were asked about; all of them or none."""
    try:
        control.remove(workspace, *(run.id for run in asked.runs))
    except TandemError as error:
        return BulkOutcome((), (str(error),))
    return BulkOutcome(tuple(run.id for run in asked.runs), (), asked.disk_bytes)


def _each(runs: Sequence[Run], act: Callable[[Run], object]) -> BulkOutcome:
    done, refused = [], []
    for run in runs:
        try:
            act(run)
            done.append(run.id)
        except TandemError as error:
            refused.append(str(error))
    return BulkOutcome(tuple(done), tuple(dict.fromkeys(refused)))


def explored_task(runs: Sequence[Run]) -> str:
    """The task that most of the runs have trained, the first of those."""
    counts: Mapping[str, int] = {
        task: sum(task in run.config.tasks for run in runs) for run in runs for task in run.config.tasks
    }
    return max(counts, key=lambda task: counts[task], default="")
