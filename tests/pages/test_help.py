"""The Help page, and the links that lead to its words."""

from __future__ import annotations

import re

import pytest

from mtl_core.config.study import StudyConfig
from mtl_core.services import launch
from mtl_core.store.workspace import Workspace
from pages.shared import terms
from tests.pages.conftest import Visit, said

LINK = re.compile(r"help\?word=([\w-]+)")


pytestmark = pytest.mark.usefixtures("catalogue_ready")


def test_help_has_words_methods_verdicts_paths_and_keys(visit: Visit, workspace: Workspace) -> None:
    told = said(visit("help/page.py"))
    assert "#### Validation split" in told
    for family in launch.catalogue(workspace).values():
        for method in family.values():
            assert f"| `{method.name}` | {method.summary}" in told
    assert "| ▲ helps, ▼ hurts |" in told
    assert f"`{workspace.index_file}`" in told
    assert "`MNLI/train` | `MNLI/dev_matched`" in told
    assert "| Tab, Shift + Tab |" in told


def test_what_is_looked_for_is_all_that_is_shown(visit: Visit) -> None:
    app = visit("help/page.py")
    told = said(app.text_input(key="help_find").set_value("pcgrad").run())
    assert "`pcgrad`" in told
    assert "`cagrad`" not in told
    assert "#### " not in told
    told = said(app.text_input(key="help_find").set_value("no <such> word").run())
    assert "Nothing here has “no <such> word”." in told


def test_a_link_to_a_word_shows_it_first(visit: Visit) -> None:
    app = visit("help/page.py")
    app.query_params["word"] = "validation-split"
    assert app.run().markdown[0].value.startswith("#### Validation split\n")
    app.query_params["word"] = "<nothing>"
    told = said(app.run())
    assert "No word here is called '<nothing>'. Those that there are stand below." in told
    assert not app.exception


def test_every_link_of_a_page_leads_to_a_word(visit: Visit) -> None:
    for page in ("launch/page.py", "studies/page.py", "help/page.py"):
        linked = LINK.findall(said(visit(page)) + " ".join(str(one.help) for one in visit(page).get("number_input")))
        assert set(linked) <= set(map(terms.anchor, terms.words())), page
    assert terms.term("validation split") == "[validation split](help?word=validation-split)"
    assert terms.explained("Of a task.", "eval_limit") == "Of a task. [More](help?word=dev-set)"
    assert terms.explained("Of a task.", "stride") == "Of a task."
    with pytest.raises(KeyError, match=r"'flux' is not in words\.md"):
        terms.term("flux")


def test_the_words_are_in_order_each_once_and_say_what_is_so() -> None:
    names = re.findall("^## (.*)", terms.WORDS.read_text("utf-8"), re.M)
    assert names == sorted(set(names))
    assert set(terms.OF_FIELDS.values()) <= set(names)
    margin = StudyConfig.model_fields["margin"].default
    assert f"{margin:g} points unless" in terms.words()["margin"]
