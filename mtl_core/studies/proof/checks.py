"""Checks of a report, from its file alone: it is unchanged, and its scores give the verdicts that it states."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Literal

from mtl_core import __version__
from mtl_core.config import study as study_config
from mtl_core.config.earlier import stored_study
from mtl_core.config.study import StudyConfig
from mtl_core.errors import InvalidConfig
from mtl_core.store.seal import RUN, Seal, parts, replayed, valued
from mtl_core.studies import seal_words, sealing
from mtl_core.studies.proof import again
from mtl_core.studies.proof.again import Again
from mtl_core.studies.proof.page import ReportFile
from mtl_core.studies.unpaired import UNPAIRED_BEFORE, unpaired

Outcome = Literal["ok", "note", "fault"]
UNREADABLE = (KeyError, TypeError, ValueError, AttributeError, IndexError, InvalidConfig)
"""What a record raises that was edited or made up."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at."""

    name: str
    outcome: Outcome
    words: str


def check(report: ReportFile, known_seal: str = "") -> list[Check]:
    """All checks, in their order. `known_seal`: the hash that the plan must have, or its first digits."""
    found = [_file(report), *_version(report.record)]
    for name, look in (
        ("plan", lambda: _plan(report.record, known_seal)),
        ("changes", lambda: _changes(report)),
        ("scores", lambda: _scores(report.record)),
        ("runs", lambda: _runs(report.record)),
        ("verdicts", lambda: _verdicts(report)),
    ):
        found += _guarded(name, look)
    return found


def passed(checks: list[Check]) -> bool:
    """True if nothing is wrong."""
    return all(one.outcome != "fault" for one in checks)


def _guarded(name: str, look: Callable[[], Iterator[Check]]) -> list[Check]:
    """The checks until one can't read what it looks at, which is a fault of the record."""
    found: list[Check] = []
    try:
        found.extend(look())
    except UNREADABLE as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        found.append(Check(name, "fault", f"the record can't be read here: {reason[:200]}"))
    return found


def _file(report: ReportFile) -> Check:
    if report.intact is None:
        return Check("file", "fault", "it is cut off: its last line, which has its hash, is missing")
    if not report.intact:
        return Check("file", "fault", "it is not as it was written: its hash is another than its last line says")
    return Check("file", "ok", "whole, and as it was written")


def _version(record: Mapping[str, Any]) -> Iterator[Check]:
    """The versions that computed the verdicts and compute them again, where they are two."""
    made = record["tandem"]
    if made != __version__:
        words = f"made by Tandem {made}, checked by {__version__}: where their methods differ, numbers will too"
        yield Check("version", "note", words)


def _plan(record: Mapping[str, Any], known_seal: str) -> Iterator[Check]:
    if record["plan"] is None:
        why = "the study was started by an earlier version, or has not started"
        yield Check("plan", "fault" if known_seal else "note", f"not sealed: {why}")
        return
    computed = sha256(record["plan"].encode()).hexdigest()
    if computed != record["seal"]:
        yield Check("plan", "fault", f"it was changed: its hash is {computed}, and the seal says {record['seal']}")
    elif known_seal and not computed.startswith(known_seal.lower()):
        yield Check("plan", "fault", f"it is another plan: its hash is {computed}, and {known_seal} was expected")
    else:
        moment = json.loads(record["plan"])["time"]
        yield Check("plan", "ok", f"sealed {moment}, sha256 {computed}" + ", as expected" * bool(known_seal))
    yield _chain(record)


def _chain(record: Mapping[str, Any]) -> Check:
    """Each entry holds the hash of the one before it."""
    last = record["seal"]
    for number, text in enumerate(record["entries"], 1):
        if json.loads(text)["previous"] != last:
            words = f"entry {number} does not follow the one before it: one of the two was changed, added or removed"
            return Check("chain", "fault", words)
        last = sha256(text.encode()).hexdigest()
    return Check("chain", "ok", f"{len(record['entries'])} entries, each holds the hash of the one before")


def _seal(record: Mapping[str, Any]) -> Seal | None:
    if record["plan"] is None:
        return None
    return Seal(json.loads(record["plan"]), record["seal"], tuple(json.loads(text) for text in record["entries"]))


def _config(document: Any) -> StudyConfig:
    return study_config.parse(stored_study(document))


def _changes(report: ReportFile) -> Iterator[Check]:
    """The plan with its listed changes is what the verdicts were made by, and the page tells of each change."""
    seal = _seal(report.record)
    if seal is None:
        return
    config = _config(json.loads(report.record["config"]))
    expected = replayed(_config(seal.plan["config"]), seal.entries)
    for change in seal_words.differences(expected, valued(parts(config))):
        yield Check("changes", "fault", f"not listed: {seal_words.words(*change)}")
    listed = seal_words.listed(seal)
    said = report.words.get("changes", "")
    for words in listed:
        if words not in said:
            yield Check("changes", "fault", f"the page does not tell: {words}")
        else:
            yield Check("changes", "note", f"changed after the start: {words}")
    if not listed:
        yield Check("changes", "ok", "nothing was changed after the start")
    if earlier := seal_words.earlier_runs(seal.entries):
        yield Check("changes", "note", earlier)


def _scores(record: Mapping[str, Any]) -> Iterator[Check]:
    """Every counted run's scores are those that were noted when it had finished."""
    noted: dict[tuple[str, str], str] = {}
    for entry in _entries(record):
        noted |= {(entry["run"], one["examples"]): one["sha256"] for one in entry["scores"].values()}
    wrong, count, missing = 0, 0, 0
    for examples, group in record["scores"].items():
        for run in group["runs"]:
            count += 1
            hashed = sealing.scores_hash(again.scores_of(group, run))
            if (run, examples) not in noted:
                missing += 1
            elif noted[run, examples] != hashed:
                wrong += 1
                yield Check("scores", "fault", f"run {run}: its scores are not those noted when it had finished")
    if record["plan"] is None:
        yield Check("scores", "note", f"of {count} runs, with no hashes to hold them against")
    elif missing:
        yield Check("scores", "fault", f"{missing} of {count} runs are not in the chain")
    elif not wrong:
        yield Check("scores", "ok", f"of {count} runs, as noted when each had finished")


def _entries(record: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [entry for entry in map(json.loads, record["entries"]) if entry["kind"] == RUN]


def _runs(record: Mapping[str, Any]) -> Iterator[Check]:
    """No run that has finished is left out in silence."""
    if record["plan"] is None:
        return
    config = _config(json.loads(record["config"]))
    last = {(one["arm"], one["seed"]): one["run"] for one in _entries(record) if one["seed"] in config.seeds}
    found = [check for one in record["comparisons"] if one["stated"] for check in _left_out(one, last)]
    yield from dict.fromkeys(found)
    if not any(one.outcome == "fault" for one in found):
        yield Check("runs", "ok", f"{len(last)} have finished, and each is counted or named as left out")


def _left_out(one: Mapping[str, Any], last: Mapping[tuple[str, int], str]) -> Iterator[Check]:
    """Runs of a comparison that have finished and do not count."""
    arms = (one["baseline"], one["treatment"])
    apart = [
        (UNPAIRED_BEFORE, unpaired(other)) for other in reversed(arms)
    ]  # what a side says of seeds without a partner
    for side, arm in enumerate(arms):
        counted = dict(zip(one["seeds"][side], one["runs"][side], strict=True))
        for (name, seed), run in last.items():
            if name != arm or counted.get(seed) == run:
                continue
            about = f"seed {seed} of '{arm}' has finished (run {run}) and does not count"
            why, partner = (one["left_out"][place].get(str(seed)) for place in (side, 1 - side))
            alone = why in apart[side]
            if why is None or (alone and partner in apart[1 - side]):
                yield Check("runs", "fault", f"{about}, on {one['target']}, with no reason that holds")
            elif not alone:
                yield Check("runs", "note", f"{about}: {why}")


def _verdicts(report: ReportFile) -> Iterator[Check]:
    """The scores give the verdicts as they are stated, and the page says so."""
    config = _config(json.loads(report.record["config"]))
    made = again.verdicts(report.record, config)
    for number, one in enumerate(made):
        yield _verdict(one, report.words.get(f"verdict {number}", ""), report.words.get(f"item {number}", ""))
    answer = again.answer(made)
    said = report.words.get("answer", "")
    if made and not said.startswith(answer):
        yield Check("answer", "fault", f"the page answers '{said}', and the scores give '{answer}'")
    else:
        yield Check("answer", "ok", answer or "the study compares nothing")


def _verdict(one: Again, word: str, item: str) -> Check:
    name = f"verdict on {one.judged.comparison.target}, '{one.judged.treatment.arm}'"
    faults = [*one.faults]
    if word != one.word:
        faults.append(f"the page says '{word}', and the scores give '{one.word}'")
    faults += [f"the page does not say '{words}'" for words in one.said if words not in item]
    if faults:
        return Check(name, "fault", "; ".join(faults))
    return Check(name, "ok", f"{one.word}{f' · {one.effect}' if one.effect else ''}, recomputed from the scores")
