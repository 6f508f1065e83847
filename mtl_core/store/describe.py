"""A run as one JSON document, at any time of its life."""

from __future__ import annotations

from collections.abc import Sequence
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
        return _results(workspace, index, [runs.get(index, run_id)])[0]


def document(workspace: Workspace, run_id: str) -> dict[str, Any]:
    """`result`, and everything else that people ask of a run. Raises RunNotFound."""
    with workspace.read() as index:
        run = runs.get(index, run_id)
        kept = _kept(workspace, [run], needs.members(workspace))[0]
        facts = workspace.run(run.id).data_facts()
        notes = {task: list(data["notes"]) for task, data in facts.items() if data.get("notes")}
        shown = {**_more(run), **kept, "dev": _dev(index, run), "data_notes": notes}
        return {**_results(workspace, index, [run])[0], **shown}


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
        results = _results(workspace, index, listed)
    both = zip(listed, results, _kept(workspace, listed, members), strict=True)
    return [{**result, **_short(run), **kept} for run, result, kept in both]


def _kept(workspace: Workspace, listed: Sequence[Run], members: found_runs.Members) -> list[dict[str, Any]]:
    """Who has each run, and what it takes on disk."""
    by_run = needs.studies_by_run(members)
    return [
        {
            "studies": [{"id": study, "name": name} for study, name in by_run.get(run.id, ())],
            "disk_bytes": disk_bytes(workspace, run),
        }
        for run in listed
    ]


def disk_bytes(workspace: Workspace, run: Run) -> int:
    """The bytes that a run takes on disk: as measured when it ended, of a live one as it is now."""
    known = None if run.live else run.disk_bytes
    return workspace.run(run.id).size() if known is None else known


def _results(workspace: Workspace, index: Database, found: Sequence[Run]) -> list[dict[str, Any]]:
    """Asked for all of them at once: a question a run takes most of the time of a list."""
    ids = [run.id for run in found]
    reached, draws = scores.of_runs(index, ids), scores.draws_of_runs(index, ids)
    return [_result(run, reached[run.id], _draws_now(workspace, run) or draws[run.id]) for run in found]


def _result(run: Run, reached: dict[str, dict[str, float]], draws: Sequence[Draw]) -> dict[str, Any]:
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
        "example": run.example,
        "detail": run.detail,
        "tasks": list(run.config.tasks),
        "generated": run.generated,
        "generated_for": {task: run.config.from_sample(task) for task in run.config.tasks},
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
        "launch": run.launch,
        "memory_bytes": run.memory_bytes,
        "data_fingerprint": run.data_fingerprint,
        "stop_requested": bool(run.stop_requested),
        "config": run.config.model_dump(mode="json"),
    }


def _draws_now(workspace: Workspace, run: Run) -> list[Draw]:
    """The draws until now of a run that trains, of which its folder alone knows; none for others."""
    if run.state != RunState.RUNNING or not workspace.run(run.id).database.exists():
        return []
    with workspace.run(run.id).open() as run_db:
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
