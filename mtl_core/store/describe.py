"""A run as one JSON document, at any time of its life."""

from __future__ import annotations

from typing import Any

from sqlite_utils import Database

from mtl_core.records import Draw, RunState
from mtl_core.store import clusters, found_runs, needs, runs, scores
from mtl_core.store.run_filter import RunFilter
from mtl_core.store.runs import Run
from mtl_core.store.workspace import Workspace


def result(workspace: Workspace, run_id: str) -> dict[str, Any]:
    """The result of a run: id, state, scores (shares of 1), draws, speed and seconds.

    `scores` and `draws` are empty until they are there. Raises RunNotFound.
    """
    with workspace.read() as index:
        return _result(workspace, index, runs.get(index, run_id))


def document(workspace: Workspace, run_id: str) -> dict[str, Any]:
    """`result`, and everything else that people ask of a run. Raises RunNotFound."""
    with workspace.read() as index:
        run = runs.get(index, run_id)
        kept = _kept(workspace, run, needs.members(workspace))
        return {**_result(workspace, index, run), **_more(run), **kept, "dev": _dev(index, run)}


def listing(
    workspace: Workspace, limit: int = -1, found: RunFilter | None = None, order: str = "-created"
) -> list[dict[str, Any]]:
    """Runs, the newest first, each with its results but not its config; those that a filter finds, in any order.

    `order` is one of `found_runs.ORDERS`, with a minus before it from the highest down.
    """
    members = needs.members(workspace)
    column, descending = order.removeprefix("-"), order.startswith("-")
    with workspace.read() as index:
        wanted = found or RunFilter()
        listed = found_runs.listing(index, wanted, members, order=column, descending=descending, limit=limit)
        return [{**_result(workspace, index, run), **_short(run), **_kept(workspace, run, members)} for run in listed]


def _kept(workspace: Workspace, run: Run, members: found_runs.Members) -> dict[str, Any]:
    """Who has the run, and what it takes on disk."""
    size = run.disk_bytes if run.disk_bytes is not None and not run.live else workspace.run(run.id).size()
    studies = [{"id": study, "name": name} for study, name, member in members if member == run.id]
    return {"studies": studies, "disk_bytes": size}


def _result(workspace: Workspace, index: Database, run: Run) -> dict[str, Any]:
    reached, draws = scores.of_run(index, run.id), _draws(workspace, index, run)
    remarks = scores.remarks(draws, drawn=not run.live)
    drawn = {draw.task: _counts(draw, remarks.get(draw.task, "")) for draw in draws}
    return {
        "id": run.id,
        "state": run.state,
        "scores": {task: reached[task] for task in run.config.tasks if task in reached},
        "draws": {task: drawn[task] for task in run.config.tasks if task in drawn},
        "examples_per_second": run.examples_per_second,
        "seconds": run.seconds,
    }


def _dev(index: Database, run: Run) -> dict[str, Any]:
    """Task → number of its dev examples, and of the clusters that they are in by unit."""
    found = scores.dev_examples(index, run.id)
    return {
        task: {
            "examples": count,
            "clusters": {level.name: level.count for level in clusters.of_examples(index, run.id, task)},
        }
        for task, count in found.items()
    }


def _short(run: Run) -> dict[str, Any]:
    return {
        "title": run.title,
        "detail": run.detail,
        "tasks": list(run.config.tasks),
        "generated": run.generated,
        "device": run.device,
        "step": run.step,
        "total_steps": run.total_steps,
        "seconds_left": run.seconds_left,
        "created": run.created,
        "started": run.started,
        "ended": run.ended,
        "tags": list(run.tags),
        "note": run.note,
    }


def _more(run: Run) -> dict[str, Any]:
    return {
        **_short(run),
        "memory_bytes": run.memory_bytes,
        "data_fingerprint": run.data_fingerprint,
        "stop_requested": bool(run.stop_requested),
        "config": run.config.model_dump(mode="json"),
    }


def _draws(workspace: Workspace, index: Database, run: Run) -> list[Draw]:
    """The draws until now: the index knows it from the end of a run on, its folder before."""
    folder = workspace.run(run.id)
    if run.state != RunState.RUNNING or not folder.database.exists():
        return scores.draws_of(index, run.id)
    with folder.open() as run_db:
        return scores.recorded_draws(run_db)


def _counts(draw: Draw, remark: str) -> dict[str, Any]:
    """`planned` and `actual` are examples; `remark` says that the task is starved or repeated, or nothing."""
    return {
        "planned": draw.planned_examples,
        "actual": draw.actual_examples,
        "planned_steps": draw.planned_steps,
        "actual_steps": draw.actual_steps,
        "planned_tokens": draw.planned_tokens,
        "actual_tokens": draw.actual_tokens,
        "planned_epochs": draw.planned_epochs,
        "actual_epochs": draw.actual_epochs,
        "remark": remark,
    }
