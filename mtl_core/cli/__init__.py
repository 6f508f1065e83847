"""The command line. One file in `commands/` is one command, found by its file's name.

Nothing slow is imported before a command runs, so `--help` answers at once.
"""

from __future__ import annotations

import importlib
import pkgutil
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from mtl_core.cli.output import CommandOutput, usage_error_text
from mtl_core.config.unwritable import text_fault
from mtl_core.errors import Fault, InvalidConfig, TandemError

COMMANDS = Path(__file__).with_name("commands")
BAD_INPUT = 2
INTERRUPTED = 130


class Commands(click.Group):
    """Finds commands in their files."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names of all commands."""
        del ctx
        return sorted(module.name.replace("_", "-") for module in pkgutil.iter_modules([str(COMMANDS)]))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, None where there is none."""
        if cmd_name not in self.list_commands(ctx):
            return None
        module = importlib.import_module(f"mtl_core.cli.commands.{cmd_name.replace('-', '_')}")
        command: click.Command = module.command
        return command


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
def tandem() -> None:
    """Does training task A together with task B make B better, and why?"""


def main(arguments: Sequence[str]) -> int:
    """Runs a command; its exit code: 0 done, 1 the run failed, 2 bad input, 130 interrupted.

    With `--json`, standard output holds one JSON document and nothing else, for errors too.
    """
    with CommandOutput("--json" in arguments) as answer:
        try:
            _need_texts(arguments)
            code = tandem.main([*arguments], "python -m mtl_core", standalone_mode=False, obj=answer)
            return code if isinstance(code, int) else 0
        except TandemError as error:
            answer.error(str(error), error.faults)
        except click.ClickException as error:
            answer.error(usage_error_text(error))
        except (click.Abort, KeyboardInterrupt):
            print("interrupted", file=sys.stderr)
            return INTERRUPTED
    return BAD_INPUT


def _need_texts(arguments: Sequence[str]) -> None:
    """Raises InvalidConfig for an argument that is no text: bytes that are not UTF-8 come as half characters."""
    for option, argument in zip(("", *arguments), arguments, strict=False):
        words = text_fault(argument)
        if words:
            field = option.lstrip("-") if option.startswith("--") else ""
            raise InvalidConfig([Fault(field, f"'{argument}' {words}")])
