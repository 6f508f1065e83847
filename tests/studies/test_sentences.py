from __future__ import annotations

from dataclasses import replace
from math import nan

import pytest

from mtl_core.config.study import Arm, Comparison, StudyConfig
from mtl_core.statistics import Looked, LookPlan, compare_arms
from mtl_core.statistics.clusters import ClusterCount
from mtl_core.statistics.verdict import FinerInterval
from mtl_core.store.workspace import Workspace
from mtl_core.studies import judge, sentences
from mtl_core.studies.judge import FailedRun, Judged, Side
from tests.studies import building

BASELINE, TREATMENT = Side("sst2 alone", {}, {1: 80.0}, {}), Side("sst2 + mnli", {}, {1: 81.0}, {})
TOLD = compare_arms([[0, 100, 0], [0, 100, 100]], [[0, 100, 100], [100, 100, 100]])


def judged(**values: object) -> Judged:
    comparison = Comparison(target="sst2", baseline="sst2 alone", treatment="sst2 + mnli")
    verdict = replace(TOLD, **{"effect": 0.84, "low": 0.21, "high": 1.44, **values})
    return Judged(comparison, "accuracy", BASELINE, TREATMENT, True, 872, verdict)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (
            {"decision": "helps"},
            "Better by more than seeds and examples differ by chance: +0.8 points, 95 % interval [+0.2, +1.4].",
        ),
        (
            {"decision": "helps", "p_equivalent": 0.01},
            "Better by more than seeds and examples differ by chance: +0.8 points, 95 % interval [+0.2, +1.4]. "
            "It is significant, but smaller than the margin.",
        ),
        (
            {"decision": "hurts", "effect": -0.84, "low": -1.4, "high": -0.2},
            "Worse by more than seeds and examples differ by chance: −0.8 points, 95 % interval [−1.4, −0.2].",
        ),
        (
            {"decision": "practically equal", "low": -0.2, "high": 0.3, "effect": 0.05},
            "Any difference is smaller than the margin of 0.5 points: +0.1 points, 95 % interval [−0.2, +0.3].",
        ),
        (
            {"decision": "not enough evidence", "low": -0.2},
            "Seeds and examples differ too much by chance to tell: +0.8 points, 95 % interval [−0.2, +1.4].",
        ),
        (
            {"decision": "not enough evidence"},
            "Seeds and examples differ too much by chance to tell: +0.8 points, 95 % interval [+0.2, +1.4]. "
            "On its own it would be significant; among the study's other comparisons it may be chance (Holm).",
        ),
        (
            {"decision": "hurts", "effect": -1.0, "low": -1.4, "high": -0.5, "closeness": 0.08},
            "Worse by more than seeds and examples differ by chance: −1.0 points, 95 % interval [−1.4, −0.5]. The "
            "seeds agree more closely than the noise of single answers alone makes them in 9 of 10 studies, so the "
            "interval may be too short by chance: run more seeds.",
        ),
        ({"decision": "not enough evidence", "why": "One seed per condition."}, "One seed per condition."),
    ],
)
def test_every_verdict_has_its_sentence(values: dict[str, object], words: str) -> None:
    assert sentences.sentence(judged(**{"p_equivalent": 0.5, "closeness": 0.5, **values})) == words


def test_a_verdict_on_the_way_says_so() -> None:
    one = judged(p_equivalent=0.5, closeness=0.5)
    assert one.verdict is not None
    early = replace(one, looked=Looked(LookPlan((3,)), one.verdict, True, None, 3))
    words = "Provisional: the first planned verdict is the one with 3 seeds per condition."
    assert sentences.sentence(early) == f"{sentences.sentence(one)} {words}"
    assert sentences.decision_text(early) == f"{sentences.decision_text(one)} (provisional)"


def test_a_study_between_looks_says_what_counts_and_what_comes_next() -> None:
    one = judged(p_equivalent=0.5, closeness=0.5, seeds=(3, 3))
    assert one.verdict is not None
    later = replace(one.verdict, seeds=(4, 4), effect=1.5, low=0.5, high=2.5)
    growing = replace(one, looked=Looked(LookPlan((3, 5, 10)), one.verdict, False, later, 5))
    assert list(sentences.remarks_on_seeds(growing)) == [
        "The verdict is that of the first 3 seeds, as planned. All 4 give +1.5 [+0.5, +2.5], which is provisional "
        "(between planned looks).",
        "It is known: no more seeds are needed."
        if one.verdict.decision != "not enough evidence"
        else "The next planned look is at 5 seeds per condition.",
    ]


def test_a_run_that_did_not_train_is_named_and_left_out_once() -> None:
    one = judged(p_equivalent=0.5, closeness=0.5)
    assert one.verdict is not None
    failed = (FailedRun("sst2 + mnli", 3, 50.9, "no better than a constant answer"),)
    without = replace(one.verdict, decision="not enough evidence", effect=0.2, low=-0.6, high=1.0)
    named = replace(one, looked=Looked(LookPlan((3,)), one.verdict, False, None, None), failed=failed, without=without)
    assert list(sentences.remarks_on_seeds(named)) == [
        "Did not train: seed 3 of 'sst2 + mnli' (50.9, no better than a constant answer).",
        "Without: not enough evidence, +0.2 [\N{MINUS SIGN}0.6, +1.0].",
    ]
    alone = replace(named, without=None)
    assert list(sentences.remarks_on_seeds(alone))[1] == "Too few seeds remain for a verdict without."


def test_clusters_stand_beside_examples() -> None:
    one = judged(p_equivalent=0.5, closeness=0.5)
    assert one.verdict is not None
    counts = (ClusterCount("article", 6, 3.8), ClusterCount("paragraph", 1, 1.0))
    finer = (FinerInterval("paragraph", 1, -0.5, 1.5), FinerInterval("example", 2000, -0.25, 1.25))
    told = replace(one, examples=2000, verdict=replace(one.verdict, clusters=counts, finer=finer))
    assert sentences.examples_text(told) == "2,000 dev examples in 6 articles and 1 paragraph"
    assert told.verdict is not None
    assert sentences.finer(told.verdict) == (
        "over 6 articles (which tell as much as 3.8 of one size); by paragraph [\N{MINUS SIGN}0.5, +1.5], "
        "by example [\N{MINUS SIGN}0.2, +1.2]"
    )
    failed = replace(one, treatment=replace(one.treatment, left_out={3: "failed"}))
    assert sentences.sentence(failed) == sentences.sentence(one)


def test_without_a_verdict_the_reason_is_told() -> None:
    refused = replace(judged(), verdict=None, refused="no run of 'sst2 alone' has finished yet.")
    assert sentences.sentence(refused) == "No run of 'sst2 alone' has finished yet."
    assert sentences.answer([refused]) == "? not enough evidence"


def test_a_real_study_in_words(workspace: Workspace) -> None:
    study = building.pair(workspace, 0.2, dev=400)
    [one] = judge.judge(workspace, study)
    assert sentences.question(study.config, one.comparison) == "Does sst2 get better with mnli?"
    assert sentences.label(study.config, one.comparison) == "sst2: sst2 + mnli"
    assert sentences.compared_with(one) == "sst2 alone, same number of target updates, each seed against the same seed"
    assert sentences.seeds_text(one) == "3 seeds per condition, 400 dev examples"
    assert sentences.answer([one]).startswith("▲ helps · +")
    assert sentences.answer([one, one]) == "▲ helps: 2 of 2"
    assert sentences.left_out(one) == []


def test_an_arm_against_another_is_asked_otherwise() -> None:
    config = building.pair_config()
    third = Arm(name="sst2 + mnli · soft", config=config.arms[1].config.model_copy(update={"sharing": "soft"}))
    comparison = Comparison(target="sst2", baseline="sst2 + mnli", treatment=third.name)
    grown = StudyConfig(name="x", arms=(*config.arms, third), comparisons=(comparison,))
    assert sentences.question(grown, comparison) == "Does 'sst2 + mnli · soft' do sst2 better than 'sst2 + mnli'?"
    assert sentences.label(grown, comparison) == "sst2: sst2 + mnli · soft against sst2 + mnli"


def test_what_the_evidence_allows() -> None:
    told = replace(TOLD, detectable=0.74, effect=0.2, margin=0.5, seeds_needed=9)
    assert sentences.found_with(told) == "an effect of 0.7 points is found in 80 of 100 such studies"
    assert sentences.seeds_needed(told) == "9 per condition find 0.5 points in 80 of 100 such studies"
    assert (
        sentences.seeds_needed(told, 6) == "9 per condition find 0.5 points in 80 of 100 such studies, judged by itself"
    )
    too_few = replace(told, seeds_needed=None)
    words = "no number of seeds finds 0.5 points on so few examples: give more dev examples"
    assert sentences.seeds_needed(too_few) == words
    assert (
        sentences.found_with(replace(told, detectable=nan))
        == sentences.seeds_needed(replace(told, detectable=nan))
        == ""
    )


def test_seeds_that_do_not_count_are_named() -> None:
    side = replace(BASELINE, left_out={2: "failed", 3: "running"})
    assert sentences.left_out(replace(judged(), baseline=side)) == ["sst2 alone: seed 2 (failed), seed 3 (running)"]
    other = replace(judged(), paired=False, verdict=replace(TOLD, seeds=(2, 3)))
    assert sentences.seeds_text(other) == "2 and 3 seeds per condition, 872 dev examples"
    assert sentences.compared_with(other) == "sst2 alone, same number of target updates, with other seeds"
