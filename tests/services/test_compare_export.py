from __future__ import annotations

import csv
from io import StringIO

import pytest

from mtl_core.services import compare
from mtl_core.services.compare import export, groups, table
from mtl_core.services.compare.table import ScoreTable
from mtl_core.store.workspace import Workspace
from tests import builders


@pytest.fixture
def comparison(workspace: Workspace) -> ScoreTable:
    builders.run(workspace, tasks="sst2", accuracy=1.0, launch="pair", name="=HYPERLINK(1)")
    builders.run(workspace, tasks="sst2,mnli", accuracy=0.0, launch="pair", seed=2)
    return usual(workspace)


def usual(workspace: Workspace) -> ScoreTable:
    runs = compare.choices(workspace)[::-1]
    return table.score_table(workspace, runs, groups.grouped(workspace, runs).groups)


def test_csv_has_a_row_a_score_with_all_that_belongs_to_it(comparison: ScoreTable) -> None:
    rows = list(csv.DictReader(StringIO(export.to_csv(comparison))))
    assert [(row["task"], row["arm"], row["percent"], row["points_to_alone"]) for row in rows] == [
        ("sst2", "alone", "100.0", ""),
        ("sst2", "with mnli", "0.0", "-100.0"),
        ("mnli", "with sst2", "0.0", ""),
    ]
    assert rows[1]["confounded_by"] == "seed 2 against 1"
    assert rows[1]["baseline_runs"] == rows[0]["runs"]
    assert {row["source"] for row in rows} == {"generated sample"}
    assert rows[0]["titles"] == "'=HYPERLINK(1)'"


def test_markdown_is_the_table_with_its_notes(comparison: ScoreTable) -> None:
    assert export.to_markdown(comparison) == (
        "| task | metric | alone | with mnli | with sst2 |\n"
        "| --- | --- | ---: | ---: | ---: |\n"
        "| sst2 (generated sample) | accuracy (%) | 100.0 | 0.0 (−100.0, a) | – |\n"
        "| mnli (generated sample) | accuracy (%) | – | – | 0.0 |\n"
        "\n"
        "- a: confounded by seed 2 against 1\n"
        "\n"
        "One run each: a difference compares two models, not two methods. Runs of one config that differ in the seed "
        "alone differ too: two BERT-base models on MNLI by 0.2 points in the median, by 0.7 in one case of twenty "
        "(McCoy et al. 2020).\n"
    )


def test_latex_is_the_same_for_a_paper(comparison: ScoreTable) -> None:
    text = export.to_latex(comparison)
    assert r"    sst2 (generated sample) & accuracy (\%) & 100.0 & 0.0 ($-$100.0, a) & -- \\" in text
    assert r"\caption" not in text
    assert "a: confounded by seed 2 against 1" in text


def test_means_are_written_with_their_interval_and_what_each_run_reached(workspace: Workspace) -> None:
    for tasks, value in (("sst2", 0.0), ("sst2,mnli", 1.0)):
        for seed in (1, 2):
            builders.run(workspace, tasks=tasks, accuracy=value, seed=seed, launch="study")
    found = usual(workspace)
    rows = list(csv.DictReader(StringIO(export.to_csv(found))))
    assert [rows[0][name] for name in ("arm", "percent", "interval_95", "n", "each", "seeds")] == [
        "alone",
        "0.0",
        "0.0",
        "2",
        "0.0 0.0",
        "1 2",
    ]
    assert rows[1]["baseline_runs"] == rows[0]["runs"]
    assert export.MIXED not in export.reach(found)
    text = export.to_markdown(found)
    assert "| sst2 (generated sample) | accuracy (%) | 0.0 ± 0.0, 2 seeds | 100.0 ± 0.0, 2 seeds (+100.0) | – |" in text
    assert text.endswith(
        "Scores of several runs: mean ± half of its 95 % interval by Student's t. It holds over seeds, on these dev "
        "examples. A difference of means is not a verdict.\n"
    )


def test_means_over_other_settings_say_so(workspace: Workspace) -> None:
    for rate in ("1e-5", "1e-4"):
        builders.run(workspace, tasks="sst2,mnli", launch="rates", learning_rate=rate, dev=4)
    runs = compare.choices(workspace)[::-1]
    found = table.score_table(workspace, runs, groups.grouped(workspace, runs, "sharing").groups)
    assert export.reach(found).endswith(
        "“Runs” in place of “seeds” differ in more than the seed: their interval mixes chance with settings."
    )
