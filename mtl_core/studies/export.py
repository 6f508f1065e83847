"""A study as text to take along: its report, its tables, its card."""

from __future__ import annotations

from collections.abc import Callable

from mtl_core.display.tables import MARKDOWN
from mtl_core.store.studies import Study
from mtl_core.store.workspace import Workspace
from mtl_core.studies import sentences, study_tables, verdict_table
from mtl_core.studies.card import card
from mtl_core.studies.judge import judge
from mtl_core.studies.report import report


def html(workspace: Workspace, study: Study) -> str:
    """The report, one page that needs nothing else."""
    return report(workspace, study)


def markdown(workspace: Workspace, study: Study) -> str:
    """The answer and all tables."""
    judged = judge(workspace, study)
    answer = sentences.answer(judged) or "No comparison yet."
    found = (table.to_markdown() for table in study_tables.tables(workspace, study, judged) if table.rows)
    return "\n".join([f"# {_words(study.config.name)}\n", f"{_words(answer)}\n", *found])


def latex(workspace: Workspace, study: Study) -> str:
    """All tables, to be put into a paper."""
    found = study_tables.tables(workspace, study, judge(workspace, study))
    return "\n".join(table.to_latex() for table in found if table.rows)


def csv(workspace: Workspace, study: Study) -> str:
    """The verdicts, a row a comparison."""
    return verdict_table.table(study.config, judge(workspace, study)).to_csv()


def run_card(_workspace: Workspace, study: Study) -> str:
    """What it takes to run the study again."""
    return card(study)


FORMATS: dict[str, Callable[[Workspace, Study], str]] = {
    "html": html,
    "md": markdown,
    "latex": latex,
    "csv": csv,
    "card": run_card,
}


def _words(text: str) -> str:
    return MARKDOWN.sub(r"\\\g<0>", text).replace("\n", " ")
