"""The verdict of a study that is looked at while it grows, and what was seen between looks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from mtl_core.statistics.sequential import LookPlan
from mtl_core.statistics.verdict import Verdict, compare_arms, decide


@dataclass(frozen=True, slots=True)
class Looked:
    """A comparison over the looks that its seeds allow."""

    plan: LookPlan
    verdict: Verdict
    """Of the last planned look that is reached, its p values over all looks until there. Before the first look: of the
    seeds that there are, and provisional."""
    provisional: bool
    """True before the first planned look: it may still change, and has spent nothing of alpha."""
    later: Verdict | None
    """Of all seeds, where more are there than at the last look: provisional."""
    next_look: int | None
    """Seeds per condition at the next planned look, None after the last."""

    @property
    def futile(self) -> bool:
        """True where a study is unlikely to end with a verdict: from the second look on, more than twice as many seeds
        are needed as are planned."""
        verdict = self.verdict
        if self.provisional or verdict.why or verdict.decision != "not enough evidence" or self.next_look is None:
            return False
        late = len(self.plan.reached(min(verdict.seeds))) > 1
        return late and (verdict.seeds_needed is None or verdict.seeds_needed > 2 * self.plan.most)


def compare_over_looks(baseline: ArrayLike, treatment: ArrayLike, plan: LookPlan, **settings: Any) -> Looked:
    """Compares two arms, (S, E) each, at each planned look: after the first 3 seeds, the first 4, and so on.

    Takes the settings of `compare_arms`, and raises what it raises. The verdict's interval has the level of its look
    (a repeated confidence interval): it holds at all looks together.
    """
    first, second = np.asarray(baseline, dtype=np.float64), np.asarray(treatment, dtype=np.float64)
    seeds = min(len(first), len(second))
    alpha = settings.get("alpha", 0.05)
    settings = {**settings, "level": plan.level(seeds, alpha)}
    reached = plan.reached(seeds)
    whole = compare_arms(first, second, **settings)
    if not reached:
        return Looked(plan, _decided(whole, alpha), True, None, plan.next_after(seeds))
    at_looks = [
        whole if look == seeds else compare_arms(first[:look], second[:look], **_at(look, reached, settings))
        for look in reached
    ]
    later = _decided(whole, alpha) if reached[-1] < seeds else None
    return Looked(plan, _over_looks(plan, at_looks), False, later, plan.next_after(seeds))


def _at(look: int, reached: Sequence[int], settings: dict[str, Any]) -> dict[str, Any]:
    """The settings at a look; its power is only of interest at the last."""
    return {**settings, "power": look == reached[-1] and settings.get("power", True)}


def _over_looks(plan: LookPlan, verdicts: Sequence[Verdict]) -> Verdict:
    """The last of the verdicts, with p values over all of them that point to the same side."""
    last = verdicts[-1]
    if last.why:
        return last
    sides = [one.p_value / 2 if one.gain * last.gain >= 0 else 1.0 for one in verdicts]
    p_value = min(1.0, 2 * plan.p_value(sides))
    return _with_p_values(last, p_value, plan.p_value([one.p_equivalent for one in verdicts]))


def _decided(verdict: Verdict, alpha: float) -> Verdict:
    """The verdict of seeds between looks, its p values scaled so that alpha stands for the level of its interval."""
    if verdict.why:
        return verdict
    scale = alpha / verdict.level
    return _with_p_values(verdict, min(1.0, verdict.p_value * scale), min(1.0, verdict.p_equivalent * scale))


def _with_p_values(verdict: Verdict, p_value: float, p_equivalent: float) -> Verdict:
    decision = decide(verdict.gain, p_value, p_equivalent, verdict.alpha)
    return replace(verdict, p_value=p_value, p_equivalent=p_equivalent, decision=decision)
