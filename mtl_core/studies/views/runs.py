"""The runs of a study: every arm with every seed, and what each has scored."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mtl_core.config.study import StudyConfig
from mtl_core.display import scores as score_words
from mtl_core.display.tables import Table
from mtl_core.studies.context import StudyContext
from mtl_core.studies.judge import Judged
from mtl_core.studies.seed_summary import summary
from mtl_core.studies.table_words import badge, intervals
from mtl_core.studies.views import WholeStudyView


def table(config: StudyConfig, judged: Sequence[Judged]) -> Table:
    """Every arm's score on each of its targets, seed by seed, also of seeds without a partner in the other arm."""
    scores_of: dict[tuple[str, str], dict[int, float]] = {}
    for one in judged:
        words = f"{one.comparison.target} {score_words.header(one.metric)}"
        for side in (one.baseline, one.treatment):
            scores_of.setdefault((words, side.arm), {}).update(side.scores | side.apart)
    rows = []
    for (words, arm), scores in sorted(scores_of.items(), key=lambda item: item[0][0]):
        each = [f"{scores[seed]:.1f}" if seed in scores else "–" for seed in config.seeds]
        rows.append((words, arm, str(summary(scores.values(), config.alpha)), *each))
    return Table(
        title=f"Scores, seed by seed{badge(judged)}",
        columns=("score", "condition", "mean", *(f"seed {seed}" for seed in config.seeds)),
        rows=tuple(rows),
        notes=(intervals(config).partition(";")[0] + ".",),
        align="ll" + "r" * (1 + len(config.seeds)),
    )


class Runs(WholeStudyView):
    """Every arm with every seed."""

    name, title, order = "runs", "Runs", 20
    asks = "Which runs is the study made of, and how do they stand?"

    def fits(self, config: StudyConfig) -> bool:
        """Fits every study."""
        return True

    def tables(self, context: StudyContext, part: Sequence[Judged]) -> Iterator[Table]:
        """Scores, a row an arm and target."""
        yield table(context.config, part)
