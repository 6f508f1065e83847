"""A comparison in words: what it asks, what came out, and what it rests on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from html import escape
from math import isfinite

from mtl_core.config.study import Comparison, StudyConfig
from mtl_core.display import words
from mtl_core.display.verdicts import SIGNS, UNDECIDED, effect_text, interval_text, signed, verdict_text
from mtl_core.display.words import GENERATED, capital, encoder_name
from mtl_core.statistics import Verdict
from mtl_core.studies.arm_words import helpers, is_against_single_task
from mtl_core.studies.judge import Judged, Side

LUCK = (
    "the seeds agree more closely than the noise of single answers alone makes them in 9 of 10 studies, so the "
    "interval may be too short by chance: run more seeds."
)


def question(config: StudyConfig, comparison: Comparison) -> str:
    """The question of a comparison: "Does sst2 get better with mnli?"."""
    target, treatment = comparison.target, config.arm(comparison.treatment)
    if is_against_single_task(config, comparison):
        return f"Does {target} get better with {helpers(treatment, target)}?"
    return f"Does '{comparison.treatment}' do {target} better than '{comparison.baseline}'?"


def label(config: StudyConfig, comparison: Comparison) -> str:
    """The same in a few words, for a row: "sst2: sst2 + mnli · hard"; what it is held against where that is no
    baseline."""
    against = "" if config.arm(comparison.baseline).baseline else f" against {comparison.baseline}"
    return f"{comparison.target}: {comparison.treatment}{against}"


def sentence(judged: Judged) -> str:
    """The verdict in one sentence; without a verdict, why there is none and what to do."""
    verdict = judged.verdict
    if verdict is None:
        return capital(judged.refused)
    if verdict.why:
        return verdict.why
    effect = _effect(judged, verdict)
    words = {
        "helps": f"Better by more than seeds and examples differ by chance: {effect}.",
        "hurts": f"Worse by more than seeds and examples differ by chance: {effect}.",
        "practically equal": f"Any difference is smaller than the margin of {verdict.margin:g} points: {effect}.",
        UNDECIDED: f"Seeds and examples differ too much by chance to tell: {effect}.",
    }[verdict.decision]
    return " ".join([words, *_remarks(judged, verdict)])


def _effect(judged: Judged, verdict: Verdict) -> str:
    """The effect with its interval, which holds over all planned looks."""
    looks = len(judged.looked.plan.looks) if judged.looked else 1
    holds = " (over all looks)" * (looks > 1)
    interval = interval_text(verdict.low, verdict.high)
    return f"{signed(verdict.effect)} points, {100 * (1 - verdict.alpha):g} % interval {interval}{holds}"


def _remarks(judged: Judged, verdict: Verdict) -> Iterator[str]:
    """Remarks without which the interval would be misread."""
    if verdict.negligible:
        yield "It is significant, but smaller than the margin."
    if verdict.decision == UNDECIDED and verdict.low * verdict.high > 0:
        yield "On its own it would be significant; among the study's other comparisons it may be chance (Holm)."
    if verdict.close_by_luck:
        yield capital(LUCK)
    yield from remarks_on_seeds(judged)


def remarks_on_seeds(judged: Judged) -> Iterator[str]:
    """Where the verdict stands in the study's plan, and seeds that did not train."""
    looked = judged.looked
    if looked is None:
        return
    if looked.provisional:
        yield f"Provisional: the first planned verdict is the one with {looked.next_look} seeds per condition."
    if looked.later is not None:
        later, beyond = looked.later, "between planned looks" if looked.next_look else "beyond the plan"
        yield (
            f"The verdict is that of the first {min(looked.verdict.seeds)} seeds, as planned. All {min(later.seeds)} "
            f"give {signed(later.effect)} {interval_text(later.low, later.high)}, which is provisional ({beyond})."
        )
    yield from _next(judged)
    yield from _failed(judged)


def _next(judged: Judged) -> Iterator[str]:
    """What the plan says to do, where more looks are planned."""
    looked = judged.looked
    if looked is None or looked.provisional or looked.next_look is None:
        return
    if judged.decision != UNDECIDED:
        yield "It is known: no more seeds are needed."
    elif looked.futile:
        needed = looked.verdict.seeds_needed
        seeds = f"About {needed} seeds" if needed else "More than 1,000 seeds"
        yield f"{seeds} per condition would be needed, and the plan ends at {looked.plan.most}: a verdict is unlikely."
    else:
        yield f"The next planned look is at {looked.next_look} seeds per condition."


def _failed(judged: Judged) -> Iterator[str]:
    """Runs that did not train, and the verdict without them."""
    if not judged.failed:
        return
    runs = "; ".join(f"seed {one.seed} of '{one.arm}' ({one.score:.1f}, {one.why})" for one in judged.failed)
    yield f"Did not train: {runs}."
    if judged.without is None:
        yield "Too few seeds remain for a verdict without."
    else:
        one = judged.without
        yield f"Without: {one.decision}, {signed(one.effect)} {interval_text(one.low, one.high)}."


def compared_with(judged: Judged) -> str:
    """The baseline of a comparison, and what both arms have in common."""
    seeds = "each seed against the same seed" if judged.paired else "with other seeds"
    return f"{judged.baseline.arm}, {judged.comparison.matched}, {seeds}"


def seeds_text(judged: Judged) -> str:
    """The seeds and examples that count: "3 seeds per condition, 872 dev examples"."""
    counts = (len(judged.baseline.scores), len(judged.treatment.scores))
    if judged.verdict is not None:
        counts = judged.verdict.seeds
    number = f"{counts[0]}" if counts[0] == counts[1] else f"{counts[0]} and {counts[1]}"
    return f"{number} seed{'s' * (number != '1')} per condition, {examples_text(judged)}"


def examples_text(judged: Judged) -> str:
    """The dev examples, and the clusters that they are in: "2,000 dev examples in 48 articles and 1,100 paragraphs"."""
    return words.examples_text(judged.examples, judged.cluster_counts, "dev examples")


def finer(verdict: Verdict) -> str:
    """What the interval is computed over, and how it would be if finer units were independent; "" without clusters."""
    if not verdict.finer:
        return ""
    coarsest = verdict.clusters[0]
    uneven = f" (which tell as much as {coarsest.effective:.1f} of one size)"
    others = ", ".join(f"by {one.name} {interval_text(one.low, one.high)}" for one in verdict.finer)
    return f"over {coarsest.count:,} {coarsest.name}s{uneven * (coarsest.effective < 0.9 * coarsest.count)}; {others}"


def found_with(verdict: Verdict, among: int = 1) -> str:
    """The effect that this many seeds detect, "" where it is not known. `among`: comparisons judged together."""
    if not isfinite(verdict.detectable):
        return ""
    return f"an effect of {verdict.detectable:.1f} points is found in {_often(among)}"


def seeds_needed(verdict: Verdict, among: int = 1) -> str:
    """The seeds that it takes to detect an effect as large as the one seen, "" where that is not known."""
    if not isfinite(verdict.detectable):
        return ""
    larger = max(abs(verdict.effect), verdict.margin)
    if verdict.seeds_needed is None:
        return f"no number of seeds finds {larger:.1f} points on so few examples: give more dev examples"
    return f"{verdict.seeds_needed} per condition find {larger:.1f} points in {_often(among)}"


def _often(among: int) -> str:
    """The power is that of one comparison: Holm's adjustment for several takes some of it."""
    return "80 of 100 such studies" + ", judged by itself" * (among > 1)


def left_out(judged: Judged) -> list[str]:
    """Seeds that do not count, and why: "sst2 alone: seed 3 (failed)"."""
    return [text for side in (judged.baseline, judged.treatment) if (text := _left_out(side))]


def _left_out(side: Side) -> str:
    return f"{side.arm}: {', '.join(f'seed {seed} ({why})' for seed, why in side.left_out.items())}" * bool(
        side.left_out
    )


def decision_text(judged: Judged) -> str:
    """Sign and word of a verdict, marked while it is provisional."""
    return verdict_text(judged.decision, provisional=judged.provisional)


def answer(judged: Sequence[Judged]) -> str:
    """A study's verdicts in a line: one with its effect, several counted: "▲ helps: 2 of 3 · …"."""
    if len(judged) == 1:
        one = judged[0]
        return f"{decision_text(one)} · {effect_text(one)} points" if one.verdict else decision_text(one)
    counts = Counter(one.decision for one in judged)
    return " · ".join(f"{verdict_text(word)}: {counts[word]} of {len(judged)}" for word in SIGNS if counts[word])


def answer_and_seeds(judged: Sequence[Judged]) -> str:
    """The same for a page; a report keeps to `answer`, which `verify` holds it against."""
    return answer(judged) + (one_seed(judged[0]) if len(judged) == 1 else "")


def one_seed(judged: Judged) -> str:
    """What stands behind an effect that has no interval, as it rests on one seed of each condition; "" where not."""
    return ", 1 seed" if judged.verdict and max(judged.verdict.seeds) == 1 else ""


def hover_text(judged: Judged) -> str:
    """A comparison in a few lines, encoder and data with it, as plotly shows it on hover."""
    runs = [*judged.treatment.runs.values(), *judged.baseline.runs.values()]
    place = runs[0].config.place_of(judged.comparison.target)[0] if runs else ""
    origin = GENERATED if judged.generated else place
    source = f"encoder {encoder_name(runs[0].encoder)} · {origin}" if runs else ""
    lines = [
        f"<b>{escape(judged.treatment.arm)}</b> on {escape(judged.comparison.target)}",
        answer([judged]) if judged.verdict else escape(judged.refused),
        f"against {escape(compared_with(judged))}",
        seeds_text(judged),
        escape(source),
    ]
    return "<br>".join(line for line in lines if line)
