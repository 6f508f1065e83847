"""The output of a command: one JSON document, or text for people."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Self, TypeVar

import click

from mtl_core.config import typed
from mtl_core.errors import Fault
from mtl_core.store.workspace import Workspace

Command = TypeVar("Command", bound=Callable[..., Any])


class CommandOutput:
    """Standard output. In JSON mode all that libraries print goes to standard error instead."""

    def __init__(self, as_json: bool) -> None:
        self.as_json = as_json
        self._stdout: int | None = None

    def __enter__(self) -> Self:
        if self.as_json:
            sys.stdout.flush()
            self._stdout = os.dup(1)
            os.dup2(2, 1)
        return self

    def __exit__(self, *_: object) -> None:
        if self._stdout is not None:
            sys.stdout.flush()
            os.dup2(self._stdout, 1)
            os.close(self._stdout)
            self._stdout = None

    def give(self, document: Any, words: str) -> None:
        """The command's answer, in either form."""
        if self._stdout is None:
            click.echo(words)
            return
        text = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
        with os.fdopen(os.dup(self._stdout), "w", encoding="utf-8") as out:
            out.write(text)

    def error(self, message: str, faults: Iterable[Fault] = ()) -> None:
        """Prints faults on standard error, and as the document in JSON mode."""
        click.echo(message, err=True)
        if self.as_json:
            listed = [{"field": fault.field, "message": fault.message} for fault in faults]
            self.give({"error": message, "faults": listed}, "")

    def say(self, words: str) -> None:
        """Something to know beside the answer, on standard error."""
        click.echo(words, err=True)


def usage_error_text(error: click.ClickException) -> str:
    """Click's own complaint about how a command was called."""
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        return error.format_message()
    where = error.ctx.command_path if isinstance(error, click.UsageError) and error.ctx else ""
    return error.format_message() + (f" `{where} --help` lists what is available." if where else "")


class TypedPath(click.ParamType[Path]):
    """A path as people type it: ~ is the home folder."""

    name = "path"

    def convert(self, value: str | Path, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """Fails for what can be no path on this machine."""
        words = typed.path_fault(str(value))
        if words:
            self.fail(f"{value} {words}", param, ctx)
        return typed.path(str(value))


def common(command: Command) -> Command:
    """The options that go with every command."""
    command = click.option(
        "--json", is_flag=True, expose_value=False, help="Print one JSON document and nothing else."
    )(command)
    return click.option(
        "--runs-dir",
        "workspace",
        type=TypedPath(),
        callback=_workspace,
        help="The folder that holds the runs.  [default: TANDEM_RUNS_DIR, or runs/ beside the code]",
    )(command)


def _workspace(_ctx: click.Context, _option: click.Parameter, path: Path | None) -> Workspace:
    from mtl_core.store import tasks
    from mtl_core.store.workspace import Workspace

    workspace = Workspace(path.absolute()) if path else Workspace.default()
    tasks.use(workspace)
    return workspace


def answer_of(ctx: click.Context) -> CommandOutput:
    """The answer that `main` has opened."""
    answer: CommandOutput = ctx.obj
    return answer
