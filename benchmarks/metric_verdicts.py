"""Judges simulated studies without an effect by metrics that are no means; prints a table of docs/statistics.md.

    python benchmarks/metric_verdicts.py [--studies 600]

Seeds are paired. Spearman's correlation is recomputed without each example, which is slow: it gets a third of the
studies.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path

import click
import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm  # type: ignore[import-untyped]

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from mtl_core.statistics import compare_arms
from tests.statistics import metric_worlds
from tests.statistics.worlds import SST2

Arms = Iterator[tuple[NDArray[np.float64], NDArray[np.float64]]]
SEEDS = (3, 5, 10)
EXAMPLES = {"matthews": 1043, "pearson": 1500, "spearman": 400}
"""Dev examples by metric: the dev sets of CoLA and STS-B, and fewer for the slow one."""


@click.command(help=__doc__)
@click.option("--studies", default=600, help="Simulated studies a figure.")
def main(studies: int) -> None:
    print("| metric | examples | seeds | wrong | covered | detectable |")
    print("|---|---:|---:|---:|---:|---:|")
    for metric, seeds in tqdm([*product(EXAMPLES, SEEDS)]):
        count = max(1, studies // 3) if metric == "spearman" else studies
        verdicts = [compare_arms(*arms, bounded=False) for arms in _simulated(metric, seeds, count)]
        wrong = 100 * np.mean([verdict.decision in ("helps", "hurts") for verdict in verdicts])
        covered = 100 * np.mean([verdict.low <= 0 <= verdict.high for verdict in verdicts])
        detectable = np.median([verdict.detectable for verdict in verdicts])
        tqdm.write(f"| {metric} | {EXAMPLES[metric]:,} | {seeds} | {wrong:.1f} | {covered:.1f} | {detectable:.1f} |")


def _simulated(metric: str, seeds: int, studies: int) -> Arms:
    """Contributions of both arms, study by study."""
    if metric == "matthews":
        yield from metric_worlds.matthews(replace(SST2, examples=EXAMPLES[metric]), seeds, studies, seeds)
    else:
        yield from metric_worlds.numbers(metric, EXAMPLES[metric], seeds, studies, seeds)


if __name__ == "__main__":
    main()
