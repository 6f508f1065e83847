"""Own tasks for tests: tickets of three labels, as a file that somebody drops."""

from __future__ import annotations

import csv
import random
from pathlib import Path

LABELS = ("bug", "question", "wish")
TEXTS = {
    "bug": ("The app crashes when I open {}", "Error 500 on {}", "{} does not load any more"),
    "question": ("How do I export {}?", "Where can I find {}?", "What does {} cost?"),
    "wish": ("Please add dark mode to {}", "It would be nice if {} had shortcuts", "Could {} support tags"),
}
THINGS = ("the report", "my invoice", "the dashboard", "settings", "the login page", "the calendar", "the archive")


def tickets(count: int, seed: int = 1) -> list[tuple[str, str]]:
    """Texts and labels, in random order."""
    draw = random.Random(seed)
    rows = []
    for number in range(count):
        label = draw.choice(LABELS)
        rows.append((f"{draw.choice(TEXTS[label]).format(draw.choice(THINGS))}, ticket {number}; thanks", label))
    return rows


def write_csv(path: Path, rows: list[tuple[str, str]], delimiter: str = ";", encoding: str = "utf-8") -> Path:
    """A table with a header: id, text, label."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding=encoding, newline="") as file:
        table = csv.writer(file, delimiter=delimiter)
        table.writerow(("id", "text", "label"))
        table.writerows((number, *row) for number, row in enumerate(rows))
    return path
