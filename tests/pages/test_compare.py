from __future__ import annotations

from urllib.parse import parse_qs

from mtl_core.store.workspace import Workspace
from tests import builders
from tests.pages.conftest import Visit, asked, html, said, words


def test_without_a_finished_run_it_leads_to_the_first_try(visit: Visit, workspace: Workspace) -> None:
    builders.run(workspace, state="running")
    app = visit("compare/page.py")
    assert not app.exception
    assert (
        "Nothing to compare yet. A comparison needs finished runs, ideally a task alone and together with another."
        in words(app)
    )
    assert [button.label for button in app.button] == ["Try it now on the Overview"]


def test_a_pair_is_compared_without_choosing_anything(visit: Visit, workspace: Workspace) -> None:
    alone = builders.run(workspace, tasks="sst2", accuracy=1.0, launch="pair")
    pair = builders.run(workspace, tasks="sst2,mnli", accuracy=0.0, launch="pair")
    app = visit("compare/page.py")
    assert not app.exception
    assert app.multiselect(key="compare_runs").value == [alone, pair]
    assert asked(app, "runs") == f"{alone},{pair}"
    page = html(app)
    for told in ("100.0", "−100.0", "with mnli", "generated sample", "40 dev examples", f"alone, run {alone}"):
        assert told in page
    assert "One run each: a difference compares two models, not two methods." in words(app)
    assert [head.value for head in app.subheader] == [
        "Loss",
        "Score on the validation split",
        "Settings that differ",
        "Examples seen / planned",
    ]
    assert len(app.get("bidi_component")) == 2
    assert [button.label for button in app.get("download_button")] == ["CSV", "Markdown", "LaTeX"]


def test_what_confounds_a_difference_is_said_under_it(visit: Visit, workspace: Workspace) -> None:
    ids = [builders.run(workspace, tasks="sst2"), builders.run(workspace, tasks="sst2,mnli", seed=2)]
    app = visit("compare/page.py", runs=",".join(ids))
    assert "confounded, not the method alone: seed 2 against 1" in html(app)


def test_the_link_chooses_the_runs_and_is_not_trusted(visit: Visit, workspace: Workspace) -> None:
    first, second = (builders.run(workspace, tasks=tasks, dev=4) for tasks in ("sst2", "mnli"))
    app = visit("compare/page.py", runs=f"../../etc,{second},<script>,{first}")
    assert not app.exception
    assert app.multiselect(key="compare_runs").value == [second, first]


def test_a_link_to_runs_that_are_gone_is_told(visit: Visit, workspace: Workspace) -> None:
    there, waits = builders.run(workspace, dev=4), builders.run(workspace, state="queued")
    app = visit("compare/page.py", runs=f"gone2345,{there},{waits}", by="batch_size")
    assert said(app).count("There is no run 'gone2345'. It may have been deleted.") == 1
    assert f"The run sst2 · single · seed 1 ({waits}) has not begun yet." in said(app)
    assert "These runs can't be grouped by 'batch_size', as they don't differ in it." in said(app)
    assert app.multiselect(key="compare_runs").value == [there]
    app = visit("compare/page.py", runs="gone2345")
    assert (app.multiselect(key="compare_runs").value, asked(app, "runs")) == ([], "gone2345")
    app.multiselect(key="compare_runs").set_value([there]).run()
    assert (list(app.warning), asked(app, "runs")) == ([], there)


def test_predictions_of_one_seed_are_read_side_by_side(visit: Visit, workspace: Workspace) -> None:
    alone = [builders.run(workspace, seed=seed, dev=4) for seed in (1, 2)]
    together = builders.run(workspace, tasks="sst2,mnli", seed=2, dev=4)
    app = visit("compare/page.py", runs=",".join([*alone, together]))
    [link] = [one for one in app.get("page_link") if one.proto.label == "Read sst2 predictions"]
    assert parse_qs(link.proto.query_string)["runs"] == [f"{alone[1]},{together},{alone[0]}"]


def test_where_no_two_runs_can_be_compared_it_is_said(visit: Visit, workspace: Workspace) -> None:
    builders.run(workspace, dev=4)
    builders.run(workspace, tasks="sst2,mnli", seed=2, dev=4)
    assert (
        "No two finished runs share seed, data and settings and differ in the method. The newest is shown by itself."
        in words(visit("compare/page.py"))
    )


def test_a_missing_half_is_named(visit: Visit, workspace: Workspace) -> None:
    alone, pair = (builders.run(workspace, tasks=tasks, dev=4) for tasks in ("sst2", "sst2,mnli"))
    assert visit("compare/page.py", runs=alone).info[0].value == (
        "All chosen runs are single-task. Add a multitask run to see differences."
    )
    assert visit("compare/page.py", runs=pair).info[0].value == (
        "None of the chosen runs is a single-task baseline. Add or launch one to see differences."
    )


def test_an_unfinished_run_shows_its_curves_and_says_so(visit: Visit, workspace: Workspace) -> None:
    ids = [builders.run(workspace, dev=4), builders.run(workspace, tasks="sst2,mnli", state="failed")]
    app = visit("compare/page.py", runs=",".join(ids))
    assert not app.exception
    assert "No dev scores, as these runs have not finished: sst2 + mnli · hard · seed 1" in words(app)


def test_nothing_chosen_asks_to_choose(visit: Visit, workspace: Workspace) -> None:
    builders.run(workspace, dev=4)
    app = visit("compare/page.py")
    app.multiselect(key="compare_runs").set_value([]).run()
    assert not app.exception
    assert app.info[0].value == "Choose the runs to compare."


def test_axis_smoothing_and_tasks_can_be_changed(visit: Visit, workspace: Workspace) -> None:
    builders.run(workspace, tasks="sst2,mnli", dev=4)
    app = visit("compare/page.py")
    app.segmented_control(key="compare_axis").set_value("seconds").run()
    app.slider(key="compare_smoothing").set_value(0.0).run()
    app.pills(key="compare_tasks_sst2_mnli").set_value([]).run()
    assert not app.exception


def test_names_of_runs_are_escaped(visit: Visit, workspace: Workspace) -> None:
    ids = [builders.run(workspace, name="<img src=x onerror=alert(1)>", seed=seed) for seed in (1, 2)]
    app = visit("compare/page.py", runs=",".join(ids))
    assert "<img" not in html(app)
    assert "&lt;img src=x" in html(app)


def seeds(workspace: Workspace, count: int = 3) -> list[str]:
    """Two arms with some seeds each."""
    return [
        builders.run(workspace, tasks=tasks, seed=seed, accuracy=accuracy, dev=10)
        for tasks, accuracy in (("sst2", 1.0), ("sst2,mnli", 0.0))
        for seed in range(1, count + 1)
    ]


def test_seeds_of_an_arm_are_one_column_and_no_verdict(visit: Visit, workspace: Workspace) -> None:
    app = visit("compare/page.py", runs=",".join(seeds(workspace)))
    assert not app.exception
    page = html(app)
    for told in ("± 0.0", "3 seeds", "seed 1: 100.0, seed 2: 100.0", "−100.0"):
        assert told in page
    assert (
        "Scores of several runs: mean ± half of its 95 % interval by Student's t. It holds over seeds, on these dev "
        "examples. A difference of means is not a verdict."
    ) in words(app)
    assert "One run each" not in words(app)
    assert app.button(key="make_study_compare").label == "Make a study"
    assert "band: 95 % interval of the mean by Student's t" in words(app)


def test_grouping_can_be_chosen(visit: Visit, workspace: Workspace) -> None:
    app = visit("compare/page.py", runs=",".join(seeds(workspace)))
    by = app.selectbox(key="compare_by")
    assert by.options == ["condition: all seeds of one config", "sharing", "each run on its own"]
    by.select("each").run()
    assert not app.exception
    assert "alone · seed 1" in html(app)
    assert "3 seeds" not in html(app)
    app.selectbox(key="compare_by").select("sharing").run()
    assert not app.exception
    assert "hard" in html(app)


def test_other_seeds_of_the_arms_are_one_click_away(visit: Visit, workspace: Workspace) -> None:
    ids = seeds(workspace, 2)
    app = visit("compare/page.py", runs=ids[0])
    assert app.button(key="compare_siblings").label == "Add 1 more seed of these conditions (1 run)"
    app.button(key="compare_siblings").click().run()
    assert not app.exception
    assert app.multiselect(key="compare_runs").value == ids[:2]
    assert "2 seeds" in html(app)


def test_a_seed_run_twice_is_counted_once_and_named(visit: Visit, workspace: Workspace) -> None:
    first, second = (builders.run(workspace, dev=4) for _ in range(2))
    app = visit("compare/page.py", runs=f"{first},{second}")
    assert f"Left out, as another chosen run has the same config and seed: sst2 · single · seed 1 ({first})." in (
        words(app)
    )


def test_runs_that_differ_have_parallel_coordinates(visit: Visit, workspace: Workspace) -> None:
    rates = ("1e-5", "2e-5", "1e-4")
    app = visit("compare/page.py", runs=",".join(builders.run(workspace, learning_rate=rate, dev=4) for rate in rates))
    assert not app.exception
    assert "Settings and scores" in words(app)
    assert len(app.get("bidi_component")) == 3
    assert "One line per run, stronger where sst2 scored higher." in words(app)


def test_many_runs_are_compared_in_groups_alone(visit: Visit, workspace: Workspace) -> None:
    ids = [builders.run(workspace, seed=seed, dev=2) for seed in range(1, 15)]
    app = visit("compare/page.py", runs=",".join(ids))
    assert not app.exception
    assert app.selectbox(key="compare_by").options == ["condition: all seeds of one config"]
    assert "14 seeds" in html(app)
    assert [box.label for box in app.expander] == ["14 runs", "14 rows"]
