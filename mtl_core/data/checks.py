"""What is in a task's data: rows, labels, lengths, and suspicious rows, each to be counted, read and removed."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np

from mtl_core.data import near, own, remarks, rules
from mtl_core.data.examples import TaskData
from mtl_core.kinds import Task, kind_of
from mtl_core.records import Example

SHOWN = 1_000
"""Rows of a finding that are kept to be read."""
LONGEST = 1_000
"""Characters of a row in a list of them."""
QUANTILES = {"median": 0.5, "90 %": 0.9, "99 %": 0.99}
TOKENIZED_AT_ONCE = 2_000
MOST_MEASURED = 20_000
"""Rows whose tokens are counted, spread over the data."""


def report(task: Task, data: TaskData, tokenizer: Any = None, max_length: int = 128) -> dict[str, Any]:
    """Everything about the data before any rule, as JSON. `tokenizer` counts tokens; without one there are no lengths.

    `findings` are the rules by name, each with its count, ids and some rows; `near_dev` takes longest.
    """
    began = time.perf_counter()
    splits = {"train": data.train, "dev": data.dev}
    return {
        "task": task.name,
        "rows": {name: len(split.examples) for name, split in splits.items()},
        "labels": remarks.tags(task, data)
        or {name: own.labels_of(task, split.examples) for name, split in splits.items()},
        "lengths": _lengths(data.train.examples, tokenizer, max_length) if tokenizer else None,
        "findings": findings(task, data),
        "notes": [*data.train.notes, *data.dev.notes, *remarks.of(task, data)],
        "seconds": time.perf_counter() - began,
    }


def findings(task: Task, data: TaskData) -> list[dict[str, Any]]:
    """A finding a rule that is about any row."""
    by_id = {example.id: example for example in (*data.dev.examples, *data.train.examples)}
    keys = rules.keys_of(data)
    twins = near_dev(data, keys)
    found = {name: rule.find(data, keys) if rule.find else set(twins) for name, rule in rules.RULES.items()}
    return [
        {
            "rule": name,
            "title": rules.RULES[name].title,
            "count": len(ids),
            "ids": sorted(ids) if rules.RULES[name].find is None else [],
            "rows": [_row(task, by_id[one], by_id.get(twins.get(one, ""))) for one in sorted(ids)[:SHOWN]],
        }
        for name, ids in found.items()
        if ids
    ]


def near_dev(data: TaskData, keys: rules.Keys) -> dict[str, str]:
    """Id of a training example → id of the dev example that it is nearly; those that are exactly in dev left out."""
    exact = rules.in_dev(data, keys)
    train = [example for example in data.train.examples if example.id not in exact]
    texts, others = (["\n".join(keys[example.id]) for example in part] for part in (train, data.dev.examples))
    pairs = near.nearest(texts, others)
    return {train[place].id: data.dev.examples[other].id for place, other in pairs.items()}


def _row(task: Task, example: Example, twin: Example | None) -> dict[str, Any]:
    answer = kind_of(task).show(task, example, 0).label
    like = rules.row_text(twin)[:LONGEST] if twin else ""
    return {"text": rules.row_text(example)[:LONGEST], "answer": answer, "like": like}


def _lengths(examples: Sequence[Example], tokenizer: Any, max_length: int) -> dict[str, Any]:
    """Tokens of a row: quantiles, the most, and the share of rows that are longer than a run reads."""
    step = max(1, len(examples) // MOST_MEASURED)
    measured = examples[::step]
    counts = np.array([count for part in _parts(measured) for count in _tokens(part, tokenizer)])
    return {
        "measured": len(measured),
        **{name: int(np.quantile(counts, share)) for name, share in QUANTILES.items()},
        "most": int(counts.max()),
        "max_length": max_length,
        "cut": float((counts > max_length).mean()),
    }


def _parts(examples: Sequence[Example]) -> list[Sequence[Example]]:
    return [examples[at : at + TOKENIZED_AT_ONCE] for at in range(0, len(examples), TOKENIZED_AT_ONCE)]


def _tokens(examples: Sequence[Example], tokenizer: Any) -> list[int]:
    """Tokens of each example; of several texts the first two go together and special tokens count."""
    texts = [example.inputs for example in examples]
    pairs = [[inputs[0] for inputs in texts], [" ".join(inputs[1:]) for inputs in texts]]
    several = len(texts[0]) > 1
    encoded = tokenizer(*pairs[: 1 + several], truncation=False, verbose=False, return_attention_mask=False)
    return [len(ids) for ids in encoded["input_ids"]]


def with_rules(definition: Mapping[str, Any], names: Sequence[str], near_ids: Collection[str]) -> dict[str, Any]:
    """The definition with other rules; `near_ids` are those that `near_dev` has found. Raises InvalidConfig."""
    kept = list(rules.checked(names))
    left_out = sorted(near_ids) if "near_dev" in kept else []
    return {**definition, "rules": kept, "left_out": left_out}
