from __future__ import annotations

from typing import Any

from mtl_core.charts import parallel as charts_parallel
from mtl_core.services import compare
from mtl_core.services.compare import groups, table
from mtl_core.services.compare.parallel import Parallel, parallel
from mtl_core.store.workspace import Workspace
from tests import builders


def found(workspace: Workspace, *configs: dict[str, Any]) -> Parallel | None:
    ids = [builders.run(workspace, **{"dev": 10, "accuracy": 1.0, **config}) for config in configs]
    by_id = {run.id: run for run in compare.choices(workspace)}
    runs = [by_id[run_id] for run_id in ids]
    return parallel(table.score_table(workspace, runs, groups.grouped(workspace, runs).groups))


def test_settings_that_differ_and_the_score_all_runs_have(workspace: Workspace) -> None:
    drawn = found(
        workspace,
        {"tasks": "sst2", "accuracy": 0.0},
        {"tasks": "sst2,mnli", "learning_rate": 1e-4},
        {"tasks": "sst2,mnli", "learning_rate": 2e-5, "seed": 2},
        {"tasks": "squad"},
    )
    assert drawn is not None
    assert (drawn.target, len(drawn.runs), drawn.hidden) == ("sst2", 3, ())
    assert [(axis.title, axis.words, axis.values) for axis in drawn.settings] == [
        ("sst2 · sharing", ("alone · single", "with mnli · hard"), (0.0, 1.0, 1.0)),
        ("learning rate", ("2e-5", "5e-5", "1e-4"), (1.0, 2.0, 0.0)),
    ]
    assert [(axis.title, axis.values) for axis in drawn.scores] == [("sst2 accuracy (%)", (0.0, 100.0, 100.0))]
    assert charts_parallel.alt(drawn.settings, drawn.scores) == (
        "3 runs by sst2 · sharing, learning rate. Highest sst2 accuracy (%): 100.0, with sst2 · sharing with mnli · "
        "hard, learning rate 1e-4."
    )
    trace = charts_parallel.parallel(drawn.settings, drawn.scores, "#E69F00").data[0]
    assert [axis.label for axis in trace.dimensions] == ["sst2 · sharing", "learning rate", "sst2 accuracy (%)"]
    assert trace.dimensions[1].ticktext == ("2e-5", "5e-5", "1e-4")
    assert trace.line.color == (0.0, 100.0, 100.0)


def test_another_tasks_score_is_an_axis_where_all_runs_have_it(workspace: Workspace) -> None:
    drawn = found(workspace, *({"tasks": "sst2,mnli", "schedule": name} for name in ("joint", "phases", "round_robin")))
    assert drawn is not None
    assert [axis.title for axis in drawn.scores] == ["sst2 accuracy (%)", "mnli accuracy (%)"]


def test_how_much_other_tasks_draw_is_no_setting_of_the_target(workspace: Workspace) -> None:
    drawn = found(
        workspace,
        {"tasks": "sst2", "train_limit": 8000},
        {"tasks": "sst2,mnli", "train_limit": "sst2=8000,mnli=500"},
        {"tasks": "sst2,squad", "train_limit": "sst2=8000,squad=900"},
    )
    assert drawn is not None
    assert not any("limit" in axis.title for axis in drawn.settings)


def test_seeds_alone_and_fewer_than_three_runs_are_not_drawn(workspace: Workspace) -> None:
    assert found(workspace, *({"seed": seed} for seed in (1, 2, 3))) is None
    assert found(workspace, {"tasks": "sst2"}, {"tasks": "sst2,mnli"}) is None


def test_many_numbers_keep_their_distances(workspace: Workspace) -> None:
    drawn = found(workspace, *({"batch_size": size, "dev": 2} for size in range(2, 16)))
    assert drawn is not None
    assert drawn.settings[0].words == ()
    assert drawn.settings[0].values == tuple(range(2, 16))
