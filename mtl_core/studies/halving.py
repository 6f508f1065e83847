"""Successive halving over the comparisons of a study: which leave the race at a look, and why.

Each look keeps the better half by effect; what is settled without helping leaves too. The last one in the race gets
seeds until its own verdict is settled. Verdicts are those of the whole family, so the winner's holds after the race.

Source: Jamieson & Talwalkar 2016, arxiv.org/abs/1502.07943. Differs from it: looks are those of the sequential test,
and seeds are added to what stays, instead of steps.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil, inf
from typing import TYPE_CHECKING

from mtl_core.display.verdicts import signed
from mtl_core.store.studies import Study
from mtl_core.studies import auto

if TYPE_CHECKING:
    from mtl_core.studies.judge import Judged  # brings scipy

WINS = "wins"
DROPPED = "dropped"


def stopped(judged: Sequence[Judged], known: Mapping[str, str], seeds: int) -> dict[str, str]:
    """Comparisons that get no more seeds, by key, and why; `known` are those of earlier looks."""
    reasons = dict(known)
    racing = [one for one in judged if auto.key(one.comparison) not in reasons]
    for one in racing:
        if auto.settled(one) and one.decision != "helps":
            reasons[auto.key(one.comparison)] = auto.why_settled(one, seeds)
    for target in dict.fromkeys(one.comparison.target for one in racing):
        own = [one for one in racing if one.comparison.target == target]
        left = [one for one in own if auto.key(one.comparison) not in reasons]
        reasons |= _halved(left, seeds) if len(left) > 1 else _won(left, seeds)
    return reasons


def _halved(left: Sequence[Judged], seeds: int) -> dict[str, str]:
    """All but the better half."""
    ranked = sorted(left, key=_effect, reverse=True)
    best, worse = ranked[0], ranked[ceil(len(ranked) / 2) :]
    ahead = f"{best.comparison.treatment} ({_points(best)})"
    return {auto.key(one.comparison): f"{DROPPED} after {seeds} seeds: {_points(one)}, behind {ahead}" for one in worse}


def _won(left: Sequence[Judged], seeds: int) -> dict[str, str]:
    """The last in the race, once its own verdict is settled."""
    return {
        auto.key(one.comparison): f"{WINS}: {auto.why_settled(one, seeds)}, {_points(one)}"
        for one in left
        if auto.settled(one)
    }


def _effect(one: Judged) -> float:
    return one.verdict.effect if one.verdict else -inf


def _points(one: Judged) -> str:
    return f"{signed(one.verdict.effect)} points" if one.verdict else "no score"


def words(study: Study) -> list[str]:
    """What became of each comparison of a race, the winner first: "sst2 + cola · hard: dropped after 3 seeds: …"."""
    if study.config.auto is None or not study.config.auto.halve:
        return []
    settled = study.automation.settled
    found = [
        f"{one.treatment}, for {one.target}: {settled[auto.key(one)]}."
        for one in study.config.comparisons
        if auto.key(one) in settled
    ]
    return sorted(found, key=lambda text: f": {WINS}: " not in text)
