"""The results of the paper that Tandem starts from: Sharma, Understanding Multitask Learning with Transfer Learning."""

from __future__ import annotations

TASKS = ("sst2", "mnli", "squad")
ENCODER = "BERT base"
FIGURES: dict[tuple[str, str], float | None] = {
    ("sst2", ""): 90.825,
    ("sst2", "mnli"): 93.577,
    ("sst2", "squad"): 92.087,
    ("mnli", ""): 83.529,
    ("mnli", "sst2"): 84.264,
    ("mnli", "squad"): 83.311,
    ("squad", ""): 87.398,
    ("squad", "sst2"): 88.135,
    ("squad", "mnli"): None,
}
"""(target, helper) → percent of the dev set; no helper: alone. None: a cell that the paper leaves empty."""
DEV = {"sst2": 872, "mnli": 9815, "squad": 10570}
"""Dev examples; MNLI's are the matched ones."""
WHOLE = {"sst2": "67,000", "mnli": "393,000", "squad": "88,000"}
"""About how many training examples the public sets have (Weller et al. 2022)."""
NOT_GIVEN = "(not given)"
NOTE = (
    "The paper's figures are one run each, without a spread: its differences are not verdicts. It calls all three "
    "metrics EM; its text says F1 for SQuAD."
)
SAME_DOMAIN = "hard sharing, a linear head per task"
CROSS_DOMAIN = "half of the QA data, then the other task, then the rest of the QA data"


def figure_text(target: str, helper: str) -> str:
    """The figure as it is printed, "(not given)" for the empty cell, "–" for what the paper did not train."""
    if (target, helper) not in FIGURES:
        return "–"
    figure = FIGURES[target, helper]
    return NOT_GIVEN if figure is None else f"{figure:.3f}"


def gain(target: str, helper: str) -> float | None:
    """Points that the paper's helper adds to its target alone, None where a figure is missing."""
    together, single_task = FIGURES.get((target, helper)), FIGURES.get((target, ""))
    return together - single_task if helper and together is not None and single_task is not None else None
