"""All tables of results that fit a study, the verdicts first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mtl_core.display.tables import Table
from mtl_core.store.studies import Study
from mtl_core.store.workspace import Workspace
from mtl_core.studies import paper_setting, paper_tables, size_curve, trade_off, transfer, verdict_table
from mtl_core.studies.judge import Judged
from mtl_core.studies.report import facts


def tables(workspace: Workspace, study: Study, judged: Sequence[Judged]) -> Iterator[Table]:
    """Those of the study's views, and every seed's scores last. `judged` are all of the study's comparisons."""
    config = study.config
    yield verdict_table.table(config, judged)
    if judged and paper_tables.fits(config):
        yield from paper_tables.tables(study, judged)
        yield paper_setting.table(workspace, study, judged)
    if transfer.fits(config):
        yield transfer.table(config, transfer.matrix(config, judged))
    for pair in trade_off.pairs(config):
        yield trade_off.table(config, trade_off.trade_off(config, judged, pair))
    if size_curve.fits(config):
        yield from (size_curve.table(config, curve) for curve in size_curve.curves(config, judged))
    yield facts.seeds(config, judged)
