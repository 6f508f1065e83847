from __future__ import annotations

from streamlit.testing.v1 import AppTest

from mtl_core.records import RunState
from mtl_core.store import runs
from mtl_core.store.workspace import Workspace
from pages.shared import parts
from tests import builders
from tests.pages.conftest import Visit, words


def test_text_of_others_is_shown_as_it_is() -> None:
    assert parts.plain("a *b* _c_ [d](e) `f` $g$ :h: <i>") == r"a \*b\* \_c\_ \[d\](e) \`f\` \$g\$ \:h\: \<i\>"
    assert parts.plain("sst2 + mnli · hard · seed 1") == "sst2 + mnli · hard · seed 1"


def test_a_runs_label_does_not_change_while_it_trains(workspace: Workspace) -> None:
    run_id = builders.run(workspace, state="running")
    with workspace.write() as index:
        before = parts.run_label(runs.get(index, run_id))
        runs.adopt_state(index, run_id, RunState.FINISHED)
        assert parts.run_label(runs.get(index, run_id)) == before
    assert before.startswith("sst2 · single · seed 1 · ")
    assert before.endswith(f" · {run_id}")


def test_all_faults_are_told_at_once() -> None:
    def page() -> None:
        from mtl_core.errors import Fault, InvalidConfig
        from pages.shared import parts

        parts.show_faults(InvalidConfig([Fault("warmup", "6 is no share."), Fault("", "the disk is full.")]))

    app = AppTest.from_function(page).run()
    assert app.error[0].value == "**Warmup**: 6 is no share.  \nthe disk is full."


def test_chosen_runs_stand_in_the_link(visit: Visit, workspace: Workspace) -> None:
    first, second = (builders.run(workspace, tasks=tasks) for tasks in ("sst2", "sst2,mnli"))
    app = visit("compare/page.py", runs=f"{second},gone2345,{first}")
    assert not app.exception
    assert app.multiselect(key="compare_runs").value == [second, first]
    app.multiselect(key="compare_runs").set_value([first]).run()
    assert app.query_params["runs"] in (first, [first])


def test_an_empty_state_leads_on(visit: Visit) -> None:
    app = visit("watch/page.py")
    assert app.button(key="empty_state").label == "Launch a run"
    assert "Nothing has been launched yet." in words(app)
