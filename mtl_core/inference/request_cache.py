"""Slow questions, worked out one at a time beside the requests that ask for them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Any

PATIENCE = 5.0
"""Seconds after which a request that is not repeated is dropped."""
HOLDS, FAILURE_HOLDS = 300.0, 2.0
"""Seconds that an answer, or a failure, is given again: the files behind it may change."""


@dataclass(slots=True)
class _Request:
    future: Future[Any]
    last_request: float
    ended: float = 0.0

    def old(self, now: float) -> bool:
        """Returns True where it is no longer waited for, or its answer has expired."""
        if not self.future.done():
            return now - self.last_request > PATIENCE and self.future.cancel()
        holds = FAILURE_HOLDS if self.future.cancelled() or self.future.exception() else HOLDS
        return self.ended > 0 and now - self.ended > holds


class RequestCache:
    """A question is asked again and again until its answer is there.

    So a form that changes with every key asks for what it shows now, and what it showed before is dropped.
    """

    def __init__(self) -> None:
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="request")
        self._requests: dict[str, _Request] = {}
        self._lock = threading.Lock()

    def ask(self, key: str, work: Callable[[], Any], *, patience: float = 0.3) -> Any:
        """Returns the result of `work`, None while it is not known. Waits for it at most `patience` seconds.

        Raises what `work` raised.
        """
        with self._lock:
            request = self._find(key, work)
        wait([request.future], timeout=patience)
        return request.future.result() if request.future.done() else None

    def _find(self, key: str, work: Callable[[], Any]) -> _Request:
        now = time.monotonic()
        for name in [name for name, request in self._requests.items() if request.old(now)]:
            del self._requests[name]
        request = self._requests.get(key)
        if request is None:
            request = self._requests[key] = _Request(self._worker.submit(work), now)
            request.future.add_done_callback(lambda _: setattr(request, "ended", time.monotonic()))
        request.last_request = now
        return request
