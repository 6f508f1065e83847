"""Asks simulated studies whose truth is known for verdicts, and prints the tables of docs/statistics.md.

    python benchmarks/verdicts.py [--studies 2000] [--rules]

Some seven minutes of one core. `--rules` prints in a second what other rules for the critical value would do, by
numerical integration: the reason for the one that is used.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import click
import numpy as np
from scipy.special import gammaincinv, ndtr, ndtri, stdtrit
from tqdm import tqdm  # type: ignore[import-untyped]

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from mtl_core.statistics.crossed import likely
from mtl_core.statistics.reference import critical_of
from tests.statistics.calibration import calibrate
from tests.statistics.worlds import MNLI, SST2, WORLDS, World

SEEDS = ((3, 3), (5, 5), (10, 10))
UNPAIRED = (WORLDS[0], WORLDS[4], WORLDS[6])
SHARES = (0.1, 0.2, 0.3, 0.5, 0.7, 0.9, 0.98, 1.0)
RATIOS = (0.1, 0.33, 1.0, 3.0, 10.0, 40.0)
TAIL = 0.025
Rule = Callable[..., Any]


@click.command(help=__doc__)
@click.option("--studies", default=2000, help="Simulated studies a figure.")
@click.option("--rules", is_flag=True, help="Compare rules for the critical value instead.")
def main(studies: int, rules: bool) -> None:
    if rules:
        _rules_of_one_arm()
        _rules_of_two_arms()
        _rules_for_luck()
        return
    cells: list[tuple[World, tuple[int, int], bool]] = [
        *((world, seeds, True) for world, seeds in product(WORLDS, SEEDS)),
        *((world, seeds, False) for world, seeds in product(UNPAIRED, SEEDS)),
        *((world, (10, 3), False) for world in (MNLI, SST2)),
    ]
    print("| world | seeds | wrong | covered, no effect | covered, effect | wrongly equal | power | detectable |")
    print("|---|---|---:|---:|---:|---:|---:|---:|")
    for world, seeds, paired in tqdm(cells):
        found = calibrate(world, seeds, paired, studies)
        shares = (found.wrong, found.covered_without, found.covered_with, found.wrong_equal, found.power)
        low, median, high = found.detectable
        number = f"{seeds[0]} paired" if paired else f"{seeds[0]} and {seeds[1]}"
        figures = " | ".join(f"{100 * share:.1f}" for share in shares)
        tqdm.write(f"| {world.title} | {number} | {figures} | {median:.2f} ({low:.2f} to {high:.2f}) |")


def _rules_of_one_arm() -> None:
    """Wrong "helps" or "hurts" in percent, by the seeds' true share of the variance."""
    rules: dict[str, Rule] = {
        "t over seed means": lambda seeds, df, examples: -stdtrit(df, TAIL) * np.sqrt(seeds),
        "Satterthwaite": _satterthwaite,
        "Cochran & Cox": _cochran,
        "ours": _ours,
    }
    print("| rule | seeds | " + " | ".join(f"{100 * share:g} %" for share in SHARES) + " |")
    print("|---|---:" + "|---:" * len(SHARES) + "|")
    for (name, rule), seeds in product(rules.items(), (2, 3, 5, 10)):
        ratios, weights = _estimates(seeds - 1)
        wrong = (weights @ ndtr(-rule(share * ratios, seeds - 1, 1 - share)) * 200 for share in SHARES)
        print(f"| {name} | {seeds} | " + " | ".join(f"{share:.1f}" for share in wrong) + " |")


def _rules_of_two_arms() -> None:
    """The same for unpaired seeds without example variance, by the ratio of the arms' variances of the mean."""
    print("\n| rule | seeds | " + " | ".join(f"{ratio:g} : 1" for ratio in RATIOS) + " |")
    print("|---|---:" + "|---:" * len(RATIOS) + "|")
    rules: dict[str, Rule] = {"Welch": _welch, "ours": lambda parts, dfs: critical_of(parts, dfs, 0, 10**6, TAIL)}
    for (name, rule), (a, b) in product(rules.items(), ((2, 2), (3, 3), (5, 5), (10, 10), (3, 5), (3, 10))):
        (first, weights), (second, others) = _estimates(a - 1), _estimates(b - 1)
        grid = np.meshgrid(first, second, indexing="ij")
        wrong = []
        for ratio in RATIOS:
            parts = [grid[0] * ratio / (1 + ratio), grid[1] / (1 + ratio)]
            wrong.append(200 * weights @ ndtr(-rule(parts, (a - 1, b - 1))) @ others)
        print(f"| {name} | {a} and {b} | " + " | ".join(f"{share:.1f}" for share in wrong) + " |")


def _rules_for_luck() -> None:
    """The same where seeds are alike, so that single answers alone make them differ, and examples do not vary."""
    print("\n| a variance over seeds below noise | 2 | 3 | 5 | 10 |\n|---|---:|---:|---:|---:|")
    rules: dict[str, Rule] = {
        "kept": lambda ratio, df: ratio,
        "raised to the 5 % quantile (ours)": lambda ratio, df: max(ratio, likely(0, 1, df)),
        "raised to the noise": lambda ratio, df: max(ratio, 1),
    }
    for name, rule in rules.items():
        wrong = []
        for df in (1, 2, 4, 9):
            ratios, weights = _estimates(df)
            wrong.append(200 * weights @ ndtr(-_ours(np.array([rule(ratio, df) for ratio in ratios]), df, 0)))
        print(f"| {name} | " + " | ".join(f"{share:.1f}" for share in wrong) + " |")


def _estimates(df: int) -> tuple[Any, Any]:
    """Estimated over true variance, and the weight of each: Gauss-Legendre, dense at small estimates."""
    nodes, weights = np.polynomial.legendre.leggauss(100)
    root = (nodes + 1) / 2
    return 2 * gammaincinv(df / 2, root**2) / df, weights * root


def _satterthwaite(seeds: Any, df: int, examples: float) -> Any:
    share = seeds / (seeds + examples)
    return -stdtrit(np.minimum(df / share**2, 1e9), TAIL) * np.sqrt(seeds + examples)


def _cochran(seeds: Any, df: int, examples: float) -> Any:
    share = seeds / (seeds + examples)
    return (-share * stdtrit(df, TAIL) - (1 - share) * ndtri(TAIL)) * np.sqrt(seeds + examples)


def _ours(seeds: Any, df: int, examples: float) -> Any:
    return critical_of([seeds], [df], examples, 10**6, TAIL)


def _welch(parts: list[Any], dfs: tuple[int, int]) -> Any:
    share = parts[0] / (parts[0] + parts[1])
    df = 1 / (share**2 / dfs[0] + (1 - share) ** 2 / dfs[1])
    return -stdtrit(df, TAIL) * np.sqrt(parts[0] + parts[1])


if __name__ == "__main__":
    main()
