"""The draws of planned runs, asked of the model server one by one and kept."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, TypeVar

from mtl_core.config.run import RunConfig
from mtl_core.errors import TandemError
from mtl_core.jobs import model_client
from mtl_core.jobs.model_client import ModelServerAway
from mtl_core.records import Draw
from mtl_core.store.workspace import Workspace
from mtl_core.studies.baselines import without_arm

CHECK_SECONDS = 120.0
"""How long an answer may take that somebody waits for without seeing anything else."""
Answer = TypeVar("Answer")


class StillLooking(TandemError):
    """An arm's data and encoder are being looked at; ask again."""


class Look:
    """Answers `studies.design`: the draws of a run, task by task. What is known is not asked again.

    Raises StillLooking, ModelServerAway where no server answers yet, and InvalidConfig for what is wrong.
    """

    def __init__(self, workspace: Workspace, patience: float = 0.3) -> None:
        """`patience`: seconds to wait for one arm's answer before saying StillLooking."""
        self.workspace, self._patience = workspace, patience
        self._plans: dict[str, Mapping[str, Any]] = {}

    def __call__(self, config: RunConfig) -> dict[str, Draw]:
        """Planned steps, examples and tokens, and the size of each task's data."""
        return {name: Draw(**facts["draw"]) for name, facts in self.plan(config)["tasks"].items()}

    def plan(self, config: RunConfig) -> Mapping[str, Any]:
        """The fields of engine.plan.Plan. A start from another arm, whose run is not there yet, counts for nothing."""
        asked = without_arm(config)
        key = f"{asked.arm} {asked.device}"
        if key not in self._plans:
            document = {"config": asked.model_dump(mode="json"), "patience": self._patience}
            plan = model_client.ask(self.workspace, "/plan", document)
            if plan is None:
                known = len(self._plans)
                raise StillLooking(f"looking at data and encoder, {known} plan{'s' * (known != 1)} known …")
            self._plans[key] = plan
        return self._plans[key]


def check(workspace: Workspace, configs: Iterable[RunConfig]) -> None:
    """Waits for every run's plan. Raises what is wrong with the first that can't train."""
    look = Look(workspace, patience=2.0)
    for config in configs:
        patiently(partial(look.plan, config))


def patiently(answer: Callable[[], Answer]) -> Answer:
    """Waits for an answer that needs looks. Raises what `answer` raises, and TandemError after CHECK_SECONDS."""
    latest = time.monotonic() + CHECK_SECONDS
    while True:
        try:
            return answer()
        except (StillLooking, ModelServerAway) as error:
            if time.monotonic() > latest:
                words = f"data and encoder could not be checked within {CHECK_SECONDS:.0f} seconds. Try again."
                raise TandemError(words) from error
            time.sleep(0.2)
