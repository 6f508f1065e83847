"""The flips: which examples one arm gains and loses against another, beyond what a second seed flips anyway."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from mtl_core.charts import flips as chart
from mtl_core.charts import theme
from mtl_core.config.study import Comparison, StudyConfig
from mtl_core.display.tables import Table
from mtl_core.studies.context import StudyContext
from mtl_core.studies.judge import Judged
from mtl_core.studies.views import Picture, StudyView
from mtl_core.studies.views.flips import reading, tables
from mtl_core.studies.views.flips.reading import Flipped


@dataclass(frozen=True)
class FlipsOf:
    """The flips of one comparison, read when they are first asked for."""

    context: StudyContext
    comparison: Comparison

    @cached_property
    def flipped(self) -> Flipped:
        """The changes between the two arms."""
        return reading.read(self.context.workspace, self.comparison, self.context.members)


class FlippedExamples(StudyView[FlipsOf]):
    """The examples that change between two arms, against those that two seeds of one arm change."""

    name, title, order = "flips", "Flips", 70
    asks = "Which examples change, beyond those that another seed changes anyway?"
    picker = "Comparison"
    exported = False

    def fits(self, config: StudyConfig) -> bool:
        """Needs a comparison."""
        return bool(config.comparisons)

    def parts(self, context: StudyContext) -> list[FlipsOf]:
        """A comparison each."""
        return [FlipsOf(context, one) for one in context.config.comparisons]

    def label(self, part: FlipsOf) -> str:
        """Target and arms."""
        return f"{part.comparison.target}: {part.comparison.treatment} against {part.comparison.baseline}"

    def judged(self, context: StudyContext, part: FlipsOf) -> list[Judged]:
        """The one comparison."""
        return [one for one in context.judged if one.comparison == part.comparison]

    def figures(self, context: StudyContext, part: FlipsOf) -> Iterator[Picture]:
        """Gained and lost, against chance; nothing where they can't be told."""
        flips = part.flipped.flips
        if flips is not None:
            figure = chart.bars(flips.gained_in, flips.lost_in, flips.noise_in, flips.floor)
            alt = chart.alt(flips.gained_in, flips.lost_in, flips.floor)
            yield Picture(self.label(part), theme.marked(figure, part.flipped.generated), alt, chart.HEIGHT)

    def caption(self, context: StudyContext, part: FlipsOf) -> str:
        """The marks."""
        return (
            "Bar: mean over pairs of runs, one per condition. Dots: single pairs. Dashed line and grey band: what two "
            "seeds of one condition flip."
        )

    def tables(self, context: StudyContext, part: FlipsOf) -> Iterator[Table]:
        """The counts; nothing where they can't be told."""
        if part.flipped.flips is not None:
            yield tables.totals(part.flipped, part.flipped.flips)
