"""What a config accepts, and every fault word for word, all at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mtl_core import registry
from mtl_core.config.run import RunConfig, parse
from mtl_core.errors import InvalidConfig

TASKS = ", ".join(registry.names("tasks"))


def faults(**values: Any) -> dict[str, str]:
    with pytest.raises(InvalidConfig) as caught:
        parse(values)
    return {fault.field: fault.message for fault in caught.value.faults}


def test_the_usual_needs_only_tasks() -> None:
    config = parse({"tasks": "sst2,mnli"})
    assert config.tasks == ("sst2", "mnli")
    assert (config.sharing, config.schedule, config.balancing, config.source) == (
        "hard",
        "proportional",
        "sum",
        "sample",
    )
    assert config.title == "sst2 + mnli · hard · seed 1"


def test_one_task_shares_nothing() -> None:
    config = parse({"tasks": "sst2", "sharing": "hard", "schedule": "phases", "schedule_settings": {"share": 0.3}})
    assert (config.sharing, config.schedule, config.schedule_settings) == ("single", "proportional", {})


def test_it_comes_back_from_json_as_it_was() -> None:
    config = parse({"tasks": "sst2,squad", "train_limit": "sst2=80,squad=40", "schedule": "phases"})
    assert RunConfig.model_validate_json(config.model_dump_json()) == config


def test_an_arm_is_the_config_without_seed_name_and_device() -> None:
    base = parse({"tasks": "sst2"})
    assert base.arm == parse({"tasks": "sst2", "seed": 7, "name": "x", "device": "cpu"}).arm
    assert base.arm != parse({"tasks": "sst2", "epochs": 2}).arm


def test_every_fault_is_told_at_once_in_the_order_of_the_fields() -> None:
    found = faults(
        tasks="sst2,mnly",
        warmup=6,
        sharing="hrad",
        batch_size="x",
        source="folder",
        device="tpu",
        epochs=0,
        precision="fp16",
        seed=-1,
        sharing_settings=3,
        learning_rat=1,
    )
    assert list(found.items()) == [
        ("tasks", "no task called 'mnly'. Did you mean 'mnli'?"),
        ("data", "the source 'folder' needs a folder. Give the one that holds the files."),
        ("sharing", "no sharing called 'hrad'. Did you mean 'hard'?"),
        ("sharing_settings", '3 is not a set of settings. Use names and values such as {"share": 0.5}.'),
        ("epochs", "0 is too small, it must be above 0. Use a value such as 1."),
        ("batch_size", "x is not a whole number. Use a value such as 32."),
        ("warmup", "6 is too large, it must be below 1. Use a share such as 0.06 for 6 %."),
        ("seed", "-1 is too small, the minimum is 0. Use a value such as 1."),
        ("precision", "fp16 is not a choice, the choices are 'fp32' or 'bf16'. Use fp32 or bf16."),
        ("device", "tpu is not a device. Use auto, cpu, cuda or cuda:0."),
        ("learning_rat", "no field called 'learning_rat'. Did you mean 'learning_rate'?"),
    ]


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({}, "tasks", f"is missing. Give one or more of {TASKS}."),
        ({"tasks": ""}, "tasks", f"is missing. Give one or more of {TASKS}."),
        ({"tasks": "sst2,sst2"}, "tasks", "the same task is named twice. Name each task once."),
        (
            {"tasks": "sst2", "max_length": 8},
            "max_length",
            "8 is too small, the minimum is 16. Use a value such as 128.",
        ),
        (
            {"tasks": "sst2", "learning_rate": 2},
            "learning_rate",
            "2 is too large, the maximum is 1. Use a value such as 5e-05.",
        ),
        (
            {"tasks": "sst2", "eval_limit": -1},
            "eval_limit",
            "-1 is too small, the minimum is 0. Use a number of examples such as 1000, or leave it empty for all.",
        ),
        (
            {"tasks": "sst2", "max_length": 96, "stride": 40},
            "stride",
            "40 is more than a third of max_length (96). Use 32 or less.",
        ),
        (
            {"tasks": "sst2", "data": "/tmp"},
            "data",
            "the source 'sample' reads no folder. Leave data empty or use 'folder'.",
        ),
        (
            {"tasks": "sst2", "source": "folder", "data": "/no/such"},
            "data",
            "there is no folder '/no/such'. Give the one that holds the files.",
        ),
        ({"tasks": "sst2", "encoder": ""}, "encoder", "is empty. Use embedded, a hub id or a folder."),
        (
            {"tasks": "sst2", "name": "x" * 121},
            "name",
            "x" * 121 + " is too long, 120 characters are the maximum. Use a shorter one.",
        ),
        (
            {"start_from": 3},
            "start_from",
            "3 is not a text. Use a run's id such as ab3de6fg, ID:task for one task's encoder, or leave it empty.",
        ),
        ({"head_layers": "3"}, "head_layers", "3 is not a choice, the choices are 1 or 2. Use 1 or 2."),
        ({"pooling": "max"}, "pooling", "max is not a choice, the choices are 'first' or 'mean'. Use first or mean."),
        (
            {"freeze_layers": -1},
            "freeze_layers",
            "-1 is too small, the minimum is 0. Use a number of layers such as 3, or 0 to train all.",
        ),
        (
            {"layer_decay": 1.5},
            "layer_decay",
            "1.5 is too large, the maximum is 1. Use a share such as 0.9, or 1 for none.",
        ),
        (
            {"head_rate": "fast"},
            "head_rate",
            "fast is not a number. Use a rate such as 5e-4, or leave it empty.",
        ),
        (
            {"early_stopping": 0},
            "early_stopping",
            "0 is too small, the minimum is 1. Use a number of scores such as 3, or leave it empty.",
        ),
        (
            {"teachers": 3},
            "teachers",
            "3 is not a list of names. Use runs' ids such as ab3de6fg,hj4kmn5p, or train.",
        ),
        (
            {"teachers": "train,ab3de6fg"},
            "teachers",
            "'train' trains a teacher for every task. Leave the other teachers out.",
        ),
        (
            {"gradient_checkpointing": "maybe"},
            "gradient_checkpointing",
            "maybe is not yes or no. Use true or false.",
        ),
        ({"compile": 3}, "compile", "3 is not yes or no. Use true or false."),
        ({"processes": 0}, "processes", "0 is too small, the minimum is 1. Use a value such as 1."),
        ({"processes": 65}, "processes", "65 is too large, the maximum is 64. Use a value such as 1."),
    ],
)
def test_single_faults(values: dict[str, Any], field: str, words: str) -> None:
    assert faults(**values)[field].strip() == words


@pytest.mark.parametrize("limit", ["0", -3, 1.5, "many", {"sst2": 0}])
def test_a_limit_is_a_number_of_examples(limit: Any) -> None:
    shown = limit["sst2"] if isinstance(limit, dict) else limit
    assert faults(tasks="sst2", train_limit=limit) == {
        "train_limit": f"{shown} is not a number of examples. Use a whole number such as 4000, one per task such as "
        "sst2=8000,squad=4000, or leave it empty for all."
    }


def test_what_is_typed_for_a_choice_or_a_switch() -> None:
    config = parse({"tasks": "sst2,mnli", "head_layers": "2", "compile": "true", "teachers": "a, b", "processes": "2"})
    assert (config.head_layers, config.compile, config.teachers, config.processes) == (2, True, ("a", "b"), 2)


def test_limits_are_one_for_all_or_one_a_task() -> None:
    assert parse({"tasks": "sst2", "train_limit": "40"}).train_limit_of("sst2") == 40
    each = parse({"tasks": "sst2,mnli", "train_limit": "sst2=80"})
    assert (each.train_limit_of("sst2"), each.train_limit_of("mnli")) == (80, None)
    assert faults(tasks="sst2,mnli", train_limit="squad=3") == {
        "train_limit": "'squad' is not one of the run's tasks. Name one of sst2, mnli."
    }


def test_a_folder_that_is_there_is_fine(tmp_path: Path) -> None:
    assert parse({"tasks": "sst2", "source": "folder", "data": str(tmp_path)}).data == str(tmp_path)


def test_a_config_that_merges_nothing_is_of_the_arm_that_it_was_before_there_was_merging() -> None:
    """Digests of version 0.1: runs that are there are found again."""
    assert (parse({"tasks": "sst2,mnli"}).arm, parse({"tasks": "sst2", "epochs": 2}).arm) == (
        "0a272160edd9",
        "411cdc33690d",
    )
    merged = [parse({"tasks": "sst2,mnli", "merging": "ties", "merge_from": runs}) for runs in ("a,b", "a,c")]
    assert len({parse({"tasks": "sst2,mnli"}).arm, *(config.arm for config in merged)}) == 3
    assert merged[0].alone("mnli").arm == parse({"tasks": "mnli"}).arm
    assert merged[0].builds_on == ("a", "b")
    assert (merged[0].title, merged[0].trained_first) == ("sst2 + mnli · merged by ties · seed 1", ())
    first = parse({"tasks": "sst2,mnli", "merging": "ties", "merge_from": "train"})
    assert (first.builds_on, first.trained_first) == ((), ("merge_from",))


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        (
            {"merge_from": ""},
            "merge_from",
            "is empty. Name the finished single-task runs to merge, one per task, or use train.",
        ),
        ({"merge_from": "train,a"}, "merge_from", "'train' trains a run for every task. Leave the other runs out."),
        (
            {"merging": ""},
            "merging",
            "is missing, and merge_from names runs. Choose from average, task_arithmetic, ties.",
        ),
        ({"merging": "tie"}, "merging", "no merging called 'tie'. Did you mean 'ties'?"),
        (
            {"merging": "", "merge_from": "", "merging_settings": {"scales": "1"}},
            "merging_settings",
            "belongs to a merging, and none is chosen. Leave it out.",
        ),
        ({"tasks": "sst2"}, "merging", "one task has nothing to merge with. Add a task, or leave merging out."),
        ({"sharing": "pal"}, "sharing", "a merged model is one encoder with a head per task. Use hard."),
        ({"schedule": "joint"}, "schedule", "a merged run makes no steps. Use proportional, the default."),
        ({"balancing": "dwa"}, "balancing", "a merged run makes no steps. Use sum, the default."),
        ({"start_from": "a"}, "start_from", "a merged run begins with the runs of merge_from. Leave start_from out."),
        (
            {"teachers": "a,b"},
            "teachers",
            "a merged run is not trained, so none can teach it. Leave them out.",
        ),
        ({"processes": "2"}, "processes", "a merged run makes no steps, so one process is enough. Use 1."),
    ],
)
def test_what_goes_with_no_merging(values: dict[str, Any], field: str, words: str) -> None:
    assert faults(**{"tasks": "sst2,mnli", "merging": "ties", "merge_from": "a,b", **values}) == {field: words}
