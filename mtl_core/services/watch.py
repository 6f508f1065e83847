"""Answers to the Watch page: one run's state, its curves, its log. Asking changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

import pandas as pd

from mtl_core import registry
from mtl_core.display import formats
from mtl_core.display.tables import Table
from mtl_core.display.words import capital
from mtl_core.jobs import control
from mtl_core.records import Draw, RunState
from mtl_core.services import recorded
from mtl_core.store import mixes, scores, steps
from mtl_core.store import runs as run_rows
from mtl_core.store.run_folder import RunFolder
from mtl_core.store.runs import Run
from mtl_core.store.workspace import Workspace
from mtl_core.studies.confounds import TaskRun

TAIL_BYTES = 32_000
"""How much of the log's end is read for the page."""
RECENT = 300
"""Runs that the picker offers."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A run as it is now."""

    run: Run
    place: int
    """Its place among the runs that wait for the same device, from 1; 0 where it doesn't wait."""
    draws: tuple[Draw, ...]
    """Planned and drawn steps, examples and tokens a task; empty before the first step."""
    remarks: tuple[str, ...]
    """Which tasks are starved or repeated."""
    scores: tuple[tuple[str, str, float, str], ...]
    """Dev scores: (task, metric, share of 1, the dev examples in words), in the order of the tasks; empty until the
    run has finished."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """The reason that a run ended early, and the remedy."""

    reason: str
    advice: str


def runs(workspace: Workspace, asked: str = "") -> list[Run]:
    """The newest runs, live ones first; the one that is `asked` for is among them if it exists."""
    with workspace.read() as index:
        newest = run_rows.listing(index, limit=RECENT)
        if asked and all(run.id != asked for run in newest):
            newest += [run for run in run_rows.listing(index) if run.id == asked]
    return sorted(newest, key=lambda run: (run.state != RunState.RUNNING, run.state != RunState.QUEUED))


def snapshot(workspace: Workspace, run_id: str) -> Snapshot:
    """A run's state and progress. Raises RunNotFound."""
    with workspace.read() as index:
        run = run_rows.get(index, run_id)
        waiting = run_rows.listing(index, states=(RunState.QUEUED,)) if run.state == RunState.QUEUED else []
        drawn = [] if run.live else scores.draws_of(index, run_id)
        reached = scores.of_run(index, run_id)
        examples = scores.dev_examples(index, run_id)
    drawn = drawn or list(recorded.of(workspace, run_id).planned)
    order, data = list(run.config.tasks), workspace.run(run_id).data_facts()
    drawn = sorted(drawn, key=lambda draw: order.index(draw.task))
    return Snapshot(
        run=run,
        place=_place(run, waiting),
        draws=tuple(drawn),
        remarks=tuple(scores.remarks(drawn, drawn=not run.live).values()),
        scores=tuple(
            (task, metric, value, TaskRun(run, examples[task], data.get(task, {})).dev_set)
            for task in run.config.tasks
            for metric, value in reached.get(task, {}).items()
        ),
    )


def _place(run: Run, waiting: list[Run]) -> int:
    """The run's place among those that wait for its device, from 1; 0 where it doesn't."""
    line = [other.id for other in sorted(waiting, key=lambda run: run.order) if other.device == run.device]
    return line.index(run.id) + 1 if run.id in line else 0


def curve(workspace: Workspace, run_id: str) -> pd.DataFrame:
    """A run's loss so far: see `recorded.Recorded.curve`."""
    return recorded.of(workspace, run_id).curve


def selection(workspace: Workspace, run_id: str) -> pd.DataFrame:
    """Scores on the validation split so far: the columns of `store.evaluations.curve`."""
    return recorded.of(workspace, run_id).selection


@dataclass(frozen=True, slots=True)
class Merge:
    """The merges that a run has tried, once it has chosen one."""

    columns: tuple[str, ...]
    """Names of the coefficients, the tasks, and the mean."""
    rows: tuple[tuple[float, ...], ...]
    """The coefficients, each task's validation loss, and their mean, in nats."""
    chosen: int
    """The place of the chosen one among the rows."""
    merged: tuple[tuple[str, str], ...]
    """Each task and the run whose encoder and head it gave."""


def merge(workspace: Workspace, run_id: str) -> Merge | None:
    """The merges that a run has tried, from its report; None before its end, and for a run that was trained."""
    folder = workspace.run(run_id)
    facts = folder.read_json(folder.report).get("facts", {}).get("merging")
    if not facts:
        return None
    tried = facts["tried"]
    names, tasks = tuple(tried[0]["coefficients"]), tuple(tried[0]["losses"])
    rows = [(*one["coefficients"].values(), *one["losses"].values(), one["loss"]) for one in tried]
    chosen = next(place for place, one in enumerate(tried) if one["coefficients"] == facts["chosen"])
    return Merge((*names, *tasks, "mean"), tuple(rows), chosen, tuple(facts["from"].items()))


def layer_mix(workspace: Workspace, run_id: str) -> pd.DataFrame:
    """How tasks read each other's layers so far: the columns of `store.mixes.curve`; empty where nothing is mixed."""
    folder = workspace.run(run_id)
    if not folder.database.exists():
        return pd.DataFrame(columns=["step", "layer", "task", "source", "weight"])
    with folder.open() as run_db:
        return mixes.curve(run_db)


def mix_table(mix: pd.DataFrame, tasks: Sequence[str]) -> Table:
    """The weights after the latest step, a row a layer, a column a pair of the run's tasks."""
    step = int(mix["step"].max())
    latest = mix[mix["step"] == step].set_index(["layer", "task", "source"])["weight"]
    layers = sorted(set(latest.index.get_level_values("layer")))
    pairs = [(task, source) for task in tasks for source in tasks]
    columns = ("layer", *(f"{task} reads {'itself' if source == task else source}" for task, source in pairs))
    rows = tuple((str(layer), *(f"{latest[layer, *pair]:.3f}" for pair in pairs)) for layer in layers)
    return Table("", columns, rows, (f"Weights after step {step:,}; layer 1 is the lowest.",))


def main_metrics(run: Run) -> dict[str, str]:
    """The main metric of each of a run's tasks that are still registered."""
    known = [task for task in run.config.tasks if registry.has("tasks", task)]
    return {task: registry.load("tasks", task).metrics[0] for task in known}


def colors(run: Run) -> dict[str, str]:
    """Each task's colour on a light page."""
    return {task: formats.task_color(task, dark=False) for task in run.config.tasks}


def log_tail(workspace: Workspace, run_id: str, lines: int = 12) -> str:
    """The last lines of a run's log, "" where there is none yet."""
    path = workspace.run(run_id).log
    if not path.exists():
        return ""
    with path.open("rb") as log:
        log.seek(max(0, path.stat().st_size - TAIL_BYTES))
        text = log.read().decode("utf-8", "replace")
    return "\n".join(text.splitlines()[-lines:])


def log_text(workspace: Workspace, run_id: str) -> str:
    """All of a run's log."""
    path = workspace.run(run_id).log
    return path.read_text("utf-8", "replace") if path.exists() else ""


def curve_text(workspace: Workspace, run_id: str) -> str:
    """All of a run's steps as CSV, one by one."""
    folder = workspace.run(run_id)
    if not folder.database.exists():
        return steps.CSV_HEADER
    with folder.open() as run_db:
        ends = steps.parts(run_db)
    with ThreadPoolExecutor(recorded.AT_ONCE) as readers:
        return steps.CSV_HEADER + "".join(readers.map(partial(_csv_part, folder), ends))


def _csv_part(folder: RunFolder, ends: tuple[int, int]) -> str:
    with folder.open() as run_db:
        return steps.csv(run_db, *ends)


def config_text(workspace: Workspace, run_id: str) -> str:
    """A run's config.json as it lies in its folder."""
    path = workspace.run(run_id).config
    return path.read_text("utf-8") if path.exists() else ""


def trouble(run: Run) -> Trouble | None:
    """The fault of a run and its remedy, None for a run without one."""
    if run.state == RunState.FAILED:
        return Trouble(
            run.detail or "The run ended with an error.",
            "See the end of the log. Fix the cause, then resume the run or launch it again.",
        )
    if run.state == RunState.LOST:
        known = run.detail and "exited unexpectedly" not in run.detail
        reason = capital(run.detail).rstrip(".") if known else "The process exited unexpectedly"
        usual = "" if known else "Usually the machine was restarted or ran out of memory. "
        advice = "Resume the run; if it ends like this again, launch it with a smaller batch_size or max_length."
        return Trouble(f"{reason}.", usual + advice)
    return None


def can_go_on(run: Run) -> bool:
    """True if it ended early, so that it can be resumed."""
    return run.can_go_on


def resume(workspace: Workspace, run_id: str) -> None:
    """Puts a run that ended early back into the queue. Raises TandemError where it can't go on."""
    control.resume(workspace, run_id)


def stop(workspace: Workspace, run_id: str) -> None:
    """Asks a run to stop after its current step, with a checkpoint; one that waits leaves the queue."""
    control.request_stop(workspace, run_id)


def remove(workspace: Workspace, run_id: str) -> None:
    """Deletes an ended run, its folder and its results. Raises TandemError for a live one."""
    control.remove(workspace, run_id)
