"""What a reader must know of a verdict though both arms have it in common: texts of the test that were trained on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mtl_core.config.settings import encoder_name
from mtl_core.store.runs import Run
from mtl_core.store.workspace import Workspace

SENTENCE_PAIRS = {
    "SNLI": ("snli",),
    "MultiNLI": ("mnli",),
    "SQuAD": ("squad", "squad_v2", "qnli"),
    "Quora question pairs": ("qqp",),
}
TUNED_ON: Mapping[str, Mapping[str, tuple[str, ...]]] = {"embedded": SENTENCE_PAIRS, "embedded-base": SENTENCE_PAIRS}
"""Encoder → data set that it was tuned on → tasks with its texts, as the encoder's model card says."""


def cautions(workspace: Workspace, task: str, runs: Mapping[int, Run]) -> tuple[str, ...]:
    """In words, of an arm's runs by seed: the encoder's own tuning, and overlap with the helpers' training data."""
    run = next(iter(runs.values()), None)
    return (*_tuned(run, task), *_overlaps(workspace, run, task)) if run else ()


def _tuned(run: Run, task: str) -> Iterator[str]:
    seen = [name for name, tasks in TUNED_ON.get(run.encoder, {}).items() if task in tasks]
    for name in seen:
        yield (
            f"{encoder_name(run.encoder)} was itself tuned on pairs from {name}, so its scores on {task} are not "
            "those of an encoder that never saw them"
        )


def _overlaps(workspace: Workspace, run: Run, task: str) -> Iterator[str]:
    facts: dict[str, Any] = workspace.run(run.id).data_facts().get(task, {})
    for helper, found in facts.get("overlap", {}).items():
        yield (
            f"{found['dev']:,} of {found['of']:,} dev examples of {task} have a text that occurs in {helper}'s "
            f"training data ({found['rows']:,} rows): better scores may be memory. Leave those "
            "rows out with overlap = leave_out"
        )
