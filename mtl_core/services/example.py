"""The example study on the pages: its answer, the ways into it, and how it is hidden and brought back."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import fmean

from mtl_core.display import scores
from mtl_core.records import RunState
from mtl_core.services import studies, study_views
from mtl_core.services.study_views import ComparisonCard, Judged, Picture
from mtl_core.store import example, runs
from mtl_core.store.workspace import EXAMPLE, Workspace
from mtl_core.studies import arm_words
from mtl_core.studies.context import StudyContext
from mtl_core.studies.views import verdicts


@dataclass(frozen=True, slots=True)
class ExampleAnswer:
    """What the example study found, for the first screen."""

    study: str
    card: ComparisonCard
    scores: str
    """The mean of each arm: "accuracy 82.1 % alone, 89.5 % with mnli"."""
    target: str
    run_ids: tuple[str, ...]
    """Seed by seed, the baseline first."""
    picture: Picture
    """The effect with its interval."""


def shown(workspace: Workspace) -> bool:
    """True where the example is in the workspace."""
    return example.shown(workspace)


def answer(workspace: Workspace) -> ExampleAnswer | None:
    """The example's answer; None where it is hidden. Raises StoreError."""
    if not example.shown(workspace):
        return None
    context = studies.context(workspace, studies.entry(workspace, EXAMPLE))
    [judged] = context.judged
    card = study_views.card(context, judged)
    return ExampleAnswer(
        study=EXAMPLE,
        card=card,
        scores=_scores(context, judged),
        target=judged.comparison.target,
        run_ids=tuple(run for _, _, run in sorted(card.runs, key=lambda one: one[1])),
        picture=verdicts.picture(context.config, [judged]),
    )


def _scores(context: StudyContext, judged: Judged) -> str:
    unit, arms = scores.unit(judged.metric), []
    for side in (judged.baseline, judged.treatment):
        company = arm_words.relation(context.config.arm(side.arm), judged.comparison.target)
        arms += [f"{fmean(side.scores.values()):.1f} {unit} {company}"] * bool(side.scores)
    return f"{scores.title(judged.metric)} {', '.join(arms)}"


def own_results(workspace: Workspace) -> bool:
    """True once a run of the user's own has finished."""
    with workspace.read() as index:
        newest = runs.listing(index, states=(RunState.FINISHED,), limit=1)  # the example's come last
    return any(not run.example for run in newest)


def show(workspace: Workspace) -> None:
    """Brings the example back. Raises StoreError."""
    example.show(workspace)


def hide(workspace: Workspace) -> None:
    """Takes the example away, all of it. Raises StoreError."""
    example.hide(workspace)
