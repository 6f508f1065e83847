from __future__ import annotations

import csv
import json
from io import StringIO

from mtl_core.services import explore, explore_files
from mtl_core.store.explore import View
from mtl_core.store.workspace import Workspace
from tests import builders

NAMES = ("alone", "with mnli")


def selection(workspace: Workspace, **filters: str) -> tuple[View, dict[str, str]]:
    """Always right alone, never right together."""
    alone = builders.run(workspace, accuracy=1.0, dev=30, launch="pair")
    together = builders.run(workspace, tasks="sst2,mnli", accuracy=0.0, dev=30, launch="pair")
    return View("sst2", (alone, together), **filters), dict(zip((alone, together), NAMES, strict=True))


def test_csv_has_the_whole_selection_in_its_order(workspace: Workspace) -> None:
    view, names = selection(workspace, show="broken", gold="positive", order="sure")
    rows = list(csv.DictReader(StringIO(explore_files.to_csv(workspace, view, names))))
    shown = explore.page(workspace, view, 1, 100)
    assert [row["id"] for row in rows] == [row.example.id for row in shown]
    assert 5 < len(rows) < 30
    alone, together = (f"{name} · run {run}" for run, name in names.items())
    assert {(row["gold"], row[f"{alone}: right"], row[f"{together}: right"]) for row in rows} == {
        ("positive", "1", "0")
    }
    assert rows[0]["Sentence"] == shown[0].example.inputs[0]
    assert float(rows[0][f"{alone}: confidence"]) == shown[0].said[0].confidence  # type: ignore[union-attr]


def test_json_lines_have_all_that_is_stored(workspace: Workspace) -> None:
    view, names = selection(workspace)
    lines = [json.loads(line) for line in explore_files.to_json_lines(workspace, view, names).splitlines()]
    assert len(lines) == 30
    first = lines[0]
    assert (first["task"], first["place"], list(first["inputs"])) == ("sst2", 1, ["Sentence"])
    assert [(one["name"], one["right"]) for one in first["models"]] == [("alone", True), ("with mnli", False)]
    assert set(first["models"][0]["detail"]["probabilities"]) == {"negative", "positive"}


def test_a_cell_that_would_calculate_does_not(workspace: Workspace) -> None:
    view, _ = selection(workspace)
    assert "'=HYPERLINK(1) · run" in explore_files.to_csv(workspace, view, dict.fromkeys(view.runs, "=HYPERLINK(1)"))


def test_an_empty_selection_is_an_empty_file(workspace: Workspace) -> None:
    view, names = selection(workspace, show="fixed")
    assert explore_files.to_csv(workspace, view, names) == explore_files.to_json_lines(workspace, view, names) == ""
