from __future__ import annotations

import csv
from io import StringIO
from pathlib import Path

import pytest

from mtl_core.services import compare, compare_export
from mtl_core.services.compare import Comparison
from tests import builders


@pytest.fixture
def comparison(tmp_path: Path) -> Comparison:
    builders.run(tmp_path, tasks="sst2", accuracy=1.0, launch="pair", name="=HYPERLINK(1)")
    builders.run(tmp_path, tasks="sst2,mnli", accuracy=0.0, launch="pair", seed=2)
    return compare.compare(tmp_path, compare.usual(compare.choices(tmp_path)))


def test_csv_has_a_row_a_score_with_all_that_belongs_to_it(comparison: Comparison) -> None:
    rows = list(csv.DictReader(StringIO(compare_export.to_csv(comparison))))
    assert [(row["task"], row["arm"], row["percent"], row["points_to_alone"]) for row in rows] == [
        ("sst2", "alone", "100.0", ""),
        ("sst2", "with mnli", "0.0", "-100.0"),
        ("mnli", "with sst2", "0.0", ""),
    ]
    assert rows[1]["confounded_by"] == "seed 2 against 1"
    assert rows[1]["baseline_run"] == rows[0]["run"]
    assert {row["source"] for row in rows} == {"generated sample"}
    assert rows[0]["title"] == "'=HYPERLINK(1)"


def test_markdown_is_the_table_with_its_notes(comparison: Comparison) -> None:
    assert compare_export.to_markdown(comparison) == (
        "| task | metric (%) | alone | with mnli | with sst2 |\n"
        "| --- | --- | ---: | ---: | ---: |\n"
        "| sst2 (generated sample) | accuracy | 100.0 | 0.0 (−100.0, a) | – |\n"
        "| mnli (generated sample) | accuracy | – | – | 0.0 |\n"
        "\n"
        "- a: confounded by seed 2 against 1\n"
        "\n"
        "One run each: a difference compares two models, not two methods. Runs of one config that differ in the seed "
        "alone differ too: two BERT-base models on MNLI by 0.2 points in the median, by 0.7 in one case of twenty "
        "(McCoy et al. 2020).\n"
    )
