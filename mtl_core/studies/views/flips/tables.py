"""Flips as tables: how many examples two runs flip, against what chance does; and which ones."""

from __future__ import annotations

from collections.abc import Sequence

from mtl_core.display.tables import Table
from mtl_core.display.verdicts import interval_text, signed
from mtl_core.studies.views.flips.counts import Array, Flips
from mtl_core.studies.views.flips.excess import Excess
from mtl_core.studies.views.flips.reading import Flipped

Row = tuple[str, ...]


def totals(flipped: Flipped, flips: Flips) -> Table:
    """The examples that two runs flip, and how many of them exceed what two seeds of one arm flip anyway."""
    comparison = flipped.comparison
    size, floor = len(flips.gained), flips.floor
    gained, lost = float(flips.gained.sum()), float(flips.lost.sum())
    rows = [
        _row("gained: baseline wrong, treatment right", gained, flips.gained_in, size),
        _row("lost: baseline right, treatment wrong", lost, flips.lost_in, size),
    ]
    if floor is not None and flips.excess is not None:
        both = gained + lost - 2 * floor
        rows += [
            _row("chance: flipped each way by two seeds of one condition", floor, flips.noise_in, size),
            ("gained in excess of chance", *_excess(flips.excess[0], size)),
            ("lost in excess of chance", *_excess(flips.excess[1], size)),
            ("both together in excess of chance", signed(both), signed(100 * both / size, 2), "–"),
        ]
    if min(flips.runs) > 1:
        (gained_so, lost_so), (gained_chance, lost_chance) = flips.stable, flips.stable_by_chance
        rows.append(_stable("gained", int(gained_so.sum()), gained_chance, size))
        rows.append(_stable("lost", int(lost_so.sum()), lost_chance, size))
    title = f"Flips on {comparison.target}: '{comparison.treatment}' against '{comparison.baseline}'"
    columns = (
        "",
        "examples between two runs",
        "% of the dev examples",
        "lowest to highest pair, or 95 % interval over seeds",
    )
    return Table(title, columns, tuple(rows), _notes(flipped, flips), "lrrr")


def _row(words: str, mean: float, pairs: Array, size: int) -> Row:
    return words, f"{mean:,.1f}", f"{100 * mean / size:.2f}", f"{pairs.min():,.0f} to {pairs.max():,.0f}"


def _excess(excess: Excess, size: int) -> tuple[str, str, str]:
    """The last column is the 95 % interval over seeds."""
    return (
        signed(excess.value),
        signed(100 * excess.value / size, 2),
        interval_text(excess.low, excess.high) or "–",
    )


def _stable(word: str, count: int, chance: float, size: int) -> Row:
    return f"{word} with every seed (by chance: {chance:,.1f})", f"{count:,}", f"{100 * count / size:.2f}", "–"


def _notes(flipped: Flipped, flips: Flips) -> tuple[str, ...]:
    counts = f"{flips.runs[0]} and {flips.runs[1]} runs on {len(flips.gained):,} dev examples"
    source = "the generated sample" if flipped.generated else ""
    return (f"Baseline and treatment: {counts}{f' of {source}' if source else ''}. Right means {flipped.right}.",)


def examples(flipped: Flipped, flips: Flips, ids: Sequence[str], places: Sequence[int]) -> Table:
    """The examples in those places, by id, with how many runs of either arm have them right."""
    changes = change_words(flips, places)
    sides = list(zip(flips.right, flips.runs, strict=True))
    counts = [[f"{right[place]} of {runs}" for place in places] for right, runs in sides]
    rows = tuple(zip([ids[place] for place in places], changes, *counts, strict=True))
    comparison = flipped.comparison
    title = f"Flipped examples of {comparison.target}: '{comparison.treatment}' against '{comparison.baseline}'"
    columns = ("example", "change", f"right: {comparison.baseline}", f"right: {comparison.treatment}")
    return Table(title, columns, rows, _notes(flipped, flips), "llll")


def change_words(flips: Flips, places: Sequence[int]) -> list[str]:
    """Of each of those examples "gained" or "lost", and whether with every seed."""
    change, (gained, lost) = flips.change, flips.stable
    stable = (gained | lost) & (min(flips.runs) > 1)
    return [f"{'gained' if change[place] > 0 else 'lost'}{', stable' * bool(stable[place])}" for place in places]
