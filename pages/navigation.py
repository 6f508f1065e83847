"""The pages and the groups that the navigation shows them in: a page is a file or a folder here, and one line."""

from __future__ import annotations

from pathlib import PurePosixPath

NAVIGATION: dict[str, tuple[str, ...]] = {
    "": ("overview/page.py",),
    "Train": ("launch/page.py", "watch/page.py", "tasks/page.py"),
    "Results": ("runs/page.py", "studies/page.py", "compare/page.py", "explore/page.py"),
    "Try": ("demo.py",),
    "Help": ("help/page.py",),
}
"""Group → its pages' scripts. The first page of all is the one that opens by itself."""


def name(script: str) -> str:
    """A page's name in links: "launch" for launch/page.py, "demo" for demo.py."""
    path = PurePosixPath(script)
    return path.parent.name or path.stem


def scripts() -> list[str]:
    """All pages, in their order."""
    return [script for group in NAVIGATION.values() for script in group]
