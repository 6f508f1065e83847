"""The rows of the list of flipped examples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mtl_core.display.tables import Table
from mtl_core.studies.views.flips import FlipsOf as FlipsOf
from mtl_core.studies.views.flips import reading, tables
from mtl_core.studies.views.flips.counts import Flips as Flips
from mtl_core.studies.views.flips.excess import Excess as Excess


@dataclass(frozen=True, slots=True)
class FlippedExample:
    """An example that one arm gains or loses against the other."""

    change: str
    """Either "gained" or "lost"."""
    stable: bool
    """True if it changes with every seed."""
    inputs: tuple[str, ...]
    gold: str
    right: tuple[tuple[int, int], ...]
    """Of the baseline and of the treatment: how many runs have it right, and of how many."""
    link: Mapping[str, str]
    """Query parameters that open it on the Explore page."""


def examples(part: FlipsOf, places: Sequence[int]) -> list[FlippedExample]:
    """Those in the given places that are still there."""
    flipped, flips = part.flipped, _flips(part)
    ids = reading.example_ids(part.context.workspace, flipped)
    texts = reading.texts(part.context.workspace, flipped.comparison.target, [ids[place] for place in places])
    by_id = {example.id: example for example in texts}
    return [
        FlippedExample(
            change=change.partition(", ")[0],
            stable=change.endswith("stable"),
            inputs=example.inputs,
            gold=example.label,
            right=tuple((int(right[place]), runs) for right, runs in zip(flips.right, flips.runs, strict=True)),
            link=flipped.link(example.id),
        )
        for place, change in zip(places, tables.change_words(flips, places), strict=True)
        if (example := by_id.get(ids[place]))
    ]


def table(part: FlipsOf, places: Sequence[int]) -> Table:
    """The examples in the given places, without their texts."""
    ids = reading.example_ids(part.context.workspace, part.flipped)
    return tables.examples(part.flipped, _flips(part), ids, places)


def _flips(part: FlipsOf) -> Flips:
    """Raises ValueError where nothing can be compared."""
    if part.flipped.flips is None:
        raise ValueError(part.flipped.refused)
    return part.flipped.flips
