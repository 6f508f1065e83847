"""What the Studies page says of a study's plan: when it was sealed, and what was changed since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mtl_core.store.studies import Study
from mtl_core.studies import seal_words


@dataclass(frozen=True, slots=True)
class SealedPlan:
    """A study's seal in words."""

    sealed: str
    """ "Plan sealed 2026-11-26 10:51 UTC (3f0c9a1b)", or why it is not."""
    hash: str
    """Of the plan, "" without a seal."""
    changed: Sequence[str]
    """All that was changed since."""
    earlier: str
    """Runs that are older than the plan, "" for none."""


def of_study(study: Study) -> SealedPlan:
    """Takes no look at any run."""
    seal = study.seal
    return SealedPlan(
        sealed=seal_words.sealed_text(study),
        hash=seal.hash if seal else "",
        changed=seal_words.changed(study),
        earlier=seal_words.earlier_runs(seal.entries) if seal else "",
    )
