"""From runs in the store to verdicts: what counts, what is left out, what is refused or named."""

from __future__ import annotations

import numpy as np
import pytest

from mtl_core.config.run import parse
from mtl_core.config.study import Arm, Comparison, StudyConfig
from mtl_core.jobs import control
from mtl_core.jobs.studies import more_seeds
from mtl_core.statistics import LookPlan, compare_arms, holm
from mtl_core.store import scores as stored_scores
from mtl_core.store import vectors
from mtl_core.store.studies import Study
from mtl_core.store.workspace import Workspace
from mtl_core.studies import describe, sentences
from mtl_core.studies.judge import Judged, judge
from mtl_core.studies.single_task import baselines
from mtl_core.studies.unpaired import unpaired
from tests import builders
from tests.studies.building import drawn, pair, pair_config, study_with_runs

EVEN = drawn({"sst2 alone": 0.8, "sst2 + mnli": 0.85})


def only(workspace: Workspace, study: Study) -> Judged:
    [found] = judge(workspace, study)
    return found


def test_a_verdict_is_that_of_the_scores_in_the_store(workspace: Workspace) -> None:
    study = pair(workspace, seeds=(1, 2, 3))
    found = only(workspace, study)
    with workspace.write() as index:
        arrays = []
        for arm in ("sst2 alone", "sst2 + mnli"):
            ids = [study.runs[arm][seed] for seed in (1, 2, 3)]
            of = vectors.of_runs(index, ids, "sst2")
            arrays.append(100 * np.stack([of[run].scores for run in ids]).astype(float))
    assert found.verdict == compare_arms(*arrays)
    assert found.verdict is not None
    assert (found.metric, found.examples, found.paired, found.generated) == ("accuracy", 200, True, True)
    assert found.baseline.scores == pytest.approx(dict(zip((1, 2, 3), arrays[0].mean(axis=1), strict=True)))
    assert found.verdict.effect == pytest.approx(arrays[1].mean() - arrays[0].mean())
    assert found.baseline.seconds == 23.0


def test_a_seed_without_results_is_left_out_and_said(workspace: Workspace) -> None:
    states = {("sst2 alone", 2): "failed", ("sst2 + mnli", 4): "running"}
    study = study_with_runs(workspace, pair_config((1, 2, 3, 4)), EVEN, states)
    found = only(workspace, study)
    assert found.verdict is not None
    assert found.verdict.seeds == (2, 2)
    assert found.baseline.left_out == {2: "failed", 4: unpaired("sst2 + mnli")}
    assert found.treatment.left_out == {4: "running", 2: unpaired("sst2 alone")}
    assert list(found.baseline.runs) == list(found.treatment.runs) == [1, 3]


def test_an_arm_alone_needs_no_partner(workspace: Workspace) -> None:
    study = study_with_runs(workspace, pair_config((1, 2, 3)), EVEN, {("sst2 + mnli", 3): "failed"})
    found = only(workspace, study)
    assert list(found.baseline.scores) == [1, 2]
    side = baselines([found])["sst2 alone"]
    assert sorted(side.scores) == [1, 2, 3]
    assert side.left_out == {}


def test_one_seed_gives_no_verdict_and_says_why(workspace: Workspace) -> None:
    found = only(workspace, pair(workspace, seeds=(5,)))
    assert found.decision == "not enough evidence"
    assert found.verdict is not None
    assert found.verdict.why.startswith("One seed per condition compares two models, not two methods")


def test_deleted_runs_are_named(workspace: Workspace) -> None:
    study = pair(workspace, seeds=(1, 2))
    for run in study.runs["sst2 + mnli"].values():
        control.remove(workspace, run)
    found = only(workspace, study)
    words = "no run of 'sst2 + mnli' has finished yet. Start the study, or resume what has stopped."
    assert (found.verdict, found.refused) == (None, words)
    assert found.treatment.left_out == {1: "deleted", 2: "deleted"}


def test_while_the_first_runs_train_there_is_no_verdict_yet(workspace: Workspace) -> None:
    states = {("sst2 + mnli", 1): "running", ("sst2 + mnli", 2): "queued"}
    study = study_with_runs(workspace, pair_config((1, 2)), EVEN, states)
    found = only(workspace, study)
    assert (found.decision, found.refused) == (
        "no verdict yet",
        "no run of 'sst2 + mnli' has finished yet: they wait or train.",
    )
    assert sentences.answer([found]) == "… no verdict yet"
    assert (
        describe.comparison(found, study.config)["decision"] == "not enough evidence"
    )  # of the four words that it may be
    stopped = study_with_runs(
        workspace, pair_config((3, 4)), EVEN, {("sst2 + mnli", seed): "stopped" for seed in (3, 4)}
    )
    assert only(workspace, stopped).decision == "not enough evidence"


def test_arms_scored_on_other_examples_are_refused(workspace: Workspace) -> None:
    def scores(arm: str, task: str, seed: int) -> list[float]:
        return [1.0, 0.0] * (10 if arm == "sst2 alone" else 12)

    found = only(workspace, study_with_runs(workspace, pair_config(), scores))
    assert found.verdict is None
    assert found.refused == (
        "the runs of 'sst2 alone' and 'sst2 + mnli' were scored on different dev examples: the data has changed in "
        "between. Delete the older runs, and start the study again."
    )


def test_no_seed_in_common(workspace: Workspace) -> None:
    states = {("sst2 alone", 1): "failed", ("sst2 + mnli", 2): "failed"}
    found = only(workspace, study_with_runs(workspace, pair_config((1, 2)), EVEN, states))
    assert found.refused == "'sst2 alone' and 'sst2 + mnli' have finished with no seed in common yet."


def test_what_differs_beside_the_method_is_named(workspace: Workspace) -> None:
    config = pair_config()
    other = config.arms[1].config.model_copy(update={"precision": "bf16", "learning_rate": 1e-4, "epochs": 2.0})
    arms = (config.arms[0], Arm(name="sst2 + mnli", config=other))
    study = study_with_runs(workspace, config.model_copy(update={"arms": arms}), EVEN)
    found = only(workspace, study)
    assert found.verdict is not None
    assert found.confounds == ("learning rate 1e-4 against 5e-5", "precision bf16 against fp32")


def test_other_training_data_is_named(workspace: Workspace) -> None:
    study = pair(workspace)
    for arm, print_ in (("sst2 alone", "aaaa"), ("sst2 + mnli", "bbbb")):
        for run in study.runs[arm].values():
            folder = workspace.run(run)
            report = folder.read_json(folder.report)
            folder.write_json(folder.report, {**report, "facts": {"data": {"sst2": {"fingerprint": print_}}}})
    assert only(workspace, study).confounds == ("other examples (data fingerprint bbbb against aaaa)",)


def test_an_arm_against_itself_is_not_paired(workspace: Workspace) -> None:
    alone = pair_config().arms[0]
    twin = Arm(name="again", config=alone.config, seed_shift=1000)
    compared = Comparison(target="sst2", baseline="sst2 alone", treatment="again")
    config = StudyConfig(name="Itself?", arms=(alone, twin), comparisons=(compared,))
    found = only(workspace, study_with_runs(workspace, config, drawn({"sst2 alone": 0.8, "again": 0.8})))
    assert not found.paired
    assert found.verdict is not None
    assert not found.verdict.paired_seeds
    assert found.decision in ("practically equal", "not enough evidence")


def two_treatments() -> StudyConfig:
    """The pair, and soft sharing beside it, each against sst2 alone."""
    base = pair_config()
    third = Arm(name="soft", config=base.arms[1].config.model_copy(update={"sharing": "soft"}))
    compared = tuple(
        Comparison(target="sst2", baseline="sst2 alone", treatment=name) for name in ("sst2 + mnli", "soft")
    )
    return base.model_copy(update={"arms": (*base.arms, third), "comparisons": compared})


def test_verdicts_shown_together_are_adjusted_together(workspace: Workspace) -> None:
    config = two_treatments()
    accuracies = {"sst2 alone": 0.8, "sst2 + mnli": 0.82, "soft": 0.86}
    study = study_with_runs(workspace, config, drawn(accuracies))
    together = judge(workspace, study)
    apart = [
        only(
            workspace,
            Study(study.id, study.created, config.model_copy(update={"comparisons": (one,)}), study.runs),
        )
        for one in config.comparisons
    ]
    alone = [one.verdict for one in apart if one.verdict]
    assert [one.verdict.p_value for one in together if one.verdict] == [one.p_value for one in holm(alone)]
    assert [one.verdict.effect for one in together if one.verdict] == [one.effect for one in alone]


def test_a_study_that_has_not_started(workspace: Workspace) -> None:
    builders.run(workspace)
    study = study_with_runs(
        workspace, pair_config(), EVEN, {(a, s): "not started" for a in EVEN_ARMS for s in (1, 2, 3)}
    )
    found = only(workspace, study)
    assert found.refused.startswith("no run of 'sst2 alone' has finished yet.")
    assert found.confounds == ()


EVEN_ARMS = ("sst2 alone", "sst2 + mnli")


def numbers(workspace: Workspace, seeds: tuple[int, ...]) -> Study:
    """A study of a task whose main metric is no mean of scores: the treatment's numbers are nearer to the gold ones."""
    arms = tuple(
        Arm(name=name, config=parse({"tasks": tasks, "sharing": sharing}), baseline=name == "alone")
        for name, tasks, sharing in (("alone", "stsb", "single"), ("with sst2", "stsb,sst2", "hard"))
    )
    asked = (Comparison(target="stsb", baseline="alone", treatment="with sst2", match="target_updates"),)
    config = StudyConfig(name="Numbers", seeds=seeds, arms=arms, comparisons=asked)

    def reached(arm: str, task: str, seed: int) -> list[float]:
        draw = np.random.default_rng([seed, len(arm), len(task)])
        return (1 - np.abs(draw.normal(0, 0.3 if arm == "alone" else 0.1, 60))).clip(0, 0.999).tolist()

    return study_with_runs(workspace, config, reached)


def test_a_metric_that_is_no_mean_is_judged_by_its_contributions(workspace: Workspace) -> None:
    judged = only(workspace, numbers(workspace, (1, 2, 3)))
    assert (judged.metric, judged.refused) == ("pearson", "")
    assert judged.verdict is not None
    with workspace.read() as index:
        for side in (judged.baseline, judged.treatment):
            for seed, run in side.runs.items():
                assert side.scores[seed] == pytest.approx(100 * stored_scores.of_run(index, run.id)["stsb"]["pearson"])
    assert judged.verdict.effect == pytest.approx(
        np.mean([*judged.treatment.scores.values()]) - np.mean([*judged.baseline.scores.values()])
    )
    assert judged.verdict.decision == "helps"


def test_runs_that_were_scored_by_another_metric_are_not_called_by_this_one(workspace: Workspace) -> None:
    study = numbers(workspace, (1, 2))
    with workspace.write() as index:
        index.execute("UPDATE vectors SET metric = 'accuracy' WHERE task = 'stsb'")
    judged = only(workspace, study)
    assert judged.verdict is None
    assert judged.refused == (
        "some runs were scored by accuracy, and the task's main metric is Pearson correlation. Train them again."
    )


def test_before_all_seeds_of_a_fixed_study_are_there_a_verdict_is_provisional(workspace: Workspace) -> None:
    states = {("sst2 + mnli", 3): "running"}
    found = only(workspace, study_with_runs(workspace, pair_config((1, 2, 3)), EVEN, states))
    assert (found.provisional, found.next_look, found.settled) == (True, 3, False)
    assert sentences.decision_text(found).endswith("(provisional)")
    ended = study_with_runs(workspace, pair_config((4, 5, 6)), EVEN, {("sst2 + mnli", 6): "failed"})
    assert not only(workspace, ended).provisional  # no more will come: this is the one verdict


def test_a_study_that_grows_beyond_its_plan_keeps_its_verdict(workspace: Workspace) -> None:
    planned = study_with_runs(workspace, pair_config((1, 2, 3)), EVEN)
    before = only(workspace, planned).verdict
    grown = more_seeds(pair_config((1, 2, 3)), 2)
    assert (grown.seeds, grown.looks) == ((1, 2, 3, 4, 5), (3,))
    after = only(workspace, study_with_runs(workspace, grown, EVEN))
    assert before is not None
    assert after.verdict == before
    assert after.later is not None
    assert after.later.seeds == (5, 5)


def test_a_study_with_looks_spends_alpha_over_them(workspace: Workspace) -> None:
    config = pair_config((1, 2, 3)).model_copy(update={"looks": (3, 5, 10)})
    found = only(workspace, study_with_runs(workspace, config, EVEN))
    assert found.verdict is not None
    assert (found.provisional, found.next_look) == (False, 5)
    assert found.verdict.level == LookPlan((3, 5, 10)).level(3, 0.05)
    plain = only(workspace, study_with_runs(workspace, pair_config((1, 2, 3)), EVEN)).verdict
    assert plain is not None
    assert found.verdict.p_value > plain.p_value
    assert more_seeds(config, 2).looks == (3, 5, 10)


def test_comparisons_without_a_verdict_count_among_the_others(workspace: Workspace) -> None:
    config = two_treatments()
    waiting = {("soft", seed): "queued" for seed in config.seeds}
    study = study_with_runs(workspace, config, drawn({"sst2 alone": 0.8, "sst2 + mnli": 0.83, "soft": 0.8}), waiting)
    found, missing = judge(workspace, study)
    assert missing.verdict is None
    alone = only(
        workspace,
        Study(study.id, study.created, config.model_copy(update={"comparisons": config.comparisons[:1]}), study.runs),
    )
    assert found.verdict is not None
    assert alone.verdict is not None
    assert found.verdict.p_value == pytest.approx(min(1.0, 2 * alone.verdict.p_value))


def test_a_run_that_did_not_train_is_named_and_judged_without(workspace: Workspace) -> None:
    def scores(arm: str, task: str, seed: int) -> list[float]:
        if arm == "sst2 + mnli" and seed == 2:
            return [1.0, 0.0] * 100  # one label for all
        draw = np.random.default_rng([seed, len(arm)])
        return (draw.random(200) < 0.9).astype(float).tolist()

    found = only(workspace, study_with_runs(workspace, pair_config((1, 2, 3, 4)), scores))
    [failed] = found.failed
    assert (failed.arm, failed.seed, failed.score) == ("sst2 + mnli", 2, 50.0)
    assert found.without is not None
    assert found.without.seeds == (3, 3)
    assert found.verdict is not None
    assert found.verdict.effect < found.without.effect - 5
