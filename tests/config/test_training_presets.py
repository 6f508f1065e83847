"""Published settings of training."""

from __future__ import annotations

import pytest

from mtl_core.config.presets import PRESETS
from mtl_core.config.run import RunConfig, parse
from mtl_core.config.training_presets import BERT_2018, TRAINING_PRESETS, TrainingPreset


@pytest.mark.parametrize("preset", TRAINING_PRESETS, ids=lambda preset: preset.name)
@pytest.mark.parametrize("tasks", [("sst2",), ("sst2", "mnli"), ("sst2", "squad"), ("stsb", "cola")])
def test_every_preset_makes_a_config_with_any_recipe(preset: TrainingPreset, tasks: tuple[str, ...]) -> None:
    values = preset.values(tasks)
    assert values.keys() <= RunConfig.model_fields.keys()
    for recipe in PRESETS:
        assert not values.keys() & recipe.values(tasks).keys(), "a preset of training says nothing of the recipe"
        made = parse({"tasks": tasks, **recipe.values(tasks), **values})
        assert made.model_dump().items() >= values.items()


def test_bert_reads_384_tokens_where_a_task_marks_spans_and_128_elsewhere() -> None:
    """Devlin et al. 2019 and the defaults of run_classifier.py and run_squad.py."""
    pairs, spans = BERT_2018.values(("sst2", "mnli")), BERT_2018.values(("mnli", "squad"))
    assert (pairs["max_length"], pairs["stride"], pairs["learning_rate"]) == (128, None, 3e-5)
    assert (spans["max_length"], spans["stride"], spans["learning_rate"]) == (384, None, 5e-5)
    assert parse({"tasks": "squad", **spans}).window_stride == 128
    for values in (pairs, spans):
        assert (values["epochs"], values["batch_size"], values["warmup"]) == (3, 32, 0.1)
        assert (values["weight_decay"], values["max_grad_norm"]) == (0.01, 1.0)
    assert BERT_2018.values(("a task that nobody knows",)) == pairs
