"""The tuning of a study's arms: what was chosen for each, and every trial with what it tried and reached."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mtl_core.config.automation import TUNERS
from mtl_core.config.settings import field_text, value_text
from mtl_core.config.study import StudyConfig
from mtl_core.display import formats
from mtl_core.display.tables import Table
from mtl_core.store.studies import Study
from mtl_core.studies.context import StudyContext
from mtl_core.studies.judge import Judged
from mtl_core.studies.tuning import failed_trials, tuned_text
from mtl_core.studies.views import WholeStudyView

SELECTION = (
    "Loss: mean of the condition's targets on the validation split, in nats, at the checkpoint that the trial chose."
)


def chosen_table(study: Study) -> Table:
    """A row an arm: what it got, what its trials took."""
    names = _names(study)
    columns = ("condition", "", *map(field_text, names), "trial", "loss", "trials", "failed", "training time")
    return Table(
        title="Settings that tuning has chosen",
        columns=columns,
        rows=tuple(_chosen_row(study, arm.name, names) for arm in study.config.arms if not arm.merges),
        notes=tuple(_notes(study)),
        align="ll" + "r" * (len(columns) - 2),
    )


def _chosen_row(study: Study, name: str, names: Sequence[str]) -> tuple[str, ...]:
    arm, trials = study.config.arm(name), study.automation.trials.get(name, ())
    values = arm.tuned.values if arm.tuned else {}
    tuned = [value_text(one, values[one]) if one in values else "–" for one in names]
    number = arm.tuned.trial if arm.tuned else None
    loss = next((f"{one.loss:.4f}" for one in trials if one.number == number and one.loss is not None), "–")
    budget = arm.tuned.trials if arm.tuned else study.config.tune.trials if study.config.tune else 0
    ended, failed = sum(one.ended for one in trials), sum(bool(one.failed) for one in trials)
    counts = (f"{budget}" if arm.tuned else f"{ended} of {budget}", str(failed))
    taken = formats.duration(sum(one.seconds or 0.0 for one in trials)) if ended else "–"
    role = "baseline" if arm.baseline else ""
    return (name, role, *tuned, str(number) if number else "–", loss, *counts, taken)


def trials_table(study: Study) -> Table:
    """A row a trial."""
    names = _names(study)
    rows = [
        (
            arm.name,
            f"{one.number}{' ✓' if arm.tuned and arm.tuned.trial == one.number else ''}",
            *(value_text(name, one.values[name]) if name in one.values else "–" for name in names),
            f"{one.loss:.4f}" if one.loss is not None else "failed" if one.failed else "–",
        )
        for arm in study.config.arms
        for one in study.automation.trials.get(arm.name, ())
    ]
    return Table(
        title="Every trial",
        columns=("condition", "trial", *map(field_text, names), "loss"),
        rows=tuple(rows),
        notes=("✓: chosen. Trial 1 has the settings as they were designed.", SELECTION),
        align="l" + "r" * (len(names) + 2),
    )


def _names(study: Study) -> list[str]:
    """Every setting that a trial has tried, those that all arms have first."""
    found = [one.values for own in study.automation.trials.values() for one in own]
    found += [arm.tuned.values for arm in study.config.arms if arm.tuned]
    return sorted({name for values in found for name in values}, key=lambda name: ("." in name, name))


def _notes(study: Study) -> Iterator[str]:
    tune = study.config.tune
    if tune is None:
        return
    yield f"Every condition, baselines too, has the same budget: {tune.trials} trials. {TUNERS[tune.tuner]}."
    yield f"{SELECTION} No dev example was scored, and the seed of trials is none of the study's."
    if any(arm.merges for arm in study.config.arms):
        yield (
            "Conditions that merge tuned runs have no trials of their own: a merge is chosen on the validation split "
            "anyway."
        )
    for arm in study.config.arms:
        failed = failed_trials(study.automation.trials.get(arm.name, ()))
        if failed:
            yield f"{arm.name}: failed, and counted as used: {'; '.join(failed)}."
        if arm.tuned and arm.tuned.trial is None:
            yield f"{arm.name}: {tuned_text(arm)}."


class Tuning(WholeStudyView):
    """What tuning has tried and chosen."""

    name, title, order = "tuning", "Tuning", 25
    asks = "Which settings did each condition get, from the same number of trials?"

    def fits(self, config: StudyConfig) -> bool:
        """Needs a study that tunes."""
        return config.tune is not None

    def tables(self, context: StudyContext, part: Sequence[Judged]) -> Iterator[Table]:
        """What was chosen, then every trial."""
        if context.study.automation.trials or any(arm.tuned for arm in context.config.arms):
            yield chosen_table(context.study)
            yield trials_table(context.study)
