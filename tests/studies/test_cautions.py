"""What stands beside a verdict though both arms have it in common, and versions of an own task that differ."""

from __future__ import annotations

from pathlib import Path

from mtl_core.data import guess
from mtl_core.store.tasks import refreshed
from mtl_core.store.workspace import Workspace
from mtl_core.studies.confounds import TaskRun, confounds
from mtl_core.studies.judge import judge
from tests.own_tasks import tickets, write_csv
from tests.studies import building
from tests.studies.test_confounds import made

OVERLAP = {"mnli": {"dev": 23, "of": 872, "rows": 41}}
TUNED = (
    "MiniLM-L6 (built in) was itself tuned on pairs from MultiNLI, so its scores on mnli are not those of an encoder "
    "that never saw them"
)


def test_a_verdict_says_how_much_of_the_test_the_helper_has_seen(workspace: Workspace) -> None:
    study = building.pair(workspace)
    assert judge(workspace, study)[0].cautions == ()
    for run in study.runs["sst2 + mnli"].values():
        folder = workspace.run(run)
        report = folder.read_json(folder.report)
        folder.write_json(folder.report, {**report, "facts": {"data": {"sst2": {"overlap": OVERLAP}}}})
    assert judge(workspace, study)[0].cautions == (
        "23 of 872 dev examples of sst2 have a text that occurs in mnli's training data (41 rows): better scores "
        "may be memory. Leave those rows out with overlap = leave_out",
    )


def test_the_encoders_own_tuning_stands_beside_such_tasks(workspace: Workspace) -> None:
    config = building.pair_config()
    turned = [comparison.model_copy(update={"target": "mnli"}) for comparison in config.comparisons]
    alone = config.arms[0].model_copy(update={"config": config.arms[1].config.alone("mnli"), "name": "mnli alone"})
    turned = [one.model_copy(update={"baseline": "mnli alone"}) for one in turned]
    other = config.model_copy(update={"arms": (alone, config.arms[1]), "comparisons": tuple(turned)})
    scores = building.drawn({"mnli alone": 0.8, "sst2 + mnli": 0.8})
    assert judge(workspace, building.study_with_runs(workspace, other, scores))[0].cautions == (TUNED,)


def test_versions_of_an_own_task_are_a_confound_and_a_helpers_source_is_none(
    workspace: Workspace, tmp_path: Path
) -> None:
    first = refreshed(guess.of_files(write_csv(tmp_path / "a" / "tickets.csv", tickets(60))).definition)
    second = refreshed(guess.of_files(write_csv(tmp_path / "b" / "tickets.csv", tickets(60, seed=2))).definition)
    alone = made(workspace, tasks="tickets", definitions={"tickets": first})
    same = made(workspace, tasks="tickets,sst2", definitions={"tickets": first}, source="hub")
    other = made(workspace, tasks="tickets,sst2", definitions={"tickets": second}, source="hub")
    assert confounds(TaskRun(same), TaskRun(alone)) == ()
    versions = [run.config.version_of("tickets") for run in (other, alone)]
    assert confounds(TaskRun(other), TaskRun(alone)) == (f"version {versions[0]} of tickets against {versions[1]}",)
