"""Auto: which comparisons of a study need more seeds, how many come next, why there are no more. Changes nothing."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from math import inf, isfinite
from statistics import fmean
from typing import TYPE_CHECKING

from mtl_core.config.study import Arm, Comparison, StudyConfig
from mtl_core.display.verdicts import PENDING, UNDECIDED
from mtl_core.store.studies import Study
from mtl_core.studies.members import Member

if TYPE_CHECKING:
    from mtl_core.studies.judge import Judged  # brings scipy


def settled(one: Judged) -> bool:
    """True if more seeds change nothing: there is a verdict, no hope of one, no look left, or it can't be judged."""
    return one.settled or unjudgeable(one)


def unjudgeable(one: Judged) -> bool:
    """True if both arms have scores of the same seeds and still can't be compared: other data, another metric."""
    return one.verdict is None and bool(one.baseline.scores) and bool(one.treatment.scores)


def next_look(config: StudyConfig, undecided: Sequence[Judged]) -> int | None:
    """The number of seeds to go on to: the nearest planned look that a comparison still has ahead, never more than the
    study may have. None: it has them all."""
    assert config.auto is not None
    present, most = len(config.seeds), config.auto.most_seeds
    asked = [one.next_look for one in undecided if one.next_look is not None and one.next_look > present]
    planned = [look for look in config.looks if look > present]
    return min([*asked, *planned, most]) if present < most else None


def key(comparison: Comparison) -> str:
    """Tells a comparison from the others of its study."""
    return f"{comparison.target}: {comparison.treatment} / {comparison.baseline}"


def arms_of(config: StudyConfig, undecided: Sequence[Judged]) -> list[str]:
    """Arms that need more seeds, pair by pair, the comparison that is nearest to a verdict first; an arm that
    another goes on from stands before it."""
    found: list[str] = []
    for one in sorted(undecided, key=_distance):
        for name in (one.comparison.baseline, one.comparison.treatment):
            found += [before for before in _chain(config.arm(name), config) if before not in found]
    return found


def _chain(arm: Arm, config: StudyConfig) -> list[str]:
    """The arm, after those that it goes on from or merges."""
    before = [name for other in (*arm.merges, arm.after) if other for name in _chain(config.arm(other), config)]
    return [*dict.fromkeys(before), arm.name]


def _distance(one: Judged) -> float:
    """How far a comparison is from a verdict: the smaller of its p values."""
    known = [p for p in (one.verdict.p_value, one.verdict.p_equivalent) if isfinite(p)] if one.verdict else []
    return min(known, default=inf)


def grown(config: StudyConfig, arms: Collection[str], seeds: int) -> StudyConfig:
    """The study with so many seeds, the lowest free ones, for those arms; the others keep what they have."""
    new = config.more_seeds(seeds - len(config.seeds))
    kept = [
        arm.model_copy(update={"seeds": None if arm.name in arms else arm.seeds or config.seeds}) for arm in config.arms
    ]
    return config.model_copy(update={"seeds": new, "arms": tuple(kept)})


def seconds_used(listed: Sequence[Member]) -> float:
    """Training time of the study's runs so far, those that were taken over too."""
    known = {one.run.id: one.run.seconds or 0.0 for one in listed if one.run}
    return sum(known.values())


def seconds_of_more(listed: Sequence[Member], arms: Collection[str], seeds: int) -> float:
    """What so many seeds more of these arms take, by the mean of their finished runs; 0 for an arm without one."""
    taken: dict[str, list[float]] = {}
    for one in listed:
        if one.arm in arms and one.done and one.run and one.run.seconds:
            taken.setdefault(one.arm, []).append(one.run.seconds)
    return seeds * sum(fmean(values) for values in taken.values())


def why_settled(one: Judged, seeds: int) -> str:
    """ "helps after 4 seeds", "futile: would need about 40 seeds", "can't be judged"."""
    if unjudgeable(one):
        return f"can't be judged: {one.refused}"
    if one.decision in (UNDECIDED, PENDING):
        return f"futile{_needed(one)}" if one.looked and one.looked.futile else f"not settled after {seeds} seeds"
    return f"{one.decision} after {seeds} seeds"


def _needed(one: Judged) -> str:
    needed = one.verdict.seeds_needed if one.verdict else None
    return f": would need about {needed} seeds" if needed else ": no number of seeds would tell on so few examples"


def why_ended(study: Study, reasons: Mapping[str, str]) -> str:
    """Of a study whose comparisons are all settled: "settled after 4 of 10 seeds"; "futile: …" where none is."""
    config = study.config
    assert config.auto is not None
    if any(why.startswith("wins") for why in reasons.values()):
        return f"one is left after {len(config.seeds)} of {config.auto.most_seeds} seeds, and is settled"
    vain = [why for why in reasons.values() if why.startswith(("futile", "can't", "not settled"))]
    if vain and len(vain) == len(reasons):
        had = f"{len(config.seeds)} of {config.auto.most_seeds} seeds"
        words = f"none of {len(vain)} comparisons is settled after {had}"
        return words if len(set(vain)) > 1 else vain[0]
    words = f"settled after {len(config.seeds)} of {config.auto.most_seeds} seeds"
    return f"{words}, but for {len(vain)} of {len(reasons)} comparisons" if vain else words


def sentence(study: Study) -> str:
    """The state of Auto, "" for a study without it."""
    auto = study.config.auto
    if auto is None:
        return ""
    limit = f"at most {auto.most_seeds} seeds" + (f" or {auto.hours:g} h of training" if auto.hours else "")
    caution = f" Its {study.automation.replanned}." if study.automation.replanned else ""
    if study.automation.ended:
        return f"Auto ended: {study.automation.ended}.{caution}"
    if not study.automation.going:
        return f"Auto is not running ({limit}).{caution}"
    looks = ", ".join(map(str, study.config.looks))
    open_ones = len(study.config.comparisons) - len(study.automation.settled)
    some = f"{open_ones} of {len(study.config.comparisons)} comparisons are open" if open_ones > 1 else "it is open"
    return f"Auto adds seeds until it is known, {limit}: {some}; looks after {looks} seeds.{caution}"
