from __future__ import annotations

import pytest

from mtl_core.config import run as configs
from mtl_core.config import settings
from mtl_core.store import runs
from mtl_core.store.workspace import Workspace
from tests import builders


@pytest.mark.parametrize(
    ("field", "value", "text"),
    [
        ("learning_rate", 5e-5, "5e-5"),
        ("learning_rate", 0.00012, "1.2e-4"),
        ("warmup", 0.06, "0.06"),
        ("epochs", 3.0, "3"),
        ("train_limit", 4000, "4,000"),
        ("train_limit", None, "all"),
        ("seed", 12345, "12345"),
        ("data", None, "–"),
        ("start_from", None, "the pretrained weights"),
        ("head_rate", None, "the learning rate"),
        ("early_stopping", None, "never"),
        ("teachers", [], "none"),
        ("teachers", ["ab3de6fg", "hj4kmn5p"], "ab3de6fg + hj4kmn5p"),
        ("compile", False, "false"),
        ("tasks", ("sst2", "mnli"), "sst2 + mnli"),
        ("schedule_settings.renew", True, "true"),
    ],
)
def test_values_are_written_as_people_write_them(field: str, value: object, text: str) -> None:
    assert settings.value_text(field, value) == text


def test_only_what_differs_is_listed(workspace: Workspace) -> None:
    ids = [builders.run(workspace, dev=4, name=name, seed=seed) for name, seed in (("one", 1), ("two", 2))]
    with workspace.write() as index:
        found = [runs.get(index, run_id) for run_id in ids]
    assert settings.differing([run.config for run in found]) == [("seed", ["1", "2"])]
    assert settings.differing([found[0].config]) == []


def test_how_limits_draw_differs_only_between_runs_with_limits() -> None:
    drawn, first = (configs.parse({"tasks": "sst2", "train_limit": 40, "limit_by": by}) for by in ("hash", "first"))
    whole, old = (configs.parse({"tasks": "sst2", "limit_by": by}) for by in ("hash", "first"))
    assert settings.differing([drawn, first]) == [("limit by", ["hash", "first"])]
    assert settings.differing([whole, old]) == []
    flat = {name: settings.flat(config) for name, config in {"drawn": drawn, "first": first, "whole": whole}.items()}
    assert settings.differ("limit_by", flat["drawn"], flat["first"])
    assert not settings.differ("limit_by", flat["drawn"], flat["whole"])
    assert settings.differ("train_limit", flat["drawn"], flat["whole"])


def test_method_settings_are_fields_of_their_own() -> None:
    config = configs.RunConfig(tasks=("squad", "sst2"), schedule="phases", schedule_settings={"share": 0.5})
    assert settings.flat(config)["schedule_settings.share"] == 0.5
    assert settings.field_text("schedule_settings.share") == "share"
