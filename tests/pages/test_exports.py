from __future__ import annotations

import json
from pathlib import Path

from streamlit.testing.v1 import AppTest

from mtl_core.store.workspace import Workspace
from pages.shared import exports
from tests.studies import building


def table_page() -> None:
    from mtl_core.display.tables import Table
    from pages.shared import exports

    exports.table_downloads(Table("Effects", ("arm", "n"), (("a|b", "1,000"),)), "who helps?")


def figure_page() -> None:
    import plotly.graph_objects as go

    from pages.shared import chart

    chart.figure(go.Figure(go.Scatter(x=[1], y=[2])), "who helps?", alt="One dot.", height=300)


def study_page(workspace: str) -> None:
    from pathlib import Path

    from mtl_core.store import studies
    from mtl_core.store.workspace import Workspace
    from pages.studies import exports as study_exports

    [study] = studies.listing(Workspace(Path(workspace)))[0]
    study_exports.downloads(study)


def test_a_table_can_be_taken_along_in_three_forms() -> None:
    app = AppTest.from_function(table_page).run()
    assert not app.exception
    buttons = [(button.proto.label, Path(button.proto.url).suffix) for button in app.get("download_button")]
    assert buttons == [("CSV", ".csv"), ("Markdown", ".md"), ("LaTeX", ".tex")]


def test_a_figure_is_told_to_the_browser_with_its_words() -> None:
    app = AppTest.from_function(figure_page).run()
    assert not app.exception
    [component] = app.get("bidi_component")
    told = json.loads(component.proto.json)
    assert (told["name"], told["alt"], told["height"]) == ("who-helps", "One dot.", 300)
    assert told["figure"]["data"][0]["y"] == [2]
    assert "template" not in told["figure"]["layout"]


def test_a_study_has_a_report_and_a_card(workspace: Workspace) -> None:
    building.pair(workspace, seeds=(1,))
    app = AppTest.from_function(study_page, args=(str(workspace),)).run()
    assert not app.exception
    assert [button.proto.label for button in app.get("download_button")] == ["Report", "Run card"]


def test_names_that_any_file_system_takes() -> None:
    assert exports.file_name("sst2 + mnli · hard?") == "sst2-mnli-hard"
    assert exports.file_name("../../etc") == "etc"
    assert exports.file_name("¿?") == "tandem"
    assert len(exports.file_name("x" * 300)) == 80
