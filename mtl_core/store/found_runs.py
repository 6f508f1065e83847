"""Lists of runs: found by words and fields, sorted and cut into pages, all of it in SQL."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from mtl_core import registry
from mtl_core.records import RunState
from mtl_core.store import runs
from mtl_core.store.run_filter import RunFilter
from mtl_core.store.run_folder import RunFolder
from mtl_core.store.runs import COLUMNS, Run

STATES = "CASE state " + " ".join(f"WHEN '{state}' THEN {place}" for place, state in enumerate(RunState)) + " END"
SCORE = """(SELECT value FROM scores WHERE run = runs.id AND task = json_extract(runs.tasks, '$[0]')
    AND metric = json_extract(:metrics, '$.' || task))"""
STUDY = "(SELECT min(name) FROM members WHERE run = runs.id)"
ORDERS: Mapping[str, str] = {
    "created": "created",
    "state": STATES,
    "name": "title COLLATE NOCASE",
    "tasks": "tasks",
    "recipe": "recipe",
    "encoder": "encoder COLLATE NOCASE",
    "data": "data",
    "seed": "seed",
    "score": SCORE,
    "study": f"{STUDY} COLLATE NOCASE",
    "tags": "nullif(tags, '[]') COLLATE NOCASE",
    "duration": "seconds",
    "disk": "disk_bytes",
}
"""What runs can be sorted by."""
ANY_OF: Mapping[str, str] = {
    "states": "state IN {marks}",
    "tasks": "EXISTS (SELECT 1 FROM json_each(runs.tasks) WHERE value IN {marks})",
    "recipes": "recipe IN {marks}",
    "encoders": "encoder COLLATE NOCASE IN {marks}",
    "data": "data IN {marks}",
    "seeds": "CAST(seed AS TEXT) IN {marks}",
    "studies": """EXISTS (SELECT 1 FROM members WHERE run = runs.id
        AND (study IN {marks} OR name COLLATE NOCASE IN {marks}))""",
    "tags": "EXISTS (SELECT 1 FROM json_each(runs.tags) WHERE value COLLATE NOCASE IN {marks})",
    "launches": "launch IN {marks}",
    "ids": "id IN {marks}",
}
"""A filter's field → the condition that a run fulfils which has one of the values."""
NOUNS: Mapping[str, str] = {
    "states": "state",
    "tasks": "task",
    "recipes": "recipe",
    "methods": "method",
    "encoders": "encoder",
    "data": "data",
    "seeds": "seed",
    "studies": "study",
    "tags": "tag",
}
"""A filter's field → what one of its values is called."""
NAMED = 8
"""Values that a sentence names of those that there are."""
WORD = """(title LIKE {word} ESCAPE '!' OR id LIKE {word} ESCAPE '!' OR note LIKE {word} ESCAPE '!'
    OR tags LIKE {word} ESCAPE '!' OR recipe LIKE {word} ESCAPE '!' OR encoder LIKE {word} ESCAPE '!'
    OR tasks LIKE {word} ESCAPE '!' OR data LIKE {word} ESCAPE '!')"""

Members = Sequence[tuple[str, str, str]]
"""(study's id, its name, a run of it): studies are files, which the index does not know."""


@dataclass(frozen=True, slots=True)
class RunTotals:
    """Runs that a filter finds."""

    count: int
    disk_bytes: int


def listing(
    db: Database,
    found: RunFilter,
    members: Members = (),
    *,
    order: str = "created",
    descending: bool = True,
    limit: int = -1,
    offset: int = 0,
) -> list[Run]:
    """Runs that the filter finds. Without a value to be sorted by they come last; equal ones the newest first.

    Those of the example come after all others, whatever they are sorted by.
    """
    where, values = _where(found, members)
    by, way = ORDERS[order], "DESC" if descending else "ASC"
    sql = f"""{_members()} SELECT {COLUMNS} FROM runs WHERE {where}
        ORDER BY {runs.IS_EXAMPLE}, ({by}) IS NULL, {by} {way}, created DESC, rowid DESC LIMIT :limit OFFSET :offset"""
    return [runs.of_row(row) for row in db.query(sql, {**values, "limit": limit, "offset": offset})]


def total(db: Database, found: RunFilter, members: Members = ()) -> RunTotals:
    """The number of runs that the filter finds, and the disk that they take."""
    where, values = _where(found, members)
    sql = f"{_members()} SELECT count(*), coalesce(sum(disk_bytes), 0) FROM runs WHERE {where}"
    return RunTotals(*db.execute(sql, values).fetchone())


def ids(db: Database, found: RunFilter, members: Members = ()) -> list[str]:
    """Ids of all runs that the filter finds, the newest first."""
    where, values = _where(found, members)
    sql = f"{_members()} SELECT id FROM runs WHERE {where} ORDER BY {runs.IS_EXAMPLE}, created DESC, rowid DESC"
    return [run_id for (run_id,) in db.execute(sql, values)]


def options(db: Database) -> dict[str, list[str]]:
    """The values that runs have, by field: what a filter may ask for."""
    each = {
        "tasks": "SELECT DISTINCT value FROM runs, json_each(runs.tasks) ORDER BY value",
        "tags": "SELECT DISTINCT value FROM runs, json_each(runs.tags) ORDER BY value COLLATE NOCASE",
        **{
            field: f"SELECT DISTINCT {column} FROM runs ORDER BY {column}"
            for field, column in (("recipes", "recipe"), ("encoders", "encoder"), ("data", "data"), ("seeds", "seed"))
        },
    }
    found = {field: [str(value) for (value,) in db.execute(sql)] for field, sql in each.items()}
    states = {state for (state,) in db.execute("SELECT DISTINCT state FROM runs")}
    return {**found, "states": [state for state in RunState if state in states]}


def unheard(db: Database, wanted: RunFilter, members: Members = ()) -> list[str]:
    """Values of a filter that no run has, each in a sentence with those that runs have."""
    there = {field: {value: value for value in values} for field, values in options(db).items()}
    there["studies"] = {study: name for study, name, _ in members}
    there["methods"] = {part: part for recipe in there["recipes"] for part in recipe.split(" · ")}
    told = []
    for field, noun in NOUNS.items():
        known = {text.casefold() for pair in there[field].items() for text in pair}
        names = list(dict.fromkeys(name or "none" for name in there[field].values()))
        has = f"Runs here have {', '.join(names[:NAMED])}{' and others' * (len(names) > NAMED)}." if names else ""
        lost = [value for value in getattr(wanted, field) if value.casefold() not in known]
        told += [f"No run has the {noun} '{value}'. {has}".rstrip() for value in lost]
    launches = [one for one in wanted.launches if not total(db, RunFilter(launches=(one,))).count]
    return [*told, *(f"There is no launch '{one}'. Its runs may have been deleted." for one in launches)]


def building_on(db: Database, run_ids: Sequence[str]) -> list[Run]:
    """Runs that have not finished and start from, learn from or merge one of the given ones, the newest first."""
    sql = f"""SELECT {COLUMNS} FROM runs WHERE state != ? AND (
        json_extract(config, '$.start_from') IS NOT NULL OR json_array_length(config, '$.teachers') > 0
        OR json_array_length(config, '$.merge_from') > 0) ORDER BY created DESC, rowid DESC"""
    waiting = (runs.of_row(row) for row in db.query(sql, [RunState.FINISHED]))
    return [run for run in waiting if set(run.config.builds_on) & set(run_ids)]


def fill_in(db: Database) -> None:
    """Fills the columns that runs are found by, and measures their folders, for rows of an earlier version."""
    file = next(path for _, name, path in db.execute("PRAGMA database_list") if name == "main")
    for run_id, text in db.execute("SELECT id, config FROM runs").fetchall():
        values: dict[str, Any] = dict(runs.found_by(runs.stored_config(text)))
        folder = RunFolder(Path(file).parent / run_id) if file else None
        if folder is not None and folder.path.is_dir():
            values["disk_bytes"] = folder.size()
        runs.update(db, run_id, **values)


def _members() -> str:
    """Studies as a table that SQL can ask."""
    return """WITH members AS (SELECT json_extract(value, '$[0]') AS study, json_extract(value, '$[1]') AS name,
        json_extract(value, '$[2]') AS run FROM json_each(:members))"""


def _where(found: RunFilter, members: Members) -> tuple[str, dict[str, Any]]:
    """The conditions, and the values that they name."""
    values: dict[str, Any] = {"members": json.dumps(list(members)), "metrics": json.dumps(_main_metrics())}
    conditions = ["true"]
    for field, sql in ANY_OF.items():
        names = [f"{field}_{place}" for place, _ in enumerate(getattr(found, field))]
        if names:
            values |= dict(zip(names, getattr(found, field), strict=True))
            conditions.append(sql.format(marks=f"({', '.join(f':{name}' for name in names)})"))
    for place, word in enumerate(found.words):
        values[f"word_{place}"] = f"%{_literal(word)}%"
        conditions.append(WORD.format(word=f":word_{place}"))
    for place, method in enumerate(found.methods):
        values[f"method_{place}"] = f"% · {_literal(method)} · %"
        conditions.append(f"' · ' || recipe || ' · ' LIKE :method_{place} ESCAPE '!'")
    return " AND ".join(conditions), values


def _literal(text: str) -> str:
    """Text that LIKE takes as it is."""
    return text.replace("!", "!!").replace("%", "!%").replace("_", "!_")


def _main_metrics() -> dict[str, str]:
    """Each registered task's main metric, by which its runs are sorted."""
    return {name: str(registry.load("tasks", name).metrics[0]) for name in registry.names("tasks")}
