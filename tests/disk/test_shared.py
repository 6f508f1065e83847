"""Equal files that the disk holds once, and parts of safetensors files."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file

from mtl_core.disk import shared, tensors


def test_equal_files_are_one_and_nobody_writes_into_them(tmp_path: Path) -> None:
    drafts = [tmp_path / name for name in ("one", "two")]
    for draft in drafts:
        draft.mkdir()
        (draft / "tokenizer.json").write_text("words", "utf-8")
    runs = [tmp_path / "run-1", tmp_path / "run-2"]
    for draft, run in zip(drafts, runs, strict=True):
        shared.keep(draft, run, tmp_path / "pool")
    first, second = (run / "tokenizer.json" for run in runs)
    assert first.samefile(second)
    (drafts[0] / "tokenizer.json").write_text("other", "utf-8")
    shared.keep(drafts[0], runs[0], tmp_path / "pool")  # as a run that is resumed with another version would
    assert (first.read_text("utf-8"), second.read_text("utf-8")) == ("other", "words")


def test_where_links_can_not_be_made_each_has_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError("across disks")

    monkeypatch.setattr("os.link", refuse)
    (tmp_path / "draft").mkdir()
    (tmp_path / "draft" / "config.json").write_text("{}", "utf-8")
    shared.keep(tmp_path / "draft", tmp_path / "run", tmp_path / "pool")
    assert (tmp_path / "run" / "config.json").stat().st_nlink == 1
    assert (tmp_path / "run" / "config.json").read_text("utf-8") == "{}"


def test_a_folder_of_an_earlier_version_gives_its_copies_up(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "vocab.txt").write_text("a b c", "utf-8")
        shared.keep(tmp_path / name, tmp_path / name, tmp_path / "pool")
    assert (tmp_path / "one" / "vocab.txt").samefile(tmp_path / "two" / "vocab.txt")


def test_a_part_of_a_file_is_the_same_numbers(tmp_path: Path) -> None:
    whole = {
        "optimiser.0.exp_avg": torch.randn(7),
        "model.a": torch.randn(3, 5).bfloat16(),
        "model.b": torch.arange(4),
        "modelling.c": torch.zeros(2),
    }
    save_file(whole, tmp_path / "state", {"position": '{"step": 3}'})
    assert tensors.take_out(tmp_path / "state", "model", tmp_path / "part", named=False)
    part = load_file(tmp_path / "part")
    assert set(part) == {"a", "b"}
    assert all(torch.equal(part[name], whole[f"model.{name}"]) for name in part)
    with safe_open(tmp_path / "part", "pt") as file:
        assert file.metadata() == {"position": '{"step": 3}'}
    assert not tensors.take_out(tmp_path / "state", "nothing", tmp_path / "none")
    assert tensors.take_out(tmp_path / "state", "optimiser", tmp_path / "state")
    assert set(load_file(tmp_path / "state")) == {"optimiser.0.exp_avg"}
    save_file({"model.a": torch.zeros(9)}, tmp_path / "cut")
    (tmp_path / "cut").write_bytes((tmp_path / "cut").read_bytes()[:-3])
    with pytest.raises(ValueError, match="cut off"):
        tensors.take_out(tmp_path / "cut", "model", tmp_path / "x")
    assert not (tmp_path / "x").exists()
