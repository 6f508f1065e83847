"""The example beside the user's own runs: behind them, and never among them."""

from __future__ import annotations

import pytest

from mtl_core.errors import TandemError
from mtl_core.jobs import control
from mtl_core.jobs import studies as study_jobs
from mtl_core.services import compare, demo, example, explore, overview, parents, studies, watch
from mtl_core.store.workspace import Workspace
from mtl_core.studies.members import reusable
from tests import builders

RUNS = [f"example-{number}" for number in range(1, 7)]


@pytest.fixture
def shown(workspace: Workspace) -> Workspace:
    """A workspace with the example alone."""
    example.show(workspace)
    return workspace


def test_every_page_of_results_opens_on_it(shown: Workspace) -> None:
    found = example.answer(shown)
    assert found is not None
    assert found.card.question == "Does sst2 get better with mnli?"
    assert found.card.scored
    assert found.scores.startswith("accuracy ")
    assert found.scores.endswith(" with mnli")
    assert sorted(found.run_ids) == RUNS
    assert [run.id for run in compare.usual(shown, compare.choices(shown))] == RUNS
    by_task = explore.runs_by_task(shown)
    assert list(by_task) == ["sst2", "mnli"]
    assert {run.seed for run in explore.usual(shown, by_task["sst2"], "sst2")} == {3}
    assert [run.id for run in watch.runs(shown)] == RUNS[::-1]
    assert len(watch.curve(shown, "example-1")) == 63
    assert [entry.study.id for entry in studies.entries(shown)[0]] == ["example"]


def test_own_runs_come_first_and_are_never_mixed_with_it(shown: Workspace) -> None:
    assert not example.own_results(shown)
    alone = builders.run(shown, tasks="squad")
    assert example.own_results(shown)
    assert next(run.id for run in watch.runs(shown)) == alone
    assert [run.id for run in compare.usual(shown, compare.choices(shown))] == [alone]
    by_task = explore.runs_by_task(shown)
    assert next(iter(by_task)) == "squad"
    pair = builders.run(shown, tasks="sst2,mnli", train_limit=2000, learning_rate=1e-4)
    by_task = explore.runs_by_task(shown)
    assert next(run.id for run in by_task["sst2"]) == pair
    assert [run.id for run in explore.usual(shown, by_task["sst2"], "sst2")] == [pair]  # not beside the example's


def test_it_is_no_result_no_model_and_no_teacher(shown: Workspace) -> None:
    assert overview.results(shown) == overview.latest_ended(shown) == builders.live(shown) == []
    assert demo.models(shown) == []
    assert parents.single_task(shown, ["sst2"], "embedded", "sample") == {}
    copied = studies.copy(shown, "example")
    config = studies.entry(shown, copied).study.config
    assert config.name == "Does sentiment get better with inference?"
    with shown.read() as index:
        assert [reusable(shown, index, run) for _, _, run in config.runs()] == [None] * 6


def test_it_is_read_only(shown: Workspace) -> None:
    for refused in (
        lambda: control.remove(shown, "example-1"),
        lambda: control.resume(shown, "example-1"),
        lambda: control.request_stop(shown, "example-1"),
        lambda: studies.delete(shown, "example"),
        lambda: studies.go_on(shown, "example"),
        lambda: studies.describe_as(shown, "example", name="mine", tags=(), notes=""),
        lambda: study_jobs.end_auto(shown, "example"),
    ):
        with pytest.raises(TandemError):
            refused()
    with pytest.raises(TandemError, match="run 'example-1' belongs to the example, which stays as it is"):
        control.remove(shown, "example-1")
    assert [one.state for one in studies.entry(shown, "example").members] == ["finished"] * 6
    assert "Example: does sentiment get better with inference?" in studies.report(shown, "example")
