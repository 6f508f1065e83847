"""What would miss a run that is deleted: studies that have it, and runs that have yet to build on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mtl_core.store import found_runs, study_members
from mtl_core.store.found_runs import Members
from mtl_core.store.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Need:
    """Someone who needs a run."""

    run: str
    """The run that is needed."""
    by: str
    """The id of the study or run that needs it."""
    words: str
    """Who that is and what for: "the study 'Does mnli help?' (ab3de6fg) uses it"."""


def of_runs(workspace: Workspace, run_ids: Sequence[str]) -> list[Need]:
    """Everyone who needs one of the runs and is not among them: studies, then runs that have not finished."""
    wanted = set(run_ids)
    found = [
        Need(run, study, f"the study '{name}' ({study}) uses it")
        for study, name, run in members(workspace)
        if run in wanted
    ]
    with workspace.read() as index:
        later = [run for run in found_runs.building_on(index, run_ids) if run.id not in wanted]
    for run in later:
        config = run.config
        starts = (config.start_from or "").partition(":")[0]
        for verb, named in (("starts", (starts,)), ("learns", config.teachers), ("is merged", config.merge_from)):
            found += [
                Need(one, run.id, f"the run '{run.title}' ({run.id}), {run.state}, {verb} from it")
                for one in named
                if one in wanted
            ]
    return found


def members(workspace: Workspace) -> Members:
    """Every run that a study has, trials of its tuning too: (the study's id, its name, the run)."""
    found = sorted(study_members.listing(workspace), key=lambda study: study.id)
    return [(study.id, study.name, run) for study in found for run in study.kept]


def studies_by_run(found: Members) -> dict[str, list[tuple[str, str]]]:
    """Run id → ids and names of the studies that have it."""
    by_run: dict[str, list[tuple[str, str]]] = {}
    for study, name, run in found:
        by_run.setdefault(run, []).append((study, name))
    return by_run
