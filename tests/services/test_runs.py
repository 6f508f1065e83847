"""What the Runs page asks and does."""

from __future__ import annotations

import pytest

from mtl_core.services import runs
from mtl_core.services.runs import RunFilter
from mtl_core.store import runs as run_rows
from mtl_core.store.runs import Run
from mtl_core.store.workspace import Workspace
from tests import builders
from tests.studies import building


@pytest.fixture(autouse=True)
def nothing_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs that builders made have no process: none is looked for, and none is started."""
    monkeypatch.setattr("mtl_core.jobs.control.start_waiting", lambda _: [])
    for module in ("control", "free"):
        monkeypatch.setattr(f"mtl_core.jobs.{module}.sweep", lambda _: [])


def rows(workspace: Workspace, *run_ids: str) -> list[Run]:
    return runs.of_ids(workspace, run_ids)


def test_a_page_has_scores_studies_and_disk(workspace: Workspace) -> None:
    study = building.pair(workspace, seeds=(1,))
    other = builders.run(workspace, state="stopped", tasks="squad,sst2")
    page = runs.page(workspace, RunFilter(), "-created")
    assert (page.found.count, page.number, page.pages) == (3, 1, 1)
    assert [row.studies for row in page.rows] == [(), *[((study.id, study.config.name),)] * 2]
    assert [[one.task for one in row.scores] for row in page.rows] == [[], ["sst2", "mnli"], ["sst2"]]
    assert page.rows[0].run.id == other
    assert page.rows[0].disk_bytes == workspace.run(other).size() > 0


def test_pages_are_cut_and_numbers_beyond_are_the_last(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "PAGE", 2)
    made = [builders.run(workspace, seed=seed, state="queued") for seed in range(1, 6)]
    seen = [row.run.id for number in (1, 2, 3) for row in runs.page(workspace, RunFilter(), "seed", number).rows]
    assert seen == made
    beyond = runs.page(workspace, RunFilter(), "-seed", 99)
    assert ([row.run.id for row in beyond.rows], beyond.number, beyond.pages) == ([made[0]], 3, 3)
    assert runs.page(workspace, RunFilter(), "no such column").rows[0].run.id == made[-1]
    assert runs.ids(workspace, RunFilter(seeds=("2", "4"))) == [made[3], made[1]]


def test_many_are_stopped_resumed_and_tagged_at_once(workspace: Workspace) -> None:
    waiting, stopped, done = (builders.run(workspace, state=state) for state in ("queued", "stopped", "finished"))
    chosen = rows(workspace, waiting, stopped, done)
    assert runs.stop(workspace, chosen).done == (waiting,)
    assert runs.resume(workspace, rows(workspace, waiting, stopped, done)).done == (waiting, stopped)
    assert runs.tag(workspace, chosen, ["paper"], []).done == (waiting, stopped, done)
    assert runs.tags(workspace) == ["paper"]
    runs.tag(workspace, chosen[:1], [], ["paper"])
    assert runs.page(workspace, RunFilter(tags=("paper",))).found.count == 2
    refused = runs.stop(workspace, chosen[:1])  # it was waiting when the page was drawn, and has a row again
    assert (refused.done, refused.refused) == ((waiting,), ())


def test_what_can_not_be_done_is_told_and_the_rest_is_done(workspace: Workspace) -> None:
    whole, broken = builders.run(workspace, state="stopped"), builders.run(workspace, state="stopped", seed=2)
    chosen = rows(workspace, whole, broken)
    workspace.run(broken).config.unlink()
    outcome = runs.resume(workspace, chosen)
    assert outcome.done == (whole,)
    assert outcome.refused == (f"run '{broken}' can't be resumed: its folder is missing. Launch it again.",)


def test_a_deletion_says_what_it_frees_and_who_needs_it(workspace: Workspace) -> None:
    study = building.pair(workspace, seeds=(1,))
    [alone, pair] = study.run_ids()
    waiting = builders.run(workspace, state="queued")
    size = workspace.run(alone).size() + workspace.run(pair).size()
    asked = runs.deletion(workspace, rows(workspace, alone, waiting, pair))
    assert ([run.id for run in asked.runs], [run.id for run in asked.live]) == ([alone, pair], [waiting])
    assert asked.disk_bytes == size
    assert {need.by for need in asked.needs} == {study.id}
    assert runs.delete(workspace, asked).disk_bytes == size
    with workspace.read() as index:
        assert [run.id for run in run_rows.listing(index)] == [waiting]
    assert not workspace.run(alone).path.exists()
    assert runs.delete(workspace, asked).refused == (
        f"there is no run '{alone}'. `python -m mtl_core runs` lists them.",
    )


def test_the_task_to_explore_is_the_one_that_most_have(workspace: Workspace) -> None:
    made = [builders.run(workspace, tasks=tasks) for tasks in ("squad,mnli", "mnli", "sst2")]
    assert runs.explored_task(rows(workspace, *made)) == "mnli"
    assert runs.explored_task([]) == ""
