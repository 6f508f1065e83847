"""The part of the model server that needs torch."""

from __future__ import annotations

import json
import threading
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from mtl_core.config import run as configs
from mtl_core.inference import throughput
from mtl_core.inference.request_cache import RequestCache
from mtl_core.store.workspace import Workspace

if TYPE_CHECKING:
    from mtl_core.inference.loaded_models import LoadedModels

THREADS = 2
"""Threads that one answer may use; the rest is for training."""


class Backend:
    """Predictions, plans and paces of one runs folder."""

    def __init__(self, workspace: Workspace) -> None:
        """Imports torch and the engine: seconds."""
        import torch

        from mtl_core.engine.plan import plan
        from mtl_core.inference.loaded_models import LoadedModels, memory_limit

        torch.set_num_threads(min(THREADS, torch.get_num_threads()))
        self.workspace, self._plan = workspace, plan
        self._plans, self._paces = RequestCache(), RequestCache()  # a pace takes long, and no plan waits for it
        self.models: LoadedModels = LoadedModels(workspace, memory_limit())

    def predict(self, run: str, task: str, inputs: tuple[str, ...]) -> dict[str, Any]:
        """Answers with the run's model; the fields of Answered. Raises TandemErrors."""
        return asdict(self.models.get(run).answer(task, inputs))

    def plan(self, values: dict[str, Any], patience: float) -> dict[str, Any] | None:
        """Plans a config; None while the plan is not known after `patience` seconds.

        Raises InvalidConfig with every fault.
        """
        config = configs.parse(values, stored=True)
        key = json.dumps(["plan", config.model_dump(mode="json", exclude={"name"})])
        plan: dict[str, Any] | None = self._plans.ask(
            key, lambda: asdict(self._plan(config, self.workspace.find_run)), patience=patience
        )
        return plan

    def pace(self, values: dict[str, Any], patience: float) -> dict[str, Any] | None:
        """Measures the throughput of a config; None while it is not known after `patience` seconds.

        Raises TandemErrors.
        """
        config = configs.parse(values, stored=True)
        known: dict[str, Any] | None = self._paces.ask(
            f"pace {throughput.key(config)}",
            lambda: asdict(throughput.measured(config, self.workspace)),
            patience=patience,
        )
        return known


class Loading:
    """Loads the torch side in a thread, so that the server answers before."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.side: Backend | None = None
        self._thread = threading.Thread(target=self._load, name="loading", daemon=True)
        self._thread.start()

    @property
    def state(self) -> str:
        """starting, ready, or failed: then the log says why."""
        if self.side is not None:
            return "ready"
        return "starting" if self._thread.is_alive() else "failed"

    @property
    def over(self) -> bool:
        """True once loading has ended without a backend."""
        return self.side is None and not self._thread.is_alive()

    def _load(self) -> None:
        self.side = Backend(self.workspace)
