"""The views of a study, one file each: a view is found by being here, and its file's name is its link.

The page, the report and the exports walk over `views` and know none by name. A view's file holds all that is its own:
which studies it fits, what it computes, its tables and its figures. What two views share is in `studies/`.
"""

from __future__ import annotations

import importlib
import pkgutil
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from mtl_core.config.study import StudyConfig
from mtl_core.display.tables import Table
from mtl_core.studies.context import StudyContext
from mtl_core.studies.judge import Judged

if TYPE_CHECKING:
    import plotly.graph_objects as go

Part = TypeVar("Part")
"""One of the things that a view shows, such as a pair of tasks or a curve, in a form of the view's own."""


@dataclass(frozen=True)
class Picture:
    """A figure with what stands beside it."""

    title: str
    figure: go.Figure
    alt: str
    """The figure in words."""
    height: int = 420
    """In pixels."""


class StudyView(ABC, Generic[Part]):
    """One way to look at a study."""

    name: ClassVar[str]
    """The name of its file."""
    title: ClassVar[str]
    order: ClassVar[int]
    """Views stand in ascending order."""
    asks: ClassVar[str] = ""
    """The question that it answers, where that is the same for all parts."""
    picker: ClassVar[str] = "Show"
    """The label over the choice among several parts."""
    exported: ClassVar[bool] = True
    """True if reports and exports have its figures and tables, too."""

    @property
    def link(self) -> str:
        """Its name in a link: "paper-tables"."""
        return self.name.replace("_", "-")

    @abstractmethod
    def fits(self, config: StudyConfig) -> bool:
        """True if the study has what the view needs."""

    @abstractmethod
    def parts(self, context: StudyContext) -> Sequence[Part]:
        """The things that it shows, at least one: the page shows the one that is chosen, a report shows all."""

    def question(self, part: Part) -> str:
        """The question that it answers."""
        return self.asks

    def label(self, part: Part) -> str:
        """A part among several, in a few words; "" where there is one alone."""
        return ""

    def judged(self, context: StudyContext, part: Part) -> Sequence[Judged]:
        """The comparisons that its numbers come from."""
        return context.judged

    def figures(self, context: StudyContext, part: Part) -> Iterable[Picture]:
        """Drawn only once something is scored."""
        return ()

    def caption(self, context: StudyContext, part: Part) -> str:
        """The meaning of what the figures show: marks, colours, lines."""
        return ""

    @abstractmethod
    def tables(self, context: StudyContext, part: Part) -> Iterable[Table]:
        """Its numbers; tables without rows are left out."""

    def file_name(self, part: Part, number: int | None = None) -> str:
        """The name of a part's figure or table as a file, numbered where it has several."""
        return "-".join(word for word in (self.link, self.label(part), str(number or "")) if word)


class WholeStudyView(StudyView[Sequence[Judged]]):
    """A view that shows all comparisons together."""

    def parts(self, context: StudyContext) -> list[Sequence[Judged]]:
        """All comparisons."""
        return [context.judged]


def views() -> list[StudyView[Any]]:
    """All of them, in their order."""
    names = [module.name for module in pkgutil.iter_modules(__path__)]
    return sorted((_load(name) for name in names), key=lambda view: view.order)


def fitting(config: StudyConfig) -> list[StudyView[Any]]:
    """Those that fit the study, in their order."""
    return [view for view in views() if view.fits(config)]


def exported(context: StudyContext) -> Iterator[tuple[StudyView[Any], Any]]:
    """Every part of the views that reports and exports have."""
    for view in fitting(context.config):
        if view.exported:
            yield from ((view, part) for part in view.parts(context))


def scored(judged: Iterable[Judged]) -> bool:
    """True if there is anything to draw."""
    return any(one.baseline.scores or one.treatment.scores for one in judged)


def _load(name: str) -> StudyView[Any]:
    module = importlib.import_module(f"{__name__}.{name}")
    for entry in vars(module).values():
        if isinstance(entry, type) and issubclass(entry, StudyView) and getattr(entry, "name", None) == name:
            view: StudyView[Any] = entry()
            return view
    raise LookupError(f"{module.__name__} defines no view whose name is '{name}'")
