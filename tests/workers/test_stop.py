from __future__ import annotations

import os
import signal

import pytest

from mtl_core.workers.stop import FolderGone, Stop


def test_it_is_asked_once_and_stays_asked() -> None:
    stop = Stop()
    assert not stop()
    stop.ask()
    assert stop()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_first_signal_asks_and_the_second_ends_at_once(number: int) -> None:
    heard: list[str] = []
    stop = Stop(notify=heard.append)
    stop.listen()
    os.kill(os.getpid(), number)
    assert stop()
    assert heard == ["stopping after this step; ask again to end at once"]
    with pytest.raises(KeyboardInterrupt):
        os.kill(os.getpid(), number)


def test_a_signal_after_a_click_on_stop_is_the_first_one() -> None:
    stop = Stop()
    stop.listen()
    stop.ask()
    os.kill(os.getpid(), signal.SIGTERM)
    assert stop()


def test_a_folder_that_is_gone_ends_the_run_wherever_it_is() -> None:
    stop = Stop()
    stop.listen()
    with pytest.raises(FolderGone) as caught:
        stop.give_up()
    assert str(caught.value) == "its folder was moved or deleted while it ran"
