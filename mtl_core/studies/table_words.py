"""Words that tables of a study have in common: how their numbers were made, said once under each."""

from __future__ import annotations

from collections.abc import Sequence

from mtl_core.config.study import StudyConfig
from mtl_core.display import scores as score_words
from mtl_core.display.words import GENERATED, capital
from mtl_core.studies.judge import Judged


def badge(judged: Sequence[Judged]) -> str:
    """For a title: that a number comes from the generated sample, "" where none does."""
    return f" · {GENERATED}" * any(one.generated for one in judged)


def units(judged: Sequence[Judged]) -> str:
    """The unit of the scores, for a header: "%"; several where metrics differ in it."""
    return " or ".join(dict.fromkeys(score_words.unit(one.metric) for one in judged)) or "%"


def intervals(config: StudyConfig) -> str:
    """The meaning of "±" and of brackets."""
    share = f"{100 * (1 - config.alpha):g} %"
    return f"Mean over seeds ± half of its {share} interval (Student's t); differences with their {share} intervals."


def matched(judged: Sequence[Judged]) -> str:
    """The match of the single-task baseline with what is compared with it."""
    matches = " or ".join(dict.fromkeys(one.comparison.matched for one in judged))
    return f"Baselines have the {matches}."


def adjusted(comparisons: int) -> list[str]:
    """The reason why an interval may leave out 0 where there is no verdict."""
    words = (
        f"Verdicts are adjusted for all {comparisons} comparisons of the study (Holm), intervals are each one's own."
    )
    return [words] if comparisons > 1 else []


def refused(judged: Sequence[Judged]) -> list[str]:
    """The reasons why comparisons have no verdict, each once."""
    return list(dict.fromkeys(capital(one.refused) for one in judged if one.refused))
