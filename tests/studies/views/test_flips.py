from __future__ import annotations

from itertools import permutations, product

import numpy as np
import pytest

from mtl_core.store.workspace import Workspace
from mtl_core.studies.members import members
from mtl_core.studies.views.flips import reading, tables
from mtl_core.studies.views.flips.counts import flips
from tests.studies.building import pair, pair_config, study_with_runs

BASELINE = np.array([[0, 0, 1, 1, 0, 1], [0, 1, 1, 0, 0, 1]], dtype=bool)
TREATMENT = np.array([[1, 1, 0, 1, 0, 1], [1, 1, 0, 0, 1, 1]], dtype=bool)
"""Two seeds each, six examples: gained always, gained in part, lost always, flipping in both, gained in part, never."""


def test_two_seeds_an_arm_and_six_examples_by_hand() -> None:
    """Of unlike seeds there are two pairs: (1, 2) and (2, 1)."""
    found = flips(BASELINE, TREATMENT, ((1, 2), (1, 2)))
    assert found.gained.tolist() == [1.0, 0.5, 0.0, 0.5, 0.5, 0.0]
    assert found.lost.tolist() == [0.0, 0.0, 1.0, 0.5, 0.0, 0.0]
    assert found.noise is not None
    assert found.noise.tolist() == [0.0, 0.25, 0.0, 0.5, 0.25, 0.0]
    assert (found.gained_in.tolist(), found.lost_in.tolist()) == ([3.0, 2.0], [2.0, 1.0])
    assert sorted(found.noise_in.tolist()) == [1.0, 1.0, 1.0, 1.0]
    assert found.floor == 1.0
    assert [there.tolist() for there in found.stable] == [[True, *[False] * 5], [False, False, True, *[False] * 3]]
    assert found.stable_by_chance == (3 / 6, 3 / 6)  # examples 0, 2 and 3 are right in 2 of 4 runs, 6 ways to deal them
    assert found.listed().tolist() == [0, 2, 1, 4]
    assert found.listed(lost=False).tolist() == [0, 1, 4]
    assert found.listed(gained=False).tolist() == [2]


def test_like_seeds_count_only_where_there_are_no_others() -> None:
    every = flips(BASELINE, TREATMENT, ((1, 2), (3, 4)))
    assert every.gained_in.tolist() == [2.0, 3.0, 2.0, 2.0]
    single = flips(BASELINE[:1], TREATMENT[:1], ((1,), (1,)))
    assert (single.gained_in.tolist(), single.noise, single.floor) == ([2.0], None, None)


def test_expectations_are_those_of_the_docstring() -> None:
    """Every outcome of two seeds per condition on one example, weighted by its chance."""
    p, q = 0.7, 0.4
    gained = lost = noise = 0.0
    for before, after in product(product((0, 1), repeat=2), repeat=2):
        found = flips(np.array([before], bool).T, np.array([after], bool).T, ((1, 2), (1, 2)))
        chance = np.prod([p if one else 1 - p for one in before]) * np.prod([q if one else 1 - q for one in after])
        assert found.noise is not None
        gained, lost = gained + chance * found.gained[0], lost + chance * found.lost[0]
        noise += chance * found.noise[0]
    assert gained - lost == pytest.approx(q - p)
    assert gained + lost - 2 * noise == pytest.approx((q - p) ** 2)


def test_stable_by_chance_is_the_mean_over_all_ways_to_deal_the_runs() -> None:
    runs = np.vstack([BASELINE, TREATMENT])
    counts = []
    for order in permutations(range(4)):
        dealt = flips(runs[list(order[:2])], runs[list(order[2:])], ((1, 2), (1, 2)))
        counts.append([int(there.sum()) for there in dealt.stable])
    assert np.mean(counts, axis=0) == pytest.approx((0.5, 0.5))


def test_arms_of_unlike_examples_are_refused() -> None:
    with pytest.raises(ValueError, match=r"conditions of \(2, 6\) and \(2, 5\) runs × examples can't be held together"):
        flips(BASELINE, TREATMENT[:, :5], ((1, 2), (1, 2)))


def chosen(arm: str, task: str, seed: int) -> list[float]:
    side = BASELINE if arm == "sst2 alone" else TREATMENT
    return [float(right) for right in side[seed - 1]] if task == "sst2" else [1.0, 0.0]


def test_a_study_is_read_from_its_finished_runs(workspace: Workspace) -> None:
    study = study_with_runs(workspace, pair_config((1, 2)), chosen)
    found = reading.read(workspace, study.config.comparisons[0], members(workspace, study))
    assert found.flips is not None
    assert (found.refused, found.wanted, found.flips.runs, found.generated) == ("", (2, 2), (2, 2), True)
    assert found.flips.gained.sum() == 2.5
    ids = reading.example_ids(workspace, found)
    assert ids[0] == "sst2-0000"
    assert [example.position for example in reading.texts(workspace, "sst2", [ids[2], "gone", ids[0]])] == [2, 0]
    alone, together = (study.runs[name] for name in ("sst2 alone", "sst2 + mnli"))
    runs = ",".join([alone[1], alone[2], together[1], together[2]])
    assert found.link(ids[0]) == {"task": "sst2", "runs": runs, "baseline": alone[1], "example": "sst2-0000"}


def test_an_arm_without_finished_runs_is_refused(workspace: Workspace) -> None:
    states = {("sst2 alone", 1): "failed", ("sst2 alone", 2): "running"}
    study = study_with_runs(workspace, pair_config((1, 2)), chosen, states)
    found = reading.read(workspace, study.config.comparisons[0], members(workspace, study))
    assert found.flips is None
    assert found.refused == "no run of 'sst2 alone' has finished yet: they wait or train."


def test_runs_of_other_examples_are_refused(workspace: Workspace) -> None:
    sizes = {"sst2 alone": 6, "sst2 + mnli": 5}
    study = study_with_runs(workspace, pair_config((1,)), lambda arm, task, seed: [1.0] * sizes[arm])
    found = reading.read(workspace, study.config.comparisons[0], members(workspace, study))
    assert found.refused == (
        "the runs of 'sst2 alone' and 'sst2 + mnli' were scored on different dev examples: the data has changed in "
        "between. Delete the older runs, and start the study again."
    )


def test_the_tables_say_what_was_counted(workspace: Workspace) -> None:
    study = study_with_runs(workspace, pair_config((1, 2)), chosen)
    found = reading.read(workspace, study.config.comparisons[0], members(workspace, study))
    assert found.flips is not None
    table = tables.totals(found, found.flips)
    assert table.rows == (
        ("gained: baseline wrong, treatment right", "2.5", "41.67", "2 to 3"),
        ("lost: baseline right, treatment wrong", "1.5", "25.00", "1 to 2"),
        ("chance: flipped each way by two seeds of one condition", "1.0", "16.67", "1 to 1"),
        ("gained in excess of chance", "+1.5", "+25.00", "[−1.5, +4.5]"),
        ("lost in excess of chance", "+0.5", "+8.33", "[−2.5, +3.5]"),
        ("both together in excess of chance", "+2.0", "+33.33", "–"),
        ("gained with every seed (by chance: 0.5)", "1", "16.67", "–"),
        ("lost with every seed (by chance: 0.5)", "1", "16.67", "–"),
    )
    assert table.notes == (
        "Baseline and treatment: 2 and 2 runs on 6 dev examples of the generated sample. Right means the right label.",
    )
    ids = reading.example_ids(workspace, found)
    listed = tables.examples(found, found.flips, ids, found.flips.listed().tolist())
    assert listed.columns == ("example", "change", "right: sst2 alone", "right: sst2 + mnli")
    assert listed.rows == (
        ("sst2-0000", "gained, stable", "0 of 2", "2 of 2"),
        ("sst2-0002", "lost, stable", "2 of 2", "0 of 2"),
        ("sst2-0001", "gained", "1 of 2", "2 of 2"),
        ("sst2-0004", "gained", "0 of 2", "1 of 2"),
    )


def test_one_run_an_arm_has_no_floor_and_nothing_stable(workspace: Workspace) -> None:
    study = pair(workspace, dev=20, seeds=(1,))
    found = reading.read(workspace, study.config.comparisons[0], members(workspace, study))
    assert found.flips is not None
    rows = [row[0] for row in tables.totals(found, found.flips).rows]
    assert rows == ["gained: baseline wrong, treatment right", "lost: baseline right, treatment wrong"]
