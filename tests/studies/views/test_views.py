"""What every view of the registry promises, whichever it is."""

from __future__ import annotations

import pytest

from mtl_core.config.automation import Tune
from mtl_core.config.study import StudyConfig
from mtl_core.store import studies
from mtl_core.store.workspace import Workspace
from mtl_core.studies import context, views
from mtl_core.studies.context import StudyContext
from mtl_core.studies.views import StudyView
from tests.studies.designs_building import config_of, with_accuracy

TASKS = ("sst2", "mnli", "squad")
CONFIGS = (
    config_of("paper", TASKS, seeds=(1, 2)),
    config_of("weight_sweep", TASKS[:2], weights=(0.3, 0.7), balancings=("pcgrad",)),
    config_of("size_curve", TASKS[:2], seeds=(1, 2), shares=(10, 100)),
    config_of("four_routes", TASKS[:2], seeds=(1, 2), merging=("ties",)),
    config_of("question", TASKS[:2], seeds=(1, 2)).model_copy(update={"tune": Tune(trials=2)}),
)
EVERY = [pytest.param(view, id=view.name) for view in views.views()]


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> list[StudyContext]:
    workspace = Workspace(tmp_path_factory.mktemp("runs"))
    found = [with_accuracy(workspace, config, lambda arm, task: 0.7, dev=40) for config in CONFIGS]
    return [context.read(workspace, study) for study in found]


def shown(view: StudyView[object], studied: StudyContext) -> None:
    """Walks over everything that the page, the report and the exports ask."""
    parts = view.parts(studied)
    assert parts
    assert len({view.label(part) for part in parts}) == len(parts)
    for part in parts:
        assert view.question(part).count("?") == 1
        assert {one.comparison for one in view.judged(studied, part)} <= set(studied.config.comparisons)
        pictures = list(view.figures(studied, part))
        assert all(picture.title and picture.alt and picture.height > 0 for picture in pictures)
        assert view.caption(studied, part) or not pictures
        assert all(table.title for table in view.tables(studied, part))


def test_links_are_those_of_earlier_versions() -> None:
    known = ["verdicts", "runs", "tuning", "paper-tables", "transfer-matrix", "trade-off", "size-curve", "flips"]
    assert [view.link for view in views.views()] == known


@pytest.mark.parametrize("view", EVERY)
def test_a_view_shows_each_study_that_it_fits(view: StudyView[object], finished: list[StudyContext]) -> None:
    fitting = [studied for studied in finished if view.fits(studied.config)]
    assert fitting
    for studied in fitting:
        shown(view, studied)


@pytest.mark.parametrize("config", CONFIGS, ids=lambda config: config.preset)
def test_a_study_without_results_has_all_its_views(config: StudyConfig, workspace: Workspace) -> None:
    studied = context.read(workspace, studies.add(workspace, config))
    for view in views.fitting(config):
        for part in view.parts(studied):
            assert list(view.tables(studied, part)) or view.name in ("flips", "tuning")


def test_a_merged_arm_is_said_to_cost_no_training(finished: list[StudyContext]) -> None:
    [routes] = [studied for studied in finished if studied.config.preset == "four_routes"]
    [verdicts] = [view for view in views.fitting(routes.config) if view.name == "verdicts"]
    [table] = [table for part in verdicts.parts(routes) for table in verdicts.tables(routes, part)]
    merged = "sst2 and mnli alone, merged by ties"
    words = f"{merged}: single-task runs merged, no training of its own; its seconds are all scoring."
    assert [note for note in table.notes if "no training" in note] == [words]
