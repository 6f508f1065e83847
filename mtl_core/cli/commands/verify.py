"""`verify REPORT`: whether a report is as it was written, and its scores give its verdicts."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from mtl_core.cli.output import TypedPath, answer_of

SIGNS = {"ok": "✓", "note": "·", "fault": "✗"}


@click.command("verify")
@click.argument("report", type=TypedPath())
@click.option("--seal", default="", metavar="HASH", help="The hash that its plan must have: `study` printed it.")
@click.option("--json", is_flag=True, expose_value=False, help="Print one JSON document and nothing else.")
@click.pass_context
def command(ctx: click.Context, report: Path, seal: str) -> int:
    """Check a report by itself, without a runs folder: its plan and what was changed since, its scores, and that they
    give the verdicts that it states. The exit code is 0 if all agrees, else 1.
    """
    from mtl_core.studies.proof import checks, page

    found = checks.check(page.read(report), seal.strip())
    passed = checks.passed(found)
    lines = [f"{SIGNS[one.outcome]} {one.name}: {one.words}" for one in found]
    lines += ["", "all agrees" if passed else "this report is not to be trusted as it stands"]
    answer_of(ctx).give(
        {"report": str(report), "agrees": passed, "checks": [asdict(one) for one in found]}, "\n".join(lines)
    )
    return 0 if passed else 1
