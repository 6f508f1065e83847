"""Simulated studies on questions that share paragraphs and articles, of SQuAD's sizes, whose truth is known.

What the treatment changes about a question's chance of a right answer has a part of its article, one of its paragraph
and one of its own; their shares of the variance are the correlations within articles and paragraphs. Answers are right
or wrong, or have F1's mass at 0 and 100.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mtl_core.statistics import Clusters, Verdict, compare_arms

Floats = NDArray[np.float64]
ARTICLES = (
    *(
        810,
        511,
        479,
        407,
        319,
        297,
        295,
        295,
        291,
        268,
        264,
        247,
        247,
        245,
        243,
        242,
        238,
        231,
        228,
        217,
        215,
        206,
        200,
    ),
    *(
        197,
        197,
        191,
        189,
        187,
        183,
        182,
        180,
        176,
        172,
        153,
        136,
        129,
        124,
        116,
        113,
        112,
        112,
        108,
        108,
        106,
        106,
        104,
    ),
    *(98, 96),
)
"""Questions of the 48 articles of SQuAD v1.1's dev set."""
FIRST = (810, 247, 112, 511, 197, 123)
"""Questions of the six articles that its first 2,000 are of."""


@dataclass(frozen=True)
class ClusterWorld:
    """Where studies come from. Shares are 0 to 1, deviations in points."""

    title: str
    articles: tuple[int, ...]
    """Questions of each."""
    paragraph: int = 5
    """Questions of a paragraph."""
    in_article: float = 0.05
    """Correlation of the effect within an article."""
    in_paragraph: float = 0.1
    """Within a paragraph, beyond that of its article."""
    change: float = 0.08
    """Deviation over questions of what the treatment does to the chance of a right answer."""
    seed: float = 0.3
    """Deviation over seeds of each arm."""
    partial: float = 0.0
    """Share of answers that are partly right: uniform between 0 and 100, the rest is 0 or 100."""

    def __str__(self) -> str:
        """The title."""
        return self.title

    @property
    def codes(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Article and paragraph of each question."""
        article = np.repeat(np.arange(len(self.articles)), self.articles)
        starts = np.concatenate([np.arange(count) // self.paragraph for count in self.articles])
        return article, np.unique(article * 10_000 + starts, return_inverse=True)[1]

    def studies(self, seeds: int, count: int, seed: int, effect: float = 0.0) -> Iterator[tuple[Floats, Floats]]:
        """Scores in points of baseline and treatment, (S, E) each, where the treatment is truly `effect` better."""
        draw = np.random.default_rng(seed)
        article, paragraph = self.codes
        shares = np.sqrt([self.in_article, self.in_paragraph, 1 - self.in_article - self.in_paragraph])
        for _ in range(count):
            chances = draw.uniform(0.3, 0.9, article.size)
            parts = (
                draw.normal(size=len(self.articles))[article],
                draw.normal(size=paragraph.max() + 1)[paragraph],
                draw.normal(size=article.size),
            )
            change = self.change * sum(share * part for share, part in zip(shares, parts, strict=True)) + effect / 100
            shifts = draw.normal(0, self.seed / 100, (2, seeds, 1))
            yield self._scores(chances + shifts[0], draw), self._scores(chances + change + shifts[1], draw)

    def verdicts(self, seeds: int, count: int, seed: int) -> Iterator[tuple[Verdict, Verdict]]:
        """By article, and as if questions were independent."""
        article, paragraph = self.codes
        clusters = (Clusters("article", article), Clusters("paragraph", paragraph))
        for arms in self.studies(seeds, count, seed):
            yield compare_arms(*arms, clusters=clusters, power=False), compare_arms(*arms, power=False)

    def _scores(self, chances: Floats, draw: np.random.Generator) -> Floats:
        chances = np.clip(chances, 0, 1)
        scores = 100.0 * (draw.random(chances.shape) < chances)
        if self.partial:
            partly = draw.random(chances.shape) < self.partial
            scores = np.where(partly, 100 * draw.beta(8 * chances + 1e-3, 8 * (1 - chances) + 1e-3), scores)
        return scores


def _thinned(sizes: tuple[int, ...], total: int) -> tuple[int, ...]:
    """A sample in proportion."""
    return tuple(round(size * total / sum(sizes)) for size in sizes)


FIRST_2000 = ClusterWorld("first 2,000 of SQuAD: 6 articles", FIRST)
RANDOM_2000 = ClusterWorld("2,000 over 48 articles", _thinned(ARTICLES, 2000), paragraph=1, in_article=0.05)
WHOLE = ClusterWorld("all of SQuAD: 48 articles", ARTICLES)
PARTIAL = replace(WHOLE, title="all of SQuAD, a third of the answers partly right", partial=0.33)
