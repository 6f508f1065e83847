"""Slow questions: asked again until answered, dropped when nobody asks."""

from __future__ import annotations

import threading

import pytest

from mtl_core.errors import DataError
from mtl_core.inference import request_cache
from mtl_core.inference.request_cache import RequestCache
from tests.trained import wait_until


def test_an_answer_is_worked_out_once() -> None:
    desk, calls = RequestCache(), []
    assert desk.ask("a", lambda: calls.append(1) or "answer", patience=10) == "answer"
    assert desk.ask("a", lambda: calls.append(1) or "other") == "answer"
    assert calls == [1]


def test_nothing_is_known_before_the_end() -> None:
    desk, go = RequestCache(), threading.Event()
    assert desk.ask("a", lambda: go.wait(10), patience=0) is None
    go.set()
    assert desk.ask("a", lambda: False, patience=10) is True


def test_what_it_raises_is_told_each_time_and_tried_again_later(monkeypatch: pytest.MonkeyPatch) -> None:
    desk, tries = RequestCache(), []

    def work() -> None:
        tries.append(1)
        raise DataError("the file is empty")

    for _ in range(2):
        with pytest.raises(DataError, match="the file is empty"):
            desk.ask("a", work, patience=10)
    assert len(tries) == 1
    monkeypatch.setattr(request_cache, "FAILURE_HOLDS", 0)
    with pytest.raises(DataError):
        desk.ask("a", work, patience=10)
    assert len(tries) == 2


def test_what_nobody_asks_for_any_more_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(request_cache, "PATIENCE", 0)
    desk, go, done = RequestCache(), threading.Event(), []
    desk.ask("first", lambda: go.wait(10), patience=0)
    desk.ask("typed in between", lambda: done.append("typed in between"), patience=0)
    assert desk.ask("shown now", lambda: done.append("shown now"), patience=0) is None
    go.set()
    wait_until(lambda: done)
    assert done == ["shown now"]


def test_old_answers_are_worked_out_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = RequestCache()
    assert desk.ask("a", lambda: 1, patience=10) == 1
    monkeypatch.setattr(request_cache, "HOLDS", 0)
    assert desk.ask("a", lambda: 2, patience=10) == 2
