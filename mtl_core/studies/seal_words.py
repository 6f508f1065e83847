"""A study's seal in words: when its plan was sealed, what was changed since, and which runs are older than it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from mtl_core.config import study as study_config
from mtl_core.config.earlier import stored_study
from mtl_core.config.settings import field_text, value_text
from mtl_core.config.study import StudyConfig
from mtl_core.errors import InvalidConfig
from mtl_core.store.seal import ARM, CHANGED, DATA, RUN, Entry, Seal, parts, replayed, valued
from mtl_core.store.studies import Study

SHORT = 8
"""Digits of a hash that tell it from others at a glance."""
EARLIER = "Plan not sealed: the study was started by an earlier version."
NOT_STARTED = "The plan is sealed when the study starts."
PARTS = {"name": "question", "looks": "planned looks", "auto": "Auto", "tune": "tuning"}
"""Names of parts, where they are not the field's own."""
Change = tuple[str, Any, Any]
"""A part, and what it was and became."""


def sealed_text(study: Study) -> str:
    """ "Plan sealed 2026-11-26 10:51 UTC (3f0c9a1b)", or why there is no seal."""
    if study.seal is None:
        return EARLIER if study.run_ids() or study.automation.trials else NOT_STARTED
    return f"Plan sealed {_minute(study.seal.time)} ({study.seal.hash[:SHORT]})"


def changed(study: Study) -> list[str]:
    """All that was changed after the start and that the plan did not say itself: "margin 0.5 → 1"."""
    if study.seal is None:
        return []
    by_hand = [f"{words(*change)} in the study's file, by hand" for change in unlisted(study.seal, study.config)]
    return [*listed(study.seal), *by_hand]


def listed(seal: Seal) -> list[str]:
    """Changes of the plan that the chain tells of, and seeds that were trained again."""
    changes = [f"{change_text(one)} on {_minute(one['time'])}" for one in unplanned(seal.entries)]
    return [*changes, *trained_again(seal.entries)]


def unplanned(entries: Iterable[Entry]) -> list[Entry]:
    """The entries that are changes of the plan."""
    return [one for one in entries if one["kind"] == CHANGED and not one["planned"]]


def unlisted(seal: Seal, config: StudyConfig) -> list[Change]:
    """Parts in which the config is another than the plan and its listed changes make it."""
    try:
        planned = study_config.parse(stored_study(seal.plan["config"]))
    except InvalidConfig:
        return []  # sealed by a version whose configs this one can't read
    return differences(replayed(planned, seal.entries), valued(parts(config)))


def differences(expected: Mapping[str, Any], found: Mapping[str, Any]) -> list[Change]:
    """Parts in which two plans differ."""
    names = dict.fromkeys([*expected, *found])
    return [(name, expected.get(name), found.get(name)) for name in names if expected.get(name) != found.get(name)]


def trained_again(entries: Sequence[Entry]) -> list[str]:
    """Seeds whose run was replaced by another one, whose results count instead."""
    found: dict[tuple[str, int], list[str]] = {}
    for one in entries:
        if one["kind"] == RUN:
            found.setdefault((one["arm"], one["seed"]), []).append(one["run"])
    return [
        f"seed {seed} of '{arm}' trained {len(runs)} times ({', '.join(runs)}; the last one counts)"
        for (arm, seed), runs in found.items()
        if len(runs) > 1
    ]


def earlier_runs(entries: Iterable[Entry]) -> str:
    """Runs that were there before the plan was sealed, "" for none: their scores could have been known."""
    found: dict[str, list[int]] = {}
    for one in entries:
        if one["kind"] == RUN and one["earlier"]:
            found.setdefault(one["arm"], []).append(one["seed"])
    if not found:
        return ""
    count = sum(map(len, found.values()))
    runs = "; ".join(f"'{arm}' seed {', '.join(map(str, seeds))}" for arm, seeds in found.items())
    return (
        f"{count} {'runs' if count > 1 else 'run'} trained before the plan was sealed, and taken over, so that the "
        f"scores could have been known: {runs}."
    )


def change_text(entry: Entry) -> str:
    """An entry of a change in words."""
    return words(entry["part"], entry["from"], entry["to"])


def words(part: str, before: Any, after: Any) -> str:
    """A changed part: "margin 0.5 → 1", "arm 'sst2 alone': epochs 3 → 4"."""
    if part.startswith(ARM):
        return f"condition '{part.removeprefix(ARM)}'{_arm(before, after)}"
    if part == DATA:
        return "; ".join(_data(before, after))
    if part == "comparisons":
        return "; ".join(_comparisons(before or [], after or []))
    return f"{PARTS.get(part, field_text(part))} {_value(part, before)} → {_value(part, after)}"


def _arm(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> str:
    if before is None or after is None:
        return " added" if before is None else " removed"
    old, new = _settings(before), _settings(after)
    found = [name for name in dict.fromkeys([*old, *new]) if old.get(name) != new.get(name)]
    return ": " + ", ".join(
        f"{field_text(name)} {value_text(name, old.get(name))} → {value_text(name, new.get(name))}" for name in found
    )


def _settings(arm: Mapping[str, Any]) -> dict[str, Any]:
    return {**{name: value for name, value in arm.items() if name != "config"}, **arm.get("config", {})}


def _data(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    for key in after:
        if key in before and before[key] != after[key]:
            yield f"data of {key} are others than when the plan was sealed"


def _comparisons(before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for found, others, what in ((after, before, "added"), (before, after, "removed")):
        for one in found:
            if one not in others:
                yield f"comparison of '{one['treatment']}' with '{one['baseline']}' on {one['target']} {what}"


def _value(part: str, value: Any) -> str:
    if value is None:
        return "none"
    if isinstance(value, dict):
        return ", ".join(f"{field_text(name)} {value_text(name, one)}" for name, one in value.items() if one)
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    return f"'{value}'" if part == "name" else value_text(part, value)


def _minute(time: str) -> str:
    """ "2026-11-26T10:51:03Z" is "2026-11-26 10:51 UTC"."""
    return f"{time[:10]} {time[11:16]} UTC"
