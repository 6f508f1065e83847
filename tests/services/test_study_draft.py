"""From a form's values to a study, its cost and its start, with a real model server."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mtl_core import study_designs
from mtl_core.cli import main
from mtl_core.config.study import StudyConfig
from mtl_core.errors import Fault, InvalidConfig
from mtl_core.services import command, studies, study_cost, study_draft, study_growth
from mtl_core.services.plans import Look
from mtl_core.services.study_draft import StudyDraft, StudyForm, draft
from mtl_core.store import studies as store
from mtl_core.store.workspace import Workspace
from tests import trained

SMALL: dict[str, Any] = {
    **{"source": "sample", "train_limit": 64, "eval_limit": 16, "selection_limit": 8},
    **{"batch_size": 16, "max_length": 32, "device": "cpu"},
}


def asked(**changes: Any) -> StudyForm:
    values = {**SMALL, "encoder": str(trained.encoder()), **changes.pop("values", {})}
    found = StudyForm("question", {}, ("sst2", "mnli"), values, "1, 2", "target_updates", 0.5)
    return replace(found, **changes)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    workspace = Workspace(tmp_path_factory.mktemp("runs"))
    with trained.serving(workspace):
        yield workspace


def settled(workspace: Workspace, values: StudyForm) -> tuple[StudyDraft, Look]:
    look, found = Look(workspace, patience=2.0), list[StudyDraft]()

    def done() -> bool:
        found.append(draft(values, look))
        return not found[-1].working

    trained.wait_until(done)
    return found[-1], look


@pytest.mark.parametrize(
    ("changes", "faults"),
    [
        ({"margin": 0.0}, [("margin", "0 is not a valid margin. Use points above 0 and up to 100, such as 0.5.")]),
        ({"margin": None}, [("margin", "is empty. Use a number of points such as 0.5.")]),
        ({"seeds": ""}, [("seed", "is missing. Give one or several, such as 1, 2, 3.")]),
        ({"tasks": ("sst2",)}, [("tasks", "Your own question takes 2 or more tasks, not 1.")]),
        ({"tasks": ()}, [("tasks", "Your own question takes 2 or more tasks, not 0.")]),
        ({"values": {"epochs": None}}, [("epochs", "is empty. Use a value such as 1.")]),
        (
            {"values": {"warmup": 6}},
            [("warmup", "6 is too large, it must be below 1. Use a share such as 0.06 for 6 %.")],
        ),
        ({"preset": "papers"}, [("preset", "no preset called 'papers'. Did you mean 'paper'?")]),
        (
            {"preset": "size_curve", "settings": {"shares": ["x"]}},
            [("settings.shares", "x is not a number. Use a value such as (1, 3, 10, 30, 100).")],
        ),
    ],
)
def test_what_needs_no_data_is_told_at_once(
    empty: Workspace, changes: dict[str, Any], faults: list[tuple[str, str]]
) -> None:
    found = draft(asked(**changes), Look(empty))
    assert [(fault.field, fault.message) for fault in found.faults] == faults
    assert (found.config, found.working) == (None, False)


def test_without_a_server_the_form_waits(empty: Workspace) -> None:
    found = draft(asked(), Look(empty))
    assert (found.working, found.doing) == (True, "the model server is starting. It answers in a few seconds.")


def test_a_study_is_designed_and_costed(workspace: Workspace) -> None:
    found, look = settled(workspace, asked(name="  My question "))
    assert found.config is not None
    assert found.config.name == "My question"
    assert [(arm.name, arm.baseline) for arm in found.config.arms] == [
        ("sst2 alone", True),
        ("sst2 + mnli · hard", False),
    ]
    cost = study_cost.cost(found.config, look)
    assert [(one.steps, one.seeds, one.reused) for one in cost.arms] == [(4, (1, 2), ()), (8, (1, 2), ())]
    assert (cost.runs, cost.reused, cost.device) == (4, 0, "cpu")


def test_the_same_seconds_take_estimates_of_tokens(workspace: Workspace) -> None:
    found, _ = settled(workspace, asked(match="seconds"))
    assert found.config is not None
    assert found.config.arms[0].config.epochs > 1


def test_a_fault_of_an_arm_stands_at_its_setting(workspace: Workspace) -> None:
    wrong = asked(preset="size_curve", settings={"shares": [0.0]})
    found, _ = settled(workspace, wrong)
    assert found.faults == (Fault("settings.shares", "0 is not a percentage. Use numbers up to 100."),)
    recipe = asked(preset="all_pairs", settings={"recipe": "hrad"})
    found, _ = settled(workspace, recipe)
    assert found.faults == (Fault("settings.recipe", "no sharing called 'hrad'. Did you mean 'hard'?"),)


def test_a_fault_that_only_the_data_shows(workspace: Workspace, tmp_path: Path) -> None:
    found, _ = settled(workspace, asked(values={"source": "folder", "data": str(tmp_path)}))
    assert {fault.field for fault in found.faults} == {"data"}


def test_too_many_runs_are_told(workspace: Workspace) -> None:
    found, _ = settled(workspace, asked(seeds=" ".join(map(str, range(300)))))
    assert found.faults == (Fault("study", "600 runs are too many for a study, 500 are the most."),)


def test_a_start_that_can_not_be_leaves_no_study(empty: Workspace) -> None:
    config = study_draft.base_of(asked())
    arm = study_designs.arm(config.model_copy(update={"device": "cuda:7"}))
    with pytest.raises(Exception, match="cuda:7"):
        studies.start(empty, StudyConfig(name="x", arms=(arm,)))
    assert store.listing(empty) == ([], {})


def test_the_command_designs_the_same_study(workspace: Workspace, capfd: pytest.CaptureFixture[str]) -> None:
    values = asked(preset="question", settings={"recipes": ("pal", "cross_domain")}, seeds="5", margin=0.25)
    found, _ = settled(workspace, values)
    assert found.config is not None
    line = command.study(
        study_designs.parsed(values.preset, values.settings),
        study_draft.base_of(values),
        values.tasks,
        found.config.seeds,
        match=values.match,
        margin=0.25,
        workspace=workspace,
    )
    parts = shlex.split(line)
    assert parts[:4] == ["python", "-m", "mtl_core", "study"]
    assert parts[parts.index("--seeds") + 1] == "5,"
    assert parts[-1] == "--background"
    assert main([*parts[3:-1], "--dry-run", "--json"]) == 0
    told = json.loads(capfd.readouterr().out)
    assert told["runs"] == [run.model_dump(mode="json") for _, _, run in found.config.runs()]


def test_settings_that_a_preset_suggests_are_always_said() -> None:
    preset = study_designs.parsed("paper", {})
    base = study_draft.base_of(asked(tasks=("sst2", "mnli", "squad"), values={"max_length": 128}))
    line = command.study(preset, base, base.tasks, (1, 2, 3), match="total_updates", margin=1.0, name="it's mine")
    assert "--max-length 128" in line
    assert "--seeds 3 --match total_updates --margin 1 --name 'it'\"'\"'s mine'" in line
    assert "--sharing" not in line


def test_another_arm_comes_with_its_comparison(workspace: Workspace) -> None:
    found, _ = settled(workspace, asked(seeds="1", values={"train_limit": 16}))
    assert found.config is not None
    study_id = studies.add(workspace, found.config)
    with pytest.raises(InvalidConfig) as told:
        study_growth.add_arm(workspace, study_id, "hard", ("sst2", "mnli"))
    words = "the study has a condition 'sst2 + mnli · hard' already. Choose another recipe."
    assert told.value.faults == (Fault("arms", words),)
