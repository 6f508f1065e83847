"""A study's seal: its plan as it stood before the first run, and a chain of all that came after.

The seal is the SHA-256 of the plan in canonical JSON. Each later entry (a change of the plan, a run with its scores)
holds the hash of the one before it, the first one the seal: who edits history has to rewrite everything after it, and
the seal itself where the plan was edited. It proves nothing against somebody who rewrites all of it, unless the seal's
hash is known from elsewhere: it is printed when a study starts.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from mtl_core.config.study import Arm, StudyConfig

CHANGED, RUN = "changed", "run"
"""Kinds of entries."""
NOT_COUNTED = ("tags", "notes")
"""Fields of a study that are no part of its plan."""
ARM = "arm: "
"""Before an arm's name, as a part of the plan."""
DATA = "data"
Entry = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Seal:
    """A plan, its hash, and what came after it. Never changed, only added to."""

    plan: dict[str, Any]
    """Tandem's version, the time, the whole StudyConfig and the hashes of the data."""
    hash: str
    entries: tuple[Entry, ...] = ()
    """Each with its kind, time and the hash of the one before."""

    @property
    def time(self) -> str:
        """When it was sealed: "2026-11-26T10:51:03Z"."""
        return str(self.plan["time"])

    @property
    def last(self) -> str:
        """The hash of the last entry, or the seal: what the next entry holds."""
        return digest(self.entries[-1]) if self.entries else self.hash

    def with_entry(self, kind: str, now: float, **values: Any) -> Seal:
        """The same with one more entry."""
        entry = {"kind": kind, "time": moment(now), "previous": self.last, **values}
        return Seal(self.plan, self.hash, (*self.entries, entry))

    def data(self) -> dict[str, Any]:
        """The hashes of the data, as they were last noted."""
        found = [entry["to"] for entry in self.entries if entry["kind"] == CHANGED and entry["part"] == DATA]
        last: dict[str, Any] = found[-1] if found else self.plan[DATA]
        return last


def canonical(document: Any) -> str:
    """JSON text that is the same for the same content: keys sorted, no blanks."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def digest(document: Any) -> str:
    """SHA-256 of the canonical text, 64 hexadecimal digits."""
    return sha256(canonical(document).encode()).hexdigest()


def moment(now: float) -> str:
    """Seconds since 1970 as text, in UTC."""
    return f"{datetime.fromtimestamp(now, UTC):%Y-%m-%dT%H:%M:%SZ}"


def made(plan: dict[str, Any]) -> Seal:
    """The seal of a plan."""
    kept: dict[str, Any] = json.loads(canonical(plan))
    return Seal(kept, digest(kept))


def document(seal: Seal | None) -> dict[str, Any] | None:
    """As JSON."""
    return None if seal is None else {"plan": seal.plan, "hash": seal.hash, "entries": list(seal.entries)}


def from_document(found: Mapping[str, Any] | None) -> Seal | None:
    """Out of JSON, None for a study that has none. Raises KeyError or TypeError for what is none."""
    return None if found is None else Seal(dict(found["plan"]), str(found["hash"]), tuple(map(dict, found["entries"])))


def parts(config: StudyConfig) -> dict[str, Any]:
    """The plan in parts that change one by one: fields, and arms by name. A plan without looks has one, its seeds."""
    values = {name: value for name, value in config.model_dump(mode="json").items() if name not in NOT_COUNTED}
    arms = {f"{ARM}{arm['name']}": arm for arm in values.pop("arms")}
    values["looks"] = [*config.planned_looks]
    return {**values, **arms}


def changed(seal: Seal, before: StudyConfig, after: StudyConfig, now: float) -> Seal:
    """The seal with an entry for each part in which two configs differ, "planned" where the plan itself said so."""
    old, new = parts(before), parts(after)
    for part in dict.fromkeys([*old, *new]):
        if old.get(part) != new.get(part):
            values = {"part": part, "from": old.get(part), "to": new.get(part)}
            seal = seal.with_entry(CHANGED, now, **values, planned=_planned(part, before, after))
    return seal


def _planned(part: str, before: StudyConfig, after: StudyConfig) -> bool:
    """True if the plan says itself that this comes: seeds up to its last look, settings that tuning chooses."""
    if part == "seeds":
        most = max(before.planned_looks[-1], before.auto.most_seeds if before.auto else 0)
        return after.seeds[: len(before.seeds)] == before.seeds and len(after.seeds) <= most
    if part == "comparisons" and before.tune:
        untuned = [[one.model_copy(update={"tuned": 0}) for one in config.comparisons] for config in (before, after)]
        return untuned[0] == untuned[1]
    if part.startswith(ARM):
        name = part.removeprefix(ARM)
        return _planned_arm(_arm(before, name), _arm(after, name), before)
    return False


def _arm(config: StudyConfig, name: str) -> Arm | None:
    return next((arm for arm in config.arms if arm.name == name), None)


def _planned_arm(before: Arm | None, after: Arm | None, plan: StudyConfig) -> bool:
    """True if nothing but the outcome of tuning, and the seeds at which Auto stopped, sets the two apart."""
    if before is None or after is None:
        return False
    seeds, tuned = before.seeds != after.seeds, before.tuned != after.tuned
    if (seeds and plan.auto is None) or (tuned and plan.tune is None):
        return False
    return before.untuned.model_copy(update={"seeds": None}) == after.untuned.model_copy(update={"seeds": None})


def replayed(planned: StudyConfig, entries: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The parts of a plan as the entries leave them; those without a value are left out."""
    found = parts(planned)
    for entry in entries:
        if entry["kind"] == CHANGED and entry["part"] != DATA:
            found[entry["part"]] = entry["to"]
    return valued(found)


def valued(found: Mapping[str, Any]) -> dict[str, Any]:
    """Parts that have a value."""
    return {part: value for part, value in found.items() if value is not None}
