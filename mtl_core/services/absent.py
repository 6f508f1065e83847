"""What a link asks for that is not there, each in a sentence."""

from __future__ import annotations

from collections.abc import Sequence

from mtl_core.store import runs
from mtl_core.store.workspace import Workspace

MOST = 4
"""Sentences at once; more are counted."""


def run(workspace: Workspace, run_id: str, lacks: str = "can't be shown here") -> str:
    """Why a page does not offer a run: it is gone, or it `lacks` what the page shows."""
    with workspace.read() as index:
        found = runs.of_ids(index, [run_id])
    if not found:
        return f"There is no run '{run_id}'. It may have been deleted."
    return f"The run {found[0].title} ({run_id}) {lacks}."


def several(workspace: Workspace, run_ids: Sequence[str], lacks: str = "can't be shown here") -> list[str]:
    """The same of several runs."""
    sentences = [run(workspace, run_id, lacks) for run_id in run_ids[:MOST]]
    rest = len(run_ids) - MOST
    return [*sentences, *([f"And {rest} more that are not there."] if rest > 0 else [])]
