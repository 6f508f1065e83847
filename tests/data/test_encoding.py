"""Encoding once: what the cache gives back is what was put in, and nothing else."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
from transformers import AutoTokenizer

from mtl_core import registry
from mtl_core.config.run import parse
from mtl_core.data.encoding import encode
from mtl_core.data.sample import tasks_with_sample
from mtl_core.data.sources import read
from mtl_core.encoders.batch import Encoded
from mtl_core.kinds._model import Lengths, model_of
from tests.tiny import EMBEDDED


@pytest.fixture(scope="module")
def tokenizer():
    return AutoTokenizer.from_pretrained(EMBEDDED)


def ask(tokenizer, cache: Path, *, task: str = "squad", limit: int = 20, most: int = 96, name: str = "a") -> Encoded:
    examples = read(registry.load("tasks", task), parse({"tasks": task, "train_limit": limit})).train
    lengths = Lengths(most, most // 3)
    found = registry.load("tasks", task)
    return encode(model_of(found), found, examples, tokenizer, tokenizer_print=name, lengths=lengths, cache=cache)


@pytest.mark.parametrize("task", tasks_with_sample())
def test_it_comes_back_from_disk_as_it_was(tokenizer, tmp_path: Path, task: str) -> None:
    first = ask(tokenizer, tmp_path, task=task)
    [file] = (tmp_path / "encoded").iterdir()
    written = file.stat().st_mtime_ns
    again = ask(tokenizer, tmp_path, task=task)
    assert file.stat().st_mtime_ns == written
    for field in fields(Encoded):
        one, other = getattr(first, field.name), getattr(again, field.name)
        assert one.dtype == other.dtype
        assert one.dtype in (np.int32, np.float32), "whole numbers; answers that are numbers have fractions"
        assert one.shape == other.shape
        assert np.array_equal(one, other)


def test_data_lengths_and_tokenizer_have_files_of_their_own(tokenizer, tmp_path: Path) -> None:
    ask(tokenizer, tmp_path)
    ask(tokenizer, tmp_path, limit=21)
    ask(tokenizer, tmp_path, most=48)
    ask(tokenizer, tmp_path, name="b")
    assert len(list((tmp_path / "encoded").iterdir())) == 4
