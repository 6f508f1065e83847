"""The example study that comes with the product, as it is put into a workspace and taken away."""

from __future__ import annotations

import tarfile

from mtl_core.store import describe, example, reindex, runs, studies
from mtl_core.store.workspace import Workspace, is_example
from mtl_core.studies import export
from mtl_core.studies.judge import judge
from mtl_core.studies.proof import checks, page
from tests import builders, example_study

IDS = [f"example-{number}" for number in range(1, 7)]


def listed(workspace: Workspace) -> dict[str, str]:
    return {run["id"]: run["title"] for run in describe.listing(workspace)}


def test_a_new_workspace_gets_it_once(workspace: Workspace) -> None:
    assert example.greet(workspace)
    assert not example.greet(workspace)
    assert list(listed(workspace)) == IDS[::-1]
    assert all(title.startswith("Example · ") for title in listed(workspace).values())
    assert all(is_example(name) for name in listed(workspace))
    assert sorted(path.name for path in workspace.path.iterdir()) == sorted([*IDS, "runs.db", "studies"])


def test_a_workspace_with_something_of_its_own_is_left_alone(workspace: Workspace) -> None:
    own = builders.run(workspace)
    assert not example.greet(workspace)
    example.show(workspace)  # somebody asks for it
    assert list(listed(workspace)) == [own, *IDS[::-1]]
    with workspace.read() as index:
        assert [run.id for run in runs.listing(index, limit=1)] == [own]


def test_hidden_it_leaves_nothing_and_does_not_come_back_by_itself(workspace: Workspace) -> None:
    example.show(workspace)
    own = builders.run(workspace)
    mine = workspace.path / "example-notes"
    mine.mkdir()
    example.hide(workspace)
    assert list(listed(workspace)) == [own]
    assert studies.listing(workspace) == ([], {})
    assert not any((workspace.path / name).exists() for name in IDS)
    assert mine.is_dir()  # a folder of somebody's own that is only called so
    with workspace.write() as index:
        runs.delete(index, own)
    assert not example.greet(workspace)
    example.show(workspace)
    assert list(listed(workspace)) == IDS[::-1]


def test_half_of_an_example_is_replaced_by_a_whole_one(workspace: Workspace) -> None:
    example.show(workspace)
    workspace.run(IDS[0]).config.unlink()
    (workspace.studies / "example.json").unlink()
    example.show(workspace)
    assert example.shown(workspace)
    assert workspace.run(IDS[0]).config.is_file()


def test_an_index_made_anew_marks_it_all_the_same(workspace: Workspace) -> None:
    example.show(workspace)
    before = listed(workspace)
    for path in workspace.path.glob("runs.db*"):
        path.unlink()
    reindex.reindex(workspace, host="here")
    assert listed(workspace) == before


def test_it_is_a_real_study_with_a_seal_that_holds(workspace: Workspace) -> None:
    example.show(workspace)
    [study], _ = studies.listing(workspace)
    [judged] = judge(workspace, study)
    assert judged.verdict is not None
    assert judged.verdict.seeds == (3, 3)
    assert judged.examples == 500
    assert judged.confounds == ()
    assert judged.generated
    report = workspace.path / "report.html"
    report.write_text(export.html(workspace, study), "utf-8")
    found = checks.check(page.read(report))
    assert [check.name for check in found if check.outcome == "fault"] == []
    assert "runs" in {check.name for check in found}


def test_it_ships_without_weights_and_stays_small() -> None:
    assert example.ARCHIVE == example_study.ARCHIVE
    assert example.ARCHIVE.stat().st_size < 500_000
    with tarfile.open(example.ARCHIVE) as archive:
        names = archive.getnames()
        logs = [archive.extractfile(name).read().decode() for name in names if name.endswith("log.txt")]  # type: ignore[union-attr]
    assert {name.rpartition("/")[2] for name in names} == {"example.json", *example_study.KEPT, "run.db"}
    assert not any("/tmp/" in log or "/root/" in log for log in logs)
