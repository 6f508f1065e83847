"""A study given away from a terminal, and run again from its card."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from mtl_core.cli import main
from mtl_core.store.studies import Study
from mtl_core.store.workspace import Workspace
from mtl_core.studies import card
from tests.cli.conftest import Said, call
from tests.studies import building
from tests.studies.sealed import sealed_study

Here = Callable[..., Said]


@pytest.fixture
def here(capfd: pytest.CaptureFixture[str]) -> Here:
    """Runs a command in this process, which saves its start."""

    def run(*arguments: object) -> Said:
        capfd.readouterr()
        code = main([str(argument) for argument in arguments])
        return Said(code, *capfd.readouterr())

    return run


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, Study]:
    workspace = Workspace(tmp_path_factory.mktemp("runs"))
    return workspace, building.pair(workspace, seeds=(1, 2))


@pytest.mark.parametrize(
    ("kind", "begins", "holds"),
    [
        ("html", "<!doctype html>", "Does sst2 get better with mnli?"),
        ("md", "# Does sst2 get better with mnli?", "| sst2 (accuracy) | sst2 + mnli | sst2 alone |"),
        ("latex", "% needs \\usepackage{booktabs}", "sst2 (accuracy) & sst2 + mnli & sst2 alone"),
        ("csv", "target,treatment,against,", "sst2 (accuracy),sst2 + mnli,sst2 alone,"),
        ("card", "{", '"card": 1'),
    ],
)
def test_every_format_goes_to_standard_output(
    kind: str, begins: str, holds: str, study: tuple[Workspace, Study], here: Here
) -> None:
    said = here("export", study[1].id, "--format", kind, "--runs-dir", study[0])
    assert said.code == 0, said.err
    assert said.out.startswith(begins)
    assert holds in said.out


def test_it_is_a_command(study: tuple[Workspace, Study]) -> None:
    said = call("export", study[1].id, "--format", "csv", "--runs-dir", study[0])
    assert (said.code, said.out[:7]) == (0, "target,")


def test_json_and_files(study: tuple[Workspace, Study], tmp_path: Path, here: Here) -> None:
    workspace, found = study
    said = here("export", found.id, "--format", "csv", "--json", "--runs-dir", workspace)
    assert {name: said.document[name] for name in ("study", "format")} == {"study": found.id, "format": "csv"}
    path = tmp_path / "verdicts.csv"
    written = here("export", found.id, "--format", "csv", "--output", path, "--json", "--runs-dir", workspace)
    assert written.document == {"study": found.id, "format": "csv", "file": str(path)}
    assert path.read_text("utf-8") == said.document["text"]
    assert [one.name for one in tmp_path.iterdir()] == ["verdicts.csv"]


def test_a_report_is_verified_without_its_runs_folder(
    study: tuple[Workspace, Study], tmp_path: Path, here: Here
) -> None:
    report = tmp_path / "report.html"
    scores = building.drawn({"sst2 alone": 0.6, "sst2 + mnli": 0.9})
    sealed = sealed_study(study[0], building.pair_config((5, 6, 7, 8)), scores)
    assert here("export", sealed.id, "--output", report, "--runs-dir", study[0]).code == 0
    assert sealed.seal is not None
    said = here("verify", report, "--seal", sealed.seal.hash)
    assert (said.code, said.err) == (0, "")
    assert said.out.endswith("\n\nall agrees\n")
    assert f"sha256 {sealed.seal.hash}, as expected" in said.out
    told = here("verify", report, "--seal", "0123", "--json")
    assert (told.code, told.document["agrees"]) == (1, False)
    report.write_text(report.read_text("utf-8").replace("▲ helps", "▼ hurts"), "utf-8")
    said = here("verify", report)
    assert said.code == 1
    assert "✗ verdict on sst2, 'sst2 + mnli': the page says '▼ hurts', and the scores give '▲ helps'" in said.out
    assert said.out.endswith("this report is not to be trusted as it stands\n")
    said = here("verify", tmp_path / "none.html")
    assert (said.code, said.err) == (2, f"report: can't read {tmp_path}/none.html: No such file or directory.\n")


def test_what_can_t_be_exported_is_said(study: tuple[Workspace, Study], tmp_path: Path, here: Here) -> None:
    workspace, found = study
    said = here("export", "abcd2345", "--json", "--runs-dir", workspace)
    assert (said.code, said.document["error"]) == (
        2,
        "there is no study 'abcd2345'. `python -m mtl_core study --list` lists them.",
    )
    nowhere = tmp_path / "none" / "x.md"
    said = here("export", found.id, "--format", "md", "--output", nowhere, "--json", "--runs-dir", workspace)
    assert (said.code, said.document["error"]) == (
        2,
        f"output: can't write {nowhere}: No such file or directory. Give a file in a folder that can be written.",
    )
    assert "'pdf' is not one of" in here("export", found.id, "--format", "pdf", "--runs-dir", workspace).err


def test_a_card_plans_the_same_runs(study: tuple[Workspace, Study], tmp_path: Path, here: Here) -> None:
    workspace, found = study
    path = tmp_path / "card.json"
    assert here("export", found.id, "--format", "card", "--output", path, "--runs-dir", workspace).code == 0
    said = here("study", "--from", path, "--dry-run", "--json", "--runs-dir", tmp_path)
    assert said.code == 0, said.err
    wanted = [config for *_, config in found.config.runs()]
    assert [(run["tasks"], run["seed"], run["sharing"]) for run in said.document["runs"]] == [
        ([*config.tasks], config.seed, config.sharing) for config in wanted
    ]
    more = here("study", "--from", path, "--seeds", "4,5", "--dry-run", "--json", "--runs-dir", tmp_path)
    assert {run["seed"] for run in more.document["runs"]} == {4, 5}
    twice = here("study", "--from", path, "--seeds", "4,4", "--dry-run", "--json", "--runs-dir", tmp_path)
    assert twice.document["error"] == "study: the same seed is given twice. Name each seed once."


def test_a_card_whose_data_is_not_here_says_so_and_can_be_given_another(
    study: tuple[Workspace, Study], tmp_path: Path, here: Here
) -> None:
    document = json.loads(card.card(study[1]))
    for arm in document["config"]["arms"]:
        arm["config"] |= {"source": "folder", "data": "/nowhere/data"}
    path = tmp_path / "card.json"
    path.write_text(json.dumps(document), "utf-8")
    said = here("study", "--from", path, "--json", "--runs-dir", tmp_path)
    assert said.code == 2
    faults = [(fault["field"], fault["message"].partition(" no ")[0]) for fault in said.document["faults"]]
    assert sorted(faults) == [
        ("data", "mnli: there is"),
        ("data", "sst2: there is"),
    ]
    assert not (tmp_path / "studies").exists()
    elsewhere = here("study", "--from", path, "--data", tmp_path / "no", "--dry-run", "--json", "--runs-dir", tmp_path)
    assert str(tmp_path / "no") in elsewhere.document["error"]
