"""The facts of a study's runs as tables: arms and settings, data, versions, states."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from mtl_core.config.settings import field_text, flat, value_text
from mtl_core.config.study import StudyConfig
from mtl_core.display.tables import Table
from mtl_core.display.words import clusters_text, encoder_name
from mtl_core.store.run_folder import RunFolder
from mtl_core.store.workspace import Workspace
from mtl_core.studies.members import Member

APART = ("seed", "name")
SOURCES = {"sample": "the generated sample", "folder": "files of", "hub": "the Hugging Face hub", "own": "own files"}
Report = dict[str, Any]


def reports(workspace: Workspace, listed: Iterable[Member]) -> dict[str, Report]:
    """The runs' own reports, by id; runs that have not begun have none."""
    folders: dict[str, RunFolder] = {one.run.id: workspace.run(one.run.id) for one in listed if one.run}
    reports = {run_id: folder.read_json(folder.report) for run_id, folder in folders.items()}
    return {run_id: report for run_id, report in reports.items() if report}


def arms(config: StudyConfig) -> Table:
    """A row an arm, a column for each setting in which they differ."""
    values = [flat(arm.config) for arm in config.arms]
    names = [name for name in _fields(values) if len({value_text(name, one.get(name)) for one in values}) > 1]
    rows = [
        (arm.name, "baseline" if arm.baseline else "", *(value_text(name, one.get(name)) for name in names))
        for arm, one in zip(config.arms, values, strict=True)
    ]
    columns = ("condition", "", *map(field_text, names))
    return Table("Conditions, and the settings that differ", columns, tuple(rows), align="l" * len(columns))


def settings(config: StudyConfig) -> Table:
    """Settings that all arms have in common."""
    values = [flat(arm.config) for arm in config.arms]
    values_of = {name: {value_text(name, one.get(name)) for one in values} for name in _fields(values)}
    rows = tuple((field_text(name), words.pop()) for name, words in values_of.items() if len(words) == 1)
    return Table("Settings of all conditions", ("setting", "value"), rows, align="ll")


def _fields(values: Sequence[Mapping[str, Any]]) -> list[str]:
    return [name for name in dict.fromkeys(name for one in values for name in one) if name not in APART]


def data(config: StudyConfig, reports: Mapping[str, Report]) -> Table:
    """The source and the number of each task's examples, as the runs have counted them."""
    places = {_place(*arm.config.place_of(task)) for arm in config.arms for task in arm.config.tasks}
    notes_of: dict[tuple[str, ...], tuple[str, ...]] = {}
    for report in reports.values():
        for task, facts in report.get("facts", {}).get("data", {}).items():
            sizes = tuple(_size(facts, part) for part in ("train", "selection", "dev"))
            row = (task, *sizes, str(facts.get("fingerprint", "–")))
            notes_of[row] = tuple(map(str, facts.get("notes", ())))
    notes = [
        f"From {' and '.join(sorted(places))}.",
        *(f"{row[0]}: {note}" for row, own in notes_of.items() for note in own),
    ]
    return Table(
        title="Data",
        columns=("task", "training examples", "for validation", "dev examples", "fingerprint"),
        rows=tuple(sorted(notes_of)),
        notes=tuple(dict.fromkeys(notes)),
        align="lrrrl",
    )


def _size(facts: Mapping[str, Any], part: str) -> str:
    """Examples of a part of a task's data, and their clusters where they were counted."""
    return f"{facts.get(part, 0):,}{clusters_text(facts.get('clusters', {}).get(part, {}))}"


def _place(source: str, folder: str | None) -> str:
    return f"{SOURCES[source]} {folder}" if source == "folder" else SOURCES[source]


def made_with(listed: Sequence[Member], reports: Mapping[str, Report]) -> Table:
    """Versions, commits and devices; several where runs differ in one."""
    rows: dict[str, list[str]] = {"encoder": [], "precision": [], "device": [], "commit of Tandem": []}
    for member in (one for one in listed if one.run and one.run.id in reports):
        assert member.run is not None
        report = reports[member.run.id]
        rows["encoder"].append(encoder_name(member.run.encoder))
        rows["precision"].append(member.run.config.precision)
        rows["device"].append(str(report.get("facts", {}).get("device") or member.run.device))
        rows["commit of Tandem"].append(str(report.get("git_commit") or "not known"))
        for package, version in report.get("versions", {}).items():
            rows.setdefault(package, []).append(str(version))
    kept = tuple((name, " / ".join(dict.fromkeys(values))) for name, values in rows.items() if values)
    return Table("Made with", ("", "in the runs"), kept, align="ll")


def runs(listed: Sequence[Member]) -> Table:
    """A row a run: where it is and what it cost."""
    rows = []
    for member in listed:
        run = member.run
        seconds = f"{run.seconds:,.0f}" if run and run.seconds else "–"
        detail = run.detail if run else ""
        rows.append((member.arm, str(member.seed), member.state, run.id if run else "–", seconds, detail))
    return Table(
        "Runs",
        ("condition", "seed", "state", "run", "seconds", "to note"),
        tuple(rows),
        align="lrllrl",
        once=("to note",),
    )
