"""What differs between the data that two runs have read, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

SIZES = {"training": "train", "validation": "selection", "dev": "dev"}
"""Parts of a task's data, and what a run's report calls their sizes."""
Facts = Mapping[str, Any]
"""A run's report on one task's data; empty where there is none."""


def changed(ours: Facts, theirs: Facts) -> str:
    """What is other in the first: "other dev labels, 90 against 100 training examples". "" for the same data, or where
    that is not known. Runs of earlier versions have noted one fingerprint of all parts."""
    first, second = ours.get("fingerprint"), theirs.get("fingerprint")
    if not first or not second or first == second:
        return ""
    found = [*_others(ours.get("parts", {}), theirs.get("parts", {})), *_sizes(ours, theirs)]
    return ", ".join(found) or f"other examples (data fingerprint {first} against {second})"


def between(baseline: Mapping[int, Facts], treatment: Mapping[int, Facts]) -> str:
    """The same for two arms whose runs have read these data, seed by seed; also where the data changed while both were
    trained: "the data changed between seed 1 and seed 3: other dev labels"."""
    seeds = [seed for seed in treatment if seed in baseline]
    pairs = [(treatment[seed], baseline[seed]) for seed in seeds]
    if not seeds:
        pairs = [(one, other) for one in treatment.values() for other in baseline.values()]
    words = next(filter(None, (changed(one, other) for one, other in pairs)), "")
    if words:
        return words
    for side in (treatment, baseline):
        first, *others = side.items()
        for seed, facts in others:
            words = changed(facts, first[1])
            if words:
                return f"the data changed between seed {first[0]} and seed {seed}: {words}"
    return ""


def _others(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> list[str]:
    """Texts or labels of the parts that differ: "other training texts"."""
    found = []
    for part in SIZES:
        (texts, labels), (other_texts, other_labels) = ours.get(part, ("", "")), theirs.get(part, ("", ""))
        if texts and other_texts and texts != other_texts:
            found.append(f"other {part} texts")
        elif texts and other_texts and labels != other_labels:
            found.append(f"other {part} labels")
    return found


def _sizes(ours: Facts, theirs: Facts) -> list[str]:
    return [
        f"{ours[size]:,} against {theirs[size]:,} {part} examples"
        for part, size in SIZES.items()
        if size in ours and size in theirs and ours[size] != theirs[size]
    ]
