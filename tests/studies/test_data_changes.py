"""What changed in the data, in words; runs are taken over only where they have read the files that lie there now."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mtl_core import registry
from mtl_core.config.run import parse
from mtl_core.data.sources import read
from mtl_core.kinds import _layout
from mtl_core.store import runs
from mtl_core.store.workspace import Workspace
from mtl_core.studies.data_changes import between, changed
from mtl_core.studies.members import reusable
from tests import builders

SST2 = registry.load("tasks", "sst2")
ROWS = [f"{'fine' if n % 2 else 'dull'} film {n}\t{n % 2}\n" for n in range(40)]


def written(root: Path, rows: list[str] = ROWS, dev: list[str] = ROWS[:10]) -> Path:
    (root / "SST-2").mkdir(exist_ok=True)
    for split, own in (("train", rows), ("dev", dev)):
        (root / "SST-2" / f"{split}.tsv").write_text("sentence\tlabel\n" + "".join(own))
    return root


def facts(root: Path, rows: list[str] = ROWS, dev: list[str] = ROWS[:10]) -> dict[str, Any]:
    splits = read(SST2, parse({"tasks": "sst2", "source": "folder", "data": str(written(root, rows, dev))}))
    sizes = {"train": len(splits.train), "selection": len(splits.selection), "dev": len(splits.dev)}
    return {**sizes, "fingerprint": splits.fingerprint(), "parts": splits.parts()}


def test_what_changed_is_named(tmp_path: Path) -> None:
    before = facts(tmp_path)
    other_labels = [row.replace("\t1", "\t0") for row in ROWS[:10]]
    assert changed(facts(tmp_path), before) == ""
    assert changed(facts(tmp_path, dev=other_labels), before) == "other dev labels"
    assert changed(facts(tmp_path, dev=ROWS[2:10]), before) == "other dev texts, 8 against 10 dev examples"
    longer = facts(tmp_path, rows=[*ROWS, "a new one\t1\n"])
    assert changed(longer, before) == "other training texts, 37 against 36 training examples"


def test_earlier_versions_have_noted_one_fingerprint() -> None:
    ours, theirs = {"fingerprint": "aaaa"}, {"fingerprint": "bbbb"}
    assert changed(ours, theirs) == "other examples (data fingerprint aaaa against bbbb)"
    assert changed({**ours, "dev": 8}, {**theirs, "dev": 9}) == "8 against 9 dev examples"
    assert changed(ours, {}) == changed({}, {}) == ""


def test_data_that_changed_while_both_arms_were_trained_is_told_by_seed() -> None:
    first, second = {"fingerprint": "aaaa"}, {"fingerprint": "bbbb"}
    sides = {1: first, 2: first, 3: second}
    words = "the data changed between seed 1 and seed 3: other examples (data fingerprint bbbb against aaaa)"
    assert between(sides, sides) == words
    assert between({1: first, 2: first}, {1: first, 2: first}) == ""
    assert between({1: first}, {1: second}) == "other examples (data fingerprint bbbb against aaaa)"


@pytest.fixture
def trained(workspace: Workspace, tmp_path: Path) -> tuple[dict[str, Any], str]:
    """A finished run on a folder, and its values."""
    (tmp_path / "data").mkdir()
    values = {"source": "folder", "data": str(written(tmp_path / "data"))}
    return values, builders.run(workspace, dev=4, **values)


def found(workspace: Workspace, values: dict[str, Any]) -> str | None:
    with workspace.read() as index:
        run = reusable(workspace, index, parse({"tasks": "sst2", **values}))
    return run.id if run else None


def test_a_run_is_taken_over_while_its_files_are_the_same(
    workspace: Workspace, trained: tuple[dict[str, Any], str]
) -> None:
    values, run_id = trained
    folder, data = workspace.run(run_id), Path(values["data"])
    hashes = {place: file["sha256"] for place, file in _layout.hashes(SST2, data).items()}
    folder.write_json(folder.report, {"facts": {"data": {"sst2": {"files": hashes}}}})
    assert found(workspace, values) == run_id
    written(data)  # written again, and the same
    assert found(workspace, values) == run_id
    written(data, ROWS[:30])
    assert found(workspace, values) is None


def test_a_run_of_an_earlier_version_is_held_against_the_files_time(
    workspace: Workspace, trained: tuple[dict[str, Any], str]
) -> None:
    values, run_id = trained
    assert found(workspace, values) is None  # the files are newer than the run, which began 590 seconds ago
    with workspace.write() as index:
        runs.update(index, run_id, started=builders.time.time() + 5)
    assert found(workspace, values) == run_id
