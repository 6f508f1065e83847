"""What would miss a run that is deleted: studies that have it, and runs that have yet to build on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mtl_core.store import found_runs, runs, study_members
from mtl_core.store.found_runs import Members
from mtl_core.store.study_members import StudyRuns
from mtl_core.store.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Need:
    """Someone who needs a run."""

    run: str
    """The run that is needed."""
    by: str
    """The id of the study or run that needs it."""
    words: str
    """Who that is and what it loses, with the run's name."""


def of_runs(workspace: Workspace, run_ids: Sequence[str]) -> list[Need]:
    """Everyone who needs one of the runs and is not among them: studies, then runs that have not finished."""
    wanted = set(run_ids)
    studies = sorted(study_members.listing(workspace), key=lambda study: study.id)
    with workspace.read() as index:
        titles = {run.id: run.title for run in runs.of_ids(index, run_ids)}
    found = [
        Need(run, study.id, _loses(study, run, titles.get(run, run)))
        for study in studies
        for run in study.kept
        if run in wanted
    ]
    with workspace.read() as index:
        later = [run for run in found_runs.building_on(index, run_ids) if run.id not in wanted]
    for run in later:
        config = run.config
        starts = (config.start_from or "").partition(":")[0]
        for verb, named in (("starts", (starts,)), ("learns", config.teachers), ("is merged", config.merge_from)):
            found += [
                Need(one, run.id, f"the run '{run.title}' ({run.id}), {run.state}, {verb} from {_named(titles, one)}")
                for one in named
                if one in wanted
            ]
    return found


def _named(titles: Mapping[str, str], run: str) -> str:
    return f"'{titles.get(run, run)}' ({run})"


def _loses(study: StudyRuns, run: str, title: str) -> str:
    """ "the study 'Does mnli help?' (ab3de6fg) loses seed 2 of 'sst2 alone', the run 'sst2 · …' (cd4ef5gh)"."""
    place = study.places.get(run, "a run that it keeps")
    return f"the study '{study.name}' ({study.id}) loses {place}, the run '{title}' ({run})"


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
