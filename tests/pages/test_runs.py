from __future__ import annotations

import json
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from mtl_core.services import runs
from mtl_core.store import labels
from mtl_core.store.workspace import Workspace
from tests import builders
from tests.pages.conftest import Visit, asked, said

PAGE = "runs/page.py"


def table(app: AppTest) -> dict[str, Any]:
    """What the table was given."""

    [drawn] = app.get("bidi_component")
    document: dict[str, Any] = json.loads(drawn.proto.json)
    return document


def names(app: AppTest) -> list[str]:
    return [row["name"] for row in table(app)["rows"]]


def pick(app: AppTest, *run_ids: str) -> AppTest:
    app.session_state["runs_picked"] = list(run_ids)
    return app.run()


def enabled(app: AppTest) -> list[str]:
    return [button.label for button in app.button if not button.disabled]


def test_without_runs_it_leads_to_launch(visit: Visit) -> None:
    app = visit(PAGE)
    assert not app.exception
    assert [button.label for button in app.button] == ["Launch a run"]


def test_the_table_is_filtered_by_the_link_and_by_its_widgets(visit: Visit, workspace: Workspace) -> None:
    pair = builders.run(workspace, tasks="sst2,mnli")
    builders.run(workspace, tasks="squad", state="stopped")
    labels.change(workspace, pair, tags=["paper"])
    app = visit(PAGE, state="stopped")
    assert not app.exception
    assert names(app) == ["squad · single · seed 1"]
    app.multiselect(key="runs_state").set_value([]).run()
    assert names(app) == ["squad · single · seed 1", "sst2 + mnli · hard · seed 1"]
    assert "state" not in app.query_params
    app.multiselect(key="runs_tag").set_value(["paper"]).run()
    assert names(app) == ["sst2 + mnli · hard · seed 1"]
    assert asked(app, "tag") == "paper"
    app.text_input(key="runs_search").set_value("nothing like it").run()
    assert app.info[0].value == "No run matches. Change the filters or the words."
    app.button(key="runs_forget").click().run()
    assert len(names(app)) == 2
    app.text_input(key="runs_search").set_value("tak=sst2").run()
    assert "no field called 'tak'" in said(app)


def test_values_of_a_link_are_not_trusted(visit: Visit, workspace: Workspace) -> None:
    builders.run(workspace)
    app = visit(PAGE, sort="nonsense", page="-3", columns="none", study="gone2345")
    assert not app.exception
    assert app.info[0].value == "No run matches. Change the filters or the words."
    app.multiselect(key="runs_study").set_value([]).run()
    assert [column["name"] for column in table(app)["columns"]][:3] == ["state", "name", "score"]
    assert table(app)["order"] == runs.NEWEST


def test_columns_are_chosen(visit: Visit, workspace: Workspace) -> None:
    builders.run(workspace)
    app = visit(PAGE)
    assert "encoder" not in [column["name"] for column in table(app)["columns"]]
    app.checkbox(key="runs_column_encoder").check().run()
    app.checkbox(key="runs_column_created").uncheck().run()
    shown = [column["name"] for column in table(app)["columns"]]
    assert "encoder" in shown
    assert "created" not in shown


def test_encoder_and_data_are_shown_where_runs_differ_in_them(visit: Visit, workspace: Workspace) -> None:
    builders.run(workspace, tasks="mnli,squad")
    app = visit(PAGE)
    [row] = table(app)["rows"]
    leads = [(one["lead"], one["text"]) for one in row["cells"][2]["parts"]]
    assert [lead for lead, _ in leads] == ["accuracy", "F1"]
    assert "generated sample" in said(app)
    builders.run(workspace, encoder="bert-base-uncased", source="hub")
    app.run()
    assert {"encoder", "data"} < {column["name"] for column in table(app)["columns"]}
    assert "columns" not in app.query_params
    assert "generated sample" not in said(app)  # not true of all: each row says it under data


def test_only_what_is_possible_can_be_pressed(visit: Visit, workspace: Workspace) -> None:
    done, stopped, waits = (builders.run(workspace, state=state) for state in ("finished", "stopped", "queued"))
    app = visit(PAGE)
    assert [button.label for button in app.button] == []
    assert "Select runs to compare" in said(app)
    pick(app, done)
    rest = ["Make a study", "Label…", "Clone…", "Delete…"]
    assert enabled(app) == ["Clear selection", "Compare", "Watch", "Explore", *rest]
    pick(app, stopped, waits)
    assert enabled(app) == [
        "Clear selection",
        "Compare",
        "Watch",
        "Make a study",
        "Label…",
        "Stop",
        "Resume",
        "Delete…",
    ]
    assert "**2 selected**" in said(app)


def test_several_are_stopped_at_once(visit: Visit, workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mtl_core.jobs.control.sweep", lambda _: [])
    made = [builders.run(workspace, state="queued", seed=seed) for seed in (1, 2)]
    app = pick(visit(PAGE), *made)
    app.button(key="runs_stop").click().run()
    assert not app.exception
    assert [row["cells"][0]["text"] for row in table(app)["rows"]] == ["stopped", "stopped"]


def test_deleting_asks_and_names_who_needs_the_run(visit: Visit, workspace: Workspace) -> None:
    run = builders.run(workspace)
    later = builders.run(workspace, start_from=run, state="queued")
    app = pick(visit(PAGE), run)
    app.button(key="runs_delete").click().run()
    assert "This run is deleted for good" in said(app)
    assert f"({later}), queued, starts from 'sst2 · single · seed 1' ({run})" in said(app)
