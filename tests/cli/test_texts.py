"""No argument, whatever it holds, ends a command in a traceback."""

from __future__ import annotations

import socket
from pathlib import Path

import click
import pytest

from mtl_core.cli import BAD_INPUT, main, tandem
from mtl_core.errors import TandemError
from mtl_core.store.workspace import Workspace
from tests.config.test_unwritable import TEXTS

STARTING = ("app", "train", "study", "resume", "reindex", "doctor", "example")
"""Commands that start programs or write for long; their options are RunConfig's, or those that others have."""


def commands() -> list[tuple[str, click.Command]]:
    context = click.Context(tandem)
    found: list[tuple[str, click.Command]] = []
    for name in tandem.list_commands(context):
        command = tandem.get_command(context, name)
        if isinstance(command, click.Group):
            own = [(f"{name} {sub}", command.get_command(context, sub)) for sub in command.list_commands(context)]
            found += [(path, one) for path, one in own if one is not None]
        elif command is not None and name not in STARTING:
            found.append((name, command))
    return found


@pytest.mark.parametrize(("path", "command"), commands(), ids=[path for path, _ in commands()])
def test_no_argument_ends_in_a_traceback(
    path: str, command: click.Command, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for asked in command.params:
        if isinstance(asked, click.Option) and asked.is_flag:
            continue
        for text in TEXTS:
            arguments = path.split()
            for other in command.params:
                if isinstance(other, click.Argument):
                    arguments.append(text if other is asked else "abc")
            if isinstance(asked, click.Option):
                arguments += [asked.opts[0], text]
            if asked.name != "workspace" and any(one.name == "workspace" for one in command.params):
                arguments += ["--runs-dir", str(tmp_path / "runs")]
            main(arguments)  # raises what it has no word for
            capsys.readouterr()


def test_bytes_that_are_no_text_are_told_with_their_option(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", "--name", "caf\udce9"]) == BAD_INPUT
    assert (
        capsys.readouterr()
        .err.strip()
        .endswith("name: 'caf\\udce9' holds half a character (a lone surrogate). Type it again.")
    )


@pytest.mark.parametrize("named", ["~nosuchuser", "y" * 300, "\ud83d"])
def test_a_runs_folder_that_can_be_none(named: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["runs", "--runs-dir", named]) == BAD_INPUT
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize("named", ["~nosuchuser/runs", "y" * 300, "\ud83d"])
def test_the_runs_folder_of_the_environment_too(named: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.environ", {"TANDEM_RUNS_DIR": named})
    with pytest.raises(TandemError, match="TANDEM_RUNS_DIR"):
        Workspace.default()


def test_a_port_that_is_taken_is_refused_before_anything_is_printed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert main(["app", "--port", str(port), "--runs-dir", str(tmp_path)]) == BAD_INPUT
    said = capsys.readouterr()
    assert said.out == ""
    assert f"another program listens on {port}. Give another one, or none for the first free one." in said.err
