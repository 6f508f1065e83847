"""The views that fit some studies alone: paper tables, transfer matrix, trade-off, size curve."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from mtl_core.store import studies
from mtl_core.store.studies import Study
from mtl_core.store.workspace import Workspace
from tests.pages.conftest import Visit, html, words
from tests.studies.designs_building import config_of, with_accuracy

TASKS = ("sst2", "mnli", "squad")
PAIR = TASKS[:2]
FIRST_PAIR = "sst2 + mnli · hard"


@pytest.fixture(scope="module")
def stocked(tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, dict[str, Study]]:
    """Finished studies, made once: their pages only read them."""
    stocked = Workspace(tmp_path_factory.mktemp("runs"))

    def good(arm: str, task: str) -> float:
        return 0.9 if task == "sst2" and "mnli" in arm else 0.6

    sweep = config_of("weight_sweep", PAIR, weights=(0.3, 0.7), balancings=("pcgrad",))
    sizes = config_of("size_curve", PAIR, seeds=(1, 2), shares=(10, 100))
    found = {
        "paper": with_accuracy(stocked, config_of("paper", TASKS, seeds=(1, 2)), good, dev=40),
        "sweep": with_accuracy(stocked, sweep, good, dev=40),
        "sizes": with_accuracy(stocked, sizes, good, dev=40),
        "untouched": studies.add(stocked, config_of("weight_sweep", PAIR, base={"epochs": 2})),
    }
    return stocked, found


@pytest.fixture
def workspace(stocked: tuple[Workspace, dict[str, Study]], monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setenv("TANDEM_RUNS_DIR", str(stocked[0]))
    return stocked[0]


@pytest.fixture
def open_view(visit: Visit, stocked: tuple[Workspace, dict[str, Study]]):  # type: ignore[no-untyped-def]
    def opened(study: str, view: str) -> AppTest:
        app = visit("studies/page.py", study=stocked[1][study].id, view=view)
        assert not app.exception
        return app

    return opened


def views(app: AppTest, study: Study) -> list[str]:
    return list(app.segmented_control(key=f"study_view_{study.id}").options)


def test_each_study_has_the_views_that_fit_it(open_view, stocked) -> None:  # type: ignore[no-untyped-def]
    own = {"Paper tables", "Transfer matrix", "Trade-off", "Size curve"}
    found = {name: own & set(views(open_view(name, "runs"), stocked[1][name])) for name in ("paper", "sweep", "sizes")}
    assert found == {
        "paper": {"Paper tables", "Transfer matrix"},
        "sweep": {"Transfer matrix", "Trade-off"},
        "sizes": {"Size curve"},
    }


def test_paper_tables(open_view) -> None:  # type: ignore[no-untyped-def]
    app = open_view("paper", "paper-tables")
    page = html(app)
    for told in ("Table 1. sst2", "Table 2. mnli", "Table 3. squad", "90.825", "(not given)", "generated sample"):
        assert told in page
    assert "What differs from the paper&#x27;s setting" in page
    assert "What do the paper's tables look like with seeds, intervals and verdicts?" in words(app)
    labels = [button.label for button in app.get("download_button")]
    assert [labels.count(kind) for kind in ("CSV", "Markdown", "LaTeX")] == [4, 4, 4]


def test_the_transfer_matrix_opens_a_cell(open_view, stocked) -> None:  # type: ignore[no-untyped-def]
    app, study = open_view("paper", "transfer-matrix"), stocked[1]["paper"]
    assert "Who helps whom? Points that the helper adds to the target alone." in words(app)
    assert len(app.get("bidi_component")) == 1
    picker = app.selectbox(key=f"transfer_cell_{study.id}")
    assert picker.value is None
    assert "mnli for sst2" in picker.options
    app = picker.select(("mnli", "sst2")).run()
    assert not app.exception
    assert "Does sst2 get better with mnli?" in words(app)
    links = {link.proto.label: link.proto.query_string for link in app.get("page_link")}
    alone, together = study.runs["sst2 alone"], study.runs[FIRST_PAIR]
    in_turn = "%2C".join([alone[1], together[1], alone[2], together[2]])
    assert links["Curves and settings"] == f"runs={in_turn}"
    assert links["Examples"] == f"task=sst2&runs={alone[1]}%2C{together[1]}"  # models of one seed
    assert links[f"{FIRST_PAIR} · seed 2"] == f"run={together[2]}"


def test_the_trade_off(open_view) -> None:  # type: ignore[no-untyped-def]
    app = open_view("sweep", "trade-off")
    page = words(app)
    assert "What does sst2 cost mnli? Up and right is better." in page
    assert "Circles: fixed weights, sst2 : mnli, joined in their order. Diamonds: other methods." in page
    assert "an ellipse's shadow on each axis is the 95 % interval of that task's mean (Student's t)." in page
    assert "Two seeds are joined by a line." not in page
    assert "sst2 against mnli · generated sample" in html(app)
    assert len(app.get("bidi_component")) == 1


def test_a_study_without_results_says_so_and_keeps_its_tables(open_view) -> None:  # type: ignore[no-untyped-def]
    for view in ("trade-off", "transfer-matrix"):
        app = open_view("untouched", view)
        assert "No run has finished yet." in words(app)
        assert not app.get("bidi_component")
        assert "<table>" in html(app)


def test_the_size_curve(open_view) -> None:  # type: ignore[no-untyped-def]
    app = open_view("sizes", "size-curve")
    page = words(app)
    assert "How much data does sst2 need before the helper stops helping?" in page
    assert "Shaded: within the margin of 0.5 points." in page
    assert len(app.get("bidi_component")) == 2
    assert "sst2 with mnli · hard · generated sample" in html(app)
