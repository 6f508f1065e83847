from __future__ import annotations

import pytest

from mtl_core.services import compare
from mtl_core.services.compare import groups, table
from mtl_core.services.compare.table import ScoreTable
from mtl_core.store.runs import Run
from mtl_core.store.workspace import Workspace
from tests import builders


def chosen(workspace: Workspace, *ids: str) -> list[Run]:
    by_id = {run.id: run for run in compare.choices(workspace)}
    return [by_id[run_id] for run_id in ids]


def compared(workspace: Workspace, *ids: str, by: str = groups.EACH) -> ScoreTable:
    runs = chosen(workspace, *ids)
    return table.score_table(workspace, runs, groups.grouped(workspace, runs, by).groups)


def test_asking_makes_no_store(workspace: Workspace) -> None:
    assert compare.choices(workspace) == []
    assert list(workspace.path.iterdir()) == []


def test_queued_runs_are_no_choice(workspace: Workspace) -> None:
    builders.run(workspace, state="queued")
    running = builders.run(workspace, state="running")
    assert [run.id for run in compare.choices(workspace)] == [running]


def test_the_usual_choice_is_the_newest_launch_with_a_pair(workspace: Workspace) -> None:
    alone = builders.run(workspace, tasks="sst2", launch="pair", dev=4)
    together = builders.run(workspace, tasks="sst2,mnli", launch="pair", dev=4)
    builders.run(workspace, tasks="squad", launch="later", dev=4)
    builders.run(workspace, tasks="sst2", launch="latest", state="running")
    assert [run.id for run in compare.usual(workspace, compare.choices(workspace))] == [alone, together]


def test_without_such_a_launch_the_newest_run_stands_beside_others_of_its_tasks(workspace: Workspace) -> None:
    builders.run(workspace, tasks="sst2", dev=4)
    alone = builders.run(workspace, tasks="sst2", dev=4)
    together = builders.run(workspace, tasks="sst2,mnli", dev=4)
    assert {run.id for run in compare.usual(workspace, compare.choices(workspace))} == {alone, together}


def test_a_single_run_is_the_usual_choice_where_there_is_no_other(workspace: Workspace) -> None:
    only = builders.run(workspace, dev=4)
    assert [run.id for run in compare.usual(workspace, compare.choices(workspace))] == [only]
    assert compare.usual(workspace, []) == []


def test_a_table_like_the_papers(workspace: Workspace) -> None:
    ids = [
        builders.run(workspace, tasks="sst2", accuracy=1.0),
        builders.run(workspace, tasks="mnli", accuracy=1.0),
        builders.run(workspace, tasks="sst2,mnli", accuracy=0.0),
    ]
    found = compared(workspace, *ids)
    assert found.columns == ("alone", "with mnli", "with sst2")
    assert [(line.task, line.metric, sorted(line.cells)) for line in found.lines] == [
        ("sst2", "accuracy", ["alone", "with mnli"]),
        ("mnli", "accuracy", ["alone", "with sst2"]),
    ]
    alone, together = (found.lines[0].cells[name] for name in ("alone", "with mnli"))
    assert (alone.value, alone.difference) == (1.0, None)
    assert together.difference is not None
    assert (together.difference.value, together.difference.baseline, together.difference.note) == (-1.0, (ids[0],), "")
    assert together.difference.against == f"alone, run {ids[0]}"
    assert together.facts == (
        "encoder MiniLM-L6 (built in) · generated sample · 960 drawn in training · "
        f"40 dev examples · seed 1 · fp32 · run {ids[2]}"
    )
    assert found.lines[0].generated
    assert found.notes == {}


def test_a_score_is_the_sample_s_only_where_its_own_task_is(workspace: Workspace) -> None:
    mixed = builders.run(workspace, tasks="sst2,mnli", task_sources={"sst2": "hub"})
    found = compared(workspace, mixed)
    assert {line.task: line.generated for line in found.lines} == {"sst2": False, "mnli": True}


def test_both_metrics_of_a_span_task_stand_apart_the_main_one_first(workspace: Workspace) -> None:
    found = compared(workspace, builders.run(workspace, tasks="squad"))
    assert [line.metric for line in found.lines] == ["f1", "exact_match"]
    assert not found.paired


def test_each_multitask_run_is_compared_with_the_single_run_nearest_to_it(workspace: Workspace) -> None:
    ids = [
        builders.run(workspace, tasks=tasks, seed=seed, accuracy=accuracy)
        for tasks, seed, accuracy in (("sst2", 1, 1.0), ("sst2", 2, 0.0), ("sst2,mnli", 1, 1.0), ("sst2,mnli", 2, 1.0))
    ]
    found = compared(workspace, *ids)
    cells = found.lines[0].cells
    assert found.columns[:2] == ("alone · seed 1", "alone · seed 2")
    differences = [cells[f"with mnli · seed {seed}"].difference for seed in (1, 2)]
    assert [(one.baseline, one.value) for one in differences if one] == [((ids[0],), 0.0), ((ids[1],), 1.0)]
    assert found.notes == {}


def test_a_confounded_difference_carries_a_note(workspace: Workspace) -> None:
    alone = builders.run(workspace, tasks="sst2")
    other_seed = builders.run(workspace, tasks="sst2,mnli", seed=2, precision="bf16")
    other_data = builders.run(workspace, tasks="sst2,squad")
    for run_id, fingerprint in ((alone, "aaaa"), (other_seed, "aaaa"), (other_data, "bbbb")):
        folder = workspace.run(run_id)
        data = {"train": 4000, "fingerprint": fingerprint}
        folder.write_json(folder.report, {"facts": {"data": {"sst2": data}}})
    found = compared(workspace, alone, other_seed, other_data)
    assert found.notes == {
        "a": "seed 2 against 1; precision bf16 against fp32",
        "b": "other examples (data fingerprint bbbb against aaaa)",
    }
    cells = found.lines[0].cells
    assert [cell.difference.note for cell in cells.values() if cell.difference] == ["a", "b"]
    assert "4,000 training examples" in cells["alone"].facts


def test_without_a_single_task_run_there_is_no_difference(workspace: Workspace) -> None:
    ids = [builders.run(workspace, tasks=tasks) for tasks in ("sst2,mnli", "sst2,squad")]
    assert not compared(workspace, *ids).paired


def test_runs_without_scores_are_named(workspace: Workspace) -> None:
    ids = [builders.run(workspace), builders.run(workspace, tasks="sst2,mnli", state="failed")]
    found = compared(workspace, *ids)
    assert ([run.id for run in found.without], found.columns) == ([ids[1]], ("alone",))


def test_planned_and_drawn(workspace: Workspace) -> None:
    run_id = builders.run(workspace, tasks="sst2,mnli")
    found = compare.draws(workspace, chosen(workspace, run_id))
    assert [(run.id, draw.task, draw.actual_examples) for run, draw in found] == [
        (run_id, "mnli", 960),
        (run_id, "sst2", 960),
    ]


@pytest.mark.parametrize(("place", "sign"), [(0, "a"), (25, "z"), (26, "aa"), (27, "ab")])
def test_there_are_signs_for_any_number_of_notes(place: int, sign: str) -> None:
    assert table._sign(place) == sign


def test_limits_given_task_by_task_are_no_confound_of_their_own(workspace: Workspace) -> None:
    alone = builders.run(workspace, tasks="sst2", train_limit=800)
    pair = builders.run(workspace, tasks="sst2,mnli", train_limit="sst2=800,mnli=400")
    found = compared(workspace, alone, pair)
    difference = found.lines[0].cells["with mnli"].difference
    assert difference is not None
    assert difference.note == ""


def test_seeds_of_one_arm_are_one_column_with_a_t_interval(workspace: Workspace) -> None:
    reached = {"sst2": (0.6, 0.7, 0.8), "sst2,mnli": (0.7, 0.8, 0.9)}
    ids = [
        builders.run(workspace, tasks=tasks, seed=seed, scores=dict.fromkeys(tasks.split(","), right(value)))
        for tasks, values in reached.items()
        for seed, value in enumerate(values, 1)
    ]
    found = compared(workspace, *ids, by=groups.ARM)
    assert found.averaged
    assert found.columns == ("alone", "with mnli", "with sst2")
    alone, together = (found.lines[0].cells[name] for name in ("alone", "with mnli"))
    assert alone.value == pytest.approx(0.7)
    assert alone.half == pytest.approx(4.302653 * 0.1 / 3**0.5)  # Student's t of 2 degrees of freedom, SD 0.1
    assert (alone.group.count, alone.difference) == ("3 seeds", None)
    assert together.difference is not None
    assert together.difference.value == pytest.approx(0.1)
    assert together.difference.baseline == tuple(ids[:3])
    assert (together.difference.against, together.difference.note) == (f"alone, runs {', '.join(ids[:3])}", "")
    assert f"seeds 1, 2, 3 · fp32 · runs {', '.join(ids[:3])}" in alone.facts


def right(share: float) -> list[float]:
    """Ten examples, that share of them right."""
    return [float(place < round(10 * share)) for place in range(10)]


def test_what_confounds_means_is_said_once_and_seeds_do_not(workspace: Workspace) -> None:
    ids = [builders.run(workspace, tasks="sst2", seed=seed, dev=4) for seed in (1, 2)]
    ids += [builders.run(workspace, tasks="sst2,mnli", seed=seed, dev=4, precision="bf16") for seed in (2, 3)]
    assert compared(workspace, *ids, by=groups.ARM).notes == {"a": "precision bf16 against fp32"}
