"""The Studies page: the list, one study's views, what can be done with it, and a new one."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mtl_core import __version__
from mtl_core.services import plans
from mtl_core.store import studies
from mtl_core.store.automation import Automation
from mtl_core.store.studies import Study
from mtl_core.store.workspace import Workspace
from mtl_core.studies import card
from tests.pages.conftest import Visit, asked, html, said
from tests.studies import building
from tests.studies.sealed import changed, sealed_study


def broken(workspace: Workspace) -> Study:
    """A study that trains, waits and has failed."""
    states = {
        ("sst2 alone", 2): "running",
        ("sst2 + mnli", 2): "queued",
        ("sst2 alone", 3): "failed",
        ("sst2 + mnli", 3): "lost",
    }
    scores = building.drawn({"sst2 alone": 0.8, "sst2 + mnli": 0.85})
    return building.study_with_runs(workspace, building.pair_config(), scores, states)


def test_an_empty_page_says_what_a_study_is_and_begins_one(study_page: Visit) -> None:
    app = study_page()
    assert "Does A help B? An answer that holds over seeds and examples." in said(app)
    assert "No study yet. A study trains a question's conditions with several seeds" in said(app)
    app.button(key="study_new").click().run()
    assert "Which question, on which tasks, with which seeds?" in said(app)
    app.button(key="study_back").click().run()
    assert "No study yet." in said(app)


def test_the_list_has_a_line_a_study_and_leads_to_it(study_page: Visit, workspace: Workspace) -> None:
    study = building.pair(workspace, 0.2)
    (workspace.studies / "broken.json").write_text("[]")
    app = study_page()
    assert "? not enough evidence" not in said(app)
    assert "▲ helps · +" in said(app)
    assert "generated sample" in said(app)
    assert "6 of 6 runs · " in html(app)
    assert "broken.json" in app.warning[0].value
    app.button(key=f"open_{study.id}").click().run()
    assert asked(app, "study") == study.id
    assert "Does sst2 get better with mnli?" in app.title[0].value


def test_a_verdict_and_all_that_it_rests_on(study_page: Visit, workspace: Workspace) -> None:
    study = building.pair(workspace, 0.2, dev=400)
    told = said(study_page(study=study.id))
    for part in (
        "▲ helps",
        "Better by more than seeds and examples differ by chance: +",
        "sst2 alone, same number of target updates, each seed against the same seed",
        "3 seeds per condition, 400 dev examples",
        "points is found in 80 of 100 such studies",
        "sst2 + mnli 23 s; sst2 alone 23 s",
        "generated sample",
    ):
        assert part in told


def test_a_tuned_study_says_what_was_chosen_and_that_budgets_are_equal(study_page: Visit, workspace: Workspace) -> None:
    study = building.tuned(workspace)
    told = said(study_page(study=study.id))
    assert "sst2 alone, same tuning budget (3 trials per condition), each seed against the same seed" in told
    assert "Tuned: sst2 alone: learning rate 1e-4, epochs 1.5, trial 2 of 3." in told
    assert "Confounded" not in told
    app = study_page(study=study.id, view="tuning")
    assert "Which settings did each condition get, from the same number of trials?" in said(app)
    shown = html(app)
    assert "Every condition, baselines too, has the same budget: 3 trials." in shown
    assert "sst2 alone: failed, and counted as used: trial 3 (Loss became NaN at step 3)." in shown
    assert "2 ✓" in shown
    assert not app.exception


def test_auto_is_put_on_a_study_and_ended(study_page: Visit, workspace: Workspace) -> None:
    study = building.pair(workspace, 0.2, dev=400)
    app = study_page(study=study.id)
    app.number_input(key=f"study_auto_seeds_{study.id}").set_value(1).run()
    app.button(key="study_let_it_run").click().run(timeout=60)
    assert "1 is too small, the minimum is 2. Use a value such as 10." in said(app)
    app.number_input(key=f"study_auto_seeds_{study.id}").set_value(3).run()
    app.button(key="study_let_it_run").click().run(timeout=60)
    assert "Auto ended: settled after 3 of 3 seeds." in said(app)
    with studies.changing(workspace, study.id) as changes:
        changes.keep(automation=Automation(going=True))
    app = study_page(study=study.id)
    assert "Auto adds seeds until it is known, at most 3 seeds: it is open; looks after 3 seeds." in said(app)
    app.button(key="study_end_auto").click().run(timeout=60)
    assert "Auto ended: by hand, after 3 of 3 seeds." in said(app)
    assert studies.going(workspace) == []


def test_the_plan_s_seal_and_what_was_changed_since(study_page: Visit, workspace: Workspace) -> None:
    scores = building.drawn({"sst2 alone": 0.8, "sst2 + mnli": 0.85})
    study = sealed_study(workspace, building.pair_config((1, 2)), scores)
    told = said(study_page(study=study.id))
    assert study.seal is not None
    assert f" UTC ({study.seal.hash[:8]})" in told
    assert "Changed since" not in told
    changed(workspace, study, margin=1.0)
    assert "Changed since: margin 0.5 → 1 on " in said(study_page(study=study.id))
    old = building.pair(workspace, seeds=(3, 4))
    assert "Plan not sealed: the study was started by an earlier version." in said(study_page(study=old.id))


def test_the_link_says_which_view(study_page: Visit, workspace: Workspace) -> None:
    study = building.pair(workspace)
    app = study_page(study=study.id, view="runs")
    assert "Which runs is the study made of, and how do they stand?" in said(app)
    assert asked(app, "view") == "runs"
    app.button_group(key=f"study_view_{study.id}").set_value("verdicts").run()
    assert "What did the other tasks change, and is it more than chance?" in said(app)
    assert asked(app, "view") == "verdicts"


def test_a_view_that_a_study_has_not_is_told(study_page: Visit, workspace: Workspace) -> None:
    study = broken(workspace)
    app = study_page(study=study.id, view="nonsense")
    assert not app.exception
    assert "This study has no view 'nonsense'. Choose one of these:" in said(app)
    assert (asked(app, "view"), app.segmented_control[0].value) == ("nonsense", None)
    app.segmented_control[0].set_value("runs").run()
    assert (asked(app, "view"), list(app.warning)) == ("runs", [])
    app = study_page(study=study.id, view="verdicts", comparison="99")
    assert "There is no comparison 99 in this view. The first is shown." in said(app)


def test_a_study_that_is_gone_leaves_the_list(study_page: Visit, workspace: Workspace) -> None:
    there = broken(workspace)
    for gone in ("abcdefgh", "../../etc"):
        app = study_page(study=gone)
        assert f"There is no study '{gone}'. It may have been deleted." in said(app)
        assert f"open_{there.id}" in [button.key for button in app.button]


def test_runs_tell_how_they_stand_and_why_they_ended(study_page: Visit, workspace: Workspace) -> None:
    study = broken(workspace)
    app = study_page(study=study.id, view="runs")
    told = said(app)
    assert "**2 of 6 runs** · 1 running · 1 queued · 1 failed · 1 lost" in told
    assert "Ended early" in told
    assert "Killed by signal 9." in told
    table = html(app)
    run_id = study.runs["sst2 alone"][1]
    for part in (f"watch?run={run_id}", "▶ 50 %", "✗ failed", "… queued", "baseline", f"compare?runs={run_id}"):
        assert part in table
    assert app.button(key="study_pause").label == "Pause"
    assert app.button(key="study_resume_all").label == "Resume all"
    assert "Go on" not in [button.label for button in app.button], "it does go on"
    assert app.button(key=f"again_{study.runs['sst2 alone'][3]}")


def test_a_finished_run_without_a_partner_is_counted_and_shown(study_page: Visit, workspace: Workspace) -> None:
    states = dict.fromkeys((("sst2 alone", 2), ("sst2 + mnli", 1), ("sst2 + mnli", 2)), "stopped")
    scores = building.drawn({"sst2 alone": 0.8, "sst2 + mnli": 0.85})
    study = building.study_with_runs(workspace, building.pair_config((1, 2)), scores, states)
    app = study_page(study=study.id)
    assert app.info[0].value == (
        "1 of 4 runs has finished, but no two that can be compared: both conditions need a finished run, of the same "
        "seed. Start the study, or let it go on, to fill it in."
    )
    assert "Pause" not in [button.label for button in app.button]
    assert app.button(key="study_go_on")
    assert html(study_page(study=study.id, view="runs")).count("–") == 4, (
        "both of one arm, one and no mean of the other"
    )


def test_many_runs_of_a_verdict_are_folded(study_page: Visit, workspace: Workspace) -> None:
    app = study_page(study=building.pair(workspace, seeds=(1, 2, 3)).id)
    assert "6 runs" in [box.label for box in app.expander]


def test_a_run_that_can_not_be_tried_again_says_why(
    study_page: Visit, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mtl_core.devices.visible", lambda: ())  # what waits here is not to train
    study = broken(workspace)
    run_id = study.runs["sst2 alone"][3]
    (workspace.path / run_id / "config.json").unlink()
    app = study_page(study=study.id, view="runs")
    app.button(key=f"again_{run_id}").click().run()
    assert f"run '{run_id}' can't be resumed: its folder is missing. Launch it again." in said(app)


def test_seeds_that_do_not_count_are_told(study_page: Visit, workspace: Workspace) -> None:
    told = said(study_page(study=broken(workspace).id))
    assert "Left out of sst2 alone: seed 2 (running), seed 3 (failed)." in told
    assert "One seed per condition compares two models, not two methods" in told


def test_one_seed_compares_two_models(study_page: Visit, workspace: Workspace) -> None:
    app = study_page(study=building.pair(workspace, 0.1, seeds=(7,)).id)
    assert "**These two models alone**: +" in app.info[0].value
    assert "McNemar p" in app.info[0].value
    assert "calls about 15 % of pairs different that differ in the seed alone" in app.info[0].value


def test_deleted_runs_and_none_at_all(study_page: Visit, workspace: Workspace) -> None:
    study = studies.add(workspace, building.pair_config())
    app = study_page(study=study.id)
    assert "No run of 'sst2 alone' has finished yet. Start the study, or resume what has stopped." in said(app)
    assert app.button(key="study_start").label == "Start"
    with studies.changing(workspace, study.id) as changes:
        changes.keep(runs={"sst2 alone": {1: "goneaway"}})
    app = study_page(study=study.id, view="runs")
    assert "1 deleted" in said(app)
    assert "– deleted" in html(app)


def test_a_study_whose_run_was_deleted_says_so(study_page: Visit, workspace: Workspace) -> None:
    study = building.pair(workspace, seeds=(1, 2, 3))
    with workspace.write() as index:
        index.table("runs").delete(study.runs["sst2 alone"][2])
    app = study_page(study=study.id)
    assert "incomplete]" in said(app)
    assert "Train the deleted run again" in [button.label for button in app.button]
    told = "'sst2 alone' has no finished run with this seed to compare it with"
    assert f"Left out of sst2 + mnli: seed 2 (finished, but {told})." in said(app)
    assert "sst2 alone: seed 2 (deleted)" in said(app)


def test_two_like_models_differ_by_nothing(study_page: Visit, workspace: Workspace) -> None:
    study = building.study_with_runs(workspace, building.pair_config((1,)), lambda *_: [1.0, 0.0, 1.0, 1.0] * 10)
    told = said(study_page(study=study.id))
    assert "**±0.0** points, 1 seed" in told
    assert "**These two models alone**: 0.0 points, 1 seed; both give every dev example the same score" in told
    assert "[±0.0, ±0.0]" not in told
    assert "? not enough evidence · ±0.0 points, 1 seed" in said(study_page())


def test_a_start_without_a_model_server_says_so(
    study_page: Visit, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plans, "CHECK_SECONDS", 0.1)
    app = study_page(study=studies.add(workspace, building.pair_config()).id)
    app.button(key="study_start").click().run()
    assert "data and encoder could not be checked within 0 seconds. Try again." in said(app)


def test_words_are_changed(study_page: Visit, workspace: Workspace) -> None:
    study = building.pair(workspace)
    app = study_page(study=study.id, view="runs")
    app.text_input[0].set_value("Another *name*")
    app.text_area[0].set_value("Seen twice.")
    app.button(key="study_words").click().run()
    assert "Another *name*" in said(app)
    assert studies.get(workspace, study.id).config.notes == "Seen twice."


def test_a_study_is_deleted_and_put_back(study_page: Visit, workspace: Workspace) -> None:
    study = building.pair(workspace)
    app = study_page(study=study.id)
    assert "Deleting removes the question, its notes and verdicts. Its 6 runs stay." in said(app)
    app.button(key="study_delete").click().run()
    assert "Deleted the study **Does sst2 get better with mnli?**. Its 6 runs are still there." in said(app)
    assert "No study yet." in said(app)
    app.button(key="study_undo").click().run()
    assert studies.get(workspace, study.id) == study
    assert "Deleted the study" not in said(app)


def test_a_copy_opens_and_waits_for_its_start(study_page: Visit, workspace: Workspace) -> None:
    app = study_page(study=building.pair(workspace).id)
    app.button(key="study_copy").click().run()
    assert "Copy of Does sst2 get better with mnli?" in app.title[0].value
    assert "**0 of 6 runs** · 6 not started" in said(app)


@pytest.mark.parametrize(
    ("place", "value", "message"),
    [
        (("card",), 9, f"this card has the format 9, made by Tandem {__version__}; this is {__version__}, which reads"),
        (("config", "arms", 1, "config", "sharing"), "hrad", "no sharing called 'hrad'. Did you mean 'hard'?"),
        (("config", "arms"), [], "is empty. Give one or more."),
    ],
)
def test_a_card_that_can_not_be_taken(
    study_page: Visit, workspace: Workspace, place: tuple[Any, ...], value: object, message: str
) -> None:
    document = json.loads(card.card(studies.add(workspace, building.pair_config())))
    inside: Any = document
    for step in place[:-1]:
        inside = inside[step]
    inside[place[-1]] = value
    app = study_page()
    app.file_uploader(key="study_card_file").set_value([("card.json", json.dumps(document).encode(), "")]).run()
    app.button(key="study_import").click().run()
    assert message in said(app)
    assert len(studies.listing(workspace)[0]) == 1


def test_a_card_opens_as_a_study(study_page: Visit, workspace: Workspace) -> None:
    text = card.card(studies.add(workspace, building.pair_config()))
    app = study_page()
    app.file_uploader(key="study_card_file").set_value([("card.json", text.encode(), "")]).run()
    app.button(key="study_import").click().run()
    assert "**0 of 6 runs** · 6 not started" in said(app)


def test_thirty_arms_stand_on_one_page(study_page: Visit, workspace: Workspace) -> None:
    study = building.rates(workspace, 30, dev=20)
    app = study_page(study=study.id)
    assert not app.exception
    assert len(app.selectbox(key=f"verdict_{study.id}").options) == 29
    assert "Verdicts are adjusted for all 29 comparisons of the study (Holm)" in said(app)
    assert html(study_page(study=study.id, view="runs")).count("✓ finished") == 30
