"""Asks simulated studies with clusters, looks, several comparisons and failed seeds for verdicts; docs/statistics.md.

    python benchmarks/study_verdicts.py [--table clusters|looks|family|failed|flips] [--studies 1000]

All tables take some forty minutes of one core. The truth is known: there is no effect, unless a column says so.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from itertools import product
from pathlib import Path

import click
import numpy as np
from tqdm import tqdm  # type: ignore[import-untyped]

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from mtl_core.statistics import (
    Clusters,
    LookPlan,
    Verdict,
    compare_arms,
    compare_over_looks,
    failed_seeds,
    holm,
)
from mtl_core.studies.views.flips.counts import flips
from tests.statistics.cluster_worlds import FIRST_2000, PARTIAL, RANDOM_2000, WHOLE, ClusterWorld
from tests.statistics.worlds import MNLI, SST2, World

UNDECIDED = "not enough evidence"
SMALL_MNLI = replace(MNLI, title="MNLI's answers, 1,500 examples", examples=1500)
WIDE = replace(SST2, title="SST-2, seeds spread 0.5 and 1 points", seed=0.5, treatment_seed=1.0)
LOOKED_AT = (SST2, WIDE, SMALL_MNLI)
PLANS = {
    "3, 4, 5, 6, 8, 10": LookPlan((3, 4, 5, 6, 8, 10)),
    "3, 4, 5, 6, 8, 10, Pocock": LookPlan((3, 4, 5, 6, 8, 10), "pocock"),
    "3, 5, 10": LookPlan((3, 5, 10)),
    "each of 2 to 10": LookPlan(tuple(range(2, 11))),
}


@click.command(help=__doc__)
@click.option("--table", type=click.Choice(["clusters", "looks", "family", "failed", "flips"]), help="One table only.")
@click.option("--studies", default=1000, help="Simulated studies a figure.")
def main(table: str | None, studies: int) -> None:
    tables: dict[str, Callable[[int], None]] = {
        "clusters": _clusters,
        "looks": _looks,
        "family": _family,
        "failed": _failed,
        "flips": _flips,
    }
    for name, made in tables.items():
        if table in (None, name):
            made(studies)
            print(flush=True)


def _row(*cells: object) -> None:
    tqdm.write("| " + " | ".join(f"{100 * one:.1f}" if isinstance(one, float) else str(one) for one in cells) + " |")


def _clusters(studies: int) -> None:
    """Wrong by question, paragraph and article; covered by article without and with an effect; power."""
    _row("world", "seeds", "wrong, by question", "by paragraph", "by article", "covered", "covered, effect", "power")
    _row("---", "---:", *["---:"] * 6)
    apart = replace(RANDOM_2000, title="2,000 over 48 articles, nothing shared", in_article=0.0, in_paragraph=0.0)
    worlds = (FIRST_2000, RANDOM_2000, apart, WHOLE, PARTIAL)
    for world, seeds in tqdm(list(product(worlds, (3, 5, 10)))):
        count = studies if sum(world.articles) < 3000 else max(studies // 4, 100)
        _row(world.title, seeds, *_clustered(world, seeds, count))


def _clustered(world: ClusterWorld, seeds: int, count: int) -> list[float]:
    article, paragraph = world.codes
    levels = (Clusters("article", article), Clusters("paragraph", paragraph))
    wrong, covered, detectable = [], [], []
    for arms in world.studies(seeds, count, seed=seeds):
        verdict = compare_arms(*arms, clusters=levels)
        finer = {one.name: one.low > 0 or one.high < 0 for one in verdict.finer}
        wrong.append([finer["example"], finer.get("paragraph", finer["example"]), verdict.p_value < 0.05])
        covered.append(verdict.low <= 0 <= verdict.high)
        detectable.append(verdict.detectable)
    effect = float(np.median(detectable))
    found = [
        compare_arms(*arms, clusters=levels, power=False)
        for arms in world.studies(seeds, count, seed=seeds + 1, effect=effect)
    ]
    with_effect = [one.low <= effect <= one.high for one in found]
    power = [one.decision == "helps" for one in found]
    return [*np.mean(wrong, axis=0).tolist(), *(float(np.mean(one)) for one in (covered, with_effect, power))]


def _looks(studies: int) -> None:
    """Wrong over the whole study, with planned looks and with plain tests; with an effect of 1.5, when it stops."""
    _row("world", "looks", "wrong", "plain tests", "equal, wrongly", "known, effect", "mean seeds then")
    _row("---", "---", *["---:"] * 5)
    for world, (name, plan) in tqdm(list(product(LOOKED_AT, PLANS.items()))):
        _row(world.title, name, *_over_looks(world, plan, studies))


def _over_looks(world: World, plan: LookPlan, studies: int) -> list[object]:
    seeds = (plan.most, plan.most)
    wrong, plain = [], []
    for arms in world.studies(seeds, 0, studies, seed=11):
        wrong.append(_looked(arms, plan).p_value < 0.05)
        plain.append(any(_plain(arms, look).p_value < 0.05 for look in plan.looks))
    margin = 1.5
    equal = [_looked(arms, plan, margin).p_equivalent < 0.05 for arms in world.studies(seeds, margin, studies, seed=12)]
    known, needed = [], []
    for arms in world.studies(seeds, margin, studies // 4, seed=13):
        stop = next((look for look in plan.looks if _decision(arms, look, plan) != UNDECIDED), None)
        known.append(stop is not None)
        needed.append(stop or plan.most)
    shares = [float(np.mean(one)) for one in (wrong, plain, equal, known)]
    return [*shares, f"{np.mean(needed):.1f}"]


def _looked(arms: tuple[np.ndarray, np.ndarray], plan: LookPlan, margin: float = 0.5) -> Verdict:
    return compare_over_looks(arms[0], arms[1], plan, margin=margin, power=False).verdict


def _plain(arms: tuple[np.ndarray, np.ndarray], seeds: int) -> Verdict:
    return compare_arms(arms[0][:seeds], arms[1][:seeds], power=False)


def _decision(arms: tuple[np.ndarray, np.ndarray], seeds: int, plan: LookPlan) -> str:
    return _looked((arms[0][:seeds], arms[1][:seeds]), plan).decision


def _family(studies: int) -> None:
    """No effect ever called one while a study of several comparisons grows, arm by arm and seed by seed."""
    _row("comparisons", "looks", "wrong, over looks", "wrong, plain tests each adjusted by Holm")
    _row("---:", "---", "---:", "---:")
    plan = PLANS["3, 4, 5, 6, 8, 10"]
    for number in (6, 20):
        draw = SST2.studies((10, 10), 0, studies * number, seed=number)
        ours, plain = [], []
        for _ in tqdm(range(studies)):
            arms = [next(draw) for _ in range(number)]
            over = [_looked(one, plan) for one in arms]
            ours.append(any(one.p_value < 0.05 for one in holm(over, among=number)))
            apart = [holm([_plain(one, look) for one in arms]) for look in plan.looks]
            plain.append(any(one.p_value < 0.05 for looked in apart for one in looked))
        _row(number, "3, 4, 5, 6, 8, 10", float(np.mean(ours)), float(np.mean(plain)))


def _failed(studies: int) -> None:
    """10 % of the treatment's runs stay at the majority class, the others are as the baseline's."""
    _row(
        "seeds", "studies with a failed seed", "all named", "named without reason", "wrong with it", "wrong without it"
    )
    _row("---:", *["---:"] * 5)
    for seeds in (3, 5, 10):
        draw, rows = np.random.default_rng(seeds), []
        for first, second in SST2.studies((seeds, seeds), 0, studies, seed=seeds):
            broken = draw.random(seeds) < 0.1
            second[broken] = 100.0 * (np.arange(second.shape[1]) % 2)
            named = {one.place for one in failed_seeds(first.mean(axis=1), second.mean(axis=1), floor=50.0) if one.arm}
            kept = [place for place in range(seeds) if place not in named]
            without = compare_arms(first[kept], second[kept], power=False) if len(kept) > 1 else None
            with_it = compare_arms(first, second, power=False)
            rows.append(
                (
                    broken.any(),
                    named >= set(np.flatnonzero(broken)) if broken.any() else np.nan,
                    bool(named - set(np.flatnonzero(broken))),
                    with_it.p_value < 0.05,
                    without is not None and without.p_value < 0.05,
                )
            )
        _row(seeds, *np.nanmean(np.array(rows, dtype=float), axis=0).tolist())


def _flips(studies: int) -> None:
    """Flips in excess of chance without an effect: how far the number is off, and how often its interval covers 0."""
    _row("world", "seeds", "off by more than 5 examples", "interval covers 0")
    _row("---", "---:", "---:", "---:")
    for world, seeds in product((SST2, WIDE, replace(SMALL_MNLI, treatment_seed=0.48, title="MNLI, wide")), (3, 5, 10)):
        names = (range(seeds), range(seeds))
        counted = [
            flips(a > 50, b > 50, names).excess for a, b in world.studies((seeds, seeds), 0, studies, seed=seeds)
        ]
        sides = [one for both in counted if both for one in both]
        off = float(np.mean([abs(one.value) > 5 for one in sides]))
        _row(world.title, seeds, off, float(np.mean([one.low <= 0 <= one.high for one in sides])))


if __name__ == "__main__":
    main()
