"""The Demo page: models answer beside each other, and nothing that is typed breaks it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from streamlit.testing.v1 import AppTest

from mtl_core.store.workspace import Workspace
from tests import builders, trained
from tests.pages.conftest import asked, html, said, words

Open = Callable[..., AppTest]


@pytest.fixture(scope="module")
def served() -> Iterator[Workspace]:
    with trained.serving(trained.workspace()):
        yield trained.workspace()


@pytest.fixture
def demo(visit: Open, served: Workspace, monkeypatch: pytest.MonkeyPatch) -> Open:
    monkeypatch.setenv("TANDEM_RUNS_DIR", str(served))
    return lambda **query: visit("demo.py", **query)


def type_in(app: AppTest, task: str, *texts: str) -> AppTest:
    for place, text in enumerate(texts):
        app.text_area(key=f"demo.{task}.{place}").set_value(text)
    return app.run()


def test_without_a_model_it_leads_to_one(visit: Open) -> None:
    app = visit("demo.py")
    assert any(one.value.startswith("No model has finished yet.") for one in app.markdown)
    assert app.button(key="empty_state").label == "To the first try"


def test_it_begins_with_both_models_and_an_invitation(demo: Open) -> None:
    app = demo()
    assert not app.exception
    assert len(app.multiselect[0].value) == 2
    assert "Type a sentence, or take an example." in words(app)


def test_both_models_answer(demo: Open) -> None:
    app = type_in(demo(), "sst2", "A warm and funny film.")
    assert not app.exception
    assert "**alone**" in words(app)
    assert "**with mnli + squad**" in words(app).replace("\\", "")
    assert "models agree" in words(app) or "The models disagree" in words(app)
    assert html(app).count("role='img'") == 2
    assert "negative" in html(app)


def test_an_example_fills_the_inputs(demo: Open) -> None:
    app = demo(task="mnli")
    assert "Type a premise and a hypothesis, or take an example." in words(app)
    app.button(key="try_mnli_0").click().run()
    assert app.text_area(key="demo.mnli.1").value == "You can't visit the museum on a Monday."
    assert "entailment" in html(app)


def test_half_an_input_is_asked_for(demo: Open) -> None:
    app = type_in(demo(task="mnli"), "mnli", "It rains.", "  ")
    assert "Type a hypothesis, or take an example." in words(app)


def test_an_answer_is_marked_in_its_context(demo: Open) -> None:
    app = type_in(demo(task="squad"), "squad", "Who?", "<script>alert(1)</script> It was Anna.")
    assert not app.exception
    assert "<mark class='said'>" in html(app)
    assert "<script>" not in html(app)


@pytest.mark.parametrize("text", ["日本語の文", "word " * 3000, "<b>*x*</b> $y$ :red[z]", "\u202e 🙂"])
def test_any_text_gets_an_answer(demo: Open, text: str) -> None:
    app = type_in(demo(), "sst2", text)
    assert not app.exception
    assert "negative" in html(app)


def test_a_text_that_no_file_takes_is_refused(demo: Open) -> None:
    assert "holds a NUL character. Take it out." in words(type_in(demo(), "sst2", "fine \x00 film")).replace("\\", "")


def test_a_text_that_is_cut_says_so(demo: Open) -> None:
    app = type_in(demo(), "sst2", "word " * 3000)
    assert "The text was cut to the 32 tokens that the model was trained on." in words(app).replace("\\", "")


def test_a_text_that_is_too_long_is_refused(demo: Open) -> None:
    app = type_in(demo(), "sst2", "x" * 100_001)
    assert "the sentence has 100,001 characters; 100,000 are the most." in words(app).replace("\\", "")


def test_links_carry_task_texts_and_models(demo: Open) -> None:
    together, _ = trained.ids()
    app = demo(task="squad", question="Who?", context="It was Anna.", runs=f"{together},nonsense")
    assert app.text_area(key="demo.squad.1").value == "It was Anna."
    assert app.multiselect[0].value == [together]
    assert "Anna" in html(app)
    assert [asked(app, name) for name in ("task", "text", "text2", "context")] == [
        "squad",
        "Who?",
        "It was Anna.",
        None,
    ]
    assert "There is no run 'nonsense'. It may have been deleted." in said(app)
    type_in(app, "squad", "Where?")
    assert asked(app, "text") == "Where?"
    app.segmented_control(key="demo_task").set_value("sst2").run()
    assert [asked(app, name) for name in ("task", "text", "text2")] == ["sst2", None, None]
    app.segmented_control(key="demo_task").set_value("squad").run()
    assert app.text_area(key="demo.squad.0").value == asked(app, "text") == "Where?"


def test_a_link_to_a_task_that_no_model_knows_is_told(demo: Open) -> None:
    app = demo(task="nonsense", text="fine")
    assert "No model that has finished knows a task 'nonsense'. Choose one of these:" in said(app)
    assert (list(app.text_area), asked(app, "task")) == ([], "nonsense")
    app.segmented_control(key="demo_task").set_value("sst2").run()
    assert (list(app.warning), app.text_area(key="demo.sst2.0").value) == ([], "")


def test_a_text_that_no_address_holds_stays_out_of_the_link(demo: Open) -> None:
    app = type_in(demo(), "sst2", "word " * 3000)
    assert asked(app, "text") is None
    assert "Texts of more than 6,000 characters do not go into this page's link." in words(app)


def test_without_models_it_says_so(demo: Open) -> None:
    app = demo()
    app.multiselect[0].set_value([]).run()
    assert "Choose a model above." in words(app)


def test_while_no_server_answers_it_waits(visit: Open, workspace: Workspace) -> None:
    builders.run(workspace)
    app = type_in(visit("demo.py"), "sst2", "fine")
    assert not app.exception
    assert "It answers in a few seconds. This page retries automatically." in words(app)
