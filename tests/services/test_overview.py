from __future__ import annotations

import time

from mtl_core.services import first_try, overview
from mtl_core.store import runs
from mtl_core.store.workspace import Workspace
from tests import builders
from tests.services.test_first_try import launched_try


def test_an_empty_folder_has_nothing_and_stays_empty(workspace: Workspace) -> None:
    assert builders.live(workspace) == []
    assert overview.latest_ended(workspace) == []
    assert overview.results(workspace) == []
    assert list(workspace.path.iterdir()) == []


def test_results_stand_beside_the_single_run_that_differs_in_nothing_else(workspace: Workspace) -> None:
    other = builders.run(workspace, tasks="sst2", learning_rate=1e-3)
    alone = builders.run(workspace, tasks="sst2", accuracy=0.7)
    together = builders.run(workspace, tasks="sst2,squad", accuracy=0.9)
    lonely = builders.run(workspace, tasks="mnli,squad")
    rows = {row.run.id: row for row in overview.results(workspace)}
    assert set(rows) == {other, together, lonely}
    assert rows[together].alone_run is not None
    assert rows[together].alone_run.id == alone
    assert rows[together].difference is not None
    assert rows[together].partners == ("squad",)
    assert (rows[lonely].alone, rows[lonely].difference) == (None, None)
    assert (rows[other].together, rows[other].run_ids) == (None, (other,))


def test_live_runs_are_in_the_order_of_their_launch(workspace: Workspace) -> None:
    waiting = [builders.run(workspace, state="queued") for _ in range(2)]
    running = builders.run(workspace, state="running")
    assert [run.id for run in builders.live(workspace)] == [running, *waiting]


def test_only_what_ended_early_since_the_last_success_is_worth_a_look(workspace: Workspace) -> None:
    failed, finished, lost = (builders.run(workspace, state=state) for state in ("failed", "finished", "lost"))
    with workspace.write() as index:
        for seconds, run_id in ((30, failed), (20, finished), (10, lost)):
            runs.update(index, run_id, ended=time.time() - seconds)
    assert [run.id for run in overview.latest_ended(workspace)] == [lost]


def test_only_a_limit_makes_how_it_draws_a_difference(workspace: Workspace) -> None:
    for limit, found in ((None, True), (400, False)):
        alone = builders.run(workspace, tasks="sst2", train_limit=limit, limit_by="first")
        pair = builders.run(workspace, tasks="sst2,mnli", train_limit=limit)
        [line] = [row for row in overview.results(workspace) if row.run.id == pair]
        assert (line.alone_run is not None and line.alone_run.id == alone) == found


def test_limits_given_task_by_task_find_their_baseline(workspace: Workspace) -> None:
    alone = builders.run(workspace, tasks="sst2", train_limit="sst2=800")
    other = builders.run(workspace, tasks="sst2", train_limit=400)
    pair = builders.run(workspace, tasks="sst2,mnli", train_limit="sst2=800,mnli=400")
    [line] = [row for row in overview.results(workspace) if row.run.id == pair]
    assert line.alone_run is not None
    assert line.alone_run.id == alone != other


def test_half_a_try_is_no_result_and_like_lines_are_told_apart(workspace: Workspace) -> None:
    half, _ = launched_try(workspace, "finished", "stopped")
    first, second = (builders.run(workspace, tasks="sst2", seed=seed, learning_rate=1e-3) for seed in (1, 2))
    other = builders.run(workspace, tasks="mnli")
    rows = overview.results(workspace, without=first_try.halves(workspace))
    assert {row.run.id for row in rows} == {first, second, other}
    assert half not in {row.run.id for row in rows}
    told = dict(zip([row.run.id for row in rows], overview.told_apart(rows), strict=True))
    assert told == {first: "seed 1", second: "seed 2", other: ""}


def test_a_whole_try_is_a_result(workspace: Workspace) -> None:
    launched_try(workspace, "finished", "finished")
    assert first_try.halves(workspace) == set()
