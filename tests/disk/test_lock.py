from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from mtl_core.disk import lock


def test_one_holder_at_a_time(tmp_path: Path) -> None:
    file = tmp_path / "alive.lock"
    first = lock.take(file)
    assert first is not None
    assert lock.take(file) is None
    os.close(first)
    again = lock.take(file)
    assert again is not None
    os.close(again)


def test_a_child_that_inherits_it_holds_it_on_until_it_is_killed(tmp_path: Path) -> None:
    file = tmp_path / "alive.lock"
    held = lock.take(file)
    assert held is not None
    sleeper = [sys.executable, "-c", "import time; time.sleep(600)"]
    child = subprocess.Popen(sleeper, pass_fds=(held,))
    os.close(held)
    try:
        assert lock.take(file) is None
    finally:
        child.kill()
        child.wait()
    taken = lock.take(file)
    assert taken is not None
    os.close(taken)


def test_a_folder_that_is_gone_is_not_made_again(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        lock.take(tmp_path / "gone" / "alive.lock")
    assert not (tmp_path / "gone").exists()


def test_in_place_notices_that_the_folder_was_moved_or_made_anew(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    folder.mkdir()
    file = folder / "alive.lock"
    held = lock.take(file)
    assert held is not None
    assert lock.in_place(held, file)
    folder.rename(tmp_path / "moved")
    assert not lock.in_place(held, file)
    folder.mkdir()
    file.write_text("")
    assert not lock.in_place(held, file)
    os.close(held)
