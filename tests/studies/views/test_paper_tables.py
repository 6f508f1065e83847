from __future__ import annotations

from mtl_core.config.study import StudyConfig
from mtl_core.display.tables import Table
from mtl_core.store.workspace import Workspace
from mtl_core.studies import judge
from mtl_core.studies.views import paper_tables
from mtl_core.studies.views.paper_tables import reported, setting
from tests.studies.designs_building import config_of, with_accuracy
from tests.studies.judging import judged

TASKS = ("sst2", "mnli", "squad")
CONFIG = config_of("paper", TASKS)
PAIRS = {
    ("sst2", "mnli"): "sst2 + mnli · hard",
    ("sst2", "squad"): "sst2 + squad · hard · phases",
    ("mnli", "squad"): "mnli + squad · hard · phases",
}
ALONE = {(f"{task} alone", task): [70.0, 71.0, 72.0] for task in TASKS}


def tables_of(scores: dict[tuple[str, str], list[float]], config: StudyConfig = CONFIG) -> list[Table]:
    return paper_tables.tables(config, judged(config, scores))


def everything() -> dict[tuple[str, str], list[float]]:
    """All arms as good as alone, but for sst2 with mnli: 5 points better with every seed."""
    found = dict(ALONE)
    for pair, name in PAIRS.items():
        found |= {(name, task): [70.3, 70.9, 71.8] for task in pair}
    found[PAIRS["sst2", "mnli"], "sst2"] = [75.0, 76.1, 76.9]
    return found


def test_the_paper_s_figures_are_those_of_its_tables() -> None:
    assert [reported.figure_text("sst2", helper) for helper in ("", "mnli", "squad")] == [
        "90.825",
        "93.577",
        "92.087",
    ]
    assert [reported.figure_text("mnli", helper) for helper in ("", "sst2", "squad")] == [
        "83.529",
        "84.264",
        "83.311",
    ]
    assert [reported.figure_text("squad", helper) for helper in ("", "sst2", "mnli")] == [
        *("87.398", "88.135", "(not given)"),
    ]
    assert reported.figure_text("sst2", "mnli + squad") == "–"
    assert reported.gain("squad", "mnli") is None
    assert round(reported.gain("sst2", "mnli") or 0, 3) == 2.752


def test_a_table_a_target_in_the_paper_s_order_and_layout() -> None:
    first, second, third = tables_of(everything())
    assert first.title == "Table 1. sst2 alone and with a helper · 1,000 dev examples"
    assert first.columns == (
        *("model", "accuracy (%)", "seeds", "difference to alone (points)", "verdict"),
        *("the paper (%)", "its difference (points)"),
    )
    assert first.rows[0] == ("alone", "71.0 ± 2.5", "3", "", "", "90.825", "")
    model, reached, seeds, difference, *rest = first.rows[1]
    assert (model, reached, seeds) == ("with mnli", "76.0 ± 2.4", "3")
    assert difference == "+5.0 [+3.8, +6.2]"
    assert rest == ["▲ helps", "93.577", "+2.75"]
    assert [row[0] for row in second.rows] == ["alone", "with sst2", "with squad"]
    assert third.columns[1] == "F1 (%)"
    assert third.rows[2][-2:] == ("(not given)", "–")


def test_what_the_numbers_are_is_said_under_each_table() -> None:
    [note, paper] = tables_of(everything())[0].notes
    assert note == (
        "Mean over seeds ± half of its 95 % interval (Student's t); differences with their 95 % intervals. Baselines "
        "have the same number of target updates. Verdicts are adjusted for all 6 comparisons of the study (Holm), "
        "intervals are each one's own."
    )
    assert paper == (
        "The paper's figures are one run each, without a spread: its differences are not verdicts. It calls all three "
        "metrics EM; its text says F1 for SQuAD."
    )


def test_a_half_finished_study_says_what_is_missing() -> None:
    scores = everything()
    del scores[PAIRS["sst2", "squad"], "sst2"]
    scores[PAIRS["sst2", "mnli"], "sst2"] = [75.0, 76.0, 77.0]
    first = tables_of(scores)[0]
    assert first.rows[2] == ("with squad", "–", "0 of 3", "–", "–", "92.087", "+1.26")
    assert "with squad: no run of 'sst2 + squad · hard · phases' has finished yet." in first.notes


def test_nothing_yet() -> None:
    first, *_ = tables_of({})
    assert first.title == "Table 1. sst2 alone and with a helper · nothing scored yet"
    assert [row[1:5] for row in first.rows] == [("–", "0 of 3", "", ""), *[("–", "0 of 3", "–", "–")] * 2]


def test_one_seed_gives_no_verdict_and_says_why_once() -> None:
    config = config_of("paper", TASKS, seeds=(1,))
    first = tables_of(everything(), config)[0]
    assert first.rows[1][1:5] == ("75.0", "1", "+5.0", "? not enough evidence")
    assert (
        "with mnli, with squad: One seed per condition compares two models, not two methods: what another seed would "
        "give is unknown. Run at least two seeds of each condition, better three or more."
    ) in first.notes


def test_several_arms_with_one_helper_are_told_apart() -> None:
    config = config_of("question", TASKS[:2], recipes=("hard", "pal"))
    assert not paper_tables.fits(config)
    scores = {("sst2 alone", "sst2"): [70.0, 71.0, 72.0]}
    [table] = tables_of(scores, config)
    assert [row[0] for row in table.rows] == ["alone", "with mnli · hard", "with mnli · pal"]


def test_it_fits_the_paper_s_tasks_under_any_preset() -> None:
    assert paper_tables.fits(CONFIG)
    assert paper_tables.fits(config_of("all_pairs", TASKS))
    assert not paper_tables.fits(config_of("all_pairs", TASKS[:2]))


def test_a_real_store_s_tables_carry_the_badge_and_the_setting(workspace: Workspace) -> None:
    config = config_of("paper", TASKS, seeds=(1,))
    study = with_accuracy(
        workspace, config, lambda arm, task: 0.7, dev=40, states={(PAIRS["sst2", "mnli"], 1): "failed"}
    )
    found = judge.judge(workspace, study)
    first = paper_tables.tables(config, found)[0]
    assert first.title.endswith("· 40 dev examples · generated sample")
    assert first.rows[1][2] == "0 of 1"
    cells = {row[0]: row[1:] for row in setting.table(workspace, config, found).rows}
    assert cells["encoder"] == ("BERT base", "MiniLM-L6 (built in)")
    assert cells["data from"] == ("the public sets", "generated sample")
    assert cells["sst2: training examples"] == ("not known; the whole set has about 67,000", "960")
    assert cells["squad: dev examples"] == ("10,570", "40")
    assert cells["epochs"] == ("not known", "1")
    assert cells["pairs of two domains"] == (
        *("half of the QA data, then the other task, then the rest of the QA data", "hard · phases · sum"),
    )
    assert cells["seeds per condition"] == ("1", "1")
