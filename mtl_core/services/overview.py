"""Answers to the Overview page: live runs and latest results, none of the example (see `example`, `first_try`)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from mtl_core import registry
from mtl_core.config.run import RunConfig
from mtl_core.config.settings import METHOD
from mtl_core.records import RunState
from mtl_core.store import runs as run_rows
from mtl_core.store import scores
from mtl_core.store.runs import Run
from mtl_core.store.workspace import Workspace

RECENT = 60
"""How many finished runs the latest results are picked from."""
ROWS = 8


@dataclass(frozen=True, slots=True)
class Result:
    """One line of the latest results: a target task alone and together with others."""

    target: str
    metric: str
    run: Run
    """The newer one: the multitask run, or a single-task run that nothing is compared with yet."""
    partners: tuple[str, ...]
    """The tasks that were trained with the target; empty for a single-task run."""
    alone: float | None
    """The single-task run's score, a share of 1."""
    together: float | None
    alone_run: Run | None

    @property
    def difference(self) -> float | None:
        """Together less alone, as a share of 1; None where one of them is missing."""
        return None if self.alone is None or self.together is None else self.together - self.alone

    @property
    def run_ids(self) -> tuple[str, ...]:
        """The runs behind the line, the single-task one first."""
        return (*((self.alone_run.id,) if self.alone_run else ()), *((self.run.id,) if self.partners else ()))


def latest_ended(workspace: Workspace, limit: int = 4) -> list[Run]:
    """Runs that ended before their time since the last finished one: what the visitor should look at."""
    with workspace.read() as index:
        ended = run_rows.listing(index, states=[state for state in RunState if not state.live], limit=RECENT)
    newest = sorted((run for run in ended if not run.example), key=lambda run: run.ended or 0.0, reverse=True)
    place = next((place for place, run in enumerate(newest) if run.state == RunState.FINISHED), len(newest))
    return newest[:place][:limit]


def results(workspace: Workspace, limit: int = ROWS, without: Collection[str] = ()) -> list[Result]:
    """The latest finished runs, each target alone and together, the newest first; those `without` left out."""
    with workspace.read() as index:
        finished = run_rows.listing(index, states=(RunState.FINISHED,), limit=RECENT)
        reached = {run.id: scores.of_run(index, run.id) for run in finished}
    finished = [
        run for run in finished if not run.example and run.id not in without and _score(run, reached) is not None
    ]
    singles = [run for run in finished if len(run.config.tasks) == 1]
    rows = [result_of(run, _baseline(run, singles), reached) for run in finished]
    shown = {row.alone_run.id for row in rows if row.partners and row.alone_run}
    return [row for row in rows if row.partners or row.run.id not in shown][:limit]


def told_apart(rows: Sequence[Result]) -> list[str]:
    """For each line what tells it from another of the same tasks: its recipe and seed, as far as they differ; or ""."""
    told = []
    for row in rows:
        alike = [one.run for one in rows if (one.target, one.partners) == (row.target, row.partners)]
        words = [row.run.config.recipe] * (len({run.config.recipe for run in alike}) > 1)
        words += [f"seed {row.run.seed}"] * (len({run.seed for run in alike}) > 1)
        told.append(" · ".join(words))
    return told


def result_of(run: Run, alone: Run | None, reached: dict[str, dict[str, dict[str, float]]]) -> Result:
    """A run's line. For a single-task run, `alone` is the run itself."""
    target, partners = run.config.tasks[0], run.config.tasks[1:]
    baseline = alone if partners else run
    return Result(
        target=target,
        metric=_metric(target, reached[run.id].get(target, {})),
        run=run,
        partners=partners,
        alone=_score(baseline, reached) if baseline else None,
        together=_score(run, reached) if partners else None,
        alone_run=baseline,
    )


def _baseline(run: Run, singles: Sequence[Run]) -> Run | None:
    """The newest single-task run on the run's target that differs from it in nothing but the sharing."""
    if len(run.config.tasks) == 1:
        return run
    same = [single for single in singles if single.config.tasks[0] == run.config.tasks[0]]
    return next((single for single in same if _setting(single.config) == _setting(run.config)), None)


def _setting(config: RunConfig) -> dict[str, object]:
    """The settings that two runs must have in common to be compared."""
    fields = config.model_dump(mode="json", exclude={"name", "tasks", "device", "eval_every", *METHOD})
    limit_by = config.limit_by if config.limited else ""
    return {**fields, "train_limit": config.train_limit_of(config.tasks[0]), "limit_by": limit_by}


def _score(run: Run, reached: dict[str, dict[str, dict[str, float]]]) -> float | None:
    target = run.config.tasks[0]
    of_target = reached[run.id].get(target, {})
    return of_target.get(_metric(target, of_target))


def _metric(task: str, of_task: dict[str, float]) -> str:
    """The task's main metric; of a task that is not registered any more, the first it was scored by."""
    if registry.has("tasks", task):
        return str(registry.load("tasks", task).metrics[0])
    return next(iter(of_task), "")
