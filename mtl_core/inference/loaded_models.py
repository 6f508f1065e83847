"""Trained models that were used lately, kept in memory under a limit."""

from __future__ import annotations

import threading
from collections import OrderedDict

import psutil

from mtl_core.inference.predictor import Predictor
from mtl_core.store import runs
from mtl_core.store.workspace import Workspace


def memory_limit() -> int:
    """Bytes of weights to keep: 2 GB, or a quarter of the machine's memory where that is less."""
    return min(2_000_000_000, int(psutil.virtual_memory().total) // 4)


class LoadedModels:
    """The models of one runs folder; loading one puts out those that were not used for longest."""

    def __init__(self, workspace: Workspace, limit: int) -> None:
        """`limit` in bytes of weights. One model is always kept, however large."""
        self.workspace, self.limit = workspace, limit
        self._kept: OrderedDict[str, Predictor] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def ids(self) -> tuple[str, ...]:
        """Runs whose models are in memory, the one used last at the end."""
        return tuple(self._kept)

    def get(self, run_id: str) -> Predictor:
        """A run's model, loaded where it is not yet.

        Raises RunNotFound, and PredictionError or EncoderError where its weights can't be used.
        """
        with self.workspace.read() as index:
            runs.get(index, run_id)
        with self._lock:
            predictor = self._kept.pop(run_id, None) or Predictor.load(self.workspace.trained_run(run_id))
            self._kept[run_id] = predictor
            while len(self._kept) > 1 and sum(one.bytes for one in self._kept.values()) > self.limit:
                self._kept.popitem(last=False)
        return predictor
