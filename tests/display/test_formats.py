"""Words, colours and numbers are the same everywhere, so they are tested once, to the letter."""

from __future__ import annotations

from datetime import datetime

import pytest

from mtl_core import registry
from mtl_core.display import formats
from mtl_core.records import RunState
from mtl_core.store import runs
from mtl_core.store.workspace import Workspace
from tests import builders

NOW = 1_700_000_000.0


def test_every_state_has_a_sign_a_word_and_a_tone() -> None:
    assert set(formats.STATES) == set(RunState)
    signs = [look.icon for look in formats.STATES.values()]
    assert len(set(signs)) == len(signs)
    assert all(state == look.word and look.tone for state, look in formats.STATES.items())


def test_known_tasks_have_the_colours_that_the_look_gives_them() -> None:
    assert [formats.task_color(task, False) for task in ("sst2", "mnli", "squad")] == ["#E69F00", "#0072B2", "#009E73"]


def test_registered_tasks_never_share_a_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    names = ("boolq", "mnli", "mrpc", "qnli", "qqp", "rte", "squad", "sst2", "stsb", "wnli")
    monkeypatch.setattr(registry, "names", lambda family: names)
    for dark in (False, True):
        assert len({formats.task_color(task, dark) for task in names}) == len(names)


def test_a_task_that_is_not_registered_has_a_colour_and_its_name() -> None:
    assert formats.task_color("gone", False) in formats.LIGHT[3:]
    assert formats.task_title("gone") == "gone"
    assert formats.task_title("sst2") == "Sentiment (SST-2)"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (3, "just now"),
        (40, "40 s ago"),
        (200, "3 min ago"),
        (3 * 3600, "3 h ago"),
        (5 * 86400, "5 days ago"),
        (-60, "just now"),
    ],
)
def test_moments_are_told_by_how_long_ago_they_were(seconds: float, text: str) -> None:
    assert formats.ago(NOW - seconds, NOW) == text


def test_old_moments_are_told_by_their_date() -> None:
    long_ago = datetime(2023, 9, 1, 12).timestamp()
    assert formats.ago(long_ago, NOW) == "on 1 Sep 2023"
    assert formats.exact(long_ago) == "2023-09-01 12:00:00"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (None, "time left unknown"),
        (float("inf"), "time left unknown"),
        (1, "about to end"),
        (3, "5 s left"),
        (42, "40 s left"),
        (118, "2 min left"),
        (3600, "1 h left"),
        (4230, "1 h 10 min left"),
    ],
)
def test_time_left_is_coarse(seconds: float | None, text: str) -> None:
    assert formats.remaining(seconds) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.42, "0.4 s"), (23.4, "23 s"), (60, "1 min"), (80, "1 min 20 s"), (7500, "2 h 5 min"), (None, "–")],
)
def test_durations(seconds: float | None, text: str) -> None:
    assert formats.duration(seconds) == text


@pytest.mark.parametrize(
    ("count", "text"), [(999, "999 B"), (230_000_000, "230 MB"), (1_240_000_000, "1.2 GB"), (None, "–")]
)
def test_sizes(count: float | None, text: str) -> None:
    assert formats.size(count) == text


def test_states_in_words(workspace: Workspace) -> None:
    running = builders.run(workspace, state="running")
    waiting = builders.run(workspace, state="queued")
    with workspace.write() as index:
        run = runs.get(index, running)
        assert formats.state_text(run) == "running · step 60 of 120 · 1 min left"
        assert formats.progress(run) == 0.5
        assert formats.state_text(runs.get(index, waiting)) == "queued"
        runs.update(index, running, stop_requested=1)
        assert formats.state_text(runs.get(index, running)) == "stopping after this step · step 60 of 120"
        runs.adopt_state(index, running, RunState.FINISHED)
        assert formats.state_text(runs.get(index, running)) == "finished just now"
