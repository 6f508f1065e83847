from __future__ import annotations

from mtl_core.services import compare, explore, pairs
from mtl_core.store.runs import Run
from mtl_core.store.workspace import Workspace
from tests import builders


def of_task(workspace: Workspace, task: str = "sst2") -> list[Run]:
    return explore.runs_by_task(workspace)[task]


def usual(workspace: Workspace, task: str = "sst2") -> list[str]:
    return [run.id for run in explore.usual(workspace, of_task(workspace, task), task)]


def compared(workspace: Workspace) -> list[str]:
    return [run.id for run in compare.usual(workspace, compare.choices(workspace))]


def test_a_pair_has_one_seed(workspace: Workspace) -> None:
    first = builders.run(workspace, seed=1, dev=4, launch="both")
    builders.run(workspace, seed=2, dev=4, launch="both")
    together = builders.run(workspace, tasks="sst2,mnli", seed=1, dev=4, launch="both")
    assert usual(workspace) == [first, together]
    assert compared(workspace) == [first, together]


def test_a_pair_has_one_rate_and_one_limit(workspace: Workspace) -> None:
    alone = builders.run(workspace, dev=4, train_limit=500)
    together = builders.run(workspace, tasks="sst2,mnli", dev=4, train_limit={"sst2": 500, "mnli": 900})
    builders.run(workspace, dev=4, learning_rate=1e-4)
    builders.run(workspace, dev=4, train_limit=900)
    newest = builders.run(workspace, tasks="sst2,mnli", dev=4, learning_rate=2e-4)
    assert usual(workspace) == [alone, together]
    assert compared(workspace) == [alone, together]
    assert usual(workspace, "mnli") == [newest]


def test_a_pair_was_scored_on_the_same_examples(workspace: Workspace) -> None:
    builders.run(workspace, dev=4)
    together = builders.run(workspace, tasks="sst2,mnli", dev=6)
    assert usual(workspace) == [together]
    [first, second] = of_task(workspace)
    assert pairs.differences(workspace, first, second, "sst2") == ("scored on 6 against 4 dev examples",)


def test_where_there_is_no_pair_it_is_said(workspace: Workspace) -> None:
    builders.run(workspace, seed=1, dev=4)
    together = builders.run(workspace, tasks="sst2,mnli", seed=2, dev=4)
    runs, chosen = of_task(workspace), explore.usual(workspace, of_task(workspace), "sst2")
    assert [run.id for run in chosen] == [together]
    assert explore.unpaired(workspace, runs, chosen, "sst2")
    assert not explore.unpaired(workspace, runs, runs, "sst2")
    begun = compare.choices(workspace)
    assert compare.unpaired(workspace, begun, compare.usual(workspace, begun))
    names = {run.id: run.title for run in runs}
    assert pairs.unlike(workspace, [runs[1], runs[0]], "sst2", names) == [
        "Not the method alone: “sst2 + mnli · hard · seed 2” and “sst2 · single · seed 1” differ in seed 2 against 1."
    ]


def test_a_launch_of_two_rates_is_compared_at_one(workspace: Workspace) -> None:
    kept = []
    for rate in (1e-4, 5e-5):
        for seed in (1, 2):
            for tasks in ("sst2", "sst2,mnli"):
                kept.append(builders.run(workspace, tasks=tasks, seed=seed, learning_rate=rate, dev=4, launch="sweep"))
    assert compared(workspace) == kept[4:]


def test_two_methods_are_partners_and_two_seeds_are_not(workspace: Workspace) -> None:
    hard, soft = (builders.run(workspace, tasks="sst2,mnli", sharing=one, dev=4) for one in ("hard", "soft"))
    builders.run(workspace, tasks="sst2,mnli", seed=2, dev=4)
    found = pairs.partners(of_task(workspace), "sst2")
    assert [[other.id for other in found[run]] for run in (hard, soft)] == [[soft], [hard]]
    assert compared(workspace) == [hard, soft]
