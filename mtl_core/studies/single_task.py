"""The tasks by themselves, as all comparisons of a study know them together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from mtl_core.studies.judge import Judged, Side


def baselines(judged: Sequence[Judged]) -> dict[str, Side]:
    """Each baseline by its arm, with every seed that has finished; the comparisons are of one target."""
    sides: dict[str, Side] = {}
    for one in judged:
        side = _whole(one.baseline)
        sides[side.arm] = _both(sides[side.arm], side) if side.arm in sides else side
    return sides


def _whole(side: Side) -> Side:
    """With the seeds, too, that the other arm has not: by itself an arm needs no partner."""
    left_out = {seed: why for seed, why in side.left_out.items() if seed not in side.apart}
    return replace(side, scores={**side.scores, **side.apart}, left_out=left_out, apart={})


def _both(side: Side, other: Side) -> Side:
    scores = {**side.scores, **other.scores}
    left_out = {seed: why for seed, why in {**side.left_out, **other.left_out}.items() if seed not in scores}
    return replace(side, runs={**side.runs, **other.runs}, scores=scores, left_out=left_out)
