"""A study as text to take along: its report, its tables, its card."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from mtl_core.display.tables import MARKDOWN, Table
from mtl_core.store.studies import Study
from mtl_core.store.workspace import Workspace
from mtl_core.studies import context as contexts
from mtl_core.studies import sentences
from mtl_core.studies.card import card
from mtl_core.studies.context import StudyContext
from mtl_core.studies.report import report
from mtl_core.studies.views import exported, views


def html(workspace: Workspace, study: Study) -> str:
    """The report, one page that needs nothing else."""
    return report(workspace, study)


def markdown(workspace: Workspace, study: Study) -> str:
    """The answer and all tables."""
    context = contexts.read(workspace, study)
    answer = sentences.answer(context.judged) or "No comparison yet."
    head = [f"# {_words(study.config.name)}\n", f"{_words(answer)}\n"]
    return "\n".join([*head, *(table.to_markdown() for table in _tables(context))])


def latex(workspace: Workspace, study: Study) -> str:
    """All tables, to be put into a paper."""
    return "\n".join(table.to_latex() for table in _tables(contexts.read(workspace, study)))


def csv(workspace: Workspace, study: Study) -> str:
    """The first table of the first view: the verdicts, a row a comparison."""
    first, context = views()[0], contexts.read(workspace, study)
    return next(iter(first.tables(context, first.parts(context)[0]))).to_csv()


def _tables(context: StudyContext) -> Iterator[Table]:
    """Those of every view that fits the study."""
    for view, part in exported(context):
        yield from (table for table in view.tables(context, part) if table.rows)


def run_card(_workspace: Workspace, study: Study) -> str:
    """The study as something to run again."""
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
