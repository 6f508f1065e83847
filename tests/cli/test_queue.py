"""`queue`: what trains and waits, moved and cancelled from a terminal."""

from __future__ import annotations

import pytest

from mtl_core.store import runs
from mtl_core.store.workspace import Workspace
from tests import builders
from tests.cli.conftest import call


@pytest.fixture
def waiting(workspace: Workspace) -> list[str]:
    """A launch of two runs and a single one, for a device that no machine has: nothing starts."""
    ids = [builders.run(workspace, state="queued", seed=seed, launch="pairs234") for seed in (1, 2)]
    ids.append(builders.run(workspace, state="queued", tasks="squad"))
    with workspace.write() as index:
        for run_id in ids:
            runs.update(index, run_id, device="cuda:77")
    return ids


def test_the_queue_is_listed_moved_and_cancelled(waiting: list[str], workspace: Workspace) -> None:
    first, second, single = waiting
    place = ("--runs-dir", workspace)
    listed = call("queue", "--json", *place).document
    assert [(group["kind"], group["title"]) for group in listed] == [
        ("launch", "sst2 alone · seeds 1, 2"),
        ("launch", "squad · single · seed 1"),
    ]
    assert [run["place"] for group in listed for run in group["runs"]] == [1, 2, 3]
    words = call("queue", "list", *place).out
    assert "launch pairs234  sst2 alone · seeds 1, 2  0 of 2 finished" in words
    assert "waits for cuda:77, which this machine lacks" in words
    assert call("queue", "move", single, "first", "--json", *place).document["queue"] == [single, first, second]
    assert call("queue", "move", "pairs234", "up", "--json", *place).document["queue"] == [first, second, single]
    assert call("queue", "cancel", "pairs234", "--json", *place).document["cancelled"] == [first, second]
    assert f"run {single} has left the queue." in call("queue", "cancel", single, *place).out
    assert call("queue", *place).out.startswith("nothing trains or waits.")


def test_what_is_not_there_or_does_not_wait_is_told(waiting: list[str], workspace: Workspace) -> None:
    ended = builders.run(workspace, seed=9)
    for name, words in (
        ("nothing2", "there is no run, launch or study 'nothing2'. `python -m mtl_core queue` lists what waits"),
        (ended, f"run '{ended}' does not wait in the queue: it is finished."),
    ):
        said = call("queue", "move", name, "up", "--runs-dir", workspace)
        assert said.code == 2
        assert words in said.err
    assert waiting
