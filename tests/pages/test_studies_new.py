"""The form of a new study: presets, faults at their fields, and the start."""

from __future__ import annotations

from mtl_core.jobs.advance import runs_of
from mtl_core.store import studies
from mtl_core.store.workspace import Workspace
from tests import trained
from tests.pages.conftest import Visit, asked, faults, html, said


def test_a_new_study_tells_its_faults_at_their_fields(study_page: Visit) -> None:
    app = study_page(new="1")
    app.button_group(key="study.tasks").set_value(["sst2"])
    app.text_input(key="study.seeds").set_value("1, x")
    app.number_input(key="study.margin").set_value(-1.0)
    app.number_input(key="study.warmup").set_value(6.0)
    app.run()
    assert faults(app) == [
        "Your own question takes 2 or more tasks, not 1.",
        "6 is too large, it must be below 1. Use a share such as 0.06 for 6 %.",
        "x can't be a seed. Use whole numbers from 0 to 2,147,483,647, such as 1, 2, 3.",
        "-1 is not a valid margin. Use points above 0 and up to 100, such as 0.5.",
    ]
    marked = (
        "[Tasks](#fault-tasks)",
        "[Warmup](#fault-warmup)",
        "[Seeds](#fault-seed)",
        "[Margin, points](#fault-margin)",
    )
    assert f"To fix: {', '.join(marked)}" in said(app)
    assert app.button(key="study_start").disabled


def test_tuning_and_auto_are_asked_for_and_told_their_faults(study_page: Visit) -> None:
    app = study_page(new="1")
    assert app.number_input(key="study.most_seeds").disabled
    app.number_input(key="study.tune").set_value(1)
    app.toggle(key="study.auto").set_value(True).run()
    app.number_input(key="study.most_seeds").set_value(2).run()
    assert faults(app) == [
        "1 is too small, the minimum is 2. Use a value such as 8.",
        "2 is less than the 3 seeds to begin with.",
    ]
    app.number_input(key="study.tune").set_value(0)
    app.number_input(key="study.most_seeds").set_value(6)
    app.number_input(key="study.hours").set_value(-1.0).run()
    assert faults(app) == ["-1.0 is too small, it must be above 0. Use a number of hours such as 2.5."]
    assert not app.exception


def test_a_preset_brings_its_tasks_and_settings(study_page: Visit) -> None:
    app = study_page(new="1")
    app.button(key="study_preset_paper").click().run()
    assert app.button_group(key="study.tasks").value == ["sst2", "mnli", "squad"]
    assert app.number_input(key="study.max_length").value == 384
    app.button(key="training_preset_bert-2018").click().run()
    assert app.number_input(key="study.warmup").value == 0.1
    assert app.button(key="training_preset_bert-2018").icon
    app.button(key="study_preset_size_curve").click().run()
    assert app.number_input(key="study.max_length").value == 128
    assert app.button_group(key="study.tasks").value == ["sst2", "mnli"]
    assert app.text_input(key="study.settings.size_curve.shares").value == "1, 3, 10, 30, 100"
    app.text_input(key="study.settings.size_curve.shares").set_value("10, many").run()
    assert faults(app) == ["many is not a number. Use a value such as (1, 3, 10, 30, 100)."]
    app.button(key="study_preset_methods").click().run()
    app.button_group(key="study.settings.methods.family").set_value("balancing").run()
    assert "pcgrad" in app.multiselect(key="study.settings.methods.methods").options
    app.button(key="study_preset_weight_sweep").click().run()
    assert app.multiselect(key="study.settings.weight_sweep.balancings").value == ["uncertainty", "pcgrad"]
    assert app.selectbox(key="study.settings.weight_sweep.sharing").value == "hard"
    assert not app.exception


def test_a_study_from_the_form_to_its_start(study_page: Visit, workspace: Workspace) -> None:
    with trained.serving(workspace):
        app = study_page()
        small = {"encoder": str(trained.encoder()), "train_limit": "64", "eval_limit": 8, "selection_limit": 8}
        by_itself = {"tune": 2, "auto": True, "most_seeds": 4, "hours": 1.5}
        typed = {**small, **by_itself, "seeds": "5", "device": "cpu"}
        app.session_state["study_form"] = typed  # as in an earlier visit
        app.button(key="study_new").click().run()
        trained.wait_until(lambda: "**2 runs**" in said(app.run()))
        assert "sst2 + mnli · hard" in html(app)
        assert "baseline" in html(app)
        assert "study --preset question --tasks sst2,mnli --seeds 5, --match target_updates" in app.code[0].value
        assert "--tune 2 --tuner tpe --auto --most-seeds 4 --hours 1.5" in app.code[0].value
        assert "**4 trials first** · 2 for each of 2 conditions" in said(app)
        assert "Auto: up to 6 runs more, to 4 seeds or 1.5 h of training, while it is not settled." in said(app)
        app.button(key="study_start").click().run(timeout=60)
        assert not app.exception
        [study] = studies.listing(workspace)[0]
        assert asked(app, "study") == study.id
        assert (study.run_ids(), len(study.automation.trials)) == ([], 2)
        assert "Tuning: 0 of 4 trials" in said(app)
        app.button(key="study_pause").click().run(timeout=60)
        trained.wait_until(lambda: not any(run.live for run in runs_of(workspace, study)))
        assert study_page(study=study.id).button(key="study_go_on").label == "Go on"
        again = study_page(new="1")
        assert again.text_input(key="study.seeds").value == "5"  # the settings last used
        again.button(key="study_start_over").click().run()
        assert again.text_input(key="study.seeds").value == "1, 2, 3"
