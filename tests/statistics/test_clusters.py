"""Examples that belong together: hand-worked pseudo-values, what they count as, and verdicts that know of them."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from mtl_core.statistics import Clusters, compare_arms
from mtl_core.statistics.clusters import grouped, levels
from tests.statistics.cluster_worlds import FIRST_2000, RANDOM_2000, ClusterWorld


def test_pseudo_values_worked_by_hand() -> None:
    """Two articles with 3 and 1 of 4 questions: mean 3; means 2 and 6; (G - 1) share (m - mean) / (1 - share)."""
    one = grouped(Clusters("article", ["a", "a", "a", "b"]), 4)
    assert (one.count.name, one.count.count, one.count.effective) == ("article", 2, pytest.approx(1.6))
    assert one.df == 1
    apart = np.array([0.75 * -1 / 0.25, 0.25 * 3 / 0.75])  # -3 and 1
    wanted = 3 + apart - apart.mean()
    assert one.pseudo_values(np.array([[1.0, 2, 3, 6]])) == pytest.approx(wanted[None])


def test_clusters_of_one_size_are_their_means() -> None:
    scores = np.random.default_rng(0).uniform(0, 100, (3, 12))
    one = grouped(Clusters("article", np.arange(12) // 3), 12)
    assert one.df == 3
    assert one.pseudo_values(scores) == pytest.approx(scores.reshape(3, 4, 3).mean(axis=2))


def test_pseudo_values_keep_the_mean_of_each_seed() -> None:
    draw = np.random.default_rng(1)
    scores, codes = draw.uniform(0, 100, (4, 200)), draw.integers(0, 7, 200) ** 2
    assert grouped(Clusters("x", codes), 200).pseudo_values(scores).mean(axis=1) == pytest.approx(scores.mean(axis=1))


def test_levels_are_ordered_and_single_examples_are_none() -> None:
    codes = (Clusters("paragraph", [0, 0, 1, 2]), Clusters("question", [0, 1, 2, 3]), Clusters("article", [0, 0, 0, 1]))
    assert [one.count.name for one in levels(codes, 4)] == ["article", "paragraph"]
    with pytest.raises(ValueError, match="give the article of each of the 5 examples"):
        levels(codes[2:], 5)


def arms(seeds: int = 4) -> tuple[np.ndarray, np.ndarray]:
    """Two arms whose difference comes with the article: 8 articles of 25 questions."""
    draw = np.random.default_rng(3)
    by_article = np.repeat(draw.normal(1, 3, 8), 25)
    baseline = draw.uniform(30, 60, 200) + draw.normal(0, 1, (seeds, 200))
    return baseline, baseline + by_article + draw.normal(0, 1, (seeds, 200))


@pytest.mark.parametrize("paired", [True, False])
def test_the_interval_is_that_of_the_coarsest_and_finer_ones_stand_beside_it(paired: bool) -> None:
    article, paragraph = np.arange(200) // 25, np.arange(200) // 5
    both = (Clusters("paragraph", paragraph), Clusters("article", article))
    verdict = compare_arms(*arms(), clusters=both, paired_seeds=paired)
    assert [(one.name, one.count) for one in verdict.clusters] == [("article", 8), ("paragraph", 40)]
    assert [one.name for one in verdict.finer] == ["paragraph", "example"]
    plain = compare_arms(*arms(), paired_seeds=paired)
    assert (verdict.finer[1].low, verdict.finer[1].high) == pytest.approx((plain.low, plain.high))
    by_paragraph = compare_arms(*arms(), clusters=both[:1], paired_seeds=paired)
    assert (verdict.finer[0].low, verdict.finer[0].high) == pytest.approx((by_paragraph.low, by_paragraph.high))
    widths = [verdict.high - verdict.low, *(one.high - one.low for one in verdict.finer)]
    assert widths == sorted(widths, reverse=True)
    assert verdict.effect == plain.effect


def test_one_cluster_gives_no_verdict_and_says_why() -> None:
    verdict = compare_arms(*arms(), clusters=(Clusters("article", np.zeros(200)),))
    assert verdict.decision == "not enough evidence"
    assert verdict.why.startswith("All 200 examples are of one article: what another article would give is unknown.")


def test_as_many_clusters_as_examples_say_nothing() -> None:
    verdict = compare_arms(*arms(), clusters=(Clusters("premise", np.arange(200)),))
    assert verdict == compare_arms(*arms())


@pytest.mark.parametrize(("world", "seeds"), product((FIRST_2000, RANDOM_2000), (3, 10)), ids=str)
def test_by_article_verdicts_err_as_seldom_as_they_say(world: ClusterWorld, seeds: int) -> None:
    """By question they err several times as often: docs/statistics.md."""
    found = [
        (clustered.p_value < 0.05, plain.p_value < 0.05) for clustered, plain in world.verdicts(seeds, 300, seed=1)
    ]
    by_article, by_question = np.mean(found, axis=0)
    assert by_article <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 300)
    assert by_question > (2 if world is FIRST_2000 else 1) * by_article
