"""Folders that a form offers, browses and refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from mtl_core.config import methods as catalogues
from mtl_core.engine import methods
from mtl_core.errors import Fault, TandemError
from mtl_core.services import folders, launch, study_draft
from mtl_core.store.workspace import Workspace
from tests import builders
from tests.config.test_unwritable import TEXTS
from tests.services.test_study_draft import asked

KNOWN = catalogues.from_document(methods.catalogue())


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The one folder that data may be read below, with two in it and one beside it."""
    for name in ("root/Zebra", "root/ant", "root/.hidden", "beside"):
        (tmp_path / name).mkdir(parents=True)
    monkeypatch.setenv("TANDEM_DATA_ROOTS", str(tmp_path / "root"))
    return tmp_path / "root"


def test_browsing_ends_at_the_roots(root: Path) -> None:
    found = folders.browse(root)
    assert (found.above, found.folders, found.left_out) == (None, ("ant", "Zebra"), 0)
    assert folders.browse(root / "ant").above == root
    assert folders.nearest(str(root / "ant" / "gone")) == root / "ant"
    assert folders.nearest("/etc") == root
    (root / "link").symlink_to(root.parent / "beside")
    for way in (root.parent, root / "..", root / "link", Path("/")):
        with pytest.raises(
            TandemError, match=r"outside the folders that can be browsed .* --data-root to browse others"
        ):
            folders.browse(way)
    with pytest.raises(TandemError, match=r"can't be read \(No such file or directory\). Choose another."):
        folders.browse(root / "gone")


def test_without_named_roots_one_browses_everything_from_home_or_the_folder_typed(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TANDEM_DATA_ROOTS")
    monkeypatch.setenv("HOME", str(root / "ant"))
    monkeypatch.setenv("TANDEM_STARTED_IN", str(root.parent / "beside"))
    assert folders.starts() == (root / "ant", root.parent / "beside", Path("/"))
    assert folders.nearest("") == root / "ant"
    assert folders.nearest(str(root)) == root
    assert folders.browse(root).above == root.parent
    assert folders.browse(Path("/")).above is None
    assert folders.faults("folder", str(root)) == []


def test_a_form_refuses_a_folder_outside_the_named_roots(root: Path) -> None:
    beside = root.parent / "beside"
    words = (
        f"'{beside}' is outside the folders that this app may read ({root}). Use one below them, or start the app with "
        f"--data-root {beside} too."
    )
    assert folders.faults("folder", str(beside)) == [Fault("data", words)]
    assert folders.faults("folder", str(root / "ant")) == folders.faults("sample", str(beside)) == []
    draft = launch.draft(
        {"tasks": ("sst2",), "source": "folder", "data": str(beside)}, seeds="1", alone=False, catalogue=KNOWN
    )
    assert Fault("data", words) in draft.faults
    with pytest.raises(TandemError, match="outside the folders that this app may read"):
        study_draft.base_of(asked(values={"source": "folder", "data": str(beside)}))


def test_recent_folders_are_those_that_are_still_there(root: Path, tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "runs")
    assert folders.recent(workspace) == []
    for folder in (root / "ant", root / "Zebra", root / "ant", root.parent / "beside"):
        builders.run(workspace, source="folder", data=str(folder))
    (root / "Zebra").rmdir()
    assert folders.recent(workspace) == [str(root / "ant")]


def test_a_folder_says_whose_files_it_holds(root: Path) -> None:
    (root / "ant" / "SST-2").mkdir()
    for split in ("train", "dev"):
        (root / "ant" / "SST-2" / f"{split}.tsv").write_text("sentence\tlabel\n")
    assert folders.browse(root / "ant").tasks == ("sst2",)
    assert folders.browse(root).tasks == ()


def test_paths_on_buttons_are_short(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/me")
    assert folders.short("/home/me/data") == "~/data"
    assert folders.short("/home/mean/data") == "/home/mean/data"
    assert folders.short("/" + "a" * 60, 10) == "…" + "a" * 9


@pytest.mark.parametrize("odd", ["~nobody-of-this-name/x", "\0", "x" * 5000, "relative"])
def test_odd_paths_are_faults_and_no_crash(odd: str, root: Path) -> None:
    values = {"tasks": ("sst2",), "source": "folder", "data": odd}
    assert {one.field for one in launch.draft(values, seeds="1", alone=False, catalogue=KNOWN).faults} == {"data"}
    assert folders.nearest(odd) == root


@pytest.mark.parametrize("text", TEXTS)
def test_no_path_that_is_typed_ends_in_anything_but_a_word(root: Path, text: str) -> None:
    assert folders.faults("folder", text)
    assert folders.nearest(text) == root or folders.nearest(text).is_relative_to(root)
    assert folders.holds(Path(text)) == ()
    with pytest.raises(TandemError, match=r"outside the folders|can't be read"):
        folders.browse(Path(text))
