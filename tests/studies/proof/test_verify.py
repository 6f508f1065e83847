"""A report is checked from its file alone, and every edit is found: each check is shown what it is there for."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mtl_core.config.study import Arm, Comparison
from mtl_core.errors import InvalidConfig
from mtl_core.store import studies
from mtl_core.store.seal import canonical
from mtl_core.store.workspace import Workspace
from mtl_core.studies import report
from mtl_core.studies.proof import checks, page
from mtl_core.studies.proof.packing import packed, unpacked
from mtl_core.studies.unpaired import unpaired
from tests.fixtures import version_0_1
from tests.studies import building
from tests.studies.sealed import changed, sealed_study
from tests.studies.test_judge import numbers

RECORD = re.compile(r"(<script type='application/json' id=record>)(.*?)(</script>)", re.S)
Record = dict[str, Any]
Edit = Callable[[Record], None]


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return Workspace(tmp_path_factory.mktemp("runs"))


@pytest.fixture(scope="module")
def html(workspace: Workspace) -> str:
    """A study of two comparisons, over looks, one run failed and the margin changed later."""
    plain = building.pair_config((1, 2, 3, 4))
    soft = Arm(name="soft", config=plain.arms[1].config.model_copy(update={"sharing": "soft"}))
    compared = (*plain.comparisons, Comparison(target="sst2", baseline="sst2 alone", treatment="soft"))
    values = {"arms": (*plain.arms, soft), "comparisons": compared, "looks": (2, 3, 4)}
    scores = building.drawn({"sst2 alone": 0.6, "sst2 + mnli": 0.9, "soft": 0.61}, dev=300)
    study = sealed_study(workspace, plain.model_copy(update=values), scores, {("soft", 4): "failed"})
    study = changed(workspace, study, margin=1.0)
    return report.report(workspace, study)


def found(html: str, folder: Path, known_seal: str = "") -> list[checks.Check]:
    path = folder / "report.html"
    path.write_bytes(html.encode())
    return checks.check(page.read(path), known_seal)


def faults(html: str, folder: Path, known_seal: str = "") -> list[str]:
    return [f"{one.name}: {one.words}" for one in found(html, folder, known_seal) if one.outcome == "fault"]


def refitted(html: str) -> str:
    """The page with a last line that fits what it is now: who edits a report knows how to do that."""
    return page.sealed(page.END.sub("", html))


def edited(html: str, edit: Edit) -> str:
    """The page with another record."""
    match = RECORD.search(html)
    assert match is not None
    record = json.loads(match[2])
    edit(record)
    text = json.dumps(record, ensure_ascii=False).replace("<", "\\u003c")
    return refitted(html[: match.start(2)] + text + html[match.end(2) :])


def test_a_report_as_it_was_written_agrees(html: str, tmp_path: Path) -> None:
    told = found(html, tmp_path)
    assert checks.passed(told)
    assert [one.name for one in told] == [
        *("file", "plan", "chain", "changes", "scores", "runs"),
        *("verdict on sst2, 'sst2 + mnli'", "verdict on sst2, 'soft'", "answer"),
    ]
    words = {one.name: one.words for one in told}
    assert words["changes"].startswith("changed after the start: margin 0.5 → 1 on 20")
    assert words["scores"] == "of 11 runs, as noted when each had finished"
    assert words["runs"] == "11 have finished, and each is counted or named as left out"
    assert words["chain"] == "12 entries, each holds the hash of the one before"
    assert words["verdict on sst2, 'sst2 + mnli'"].startswith("▲ helps · +")


def test_any_edit_of_the_file_is_seen(html: str, tmp_path: Path) -> None:
    words = "file: it is not as it was written: its hash is another than its last line says"
    assert faults(html.replace("How the verdicts were made", "How verdicts were made"), tmp_path) == [words]
    cut = "file: it is cut off: its last line, which has its hash, is missing"
    assert faults(html[:-90], tmp_path) == [cut]


def test_the_page_s_words_are_checked(html: str, tmp_path: Path) -> None:
    told = faults(refitted(html.replace("▲ helps", "≈ practically equal")), tmp_path)
    assert "the page says '≈ practically equal', and the scores give '▲ helps'" in told[0]
    interval = re.search(r"interval (\[[^]]+\])", html)
    assert interval is not None
    told = faults(refitted(html.replace(interval[1], "[+1.0, +2.0]")), tmp_path)
    assert told == [f"verdict on sst2, 'sst2 + mnli': the page does not say '{interval[1]}'"]
    told = faults(refitted(html.replace("margin 0.5 → 1 on ", "margin 0.5 → 0.6 on ")), tmp_path)
    assert len(told) == 1
    assert told[0].startswith("changes: the page does not tell: margin 0.5 → 1 on ")
    told = faults(refitted(html.replace("1 of 2", "2 of 2")), tmp_path)
    assert told[0].startswith("answer: the page answers '")


def first_group(record: Record) -> Record:
    [group] = record["scores"].values()
    found: Record = group
    return found


def one_score(record: Record) -> None:
    """One answer of one run becomes a right one."""
    group = first_group(record)
    run = record["comparisons"][0]["runs"][1][0]
    scores = unpacked(group["runs"][run], group["count"])
    scores[int(np.argmin(scores))] = 1
    group["runs"][run] = packed(scores)


def a_seed_removed(record: Record) -> None:
    """One seed's scores vanish from both arms, as if they had never been."""
    one = record["comparisons"][0]
    for side in (0, 1):
        first_group(record)["runs"].pop(one["runs"][side].pop())
        one["seeds"][side].pop()
    del record["comparisons"][1:]


def a_seed_explained(record: Record) -> None:
    """And with a reason that can't be true: each is said to lack its partner."""
    a_seed_removed(record)
    record["comparisons"][0]["left_out"] = [{"4": "finished, but not in the other arm"}] * 2


def a_seed_explained_anew(record: Record) -> None:
    """The same in the words of this version."""
    a_seed_removed(record)
    one = record["comparisons"][0]
    record["comparisons"][0]["left_out"] = [{"4": unpaired(one["treatment"])}, {"4": unpaired(one["baseline"])}]


def swapped_arms(record: Record) -> None:
    """The baseline's runs are given out as the treatment's."""
    one = record["comparisons"][1]
    one["runs"].reverse()


def config(**values: Any) -> Edit:
    def edit(record: Record) -> None:
        record["config"] = canonical({**json.loads(record["config"]), **values})

    return edit


def plan(**values: Any) -> Edit:
    """The sealed plan is rewritten, its hash left as it was."""

    def edit(record: Record) -> None:
        document = json.loads(record["plan"])
        document["config"] |= values
        record["plan"] = canonical(document)

    return edit


def resealed_plan(record: Record) -> None:
    """The plan and its hash are rewritten: the first entry still holds the old hash."""
    plan(margin=1.0)(record)
    record["seal"] = sha256(record["plan"].encode()).hexdigest()


def entry(place: int, **values: Any) -> Edit:
    def edit(record: Record) -> None:
        record["entries"][place] = canonical({**json.loads(record["entries"][place]), **values})

    return edit


def entry_removed(record: Record) -> None:
    del record["entries"][3]


def last_entry_removed(record: Record) -> None:
    del record["entries"][-1]


def stated(**values: Any) -> Edit:
    def edit(record: Record) -> None:
        record["comparisons"][1]["stated"] |= values

    return edit


def clusters(record: Record) -> None:
    first_group(record)["clusters"] = [{"name": "author", "codes": packed(np.arange(300) // 30)}]


CHAIN = "chain: entry {} does not follow the one before it: one of the two was changed, added or removed"
EDITS: Mapping[str, tuple[Edit, str]] = {
    "a score": (one_score, "its scores are not those noted when it had finished"),
    "a score moves the verdict": (one_score, "effect is stated as"),
    "a seed removed": (a_seed_removed, "its comparisons are others than those of the study"),
    "a seed explained away": (a_seed_explained, "seed 4 of 'sst2 alone' has finished (run "),
    "a seed explained in new words": (a_seed_explained_anew, "seed 4 of 'sst2 alone' has finished (run "),
    "arms swapped": (swapped_arms, "with no reason that holds"),
    "margin": (config(margin=0.25), "changes: not listed: margin 1 → 0.25"),
    "alpha": (config(alpha=0.2), "changes: not listed: alpha 0.05 → 0.2"),
    "looks": (config(looks=[4]), "changes: not listed: planned looks 2, 3, 4 → 4"),
    "plan": (plan(margin=1.0), "plan: it was changed: its hash is "),
    "plan and seal": (resealed_plan, CHAIN.format(1)),
    "entry of a run": (entry(2, seed=9), CHAIN.format(4)),
    "time of an entry": (entry(0, time="2020-01-01T00:00:00Z"), CHAIN.format(2)),
    "last entry": (entry(-1, to=0.5), "changes: not listed: margin 0.5 → 1"),
    "entry removed": (entry_removed, CHAIN.format(4)),
    "change removed": (last_entry_removed, "changes: not listed: margin 0.5 → 1"),
    "decision": (stated(decision="helps"), "stated 'helps', and the scores give 'not enough evidence'"),
    "p value": (stated(p_value=0.01), "p value is stated as 0.01, and the scores give "),
    "effect": (stated(effect=None), "effect is stated as none, and the scores give "),
    "detectable": (stated(detectable=0.1), "detectable is stated as 0.1, and the scores give "),
    "clusters": (clusters, "seeds or clusters are not those of the scores"),
}


@pytest.mark.parametrize("name", EDITS)
def test_every_edit_of_the_record_is_found(name: str, html: str, tmp_path: Path) -> None:
    edit, words = EDITS[name]
    told = faults(edited(html, edit), tmp_path)
    assert any(words in one for one in told), told


@pytest.mark.parametrize(
    "edit",
    [
        lambda record: record.pop("comparisons"),
        lambda record: record.update(plan=7),
        lambda record: record.update(entries=["{}"]),
        lambda record: record["comparisons"][0].update(runs=[["x"], ["y"]]),
        lambda record: first_group(record).update(count=-1),
        lambda record: first_group(record).update(count=10**12),
        lambda record: first_group(record)["runs"].update(
            {run: {"form": "f8", "bytes": "!"} for run in first_group(record)["runs"]}
        ),
        lambda record: record["comparisons"][0].update(metric="unheard_of"),
        lambda record: record.update(config=canonical({"name": "x"})),
    ],
)
def test_a_record_that_makes_no_sense_is_a_fault_and_no_crash(edit: Edit, html: str, tmp_path: Path) -> None:
    told = faults(edited(html, edit), tmp_path)
    assert any("the record can't be read here: " in one for one in told), told


def test_a_report_of_another_version_is_said_to_be_one(html: str, tmp_path: Path) -> None:
    told = found(edited(html, lambda record: record.update(tandem="0.0.9")), tmp_path)
    assert told[1].words.startswith("made by Tandem 0.0.9, checked by ")
    assert checks.passed(told)


def test_a_plan_that_was_rewritten_altogether_has_another_hash(html: str, tmp_path: Path) -> None:
    record = json.loads(RECORD.search(html)[2])  # type: ignore[index]
    assert faults(html, tmp_path, record["seal"][:12]) == []
    told = faults(html, tmp_path, "0" * 64)
    assert told == [f"plan: it is another plan: its hash is {record['seal']}, and {'0' * 64} was expected"]


def test_what_is_no_report_is_refused(tmp_path: Path, html: str) -> None:
    path = tmp_path / "x.html"
    for content, words in (
        (b"<html></html>", "x.html is not a report of a study. `export STUDY --output report.html` makes one."),
        (b"\xff\xfe", "x.html: it is not text."),
        (b"<footer>Made by Tandem 0.1.0</footer>", "It was made by an earlier version of Tandem: export it again."),
        (html[: html.index("id=record") + 500].encode(), "is cut off or was edited: its record can't be read"),
        (edited(html, lambda record: record.update(format=99)).encode(), "in the format 99; this version reads 1."),
    ):
        path.write_bytes(content)
        with pytest.raises(InvalidConfig) as caught:
            page.read(path)
        assert words in str(caught.value)


def test_a_study_without_seal_or_runs_says_so_and_agrees(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "runs")
    told = found(report.report(workspace, building.pair(workspace, seeds=(1, 2))), tmp_path)
    assert checks.passed(told)
    words = {one.name: one.words for one in told}
    assert words["plan"] == "not sealed: the study was started by an earlier version, or has not started"
    assert words["scores"] == "of 4 runs, with no hashes to hold them against"
    empty = report.report(workspace, studies.add(workspace, building.pair_config((8, 9))))
    assert checks.passed(found(empty, tmp_path))
    assert faults(empty, tmp_path, "abc") == [f"plan: {words['plan']}"]


def test_other_metrics_and_what_an_earlier_version_has_stored_agree(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "runs")
    told = found(report.report(workspace, numbers(workspace, (1, 2, 3))), tmp_path)
    assert checks.passed(told), told
    old = version_0_1.unpack(tmp_path / "old")
    told = found(report.report(old, studies.get(old, version_0_1.FACTS["study"])), tmp_path)
    assert checks.passed(told), told
