"""The script of a report computes what mtl_core/statistics does: run by node, to six digits and more."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import special

from mtl_core.statistics import Clusters, LookPlan, compare_over_looks, holm
from mtl_core.statistics.sequential import levels
from mtl_core.studies import proof
from mtl_core.studies.proof.packing import packed
from mtl_core.studies.proof.record import stated

SCRIPT = Path(proof.__file__).with_name("recompute.js")
NODE = shutil.which("node")
pytestmark = pytest.mark.skipif(NODE is None, reason="there is no node on this machine; the browser tests run it too")


def by_node(code: str, given: Any) -> Any:
    """What the code answers, with the script as `R` and what is given as `given`."""
    program = (
        f"const R = require({json.dumps(str(SCRIPT))}); const given = JSON.parse(require('fs').readFileSync(0));"
        f"(async () => {{ {code} }})().then((found) => console.log(JSON.stringify(found)));"
    )
    assert NODE is not None
    done = subprocess.run([NODE, "-e", program], input=json.dumps(given), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_student_normal_and_gamma() -> None:
    dfs, tails = [1, 2, 2.7, 4, 9, 35.5, 871, 10569], [0.4999, 0.3, 0.025, 0.001, 1e-7, 1e-20]
    code = "return given.dfs.map((df) => given.tails.map((p) => R.studentQuantile(df, p)))"
    expected = -special.stdtrit(np.array(dfs)[:, None], np.array(tails))
    assert by_node(code, {"dfs": dfs, "tails": tails}) == pytest.approx(expected, rel=1e-9)
    code = "return given.dfs.map((df) => given.at.map((t) => R.studentAbove(df, t)))"
    at = [0, 0.01, 1, 2.5, 12, 300]
    expected = special.stdtr(np.array(dfs)[:, None], -np.array(at))
    assert by_node(code, {"dfs": dfs, "at": at}) == pytest.approx(expected, rel=1e-9)
    assert by_node("return given.map(R.normalQuantile)", tails) == pytest.approx(-special.ndtri(tails), rel=1e-9)
    pairs = [(0.5, 0.1), (1, 3), (4.5, 2), (4.5, 40), (500, 480)]
    expected = np.array([[special.gammainc(a, x), special.gammaincc(a, x)] for a, x in pairs])
    assert by_node("return given.map(([a, x]) => R.gammaParts(a, x))", pairs) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("spending", ["obrien_fleming", "pocock"])
def test_levels_of_looks(spending: str) -> None:
    looks = (3, 4, 5, 6, 8, 10)
    found = by_node("return R.levels(given.looks, given.spending, 0.025)", {"looks": looks, "spending": spending})
    assert found == pytest.approx(levels(LookPlan(looks, spending), 0.025), rel=1e-6)


def test_hashes() -> None:
    texts = ["", "abc", "a" * 55, "a" * 56, "a" * 64, "grün, ≈ 😀" * 1000]
    assert by_node("return given.map(R.sha256)", texts) == [sha256(text.encode()).hexdigest() for text in texts]


def test_packed_numbers() -> None:
    draw = np.random.default_rng(0)
    given = [[0, 1, 1, 0], draw.integers(0, 5000, 999).tolist(), draw.normal(size=999).tolist()]
    packs = [packed(values) for values in given]
    assert [one["form"] for one in packs] == ["table", "u4", "f8"]
    assert by_node("return Promise.all(given.map(R.unpacked))", packs) == given


class Studies:
    """Comparisons of one record, as a report has them, with what Python says of each."""

    def __init__(self, **values: Any) -> None:
        self.config = {"margin": 0.5, "alpha": 0.05, "spending": "obrien_fleming", **values}
        self.groups: dict[str, Any] = {}
        self.told: list[dict[str, Any]] = []
        self.verdicts: list[Any] = []

    def add(self, first: Any, second: Any, looks: Sequence[int], codes: Sequence[Any] = (), **settings: Any) -> None:
        """Two arms (seeds, examples) in points."""
        paired, better = settings.get("paired_seeds", True), settings.get("higher_is_better", True)
        looked = compare_over_looks(
            first,
            second,
            LookPlan(tuple(looks), self.config["spending"]),
            margin=self.config["margin"],
            alpha=self.config["alpha"],
            clusters=[Clusters(f"level {place}", one) for place, one in enumerate(codes)],
            **settings,
        )
        self.verdicts.append(looked.verdict)
        name = f"examples {len(self.told)}"
        runs = [[f"{arm} {seed}" for seed in range(len(table))] for arm, table in enumerate((first, second))]
        tables = dict(zip([*runs[0], *runs[1]], [*first, *second], strict=True))
        self.groups[name] = {
            "count": first.shape[1],
            "clusters": [{"name": "x", "codes": packed(one)} for one in codes],
            "runs": {run: packed(np.asarray(row) / 100) for run, row in tables.items()},
        }
        self.told.append(
            {"looks": looks, "paired": paired, "higher_is_better": better, "scale": 100, "runs": runs, "examples": name}
        )

    def differences(self) -> list[list[str]]:
        """What the script finds otherwise, a list a comparison."""
        for told, verdict, adjusted in zip(self.told, self.verdicts, holm(self.verdicts, len(self.told)), strict=True):
            told["stated"] = {
                **stated(verdict),
                "p_value": None if np.isnan(adjusted.p_value) else adjusted.p_value,
                "p_equivalent": None if np.isnan(adjusted.p_equivalent) else adjusted.p_equivalent,
                "decision": adjusted.decision,
            }
        record = {"config": json.dumps(self.config), "scores": self.groups, "comparisons": self.told}
        code = (
            "const found = await R.verdicts(given);"
            "return given.comparisons.map((one, place) => R.differences(one.stated, found[place]));"
        )
        found: list[list[str]] = by_node(code, record)
        return found


def right(seeds: int, examples: int, accuracy: float, seed: int) -> Any:
    draw = np.random.default_rng(seed)
    chance = accuracy + draw.normal(0, 0.02, (seeds, 1)) + np.random.default_rng(9).uniform(-0.2, 0.2, examples)
    return 100.0 * (draw.uniform(size=(seeds, examples)) < chance)


def test_verdicts_of_paired_and_unpaired_seeds_clusters_and_copies() -> None:
    studies = Studies(margin=2.0)
    articles, paragraphs = np.arange(300) // 40, np.arange(300) // 5
    studies.add(right(3, 300, 0.7, 1), right(3, 300, 0.8, 2), [3])
    studies.add(right(5, 300, 0.7, 3), right(5, 300, 0.7, 4), [5], [paragraphs, articles])
    studies.add(right(3, 300, 0.7, 5), right(6, 300, 0.8, 6), [3], paired_seeds=False)
    studies.add(right(4, 300, 0.7, 7), right(4, 300, 0.8, 8), [4], [articles], paired_seeds=False)
    studies.add(right(4, 300, 0.9, 1), right(4, 300, 0.4, 2), [4], higher_is_better=False)
    studies.add(right(4, 300, 0.9, 3), right(4, 300, 0.4, 4), [4])
    studies.add(right(1, 300, 0.7, 1), right(1, 300, 0.8, 2), [1])  # one seed: no verdict
    copies = np.repeat(right(1, 300, 0.7, 1), 3, axis=0)
    studies.add(copies, 100 - copies, [3])
    studies.add(np.zeros((3, 300)), np.full((3, 300), 100.0), [3])  # no spread
    studies.add(right(3, 300, 0.7, 1), right(3, 300, 0.8, 2), [3], [np.zeros(300)])  # one cluster
    draw = np.random.default_rng(3)  # contributions to a metric that is no mean have no bounds
    studies.add(draw.normal(60, 80, (4, 200)), draw.normal(75, 80, (4, 200)), [4], bounded=False)
    assert {one.decision for one in studies.verdicts} >= {"helps", "hurts", "not enough evidence"}
    assert studies.differences() == [[]] * 11


@pytest.mark.parametrize("spending", ["obrien_fleming", "pocock"])
def test_verdicts_over_looks(spending: str) -> None:
    studies = Studies(spending=spending, margin=3.0)
    looks = [3, 4, 5, 8]
    for seeds, gain in ((2, 0.05), (3, 0.0), (4, 0.08), (6, 0.03), (8, 0.0), (9, -0.1)):
        studies.add(right(seeds, 400, 0.7, seeds), right(seeds, 400, 0.7 + gain, seeds + 50), looks)
    assert {one.decision for one in studies.verdicts} >= {"hurts", "not enough evidence"}
    assert studies.differences() == [[]] * 6


def test_a_difference_is_told() -> None:
    studies = Studies()
    studies.add(right(3, 300, 0.7, 1), right(3, 300, 0.8, 2), [3])
    place = studies.told[0]["runs"][1][0]
    row = right(3, 300, 0.8, 2)[0]
    row[0] = 100 - row[0]
    studies.groups["examples 0"]["runs"][place] = packed(row / 100)
    [[effect, *_]] = studies.differences()
    assert effect.startswith("effect is stated as ")


def test_a_dev_set_of_squad_s_size_takes_little_time() -> None:
    studies = Studies()
    articles = np.arange(10_570) // 220
    studies.add(right(10, 10_570, 0.7, 1), right(10, 10_570, 0.72, 2), [3, 4, 5, 6, 8, 10], [articles])
    assert studies.differences() == [[]]
