"""The Launch page: what is wrong stands beside its field, what is right can be started."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from streamlit.testing.v1 import AppTest

from mtl_core import registry
from mtl_core.records import LIVE
from mtl_core.store import runs
from mtl_core.store.workspace import Workspace
from tests import builders, trained
from tests.pages.conftest import Visit, faults, words

TASKS = ", ".join(registry.names("tasks"))


def field(app: AppTest, name: str, kind: str = "number_input") -> Any:
    return getattr(app, kind)(key=f"launch.{name}")


def button(app: AppTest, key: str) -> Any:
    return app.button(key=key)


def command(app: AppTest) -> list[str]:
    return app.code[0].value.splitlines()


def test_a_pair_is_ready_to_launch_and_to_copy(launch: Visit) -> None:
    app = launch()
    assert not app.exception
    assert "Which tasks should train together, and how?" in words(app)
    assert faults(app) == []
    assert button(app, "launch_start").label == "Launch 3 runs"
    assert len(command(app)) == 3
    assert "The model server is starting. It answers in a few seconds." in words(app)


def test_one_task_shares_nothing(launch: Visit) -> None:
    app = launch()
    app.button_group(key="launch.tasks").set_value(["mnli"]).run()
    assert "A single task shares nothing. Choose a second task to share with." in words(app)
    assert button(app, "launch_start").label == "Launch"
    assert "--tasks mnli" in command(app)[0]
    assert "--sharing single" in command(app)[0]


def test_the_target_comes_first(launch: Visit) -> None:
    app = launch()
    app.button_group(key="launch.target").set_value("mnli").run()
    assert "--tasks mnli,sst2" in command(app)[0]


def test_without_a_task_nothing_can_start(launch: Visit) -> None:
    app = launch()
    app.button_group(key="launch.tasks").set_value([]).run()
    assert not app.exception
    assert faults(app) == [f"Is missing. Give one or more of {TASKS}."]
    assert button(app, "launch_start").disabled
    assert "To fix: [Tasks](#fault-tasks)" in words(app)


def test_all_faults_stand_at_their_fields(launch: Visit) -> None:
    app = launch()
    app.button_group(key="launch.source").set_value("folder").run()
    field(app, "data", "text_input").set_value("/no/such/place")
    field(app, "epochs").set_value(0.0)
    field(app, "learning_rate").set_value(7.0)
    field(app, "warmup").set_value(6.0)
    field(app, "seeds", "text_input").set_value("one")
    field(app, "train_limit", "text_input").set_value("lots")
    field(app, "schedule", "selectbox").set_value("phases")
    app.run()
    field(app, "schedule_settings.phases.share").set_value(3.0).run()
    assert not app.exception
    found = faults(app)
    assert [one.partition(" ")[0] for one in found] == ["There", "lots", "3", "one", "0", "7", "6"]
    assert "There is no folder '/no/such/place'. Give the one that holds the files." in found
    assert "6 is too large, it must be below 1. Use a share such as 0.06 for 6 %." in found
    assert "3 is too large, it must be below 1. Use a value such as 0.5." in found
    for link in ("[Data folder](#fault-data)", "[Training examples](#fault-train-limit)", "[Seeds](#fault-seed)"):
        assert link in words(app)
    assert "[Share](#fault-schedule-settings-share)" in words(app)
    assert button(app, "launch_start").disabled
    assert not app.code


def test_markup_in_a_field_stays_text(launch: Visit) -> None:
    app = launch()
    field(app, "seeds", "text_input").set_value("*x* :red[y] $z$").run()
    assert faults(app)[0].startswith("*x*, :red[y], $z$ can't be a seed.")


def test_a_preset_sets_the_methods(launch: Visit) -> None:
    app = launch()
    app.button_group(key="launch.tasks").set_value(["sst2", "squad"]).run()
    button(app, "preset_cross_domain").click().run()
    assert field(app, "schedule", "selectbox").value == "phases"
    assert field(app, "schedule_settings.phases.first", "selectbox").value == "squad"
    assert '--schedule phases --schedule-settings \'{"first": "squad", "rates": "phase"}\'' in command(app)[0]
    assert button(app, "preset_cross_domain").icon
    assert not button(app, "preset_same_domain").icon
    button(app, "sharing_single").click().run()
    assert "--sharing single" in command(app)[0]


def test_single_task_models_are_merged_without_training(launch: Visit, workspace: Workspace) -> None:
    there = [builders.run(workspace, tasks=task) for task in ("sst2", "mnli")]
    app = launch()
    button(app, "sharing_pal").click().run()
    app.button_group(key="launch.merging").set_value("ties").run()
    assert not app.exception
    assert faults(app) == []
    assert button(app, "launch_start").label == "Launch 3 runs"
    assert "small changes and minority signs are left out." in words(app)
    [first] = command(app)
    assert "--merging ties --merge-from train" in first
    assert "--sharing hard --schedule proportional" in first
    field(app, "alone", "checkbox").uncheck()
    field(app, "merge_from", "multiselect").set_value(there)
    field(app, "merging_settings.ties.scales", "text_input").set_value("1,2").run()
    assert button(app, "launch_start").label == "Launch"
    assert f"""--merging-settings '{{"scales": "1,2"}}' --merge-from {",".join(there)}""" in command(app)[0]
    field(app, "merge_from", "multiselect").set_value([]).run()
    assert faults(app) == ["Is empty. Name the finished single-task runs to merge, one per task, or use train."]
    app.button_group(key="launch.merging").set_value("").run()
    assert "--sharing pal" in command(app)[0]
    assert "merg" not in command(app)[0]


def test_a_merged_run_is_launched_again(launch: Visit, workspace: Workspace) -> None:
    there = [builders.run(workspace, tasks=task) for task in ("sst2", "mnli")]
    values = {"tasks": "sst2,mnli", "merging": "task_arithmetic", "merging_settings": {"scales": "0.3"}}
    app = launch(**{"from": builders.run(workspace, **values, merge_from=tuple(there))})
    assert not app.exception
    assert field(app, "merging", "button_group").value == "task_arithmetic"
    assert f"--merge-from {','.join(there)}" in command(app)[0]
    assert field(app, "merging_settings.task_arithmetic.scales", "text_input").value == "0.3"


def test_a_preset_of_training_sets_its_fields(launch: Visit) -> None:
    app = launch()
    app.button_group(key="launch.tasks").set_value(["sst2", "squad"]).run()
    assert not button(app, "training_preset_bert-2018").icon
    button(app, "training_preset_bert-2018").click().run()
    assert button(app, "training_preset_bert-2018").icon
    assert "--max-length 384" in command(app)[0]
    assert "--epochs 3 " in command(app)[0]
    assert "--warmup 0.1" in command(app)[0]
    assert faults(app) == []
    field(app, "epochs").set_value(2.0).run()
    assert not button(app, "training_preset_bert-2018").icon


def test_a_task_that_left_leaves_the_settings_too(launch: Visit) -> None:
    app = launch()
    app.button_group(key="launch.tasks").set_value(["sst2", "squad"]).run()
    button(app, "preset_cross_domain").click().run()
    app.button_group(key="launch.tasks").set_value(["sst2", "mnli"]).run()
    app.run()
    assert faults(app) == []


def test_what_was_typed_is_there_when_one_comes_back(launch: Visit) -> None:
    app = launch()
    field(app, "epochs").set_value(2.5)
    app.button_group(key="launch.tasks").set_value(["squad", "mnli"])
    app.run()
    app.switch_page("overview/page.py").run()
    app.switch_page("launch/page.py").run()
    assert field(app, "epochs").value == 2.5
    assert "--tasks squad,mnli" in command(app)[0]
    assert "--epochs 2.5" in command(app)[0]


def test_a_link_copies_a_runs_config(launch: Visit, workspace: Workspace) -> None:
    run_id = builders.run(
        workspace,
        tasks="squad,mnli",
        schedule="phases",
        schedule_settings={"share": 0.25},
        seed=9,
        train_limit={"squad": 50, "mnli": 60},
    )
    app = launch(**{"from": run_id})
    line = command(app)[0]
    assert "--tasks squad,mnli" in line
    assert "--schedule-settings '{\"share\": 0.25}'" in line
    assert "--seed 9" in line
    assert field(app, "train_limit", "text_input").value == "squad=50,mnli=60"
    assert "from" not in app.query_params
    field(app, "schedule_settings.phases.share").set_value(0.75).run()
    assert "0.75" in command(app)[0]


def test_a_link_from_a_run_that_is_gone(launch: Visit) -> None:
    app = launch(**{"from": "gone"})
    assert "There is no run 'gone' to begin from. It may have been deleted." in words(app).replace("\\", "")
    assert len(command(app)) == 3


def test_a_link_names_tasks(launch: Visit) -> None:
    app = launch(tasks="squad,sst2,nonsense")
    assert "--tasks squad,sst2" in command(app)[0]
    assert app.warning[0].value == "There is no task 'nonsense'. Choose from the list below."
    app.button_group(key="launch.tasks").set_value(["squad"]).run()  # the link does not choose again
    assert "--tasks squad " in command(app)[0]


def test_seeds_make_runs(launch: Visit) -> None:
    app = launch()
    app.checkbox(key="launch.alone").uncheck()
    field(app, "seeds", "text_input").set_value("1, 2, 3").run()
    assert button(app, "launch_start").label == "Launch 3 runs"
    assert [line.split("--seed ")[1].split()[0] for line in command(app)] == ["1", "2", "3"]


def small(workspace: Workspace) -> str:
    """A run of a few steps with the tiny encoder, for a form to begin from."""
    return builders.run(
        workspace, tasks="sst2,mnli", encoder=str(trained.encoder()), train_limit=64, eval_limit=8, device="cpu"
    )


def test_a_real_launch(launch: Visit, workspace: Workspace) -> None:
    before = small(workspace)
    with trained.serving(workspace):
        app = launch(**{"from": before})
        app.checkbox(key="launch.alone").uncheck().run()
        trained.wait_until(lambda: "4 steps each" in words(app.run()))
        assert "**1 run** · 4 steps each" in words(app)
        assert "sst2 + mnli · hard\n" in words(app).replace("  \n", "\n")
        assert "mnli: 64 examples in 2 steps, 1 epoch, about " in words(app)
        assert "Encoder parameters that a step trains: sst2 100 %, mnli 100 %." in words(app)
        assert "64 training · 400 validation · 8 dev examples" in words(app)
        button(app, "launch_start").click().run(timeout=60)
        assert not app.exception
        with workspace.write() as index:
            [run] = [run for run in runs.listing(index) if run.id != before]
            trained.wait_until(lambda: runs.get(index, run.id).state not in LIVE)
            assert runs.get(index, run.id).state == "finished"
    assert run.config.tasks == ("sst2", "mnli")


def test_a_fault_that_only_the_data_shows(launch: Visit, workspace: Workspace, tmp_path: Path) -> None:
    before, empty = small(workspace), tmp_path / "nothing"
    empty.mkdir()
    with trained.serving(workspace):
        app = launch(**{"from": before})
        app.button_group(key="launch.source").set_value("folder").run()
        field(app, "data", "text_input").set_value(str(empty)).run()
        trained.wait_until(lambda: faults(app.run()))
        assert any("SST-2" in one for one in faults(app)), faults(app)
        assert button(app, "launch_start").disabled
        button(app, "launch_again").click().run()
        trained.wait_until(lambda: faults(app.run()))
    with workspace.write() as index:
        assert [run.id for run in runs.listing(index)] == [before]


def test_a_balancing_that_needs_all_tasks_says_so_and_offers_the_remedy(launch: Visit) -> None:
    app = launch()
    field(app, "balancing", "selectbox").set_value("pcgrad").run()
    assert faults(app) == [
        "'pcgrad' compares all tasks in each step, and 'proportional' trains one at a time. Use the schedule joint."
    ]
    assert button(app, "launch_start").disabled
    button(app, "remedy_joint").click().run()
    assert faults(app) == []
    assert "--schedule joint --balancing pcgrad" in command(app)[0]


def test_what_is_rarely_changed(launch: Visit, workspace: Workspace) -> None:
    start, taught = builders.run(workspace, tasks="sst2,mnli", sharing="soft"), builders.run(workspace, seed=2)
    app = launch()
    offered = field(app, "start_from", "selectbox").options
    assert [one.partition(" · ")[0] for one in offered] == ["sst2", "sst2 of sst2 + mnli", "mnli of sst2 + mnli"]
    assert [one.rpartition(" · ")[2] for one in offered] == [taught, start, start]
    field(app, "start_from", "selectbox").set_value(f"{start}:mnli")
    field(app, "teachers", "multiselect").set_value([taught])
    app.button_group(key="launch.head_layers").set_value(2)
    app.button_group(key="launch.pooling").set_value("mean")
    field(app, "gradient_checkpointing", "toggle").set_value(True)
    field(app, "head_rate").set_value(5e-4)
    field(app, "early_stopping").set_value(3.0)
    app.run()
    assert not app.exception
    assert faults(app) == []
    line = command(app)[0]
    for words_ in (f"--start-from {start}:mnli", f"--teachers {taught}", "--pooling mean", "--early-stopping 3"):
        assert words_ in line
    for words_ in ("--gradient-checkpointing true", "--head-rate 0.0005"):
        assert words_ in line
    assert "--teachers" not in command(app)[1]  # a run of one task learns from nobody


def test_teachers_that_are_trained_first_are_the_runs_alone(launch: Visit) -> None:
    app = launch()
    app.checkbox(key="launch.alone").uncheck()
    field(app, "teachers", "multiselect").set_value(["train"]).run()
    assert button(app, "launch_start").label == "Launch 3 runs"
    assert len(command(app)) == 1
    assert "--teachers train" in command(app)[0]
