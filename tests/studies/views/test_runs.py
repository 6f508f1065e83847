from __future__ import annotations

import pytest

from mtl_core.store.workspace import Workspace
from mtl_core.studies.judge import judge
from mtl_core.studies.views import runs
from tests.studies import building
from tests.studies.views.test_verdicts import rows


def test_every_seed_has_its_score(workspace: Workspace) -> None:
    study = building.study_with_runs(
        workspace,
        building.pair_config(),
        building.drawn({"sst2 alone": 0.8, "sst2 + mnli": 0.9}),
        {("sst2 alone", 2): "failed"},
    )
    judged = judge(workspace, study)
    alone, together = rows(runs.table(study.config, judged).to_csv())
    assert (alone["score"], alone["condition"], alone["seed 2"]) == ("sst2 accuracy (%)", "sst2 alone", "–")
    assert float(together["seed 2"]) == pytest.approx(judged[0].treatment.apart[2], abs=0.05), "it has no partner"
    assert float(alone["seed 1"]) == pytest.approx(judged[0].baseline.scores[1], abs=0.05)
    assert set(together) == {"score", "condition", "mean", "seed 1", "seed 2", "seed 3"}
