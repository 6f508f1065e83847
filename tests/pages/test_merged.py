"""A merged run on every page: it made no step, and everything that a run has it has all the same."""

from __future__ import annotations

import json

import pytest
from streamlit.testing.v1 import AppTest

from mtl_core.cli import main
from mtl_core.jobs import queue
from mtl_core.services import arms, compare
from mtl_core.services.compare import groups, table
from mtl_core.store import runs
from mtl_core.store.runs import Run
from mtl_core.store.workspace import Workspace
from mtl_core.studies import estimate
from mtl_core.studies.differences import differences
from tests import trained
from tests.pages.conftest import Visit, html, said

OPTIONS = {**trained.SMALL, "tasks": "sst2,mnli", "merging": "ties", "merge-from": "train"}


@pytest.fixture(scope="module")
def merged_runs(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A runs folder with sst2 alone, mnli alone, and the two merged, as `train` makes them."""
    folder = Workspace(tmp_path_factory.mktemp("merged"))
    settings = json.dumps({"densities": "0.2", "scales": "0.5,1"})
    values = {**OPTIONS, "merging-settings": settings, "encoder": trained.encoder(), "runs-dir": folder}
    assert main(["train", *(part for name, value in values.items() for part in (f"--{name}", str(value)))]) == 0
    return folder


@pytest.fixture
def workspace(merged_runs: Workspace, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setenv("TANDEM_RUNS_DIR", str(merged_runs.path))
    return merged_runs


def listed(workspace: Workspace) -> tuple[Run, Run, Run]:
    """Merged, mnli alone, sst2 alone."""
    with workspace.read() as index:
        merged, mnli, sst2 = runs.listing(index)
    return merged, mnli, sst2


def opened(visit: Visit, page: str, **query: str) -> AppTest:
    app = visit(page, **query)
    assert not app.exception
    assert not app.error
    return app


def test_it_is_registered_logged_and_reported(workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    merged, mnli, sst2 = listed(workspace)
    assert merged.config.merge_from == (sst2.id, mnli.id)
    assert (merged.state, merged.step, merged.total_steps) == ("finished", 0, 0)
    folder = workspace.run(merged.id)
    facts = folder.read_json(folder.report)["facts"]["merging"]
    assert [one["coefficients"]["scale"] for one in facts["tried"]] == [0.5, 1.0]
    log = folder.log.read_text()
    assert "merging on cpu: no steps are made" in log
    assert "validation split with density 0.2, scale 0.5 · mnli " in log
    assert "chosen by the lowest mean loss on the validation split: density 0.2, scale " in log
    assert "starved" not in log
    capsys.readouterr()
    assert main(["show", merged.id, "--runs-dir", str(workspace)]) == 0
    shown = capsys.readouterr().out
    assert "0 of 0" not in shown
    assert f"merge_from = ['{sst2.id}', '{mnli.id}']" in shown


def test_watch_shows_what_was_tried_instead_of_curves(visit: Visit, workspace: Workspace) -> None:
    merged, mnli, sst2 = listed(workspace)
    app = opened(visit, "watch/page.py", run=merged.id)
    shown = said(app)
    assert [one.value for one in app.subheader][:2] == [
        "Merges tried, on the validation split",
        "Validation losses (nats)",
    ]
    assert "| merge | density | scale | sst2 | mnli | mean |" in shown
    assert f"Merged: sst2 of {sst2.id}, mnli of {mnli.id}; no training." in shown
    assert len(app.metric) == 2


def test_compare_explore_overview_and_demo_open(visit: Visit, workspace: Workspace) -> None:
    merged, mnli, sst2 = listed(workspace)
    app = opened(visit, "compare/page.py", runs=f"{merged.id},{sst2.id},{mnli.id}")
    assert "merging" in html(app)
    opened(visit, "compare/page.py", runs=merged.id)
    opened(visit, "explore/page.py", runs=f"{merged.id},{sst2.id}")
    opened(visit, "overview/page.py")
    opened(visit, "demo.py", runs=merged.id)


def test_it_is_compared_without_confounds_and_said_to_cost_no_training(workspace: Workspace) -> None:
    chosen = [*listed(workspace)]
    found = table.score_table(workspace, chosen, groups.grouped(workspace, chosen).groups)
    cells = [cell for line in found.lines for cell in line.cells.values() if cell.difference]
    assert len(cells) == 2
    assert [cell.difference.confounds for cell in cells if cell.difference] == [(), ()]
    merged, mnli, sst2 = chosen
    assert all(f"merged from {sst2.id} and {mnli.id}, no training of its own" in cell.facts for cell in cells)
    assert differences(workspace, "sst2", {1: sst2}, {1: merged}) == ()
    assert arms.relation(merged, "sst2") == "with mnli"
    assert compare.differing(chosen)


def test_the_time_of_another_is_known_from_runs_that_trained(workspace: Workspace) -> None:
    merged, _, sst2 = listed(workspace)
    from mtl_core.store import throughput

    with workspace.read() as index:
        earlier = throughput.earlier(index, sst2.config, "cpu")
    assert len(earlier) == 2, "a merged run has trained on no token, so its speed tells nothing"
    task = {"draw": {"planned_examples": 0}, "tokens": 20.0, "selection": 100, "dev": 50}
    amount = estimate.amount_of(merged.config, {"steps": 0, "merges": 12, "tasks": {"sst2": task}})
    assert (amount.trained, amount.read, amount.tokens_per_example) == (0, (12 * 100 + 50) * 20, 20)
    known = estimate.from_earlier(merged.config, amount, earlier)
    assert known is not None
    assert known.seconds(amount) > 0


def test_it_goes_through_the_queue_and_waits_for_the_runs_that_it_merges(workspace: Workspace) -> None:
    from mtl_core.store import queue as waiting

    merged, *_ = listed(workspace)
    config = merged.config.model_copy(update={"merge_from": ("train",), "seed": 5})
    rows, [asked] = queue.teachers.first([config])
    with workspace.write() as index:
        for run_id, one in rows:
            runs.add(index, one, device="cpu", run_id=run_id)
        first = waiting.oldest_waiting(index, "here", ["cpu"])
        assert first is not None
        assert first.id == rows[0][0]
        for run_id, _ in rows:
            runs.delete(index, run_id)
    assert asked == rows[-1][0]
    assert rows[-1][1].builds_on == (rows[0][0], rows[1][0])
