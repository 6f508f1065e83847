from __future__ import annotations

import csv
from io import StringIO

import pytest

from mtl_core.store.workspace import Workspace
from mtl_core.studies.judge import judge
from mtl_core.studies.views import verdicts
from tests.studies import building


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(text)))


def test_a_row_says_all_that_a_verdict_rests_on(workspace: Workspace) -> None:
    study = building.pair(workspace, 0.08, dev=800)
    judged = judge(workspace, study)
    [row] = rows(verdicts.table(study.config, judged).to_csv())
    verdict = judged[0].verdict
    assert verdict is not None
    assert (row["target"], row["treatment"], row["against"]) == ("sst2 (accuracy)", "sst2 + mnli", "sst2 alone")
    assert (row["matched by"], row["seeds"], row["dev examples"]) == ("same number of target updates", "3", "800")
    assert float(row["effect (points)"]) == pytest.approx(verdict.effect, abs=0.005)
    assert row["95 % interval"] == f"[+{verdict.low:.2f}, +{verdict.high:.2f}]"
    assert float(row["p: differs"]) == pytest.approx(verdict.p_value, abs=0.0005)
    assert (row["verdict"], row["data"], row["to note"]) == ("▲ helps", "generated sample", "")
    assert float(row["detectable (points)"]) == pytest.approx(verdict.detectable, abs=0.005)


def test_what_all_rows_share_stands_under_the_table(workspace: Workspace) -> None:
    study = building.pair(workspace)
    read = verdicts.table(study.config, judge(workspace, study)).folded
    assert read.title == "Verdicts · generated sample"
    assert not {"matched by", "dev examples", "data", "to note"} & set(read.columns)
    assert read.notes[0] == (
        "In all rows: matched by: same number of target updates; dev examples: 200; data: generated sample."
    )


def test_what_has_no_verdict_says_why(workspace: Workspace) -> None:
    study = building.study_with_runs(
        workspace,
        building.pair_config((1, 2)),
        building.drawn({"sst2 alone": 0.8, "sst2 + mnli": 0.8}),
        {("sst2 + mnli", 1): "failed", ("sst2 + mnli", 2): "not started"},
    )
    table = verdicts.table(study.config, judge(workspace, study))
    [row] = rows(table.to_csv())
    assert [row[name] for name in ("effect (points)", "95 % interval", "p: differs", "detectable (points)")] == [
        "–"
    ] * 4
    assert (row["verdict"], row["to note"]) == ("? not enough evidence", "no verdict, seeds left out")
    assert (
        "sst2 + mnli against sst2 alone, sst2: no run of 'sst2 + mnli' has finished yet. Start the study, or resume "
        "what has stopped."
    ) in table.notes
    assert "Left out: sst2 + mnli: seed 1 (failed), seed 2 (not started)." in table.notes


def test_one_seed_gives_no_verdict(workspace: Workspace) -> None:
    study = building.pair(workspace, seeds=(1,))
    table = verdicts.table(study.config, judge(workspace, study))
    assert rows(table.to_csv())[0]["to note"] == "no verdict"
    assert any("One seed per condition compares two models, not two methods" in note for note in table.notes)


def test_a_tiny_p_value_is_not_zero(workspace: Workspace) -> None:
    study = building.pair(workspace, 0.15, dev=400, seeds=range(1, 8))
    assert rows(verdicts.table(study.config, judge(workspace, study)).to_csv())[0]["p: differs"] == "< 0.001"
