"""Sources of single tasks: typed, kept in one form, told apart."""

from __future__ import annotations

from pathlib import Path

import pytest

from mtl_core.config import run as configs
from mtl_core.config.settings import place_differences
from mtl_core.errors import InvalidConfig


def test_sources_of_single_tasks_are_typed_and_kept_in_one_form(tmp_path: Path) -> None:
    mixed = configs.parse({"tasks": "sst2,mnli,cola", "task_sources": f"mnli=hub,cola=folder:{tmp_path}"})
    assert [mixed.place_of(task) for task in mixed.tasks] == [
        ("sample", None),
        ("hub", None),
        ("folder", str(tmp_path)),
    ]
    assert mixed.origin == "mixed"
    assert mixed.folders == (str(tmp_path),)
    same = configs.parse({"tasks": "sst2,mnli", "task_sources": "mnli=hub,sst2=hub"})
    assert (same.source, same.task_sources) == ("hub", {})
    assert same.arm == configs.parse({"tasks": "sst2,mnli", "source": "hub"}).arm
    assert mixed.alone("cola").arm == configs.parse({"tasks": "cola", "source": "folder", "data": str(tmp_path)}).arm


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (
            "mnli=web",
            "task_sources: 'web' is not a source. Use sample, hub or folder:PATH, a source per task such as "
            "mnli=hub,cola=folder:/data/glue, or leave it empty.",
        ),
        (
            "mnli=folder:/not/there",
            "task_sources: there is no folder '/not/there' for mnli. Give the one that holds its files.",
        ),
    ],
)
def test_faults_in_them(given: str, words: str) -> None:
    with pytest.raises(InvalidConfig) as caught:
        configs.parse({"tasks": "sst2,mnli", "task_sources": given})
    assert words in str(caught.value)


def test_differences_are_those_of_shared_tasks() -> None:
    ours = configs.parse({"tasks": "sst2,mnli", "task_sources": "mnli=hub"})
    theirs = configs.parse({"tasks": "sst2", "source": "sample"})
    assert place_differences(ours, theirs) == []
    hub = configs.parse({"tasks": "sst2", "source": "hub"})
    assert place_differences(ours, hub) == ["sst2 from sample against hub"]
