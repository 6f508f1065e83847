"""Studies whose plan was sealed before their runs, which are there without training."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from mtl_core.config.study import StudyConfig
from mtl_core.jobs import sealing
from mtl_core.store import runs, studies
from mtl_core.store.studies import Study
from mtl_core.store.workspace import Workspace
from tests.studies import building


def sealed_study(
    workspace: Workspace,
    config: StudyConfig,
    scores: building.Scores,
    states: Mapping[tuple[str, int], str] | None = None,
) -> Study:
    """As `building.study_with_runs`, sealed as it would be by its start; the runs are noted once all are there."""
    study = building.study_with_runs(workspace, config, scores, states)
    empty = replace(study, runs={})
    studies.restore(workspace, empty)
    sealing.seal(workspace, study.id)
    with workspace.write() as index:
        for run in study.run_ids():
            runs.update(index, run, created=runs.get(index, run).created + 3600)
    with studies.changing(workspace, study.id) as changes:
        changes.keep(runs=study.runs)
    return sealing.note(workspace, study.id)


def changed(workspace: Workspace, study: Study, **values: object) -> Study:
    """The study with other values of its config, as somebody changes it later."""
    with studies.changing(workspace, study.id) as changes:
        changes.keep(config=changes.study.config.model_copy(update=values))
    return studies.get(workspace, study.id)
