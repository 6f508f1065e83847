"""The method behind the verdicts of a report, in words, with its sources."""

from __future__ import annotations

from mtl_core.config.study import StudyConfig
from mtl_core.display import formats
from mtl_core.store.studies import Study
from mtl_core.studies import auto, halving

SOURCES = (
    "Clark 1973, doi.org/10.1016/S0022-5371(73)80014-3",
    "Holm 1979, jstor.org/stable/4615733",
    "Schuirmann 1987, doi.org/10.1007/BF01068419",
    "Baayen, Davidson & Bates 2008, doi.org/10.1016/j.jml.2007.12.005",
    "McCoy, Min & Linzen 2020, aclanthology.org/2020.blackboxnlp-1.21",
    "Sellam et al. 2022, arxiv.org/abs/2106.16163",
)


def methods(config: StudyConfig) -> list[str]:
    """Paragraphs for somebody who has to judge the verdicts."""
    share, narrow = (f"{100 * (1 - part * config.alpha):g} %" for part in (1, 2))
    return [
        "Every condition is trained once with each seed. A seed sets the new layers' first weights, the order of the "
        "examples and dropout. Checkpoints are chosen on examples held out of the training data; the dev examples are "
        "scored once, at the end.",
        "An effect is the mean, over seeds and dev examples, of the treatment's score − the score of what it is held "
        f"against, in points. Its {share} interval and its p value come from crossed random effects: seeds and "
        "examples are both samples of what could have been, each adds its own variance, and what the two do together "
        "is counted once (Clark 1973; Baayen et al. 2008). So a verdict speaks of the method on other seeds and other "
        "examples of this kind, not of these models alone (Sellam et al. 2022).",
        f"▲ helps and ▼ hurts: p is below {config.alpha:g}. ≈ practically equal: not so, and the {narrow} interval "
        f"lies within ± {config.margin:g} points, by two one-sided tests (Schuirmann 1987). ? not enough evidence: "
        "neither. Where there are several comparisons, p values are adjusted for their number (Holm 1979).",
        "For scale: 100 fine-tunings of BERT base on MNLI that differ in the seed alone have a standard deviation of "
        "0.24 points (McCoy et al. 2020), so one run of each condition tells little.",
    ]


def by_itself(study: Study) -> list[str]:
    """The same about what the study did by itself: how arms were tuned and at what cost, why seeds were added."""
    config, found = study.config, [auto.sentence(study)]
    if config.tune is not None:
        cost = {
            arm: formats.duration(sum(one.seconds or 0.0 for one in trials))
            for arm, trials in study.automation.trials.items()
        }
        spent = "; ".join(f"{arm} {time}" for arm, time in cost.items())
        found.insert(
            0,
            f"Baselines and treatments were tuned alike, with {config.tune.trials} trials each: learning rate, epochs, "
            "warm-up and the numeric settings of their methods, drawn by Optuna "
            f"({'random search' if config.tune.tuner == 'random' else 'TPE, Bergstra et al. 2011'}). The first trial "
            "has the settings as they were designed. A trial is judged on the validation split alone, which is held "
            "out of the training data, by the mean loss of the condition's targets, and on a seed that no "
            "verdict uses; no dev example is scored. Baselines are matched by this budget and no longer by their "
            f"updates. Training time of the trials, part of what each condition costs: {spent or 'none yet'}.",
        )
    return [words for words in [*found, *halving.words(study)] if words]
