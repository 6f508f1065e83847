"""How far a study that runs by itself has come: a part of the study's file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Trial:
    """A run with settings that the tuning of an arm tries."""

    number: int
    """From 1; the first has the settings that were designed."""
    values: dict[str, Any]
    """By setting: "learning_rate", "balancing_settings.c"."""
    run: str
    """Its run's id."""
    loss: float | None = None
    """Of the arm's targets on the validation split, at the checkpoint that the run chose, in nats; lower is better."""
    seconds: float | None = None
    """Training time."""
    failed: str = ""
    """Why it has no loss, once that is certain; "" for one that has or may yet have."""

    @property
    def ended(self) -> bool:
        """True once it counts as a part of the budget that is used."""
        return self.loss is not None or bool(self.failed)


@dataclass(frozen=True, slots=True)
class Automation:
    """The state of a study's automation; that of a study without any is all defaults."""

    going: bool = False
    """True while the study queues by itself what comes next. False: not started, paused, or nothing is left to do."""
    trials: dict[str, tuple[Trial, ...]] = field(default_factory=dict)
    """By arm."""
    settled: dict[str, str] = field(default_factory=dict)
    """Comparisons that get no more seeds, by key, and why."""
    ended: str = ""
    """Why Auto has stopped adding seeds, "" while it has not."""
    replanned: str = ""
    """Said where looks were planned after a verdict had been seen, "" else."""
    resumed: tuple[str, ...] = ()
    """Runs that were lost and resumed without being asked; each is, once."""

    def with_trials(self, arm: str, trials: tuple[Trial, ...]) -> dict[str, tuple[Trial, ...]]:
        """All trials, with those of one arm replaced."""
        return {**self.trials, arm: trials}


def document(automation: Automation) -> dict[str, Any]:
    """As JSON."""
    return asdict(automation)


def from_document(found: Mapping[str, Any]) -> Automation:
    """Out of JSON; fields that are missing have their defaults. Raises TypeError or ValueError for what is none."""
    values = dict(found)
    trials = {str(arm): tuple(Trial(**one) for one in own) for arm, own in values.pop("trials", {}).items()}
    return Automation(**{**values, "trials": trials, "resumed": tuple(values.get("resumed", ()))})
