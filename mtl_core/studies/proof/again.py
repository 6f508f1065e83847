"""Verdicts computed again from the scores in a report's record, and held against those that it states."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mtl_core import metrics
from mtl_core.config.study import Comparison, StudyConfig
from mtl_core.display.verdicts import interval_text, signed
from mtl_core.metrics import Metric
from mtl_core.statistics import Clusters, Verdict
from mtl_core.studies import sentences
from mtl_core.studies.evidence import Evidence, weigh
from mtl_core.studies.judge import Judged, Side, adjusted
from mtl_core.studies.proof.packing import unpacked
from mtl_core.studies.proof.record import NUMBERS, POWER, plain, stated

Scores = NDArray[np.float64]
SAME = 1e-6
"""Numbers that differ by no more than this, or this share of them, agree."""


@dataclass(frozen=True, slots=True)
class Again:
    """A comparison, computed again."""

    judged: Judged
    faults: tuple[str, ...]
    """Where it differs from what the record states."""

    @property
    def word(self) -> str:
        """Sign and word, as the page has them."""
        return sentences.decision_text(self.judged)

    @property
    def effect(self) -> str:
        """The effect with its interval, "" without a verdict."""
        return " ".join(self.said)

    @property
    def said(self) -> tuple[str, ...]:
        """Numbers that the page must say beside the verdict."""
        verdict = self.judged.verdict
        if verdict is None or verdict.why:
            return ()
        return (f"{signed(verdict.effect)} points", interval_text(verdict.low, verdict.high))


def scores_of(group: Mapping[str, Any], run: str) -> Scores:
    """What each dev example contributed in a run, (examples,). Raises KeyError or ValueError for a broken record."""
    return unpacked(group["runs"][run], group["count"])


def verdicts(record: Mapping[str, Any], config: StudyConfig) -> list[Again]:
    """All comparisons, adjusted for their number. Raises KeyError, TypeError or ValueError for a broken record."""
    wanted = [(one.target, one.baseline, one.treatment) for one in config.comparisons]
    found = [(one["target"], one["baseline"], one["treatment"]) for one in record["comparisons"]]
    if found != wanted:
        raise ValueError("its comparisons are others than those of the study")
    pairs = zip(record["comparisons"], config.comparisons, strict=True)
    weighed = [_weighed(one, comparison, record, config) for one, comparison in pairs]
    judged = adjusted([one for one, _ in weighed])
    return [
        Again(one, tuple(_differences(told, one, evidence)))
        for told, one, (_, evidence) in zip(record["comparisons"], judged, weighed, strict=True)
    ]


def answer(made: Sequence[Again]) -> str:
    """The study's verdicts in a line."""
    return sentences.answer([one.judged for one in made]) if made else ""


def _weighed(
    told: Mapping[str, Any], comparison: Comparison, record: Mapping[str, Any], config: StudyConfig
) -> tuple[Judged, Evidence | None]:
    """A comparison with its verdict by itself; without one where the report has none."""
    left_out = [{int(seed): why for seed, why in side.items()} for side in told["left_out"]]
    names = (comparison.baseline, comparison.treatment)
    sides = [Side(arm, {}, {}, missing) for arm, missing in zip(names, left_out, strict=True)]
    judged = Judged(comparison, told["metric"], sides[0], sides[1], True, 0, None)
    if told["stated"] is None:
        return judged, None
    metric = metrics.known(told["metric"])
    if metric is None:
        raise ValueError(f"the metric '{told['metric']}' is not known to this installation")
    group = record["scores"][told["examples"]]
    paired = config.pairs_seeds(comparison)
    if group["task"] != comparison.target or (paired and told["seeds"][0] != told["seeds"][1]):
        raise ValueError(f"the scores of a comparison are those of {group['task']}, or of unlike seeds")
    arms = [_arm(group, told, side, metric) for side in (0, 1)]
    evidence = weigh(
        *arms,
        config=config,
        metric=metric,
        paired=paired,
        waiting=list(told["looks"]) == [len(config.seeds)],
        clusters=[Clusters(one["name"], unpacked(one["codes"], group["count"])) for one in group["clusters"]],
        floor=told["floor"],
    )
    looked = evidence.looked
    judged = replace(judged, verdict=looked.verdict, looked=looked, examples=group["count"], without=evidence.without)
    return judged, evidence


def _arm(group: Mapping[str, Any], told: Mapping[str, Any], side: int, metric: Metric) -> Scores:
    """(seeds, examples) in the unit in which the metric is shown."""
    if len(told["seeds"][side]) != len(told["runs"][side]):
        raise ValueError("a condition has another number of seeds than of runs")
    return metric.scale * np.stack([scores_of(group, run) for run in told["runs"][side]])


def _differences(told: Mapping[str, Any], one: Judged, evidence: Evidence | None) -> Iterator[str]:
    """What the record states otherwise than its scores give it."""
    if evidence is None or one.verdict is None:
        return
    if one.looked is None or list(told["looks"]) != list(one.looked.plan.looks):
        yield f"it was judged with looks at {told['looks']} seeds, which are not the study's"
    if told["stated"]["provisional"] != one.provisional:
        yield "it is provisional, and not stated so" if one.provisional else "it is stated as provisional, and is not"
    yield from _numbers("", told["stated"], one.verdict)
    others = (("later", "of all seeds: ", one.later), ("without", "without runs that did not train: ", one.without))
    for key, name, verdict in others:
        if (told[key] is None) != (verdict is None):
            yield f"{name}stated and computed verdicts are not both there"
        elif verdict is not None:
            yield from _numbers(name, told[key], verdict)


def _numbers(name: str, told: Mapping[str, Any], verdict: Verdict) -> Iterator[str]:
    if told["decision"] != verdict.decision:
        yield f"{name}stated '{told['decision']}', and the scores give '{verdict.decision}'"
    if list(told["seeds"]) != list(verdict.seeds) or told["clusters"] != stated(verdict)["clusters"]:
        yield f"{name}seeds or clusters are not those of the scores"
    for field in (*NUMBERS, *POWER):
        ours, theirs = plain(getattr(verdict, field)), told[field]
        if (ours is None) != (theirs is None) or (
            ours is not None and abs(ours - float(theirs)) > SAME * (1 + abs(ours))
        ):
            yield f"{name}{field.replace('_', ' ')} is stated as {_short(theirs)}, and the scores give {_short(ours)}"


def _short(value: float | None) -> str:
    return "none" if value is None else f"{value:.6g}"
