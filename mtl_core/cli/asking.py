"""A question before something is done that can't be undone."""

from __future__ import annotations

import sys

import click

from mtl_core.cli.output import CommandOutput
from mtl_core.errors import Fault, InvalidConfig


def sure(answer: CommandOutput, words: str, *, yes: bool) -> bool:
    """Asks at a terminal; True with `yes`. Raises InvalidConfig where nobody can be asked."""
    if yes:
        return True
    if answer.as_json or not sys.stdin.isatty():
        raise InvalidConfig([Fault("yes", f"is missing, and nobody can be asked here. {words} Add --yes to do it.")])
    answer.say(words)
    return click.confirm("Go on?", err=True)
