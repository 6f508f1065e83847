"""Which runs and studies have used each task, and how many rows the newest of them read."""

from __future__ import annotations

from dataclasses import dataclass

from mtl_core.store import study_members
from mtl_core.store.runs import IS_EXAMPLE
from mtl_core.store.workspace import Workspace

USES = f"""
    SELECT each.value AS task, runs.id AS run,
        (SELECT size FROM draws WHERE draws.run = runs.id AND draws.task = each.value) AS train,
        (SELECT max(examples) FROM scores WHERE scores.run = runs.id AND scores.task = each.value) AS dev
    FROM runs, json_each(runs.tasks) AS each WHERE NOT {IS_EXAMPLE} ORDER BY runs.created
"""


@dataclass(frozen=True, slots=True)
class TaskUse:
    """Who used a task."""

    runs: int = 0
    studies: tuple[tuple[str, str], ...] = ()
    """Ids and names."""
    train: int | None = None
    dev: int | None = None
    """Rows that the newest run knew of; a limit may have left some out."""


def by_task(workspace: Workspace) -> dict[str, TaskUse]:
    """The use of each task that any run has trained. Runs of the example do not count."""
    with workspace.read() as index:
        rows = list(index.query(USES))
    owner = study_members.owners(study_members.listing(workspace))
    found: dict[str, TaskUse] = {}
    for row in rows:
        before = found.get(row["task"], TaskUse())
        study = owner.get(row["run"])
        studies = dict(before.studies) | ({study.id: study.name} if study else {})
        found[row["task"]] = TaskUse(
            before.runs + 1, tuple(studies.items()), row["train"] or before.train, row["dev"] or before.dev
        )
    return found
