"""Studies in the terminal: their runs before they start, and their verdicts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from mtl_core.cli.output import CommandOutput
from mtl_core.cli.words import table
from mtl_core.display.words import GENERATED
from mtl_core.records import RunState
from mtl_core.store.workspace import Workspace

if TYPE_CHECKING:
    from mtl_core.config.study import StudyConfig


def tell(answer: CommandOutput, workspace: Workspace, study_id: str) -> int:
    """The verdicts of a study; 1 where a run of it has failed."""
    from mtl_core.store import studies
    from mtl_core.studies import describe

    document = describe.document(workspace, studies.get(workspace, study_id))
    answer.give(document, "\n".join(_lines(document)))
    return int(document["counts"].get(RunState.FAILED, 0) > 0)


def list_studies(answer: CommandOutput, workspace: Workspace) -> int:
    """All studies, a line each."""
    from mtl_core.store import studies
    from mtl_core.studies import describe
    from mtl_core.studies.members import counts, members
    from mtl_core.studies.tuning import trial_runs

    found, unreadable = studies.listing(workspace)
    rows, documents = [], []
    for study in found:
        listed = members(workspace, study)
        state, done = describe.state(listed, trial_runs(workspace, study)), counts(listed)[RunState.FINISHED]
        documents.append({"id": study.id, "name": study.config.name, "state": state, "created": study.created})
        rows.append([study.id, state, f"{done} of {len(listed)} runs", study.config.name])
    for name, why in unreadable.items():
        answer.say(f"{name}: {why}")
    words = table(["study", "state", "done", "question"], rows) if rows else "no studies yet"
    answer.give(documents, words)
    return 0


def tell_runs(answer: CommandOutput, config: StudyConfig, costs: Sequence[str], workspace: Workspace) -> int:
    """Every run that a study would have, a config each, and what is compared; `costs`: of what it does by itself.

    A run of the workspace that it would take over stands beside it by its id."""
    from mtl_core.studies.members import reusable
    from mtl_core.studies.tuning import planned_trials

    runs = [run for _, _, run in config.runs()]
    with workspace.read() as index:
        there = [reusable(workspace, index, run) for run in runs]
    compared = [comparison.model_dump() for comparison in config.comparisons]
    document = {
        "name": config.name,
        "runs": [run.model_dump(mode="json") for run in runs],
        "taken_over": [run and run.id for run in there],
        "comparisons": compared,
        "tune": config.tune and config.tune.model_dump(),
        "trials": planned_trials(config),
        "auto": config.auto and config.auto.model_dump(),
    }
    rows = [
        [arm.name, str(run.seed), f"{run.epochs:.3g}", "baseline" * arm.baseline, f"takes over {old.id}" if old else ""]
        for (arm, _, run), old in zip(config.runs(), there, strict=True)
    ]
    lines = [config.name, "", table(["condition", "seed", "epochs", "", ""], rows), "", *costs]
    lines.append(f"{len(runs)} runs; nothing was started.")
    answer.give(document, "\n".join(lines))
    return 0


def _lines(study: dict[str, Any]) -> list[str]:
    states = ", ".join(f"{count} {state}" for state, count in study["counts"].items())
    lines = [f"{study['name']}", f"study {study['id']} · {states}", *study["automation"], study["plan"]["sealed"]]
    lines += [f"changed since: {words}" for words in study["plan"]["changed"]] + [""]
    for one in study["comparisons"]:
        lines += _comparison(one)
    return lines


def _comparison(one: dict[str, Any]) -> list[str]:
    from mtl_core.display.verdicts import verdict_text

    badge = f" ({GENERATED})" * one["generated"]
    about = (
        f"{one['target']} {one['metric']}: {one['treatment']['arm']} against {one['baseline']['arm']}, {one['matched']}"
    )
    verdict = one["verdict"]
    if verdict is None:
        return [f"? {about}{badge}", f"    {one['refused']}"]
    lines = [f"{verdict_text(one['decision'])}: {about}{badge}"]
    if verdict["low"] is not None:
        interval = f"[{verdict['low']:+.2f}, {verdict['high']:+.2f}]"
        lines.append(f"    {verdict['effect']:+.2f} points {interval}, {len(one['treatment']['scores'])} seeds")
    else:
        lines.append(f"    {verdict['effect']:+.2f} points. {verdict['why']}")
    sides = (one["baseline"], one["treatment"])
    lines += [
        f"    left out: seed {seed} of '{side['arm']}', {why}"
        for side in sides
        for seed, why in side["left_out"].items()
    ]
    lines += [f"    tuned: {words}" for words in one["tuned"]]
    lines += [f"    note: {words}" for words in one["cautions"]]
    return lines + [f"    confounded by: {words}" for words in one["confounds"]]
