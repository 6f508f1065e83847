"""Paper tables: the paper's layout with our figures, their seeds, intervals and verdicts, and what differs."""

from __future__ import annotations

from mtl_core.studies import paper_setting, paper_tables
from pages.studies.views import Context, _shown

TITLE, ORDER = "Paper tables", 30


def fits(context: Context) -> bool:
    """Whether it is the paper's study, or answers its questions."""
    return paper_tables.fits(context.study.config)


def show(context: Context) -> None:
    """Draws the view."""
    _shown.head("What do the paper's tables look like with seeds, intervals and verdicts?", context.judged)
    for number, table in enumerate(paper_tables.tables(context.study, context.judged), 1):
        _shown.table(table, f"paper-table-{number}")
    setting = paper_setting.table(context.workspace, context.study, context.judged)
    _shown.table(setting, "paper-setting")
