from __future__ import annotations

from mtl_core.config.run import RunConfig
from mtl_core.config.study import Arm, StudyConfig
from mtl_core.studies.views import trade_off
from mtl_core.studies.views.trade_off import TradeOff
from tests.studies.designs_building import config_of
from tests.studies.judging import judged

PAIR = ("sst2", "mnli")
CONFIG = config_of("weight_sweep", PAIR, weights=(0.1, 0.5, 0.9), balancings=("pcgrad",))
MEANS = {
    "weights 0.1 : 0.9": (72.0, 66.0),
    "weights 0.5 : 0.5": (74.0, 64.0),
    "weights 0.9 : 0.1": (76.0, 60.0),
    "pcgrad": (74.0, 65.0),
}
SEEDS = (-0.5, 0.1, 0.4)


def scores(means: dict[str, tuple[float, float]]) -> dict[tuple[str, str], list[float]]:
    baselines = {arm.name: arm.config.tasks[0] for arm in CONFIG.arms if arm.baseline}
    found = {(name, task): [75.0 + seed for seed in SEEDS] for name, task in baselines.items()}
    for arm, reached in means.items():
        found |= {(arm, task): [mean + seed for seed in SEEDS] for task, mean in zip(PAIR, reached, strict=True)}
    return found


def of(config: StudyConfig, found: dict[tuple[str, str], list[float]]) -> TradeOff:
    return trade_off.trade_off(config, judged(config, found), PAIR)


def test_which_studies_have_a_trade_off() -> None:
    assert trade_off.pairs(CONFIG) == [PAIR]
    three = config_of("methods", ("sst2", "mnli", "squad"), methods=("hard", "pal"))
    assert trade_off.pairs(three) == [("sst2", "mnli"), ("sst2", "squad"), ("mnli", "squad")]
    assert trade_off.pairs(config_of("all_pairs", ("sst2", "mnli", "squad"))) == []
    assert trade_off.pairs(config_of("question", ("sst2", "mnli"), recipes=("hard", "pal"))) == []


def test_the_front_by_hand() -> None:
    """(74, 64) is beaten by (74, 65), which is as good in sst2 and better in mnli; nothing beats the other three."""
    found = of(CONFIG, scores(MEANS))
    assert [(point.label, point.front) for point in found.points] == [
        *(("0.1 : 0.9", True), ("0.5 : 0.5", False), ("0.9 : 0.1", True), ("pcgrad", True)),
    ]


def test_equal_points_are_both_on_the_front() -> None:
    found = of(CONFIG, scores({"weights 0.5 : 0.5": (74.0, 64.0), "pcgrad": (74.0, 64.0)}))
    assert [point.front for point in found.points] == [False, True, False, True]
    assert found.points[0].scores == ((), ())


def test_weights_are_the_first_task_s_part() -> None:
    def weight(balancing: str, weights: str = "", tasks: tuple[str, ...] = PAIR) -> float | None:
        settings = {"weights": weights} if weights else {}
        values = {"tasks": tasks, "schedule": "joint", "balancing": balancing, "balancing_settings": settings}
        return trade_off.static_weight(Arm(name="arm", config=RunConfig.model_validate(values)), PAIR)

    assert weight("static", "1.5, 0.5") == 0.75
    assert weight("static", "1.5, 0.5", ("mnli", "sst2")) == 0.25
    assert weight("static") == 0.5
    assert weight("static", "3, 5, 1", ("sst2", "squad", "mnli")) == 0.75
    assert weight("pcgrad") is None


def test_the_table() -> None:
    table = trade_off.table(CONFIG, of(CONFIG, scores(MEANS)))
    assert table.columns == (
        *("condition", "weights", "sst2 (%)", "to alone (points)", "mnli (%)", "to alone (points)"),
        *("seeds", "seconds per run", "on the front"),
    )
    assert table.rows[0] == ("sst2 alone · 3.91 epochs", "", "75.0 ± 1.1", "", "", "", "3", "", "")
    assert table.rows[1] == ("mnli alone", "", "", "", "75.0 ± 1.1", "", "3", "", "")
    arm, weights, first, effect, second, _, seeds, seconds, front = table.rows[2]
    assert (arm, weights, first, second) == ("weights 0.1 : 0.9", "0.1 : 0.9", "72.0 ± 1.1", "66.0 ± 1.1")
    assert effect.startswith("▼ −3.0 [−")
    assert (seeds, seconds, front) == ("3", "–", "yes")
    assert table.rows[-1][:2] == ("pcgrad", "")
    assert table.notes[1] == (
        "On the front: no other condition's means are at least as good in both tasks and better in one. It is a front "
        "of means: seeds may move it."
    )


def test_a_seed_that_lacks_one_of_the_scores_does_not_count() -> None:
    found = scores(MEANS)
    found["pcgrad", "mnli"] = found["pcgrad", "mnli"][:2]
    [point] = [point for point in of(CONFIG, found).points if point.label == "pcgrad"]
    assert [len(reached) for reached in point.scores] == [2, 2]


def test_the_picture_has_ellipses_from_three_seeds_and_lines_from_two() -> None:
    found = scores(MEANS)
    for task in PAIR:
        found["pcgrad", task] = found["pcgrad", task][:2]
        del found["weights 0.5 : 0.5", task]
    picture = trade_off.picture(CONFIG, of(CONFIG, found))
    ellipses = [trace for trace in picture.figure.data if trace.fill == "toself"]
    assert len(ellipses) == 2
    assert [len(trace.x) for trace in picture.figure.data if trace.mode == "markers+lines"] == [2]
    circles, diamonds = (
        next(trace for trace in picture.figure.data if trace.marker.symbol == symbol)
        for symbol in ("circle", "diamond")
    )
    assert circles.text == (" 0.1 : 0.9 ", " 0.9 : 0.1 ")
    assert diamonds.text == (" pcgrad ",)
    assert picture.alt == (
        "sst2 accuracy (%) against mnli accuracy (%), a point per condition: 0.1 : 0.9 72.0 and 66.0, on the front; "
        "0.9 : 0.1 76.0 and 60.0, on the front; pcgrad 73.8 and 64.8, on the front."
    )


def test_the_picture_of_one_seed_and_of_none() -> None:
    single = {key: reached[:1] for key, reached in scores(MEANS).items()}
    picture = trade_off.picture(CONFIG, of(CONFIG, single))
    assert not [trace for trace in picture.figure.data if trace.fill == "toself" or trace.mode == "markers"]
    empty = trade_off.picture(CONFIG, of(CONFIG, {}))
    assert empty.alt == "sst2 accuracy (%) against mnli accuracy (%), a point per condition: nothing yet."
