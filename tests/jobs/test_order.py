"""Groups of runs, their order by hand, and when they will start and end."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from mtl_core.config.study import Arm, StudyConfig
from mtl_core.disk import lock
from mtl_core.errors import RunNotFound, StudyNotFound, TandemError
from mtl_core.jobs import expected, groups, order, queue
from mtl_core.jobs.groups import GroupKind
from mtl_core.jobs.order import Way, moved
from mtl_core.records import RunState, When
from mtl_core.store import queue as rows
from mtl_core.store import runs, studies
from mtl_core.store.reindex import reindex
from mtl_core.store.workspace import Workspace
from tests import builders
from tests.jobs.conftest import Make


@pytest.fixture(autouse=True)
def nothing_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    """A queue that stands still; the device is there all the same."""
    for module in ("queue", "liveness", "control"):
        monkeypatch.setattr(f"mtl_core.jobs.{module}.start_waiting", lambda _: [])


def line(workspace: Workspace) -> list[str]:
    with workspace.read() as index:
        return [run.id for run in rows.waiting(index)]


def queued(workspace: Workspace, launch: str = "", **values: object) -> str:
    return builders.run(workspace, state="queued", launch=launch, **values)


@pytest.mark.parametrize(
    ("chosen", "way", "blocks", "found"),
    [
        ("b", Way.UP, {}, "bacde"),
        ("b", Way.DOWN, {}, "acbde"),
        ("a", Way.UP, {}, "abcde"),
        ("e", Way.DOWN, {}, "abcde"),
        ("d", Way.FIRST, {}, "dabce"),
        ("bd", Way.LAST, {}, "acebd"),
        ("de", Way.UP, {"b": "x", "c": "x"}, "adebc"),
        ("a", Way.DOWN, {"b": "x", "c": "x"}, "bcade"),
        ("ac", Way.DOWN, {"b": "x", "d": "x"}, "bdace"),
    ],
)
def test_what_a_move_makes_of_a_line(chosen: str, way: Way, blocks: dict[str, str], found: str) -> None:
    assert "".join(moved("abcde", chosen, way, blocks)) == found


def test_a_run_moves_and_those_that_come_later_stand_behind(workspace: Workspace) -> None:
    a, b, c = (queued(workspace, seed=seed) for seed in (1, 2, 3))
    order.move_run(workspace, c, Way.FIRST)
    order.move_run(workspace, a, Way.DOWN)
    assert line(workspace) == [c, b, a]
    later = queued(workspace, seed=4)
    assert line(workspace) == [c, b, a, later]
    with workspace.write() as index:
        runs.change_state(index, c, RunState.QUEUED, RunState.STOPPED)
        rows.wait_again(index, c)
    assert line(workspace)[-1] == c  # who comes back stands at the end


def test_groups_move_as_a_whole_and_a_started_run_stays(workspace: Workspace) -> None:
    one = [queued(workspace, "one23456", seed=seed) for seed in (1, 2)]
    two = [queued(workspace, "two23456", tasks="mnli", seed=seed) for seed in (1, 2)]
    three = queued(workspace, tasks="squad")
    assert [group.title for group in groups.live(workspace)] == [
        "sst2 alone · seeds 1, 2",
        "mnli alone · seeds 1, 2",
        "squad · single · seed 1",
    ]
    order.move_group(workspace, groups.get(workspace, GroupKind.LAUNCH, "two23456"), Way.UP)
    assert line(workspace) == [*two, *one, three]
    with workspace.write() as index:
        runs.adopt_state(index, two[0], RunState.RUNNING)
    with pytest.raises(TandemError, match=f"run '{two[0]}' does not wait in the queue: it is running."):
        order.move_run(workspace, two[0], Way.UP)
    order.move_group(workspace, groups.get(workspace, GroupKind.LAUNCH, "two23456"), Way.LAST)
    assert line(workspace) == [*one, three, two[1]]


def test_movers_that_race_lose_no_run(workspace: Workspace) -> None:
    ids = [queued(workspace, seed=seed) for seed in range(8)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda run: order.move_run(workspace, run, Way.UP), ids))
    assert sorted(line(workspace)) == sorted(ids)
    with workspace.read() as index:
        assert len({run.order for run in rows.waiting(index)}) == 8


def test_the_queue_starts_in_the_order_by_hand_and_who_waits_for_others_keeps_waiting(workspace: Workspace) -> None:
    parent = queued(workspace)
    child = queued(workspace, tasks="mnli", start_from=parent)
    later = queued(workspace, seed=2)
    order.move_run(workspace, child, Way.FIRST)
    order.move_run(workspace, later, Way.UP)
    assert line(workspace) == [child, later, parent]
    with workspace.read() as index:
        first = rows.oldest_waiting(index, "here", ["cpu"])
    assert first is not None
    assert first.id == later
    found = expected.outlooks(workspace)
    assert found[child].waits_for == (parent,)
    assert (found[later].place, found[parent].place, found[later].line) == (2, 3, 3)
    assert found[child].start == When(0.0, exact=False)  # how long its parent takes nobody knows


def test_starts_and_ends_follow_from_what_runs_took(workspace: Workspace) -> None:
    builders.run(workspace)  # 23 seconds
    training = builders.run(workspace, state="running", seed=2)  # 60 seconds left
    with workspace.write() as index:
        runs.update(index, training, slot="cpu")
    known, unknown, behind = queued(workspace, seed=3), queued(workspace, tasks="squad"), queued(workspace, seed=4)
    found = expected.outlooks(workspace)
    assert found[training].end == When(60.0)
    assert (found[known].start, found[known].end) == (When(60.0), When(83.0))
    assert (found[unknown].start, found[unknown].end) == (When(83.0), When(83.0, exact=False))
    assert (found[behind].start, found[behind].end) == (When(83.0, exact=False), When(106.0, exact=False))


def test_a_run_that_never_trained_here_is_told_by_the_speed_of_others_on_the_same_data(workspace: Workspace) -> None:
    builders.run(workspace)
    other = queued(workspace, epochs=2.0, learning_rate=1e-3)
    end = expected.outlooks(workspace)[other].end
    assert end is not None
    assert end.exact
    assert 23 < end.seconds < 80
    with workspace.write() as index:
        runs.update(index, other, expected=500.0)  # what was planned for it says more
    assert expected.outlooks(workspace)[other].end == When(500.0)


def test_a_device_that_is_not_here_never_gets_free(workspace: Workspace) -> None:
    run = queued(workspace)
    with workspace.write() as index:
        runs.update(index, run, device="cuda:7")
    found = expected.outlooks(workspace)[run]
    assert (found.no_device, found.start, found.end) == (True, None, None)


def test_a_study_is_a_group_and_keeps_what_it_has_taken_over(workspace: Workspace) -> None:
    ids = {seed: queued(workspace, "one23456", seed=seed) for seed in (1, 2)}
    with workspace.read() as index:
        config = runs.get(index, ids[1]).config
    study = studies.add(workspace, StudyConfig(name="Alone?", arms=(Arm(name="alone", config=config),)))
    with studies.changing(workspace, study.id) as changes:
        changes.keep(runs={"alone": ids})
    [group] = groups.live(workspace)
    assert (group.kind, group.id, group.title, group.planned) == (GroupKind.STUDY, study.id, "Alone?", 3)
    assert [run.id for run in group.runs] == list(ids.values())
    assert group.waiting == group.runs
    assert groups.several(workspace) == [group]
    assert order.cancel_group(workspace, group) == list(ids.values())
    assert groups.live(workspace) == []
    assert groups.get(workspace, GroupKind.STUDY, study.id).state == RunState.STOPPED


def test_what_is_cancelled_leaves_the_queue_at_once(workspace: Workspace) -> None:
    one, two, three = (queued(workspace, "one23456", seed=seed) for seed in (1, 2, 3))
    order.cancel_run(workspace, two)
    with pytest.raises(TandemError, match=f"run '{two}' does not wait in the queue: it is stopped."):
        order.cancel_run(workspace, two)
    assert order.cancel_group(workspace, groups.get(workspace, GroupKind.LAUNCH, "one23456")) == [one, three]
    assert line(workspace) == []
    with pytest.raises(RunNotFound):
        groups.get(workspace, GroupKind.LAUNCH, "../x")
    with pytest.raises(StudyNotFound):
        groups.get(workspace, GroupKind.STUDY, "nothing2")


def test_a_launch_outlives_the_index(workspace: Workspace, quick: Make) -> None:
    ids = queue.submit(workspace, [quick(seed=seed) for seed in (1, 2)])
    told = {json.loads(workspace.run(run).report.read_text())["launch"] for run in ids}
    [group] = groups.live(workspace)
    assert told == {group.id}
    for run in ids:
        assert lock.take(workspace.run(run).lock) is not None
    workspace.index_file.unlink()
    reindex(workspace, "here")
    assert {run.id for run in groups.get(workspace, GroupKind.LAUNCH, group.id).runs} == set(ids)
