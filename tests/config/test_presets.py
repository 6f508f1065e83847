"""Named recipes."""

from __future__ import annotations

import pytest

from mtl_core.config import run
from mtl_core.config.presets import PRESETS, Preset
from mtl_core.engine import methods

BY_NAME = {preset.name: preset for preset in PRESETS}


@pytest.mark.parametrize("preset", PRESETS, ids=BY_NAME)
@pytest.mark.parametrize("tasks", [("sst2", "mnli"), ("sst2", "squad"), ("squad", "mnli", "sst2")])
def test_every_preset_makes_a_config(preset: Preset, tasks: tuple[str, ...]) -> None:
    made = run.parse({"tasks": tasks, **preset.values(tasks)})
    assert made.sharing == "hard"
    assert not methods.config_faults(made)


def test_the_papers_cross_domain_method_begins_with_question_answering() -> None:
    preset = BY_NAME["cross_domain"]
    phases = {"rates": "phase"}
    assert preset.values(("sst2", "squad"))["schedule_settings"] == {**phases, "first": "squad"}
    assert preset.values(("squad", "sst2"))["schedule_settings"] == phases
    assert preset.values(("sst2", "mnli"))["schedule_settings"] == phases


def test_presets_differ() -> None:
    assert len({str(preset.values(("sst2", "squad"))) for preset in PRESETS}) == len(PRESETS)
