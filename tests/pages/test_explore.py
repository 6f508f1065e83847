from __future__ import annotations

import json
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from mtl_core.config import run as configs
from mtl_core.records import DevExample, Prediction, RunState
from mtl_core.store import predictions, runs, scores
from mtl_core.store.workspace import Workspace
from tests import builders
from tests.pages.conftest import Visit, asked, said, words
from tests.pages.test_compare import html

EVIL = '<script>alert(1)</script> <b>signed</b> in Lisbon & "quotes" 😀 مرحبا'


def table(app: AppTest) -> dict[str, Any]:
    """What the table of examples was given."""
    (component,) = app.get("bidi_component")
    found: dict[str, Any] = json.loads(component.proto.json)
    return found


def places(app: AppTest) -> list[str]:
    return [row["place"] for row in table(app)["rows"]]


@pytest.fixture
def pair(workspace: Workspace) -> tuple[str, str]:
    """Always right alone, never right together."""
    alone = builders.run(workspace, tasks="sst2", accuracy=1.0, launch="pair")
    return alone, builders.run(workspace, tasks="sst2,mnli", accuracy=0.0, launch="pair")


def test_without_predictions_it_leads_to_the_first_try(visit: Visit) -> None:
    app = visit("explore/page.py")
    assert not app.exception
    assert "No predictions yet. Every finished run leaves its answers to all dev examples here." in words(app)
    assert [button.label for button in app.button] == ["Try it now on the Overview"]


def test_the_newest_pair_is_shown_a_page_at_a_time(visit: Visit, pair: tuple[str, str]) -> None:
    app = visit("explore/page.py", task="sst2")
    assert not app.exception
    assert app.multiselect(key="explore_runs_sst2").value == list(pair)
    assert [head["text"] for head in table(app)["heads"]] == ["#", "text", "gold", "alone", "with mnli"]
    assert places(app) == [str(place) for place in range(1, 21)]
    first = table(app)["rows"][0]
    assert [said["right"] for said in first["said"]] == [True, False]
    assert len(first["said"][0]["confidence"]) == 4
    app.get("pagination")[0].set_value(2).run()
    assert places(app) == [str(place) for place in range(21, 41)]
    assert asked(app, "page") == "2"


def test_the_buttons_count_and_filter(visit: Visit, pair: tuple[str, str]) -> None:
    app = visit("explore/page.py", task="sst2", page="2")
    show = app.segmented_control(key="explore_show")
    assert show.options == [
        "all 40",
        "fixed by multitask 0",
        "broken by multitask 40",
        "both wrong 0",
        "disagree 40",
        "both right 0",
    ]
    show.set_value("fixed").run()
    assert app.info[0].value == "No example matches. Choose another filter or other words."
    assert (asked(app, "show"), asked(app, "page")) == ("fixed", None)


def test_a_link_reopens_the_same_view(visit: Visit, pair: tuple[str, str]) -> None:
    alone, together = pair
    query = {"task": "sst2", "runs": f"{together},{alone}", "baseline": together, "show": "fixed", "gold": "positive"}
    app = visit(
        "explore/page.py", **query, words="FILM", order="sure", predicted=f"positive@{alone}", example="sst2-0001"
    )
    assert not app.exception
    assert app.segmented_control(key="explore_show").value == "fixed"
    assert app.text_input(key="explore_words").value == "FILM"
    assert app.selectbox(key="explore_order").value == "sure"
    assert table(app)["heads"][3]["text"] == "with mnli"
    assert table(app)["open"] == "sst2-0001"
    assert {row["gold"] for row in table(app)["rows"]} == {"positive"}
    assert all("film" in row["texts"][0]["value"] for row in table(app)["rows"])
    for name, value in query.items():
        assert asked(app, name) == value


def test_a_link_is_not_trusted(visit: Visit, pair: tuple[str, str]) -> None:
    evil = "' OR 1=1; --<script>"
    names = ("task", "runs", "baseline", "show", "gold", "predicted", "order", "example", "page")
    app = visit("explore/page.py", **dict.fromkeys(names, evil))
    assert not app.exception
    assert f"There are no predictions of a task '{evil}'." in said(app)
    app = visit("explore/page.py", **{**dict.fromkeys(names[2:], evil), "task": "sst2"})
    assert not app.exception
    assert app.segmented_control(key="explore_show").value == "all"
    assert f"There is no example '{evil}'" in said(app)
    app = visit("explore/page.py", page="99999999999999999999", words=evil * 30)
    assert not app.exception


def test_a_link_to_what_is_not_there_is_told_and_opens_nothing_else(
    visit: Visit, workspace: Workspace, pair: tuple[str, str]
) -> None:
    app = visit("explore/page.py", task="gone")
    assert app.warning[0].value == "There are no predictions of a task 'gone'."
    assert (app.selectbox(key="explore_task").value, list(app.get("bidi_component"))) == (None, [])
    app.selectbox(key="explore_task").set_value("sst2").run()
    assert (list(app.warning), len(table(app)["rows"])) == ([], 20)
    app = visit("explore/page.py", task="mnli", runs=f"gone2345,{pair[0]}")
    assert "There is no run 'gone2345'. It may have been deleted." in said(app)
    assert f"The run sst2 · single · seed 1 ({pair[0]}) has no predictions of mnli." in said(app)
    assert app.multiselect(key="explore_runs_mnli").value == []
    app = visit("explore/page.py", task="sst2", show="partial", order="gone", example="gone")
    assert "There is no filter 'partial' here. “all” is shown." in said(app)
    assert "There is no order 'gone' here. “place in the dev set” is shown." in said(app)
    assert "There is no example 'gone' in this task. Choose one of the list." in said(app)


def test_runs_that_differ_in_more_than_the_method_say_so(visit: Visit, workspace: Workspace) -> None:
    alone, together = builders.run(workspace, dev=4), builders.run(workspace, tasks="sst2,mnli", seed=2, dev=4)
    app = visit("explore/page.py", task="sst2")
    assert app.multiselect(key="explore_runs_sst2").value == [together]
    assert (
        "No two finished runs share seed, data and settings and differ in the method among those with predictions of "
        "sst2. The newest is shown by itself." in words(app)
    )
    app = visit("explore/page.py", task="sst2", runs=f"{alone},{together}")
    assert "Not the method alone: “with mnli” and “alone” differ in seed 2 against 1." in said(app)


def test_the_opened_example_goes_from_row_to_row_and_from_page_to_page(visit: Visit, pair: tuple[str, str]) -> None:
    app = visit("explore/page.py", task="sst2", example="sst2-0019")
    assert "**Example 20** :small[· 20 of 40]" in words(app)
    assert (table(app)["before"], table(app)["after"]) == ("sst2-0018", "sst2-0020")
    app.button(key="explore_next").click().run()
    assert (asked(app, "example"), asked(app, "page"), places(app)[0]) == ("sst2-0020", "2", "21")
    app.button(key="explore_previous").click().run()
    assert (asked(app, "example"), asked(app, "page"), places(app)[0]) == ("sst2-0019", None, "1")
    app.get("pagination")[0].set_value(2).run()
    assert (asked(app, "example"), places(app)[0]) == ("sst2-0019", "21")  # one may look elsewhere meanwhile
    app.segmented_control(key="explore_show").set_value("fixed").run()
    assert "The current selection does not show this example." in words(app)
    assert app.button(key="explore_next").disabled


def test_a_link_to_an_example_opens_its_page(visit: Visit, pair: tuple[str, str]) -> None:
    app = visit("explore/page.py", task="sst2", example="sst2-0033")
    assert (places(app)[0], table(app)["open"]) == ("21", "sst2-0033")


def test_one_example_opened_shows_all_probabilities(visit: Visit, pair: tuple[str, str]) -> None:
    app = visit("explore/page.py", task="sst2", example="sst2-0003")
    assert not app.exception
    opened = html(app)
    assert opened.count("detail-bar") == 4 + opened.count(".detail-bar")
    assert "<mark class='gold'>positive</mark>" in opened
    assert "✓</span> right" in opened
    assert "✗</span> wrong" in opened
    app.button(key="explore_close").click().run()
    assert table(app)["open"] == ""
    assert asked(app, "example") is None


def test_an_answer_is_marked_in_its_context_and_texts_are_escaped(visit: Visit, workspace: Workspace) -> None:
    start = EVIL.index("Lisbon")
    example = DevExample("q1", "squad", 0, (EVIL, EVIL), [{"text": "in Lisbon", "start": start - 3}], "in Lisbon")
    other = [EVIL.index("signed"), EVIL.index("signed") + 6, 0.00006]
    answer = {"start": start, "end": start + 8, "following": [other]}
    said = Prediction("q1", "Lisbon &", False, 0.5, 0.0042, answer)
    with workspace.write() as index:
        run_id = runs.add(index, configs.parse({"tasks": "squad"}), device="cpu")
        runs.adopt_state(index, run_id, RunState.FINISHED)
        with workspace.run(run_id).open() as run_db:
            predictions.record(run_db, [example], [("squad", said)])
            scores.record_scores(run_db, "squad", {"f1": 0.5, "exact_match": 0.0}, 1)
            predictions.publish(index, run_db, run_id)
            scores.publish(index, run_db, run_id)
    app = visit("explore/page.py", example="q1")
    assert not app.exception
    opened = html(app)
    assert (
        "<mark class='gold'>in </mark><mark class='gold said'>Lisbon</mark><mark class='said'> &amp;</mark>" in opened
    )
    assert "confidence 0.0042 · best F1 50.0" in opened
    assert "<span class='label' dir='auto' title='signed'>signed</span>" in opened
    assert "<span class='share'>6e-5</span>" in opened
    assert "<script>" not in opened
    assert table(app)["rows"][0]["texts"] == [{"value": EVIL, "quiet": False}, {"value": EVIL, "quiet": True}]


def test_models_with_other_dev_sets_leave_a_dash(visit: Visit, workspace: Workspace) -> None:
    ids = [builders.run(workspace, tasks=tasks, dev=dev) for tasks, dev in (("sst2", 10), ("sst2,mnli", 15))]
    app = visit("explore/page.py", task="sst2", runs=",".join(ids))
    assert table(app)["rows"][-1]["said"][0] is None
    assert (
        "The chosen models used different dev sets: 5 of 15 examples were not predicted by all of them. "
        "A missing answer is “–”; such examples are neither fixed nor broken." in words(app)
    )


def test_another_task_brings_its_own_models(visit: Visit, workspace: Workspace, pair: tuple[str, str]) -> None:
    other = builders.run(workspace, tasks="mnli")
    app = visit("explore/page.py", task="sst2", runs=",".join(pair))
    app.selectbox(key="explore_task").set_value("mnli").run()
    assert not app.exception
    assert app.multiselect(key="explore_runs_mnli").value == [other, pair[1]]


def test_one_model_alone_has_no_fixed_and_broken(visit: Visit, pair: tuple[str, str]) -> None:
    app = visit("explore/page.py", task="sst2", runs=pair[0], show="fixed", order="gained")
    assert not app.exception
    assert app.segmented_control(key="explore_show").options == ["all 40", "right 40", "wrong 0"]
    assert app.segmented_control(key="explore_show").value == "all"


def test_no_model_chosen_asks_to_choose(visit: Visit, pair: tuple[str, str]) -> None:
    app = visit("explore/page.py", task="sst2")
    app.multiselect(key="explore_runs_sst2").set_value([]).run()
    assert not app.exception
    assert app.info[0].value == "Choose one to four models."
