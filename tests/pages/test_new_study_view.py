"""A view that is put beside the others is everywhere that views are: one file, no edits."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from mtl_core.store.workspace import Workspace
from mtl_core.studies import export, views
from tests.pages.conftest import Visit, html, words
from tests.studies.building import pair

VIEW = '''
"""The seeds of a study."""

import plotly.graph_objects as go

from mtl_core.display.tables import Table
from mtl_core.studies.views import Picture, WholeStudyView


class SeedCounts(WholeStudyView):
    """How many seeds each arm has."""

    name, title, order = "seed_counts", "Seed counts", 90
    asks = "How many seeds has each arm?"

    def fits(self, config):
        return len(config.seeds) > 1

    def figures(self, context, part):
        yield Picture("Seeds of each arm", go.Figure(go.Bar(x=["arm"], y=[3])), "Three seeds.")

    def caption(self, context, part):
        return "A bar an arm."

    def tables(self, context, part):
        rows = tuple((arm.name, str(len(context.config.seeds))) for arm in context.config.arms)
        yield Table("Seeds of the arms", ("arm", "seeds"), rows)
'''


@pytest.fixture
def new_view(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The file of a view in a folder that counts as the registry's."""
    folder = tmp_path_factory.mktemp("views")
    (folder / "seed_counts.py").write_text(VIEW, "utf-8")
    monkeypatch.setattr(views, "__path__", [*views.__path__, str(folder)])
    yield folder
    sys.modules.pop(f"{views.__name__}.seed_counts", None)


def test_it_is_on_the_page(new_view: Path, visit: Visit, workspace: Workspace) -> None:
    study = pair(workspace)
    app = visit("studies/page.py", study=study.id, view="seed-counts")
    assert not app.exception
    assert "Seed counts" in app.segmented_control(key=f"study_view_{study.id}").options
    assert "How many seeds has each arm?" in words(app)
    assert "A bar an arm." in words(app)
    assert "generated sample" in words(app)
    assert len(app.get("bidi_component")) == 1
    assert "Seeds of the arms" in html(app)
    assert [button.label for button in app.get("download_button")][-3:] == ["CSV", "Markdown", "LaTeX"]


@pytest.mark.parametrize("kind", ["html", "md", "latex"])
def test_it_is_in_the_report_and_in_the_exports(kind: str, new_view: Path, workspace: Workspace) -> None:
    text = export.FORMATS[kind](workspace, pair(workspace))
    assert "Seeds of the arms" in text
    assert ("Three seeds." in text) == (kind == "html")


def test_a_study_that_it_does_not_fit_is_without_it(new_view: Path, visit: Visit, workspace: Workspace) -> None:
    study = pair(workspace, seeds=(1,))
    app = visit("studies/page.py", study=study.id)
    assert "Seed counts" not in app.segmented_control(key=f"study_view_{study.id}").options
