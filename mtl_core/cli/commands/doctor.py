"""`doctor`: what works on this machine."""

from __future__ import annotations

from dataclasses import asdict

import click

from mtl_core.cli.output import answer_of, common
from mtl_core.store.workspace import Workspace

SIGNS = {"ok": "✓", "note": "·", "fault": "✗"}


@click.command("doctor")
@common
@click.pass_context
def command(ctx: click.Context, workspace: Workspace) -> int:
    """Say what works on this machine: packages, devices, disk, hub and store."""
    from mtl_core.cli import doctor

    found = doctor.examine(workspace)
    healthy = all(finding.state != "fault" for finding in found)
    lines = [f"{SIGNS[finding.state]} {finding.name}: {finding.words}" for finding in found]
    answer_of(ctx).give({"healthy": healthy, "findings": [asdict(finding) for finding in found]}, "\n".join(lines))
    return 0 if healthy else 1
