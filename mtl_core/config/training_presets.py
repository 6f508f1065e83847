"""Named settings of training, as papers and their code give them: how long, at which rate, on texts of which length.

They go with any recipe (`config.presets`), and say nothing of tasks, encoder or data.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from mtl_core import registry


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingPreset:
    """Fields of RunConfig that are published together."""

    name: str
    title: str
    summary: str
    """What it sets, in one line."""
    source: str
    fields: Mapping[str, Any]
    for_kind: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Kind of task → fields that differ for it; a run with several kinds takes them if any of its tasks is of it."""

    def values(self, tasks: Iterable[str]) -> dict[str, Any]:
        """The config's fields that the preset sets, for these tasks. One config holds for all tasks of a run, and one
        base for all arms of a study, so that arms differ in what is asked alone."""
        known = [registry.load("tasks", task).kind for task in tasks if registry.has("tasks", task)]
        values = dict(self.fields)
        for kind, fields in self.for_kind.items():
            values |= fields if kind in known else {}
        return values


BERT_2018 = TrainingPreset(
    name="bert-2018",
    title="BERT (2018)",
    summary="3 epochs, batches of 32, warm-up 0.1; 3e-5 on 128 tokens, or 5e-5 on 384 with question answering.",
    source="Devlin et al. 2019, sections 4.1 and 4.2 and appendix A.3; github.com/google-research/bert",
    fields={
        "epochs": 3.0,  # section 4.1 and 4.2; the default of run_classifier.py and run_squad.py
        "batch_size": 32,  # the same
        "gradient_accumulation": 1,
        "learning_rate": 3e-5,  # published is the best of 5e-5, 4e-5, 3e-5 and 2e-5 a task; which one is our choice
        "warmup": 0.1,  # the default of both programs
        "weight_decay": 0.01,  # optimization.py: for all but biases and LayerNorm
        "max_grad_norm": 1.0,  # optimization.py
        "head_rate": None,
        "layer_decay": 1.0,
        "freeze_layers": 0,
        "head_layers": 1,
        "pooling": "first",
        "attention_dropout": None,  # the encoder's own: 0.1 for BERT
        "early_stopping": None,
        "max_length": 128,  # run_classifier.py
        "stride": None,
    },
    for_kind={
        "span": {
            "learning_rate": 5e-5,  # section 4.2; the default of run_squad.py
            "max_length": 384,  # run_squad.py; windows share a third, 128 tokens, where its own move on by 128
        }
    },
)
TRAINING_PRESETS = (BERT_2018,)
