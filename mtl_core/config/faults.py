"""What is wrong with a config's field, in words that say what to give."""

from __future__ import annotations

import re
from collections.abc import Mapping

from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from mtl_core import registry
from mtl_core.errors import Fault, unknown_name

KINDS = {
    "int": "a whole number",
    "float": "a number",
    "string": "a text",
    "dict": "a set of settings",
    "tuple": "a list of names",
    "bool": "yes or no",
}
"""What pydantic calls the types of fields, in our words."""
EXAMPLES = {
    "tasks": "one or more of {tasks}",
    "warmup": "a share such as 0.06 for 6 %",
    "device": "auto, cpu, cuda or cuda:0",
    "encoder": "embedded, a hub id or a folder",
    "precision": "fp32 or bf16",
    "source": "sample, folder or hub",
    "train_limit": "a whole number such as 4000, one a task such as sst2=8000,squad=4000, or leave it empty for all",
    "eval_limit": "a number of examples such as 1000, or leave it empty for all",
    "eval_every": "a number of steps such as 100, or leave it empty",
    "attention_dropout": "a share such as 0.1, or leave it empty",
    "stride": "a number of tokens such as 64, or leave it empty",
    "start_from": "a run's id such as ab3de6fg, ID:task for one task's encoder, or leave it empty",
    "head_layers": "1 or 2",
    "pooling": "first or mean",
    "freeze_layers": "a number of layers such as 3, or 0 to train all",
    "layer_decay": "a share such as 0.9, or 1 for none",
    "head_rate": "a rate such as 5e-4, or leave it empty",
    "early_stopping": "a number of scores such as 3, or leave it empty",
    "teachers": "runs' ids such as ab3de6fg,hj4kmn5p, or train",
    "gradient_checkpointing": "true or false",
    "compile": "true or false",
    "name": "a shorter one",
}
"""What to give to a field whose default is no example."""


def fault(detail: ErrorDetails, fields: Mapping[str, FieldInfo]) -> Fault:
    """Pydantic's finding about a field in our words: what was given, why it can't be, what to give."""
    field = str(detail["loc"][0]) if detail["loc"] else ""
    if detail["type"] == "extra_forbidden":
        return Fault(field, unknown_name("field", field, fields))
    if detail["type"] == "value_error":
        return Fault(field, str(detail["ctx"]["error"]))
    if detail["type"] == "missing" or (field == "tasks" and detail["type"] == "too_short"):
        return Fault(field, f"is missing. Give {_example(field, fields)}.")
    shown = detail["input"] if isinstance(detail["input"], (str, int, float)) else type(detail["input"]).__name__
    return Fault(field, f"{shown} {_why(detail)}. Use {_example(field, fields)}.")


def _why(detail: ErrorDetails) -> str:
    limits = detail.get("ctx", {})
    why = {
        "greater_than": "is too small, it must be above {gt:g}",
        "greater_than_equal": "is too small, the least is {ge:g}",
        "less_than": "is too large, it must be below {lt:g}",
        "less_than_equal": "is too large, the most is {le:g}",
        "string_pattern_mismatch": "is not a device",
        "string_too_long": "is too long, {max_length} characters are the most",
        "string_too_short": "is empty",
        "literal_error": "is no choice, there are {expected}",
    }.get(detail["type"])
    if why:
        return why.format(**limits)
    kind = re.match(r"(int|float|string|dict|tuple|bool)", detail["type"])
    return f"is not {KINDS[kind[1]] if kind else 'what this field takes'}"


def _example(field: str, fields: Mapping[str, FieldInfo]) -> str:
    if field in EXAMPLES:
        return EXAMPLES[field].format(tasks=", ".join(registry.names("tasks")))
    if field.endswith("_settings"):
        return 'names and values such as {"share": 0.5}'
    default = fields[field].default if field in fields else None
    return f"a value such as {default:g}" if isinstance(default, (int, float)) else f"a value such as {default}"
