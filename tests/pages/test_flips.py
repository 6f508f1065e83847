from __future__ import annotations

from streamlit.testing.v1 import AppTest

from mtl_core.config.study import StudyConfig
from mtl_core.store.studies import Study
from mtl_core.store.workspace import Workspace
from tests.pages.conftest import Visit, html, words
from tests.studies.building import pair, pair_config, study_with_runs

BASELINE = ([0, 0, 1, 1, 0, 1], [0, 1, 1, 0, 0, 1])
TREATMENT = ([1, 1, 0, 1, 0, 1], [1, 1, 0, 0, 1, 1])


def toy(workspace: Workspace) -> Study:
    """Two seeds per condition, six examples: the same as in tests/studies/test_flips.py."""

    def scores(arm: str, task: str, seed: int) -> list[float]:
        side = BASELINE if arm == "sst2 alone" else TREATMENT
        return [float(right) for right in side[seed - 1]] if task == "sst2" else [1.0]

    return study_with_runs(workspace, pair_config((1, 2)), scores)


def flips(visit: Visit, study: Study) -> AppTest:
    app = visit("studies/page.py", study=study.id, view="flips")
    assert not app.exception
    return app


def test_gains_and_losses_stand_against_chance(visit: Visit, workspace: Workspace) -> None:
    app = flips(visit, toy(workspace))
    assert (
        "Between two runs, **2.5** of 6 examples are gained and **1.5** lost; two seeds of one condition flip **1** "
        "each way anyway. In excess of that: **+1.5** [−1.5, +4.5] gained, **+0.5** [−2.5, +3.5] lost "
        "(95 % intervals over seeds)."
    ) in words(app)
    assert (
        "Stable ones first: every run of one condition is wrong and every run of the other is right. Gained so: 1 (0.5 "
        "if the runs were given to the conditions at random); lost so: 1 (0.5)."
    ) in words(app)
    assert not app.warning
    assert "generated sample" in words(app)


def test_the_stable_examples_come_first_with_a_link_into_explore(visit: Visit, workspace: Workspace) -> None:
    study = toy(workspace)
    app = flips(visit, study)
    page = html(app)
    assert page.index("example=sst2-0000") < page.index("example=sst2-0002") < page.index("example=sst2-0001")
    alone, together = (study.runs[name] for name in ("sst2 alone", "sst2 + mnli"))
    chosen = "%2C".join([alone[1], alone[2], together[1], together[2]])
    assert f"explore?task=sst2&amp;runs={chosen}&amp;baseline={alone[1]}&amp;example=sst2-0000" in page
    assert "✗ 0 of 2" in page
    assert "✓ 2 of 2" in page


def test_gained_and_lost_can_be_seen_apart(visit: Visit, workspace: Workspace) -> None:
    study = toy(workspace)
    app = flips(visit, study)
    app.segmented_control(key=f"flips_show_{study.id}_0").set_value("lost").run()
    assert not app.exception
    assert "sst2-0002" in html(app)
    assert "sst2-0000" not in html(app)


def test_texts_are_read_a_page_at_a_time(visit: Visit, workspace: Workspace) -> None:
    app = flips(visit, pair(workspace, dev=200, seeds=(1, 2)))
    assert html(app).count("explore?") == 10


def test_one_seed_an_arm_tells_nothing(visit: Visit, workspace: Workspace) -> None:
    app = flips(visit, pair(workspace, dev=40, seeds=(1,)))
    assert app.warning[0].value == (
        "One run per condition: changes can't be told from chance, since two seeds of one condition flip examples too. "
        "This compares two models, not two methods. Give the study more seeds."
    )
    assert "Stable ones first" not in words(app)


def test_one_arm_with_a_single_run_is_named(visit: Visit, workspace: Workspace) -> None:
    study = study_with_runs(
        workspace, pair_config((1, 2)), lambda arm, task, seed: [1.0, 0.0], {("sst2 alone", 2): "failed"}
    )
    assert flips(visit, study).warning[0].value == (
        "'sst2 alone' has one run only: chance flips are known for 'sst2 + mnli' only, and no flip can be called "
        "stable. Give the study more seeds."
    )


def test_nothing_finished_says_what_to_do(visit: Visit, workspace: Workspace) -> None:
    study = study_with_runs(workspace, pair_config((1,)), lambda arm, task, seed: [1.0], {("sst2 alone", 1): "failed"})
    assert flips(visit, study).info[0].value == (
        "Nothing to compare yet: no run of 'sst2 alone' has finished yet. Start the study, or resume what has stopped."
    )


def test_arms_that_agree_have_no_examples(visit: Visit, workspace: Workspace) -> None:
    app = flips(visit, study_with_runs(workspace, pair_config((1, 2)), lambda arm, task, seed: [1.0, 0.0]))
    assert "None: no example is right more often in one condition than in the other." in words(app)


def test_texts_are_escaped(visit: Visit, workspace: Workspace) -> None:
    config = pair_config((1,))
    arms = [arm.model_copy(update={"name": f"<b>{arm.name}"}) for arm in config.arms]
    pairs = [one.model_copy(update={"baseline": arms[0].name, "treatment": arms[1].name}) for one in config.comparisons]
    named = StudyConfig.model_validate({**config.model_dump(), "arms": arms, "comparisons": pairs})
    app = flips(visit, study_with_runs(workspace, named, lambda arm, task, seed: [float("alone" in arm)]))
    assert "<b>sst2" not in html(app)
    assert "&lt;b&gt;sst2 alone" in html(app)
