from __future__ import annotations

import base64
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from mtl_core import __version__
from mtl_core.config.study import Arm, Comparison, StudyConfig
from mtl_core.store import studies
from mtl_core.store.studies import Study
from mtl_core.store.workspace import Workspace
from mtl_core.studies import card, export, report
from tests.studies import building

EVIL = "</script><script>alert(1)</script><img src=http://evil/x>"
VOID = {"meta", "br", "img"}


class Read(HTMLParser):
    """A page as a browser takes it apart: tags, where they lead, texts by the element that they are in."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, list[str]] = {}
        self._open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        for tag in set(self._open[-1:]):
            self.texts.setdefault(tag, []).append(data)

    def links(self) -> list[str]:
        """Everything that the page names as an address."""
        return [value or "" for _, found in self.tags for name, value in found.items() if name in ("src", "href")]

    @property
    def words(self) -> str:
        return " ".join(text for tag, found in self.texts.items() if tag not in ("script", "style") for text in found)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, Study, str]:
    """A study named by somebody with bad intentions, some of its runs' own reports there, and its page."""
    workspace = Workspace(tmp_path_factory.mktemp("runs"))
    plain = building.pair_config()
    arms = (plain.arms[0], Arm(name=f"both {EVIL}", config=plain.arms[1].config))
    config = plain.model_copy(
        update={
            "name": f"Well? {EVIL}",
            "notes": f"first\n{EVIL}",
            "tags": (EVIL,),
            "arms": arms,
            "comparisons": (Comparison(target="sst2", baseline=arms[0].name, treatment=arms[1].name),),
        }
    )
    scores = building.drawn({arms[0].name: 0.7, arms[1].name: 0.8}, dev=400)
    study = building.study_with_runs(workspace, config, scores, {(arms[0].name, 3): "failed"})
    folder = workspace.run(study.runs[arms[0].name][1])
    facts = {"train": 4000, "selection": 500, "dev": 400, "fingerprint": "abc123", "notes": [EVIL]}
    versions = {"tandem": "0.1.0", "torch": "2.13.0"}
    told = {"git_commit": "c0ffee", "versions": versions, "facts": {"device": "cpu", "data": {"sst2": facts}}}
    folder.write_json(folder.report, told)
    return workspace, study, report.report(workspace, study, now=0)


def test_a_tuned_study_tells_budget_choice_and_cost(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    words = Read(report.report(workspace, building.tuned(workspace))).words
    assert "Tuned: sst2 alone: learning rate 1e-4, epochs 1.5, trial 2 of 3." in words
    assert "Tuned: sst2 + mnli: learning rate 2e-4, epochs 1.5, trial 2 of 3." in words
    assert "Baselines and treatments were tuned alike, with 3 trials each" in words
    assert "part of what each condition costs: sst2 alone 1 min; sst2 + mnli 1 min." in words
    assert "Settings that tuning has chosen" in words
    assert "Every trial" in words
    assert "Confounded" not in words


def test_nothing_is_fetched(made: tuple[Workspace, Study, str]) -> None:
    page = Read(made[2])
    assert page.links()
    assert all(link.startswith("data:application/json;base64,") for link in page.links())
    assert not re.search(r"url\(|@import", "".join(page.texts["style"]))
    policy = next(found["content"] or "" for tag, found in page.tags if tag == "meta" and "http-equiv" in found)
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "http" not in policy


def test_what_people_typed_stays_text(made: tuple[Workspace, Study, str]) -> None:
    page = Read(made[2])
    assert [tag for tag, _ in page.tags].count("script") == 5  # figures, record, plotly, drawing, computing
    assert "img" not in dict(page.tags)
    assert page.texts["title"] == [f"Well? {EVIL} · Tandem"]
    assert page.words.count(EVIL) >= 5
    drawn = json.loads(page.texts["script"][0])
    assert [set(figure) for figure in drawn] == [{"data", "layout", "twins", "paper", "height"}]
    assert "Plotly.react" in page.texts["script"][-2]
    assert "Recompute.verdicts" in page.texts["script"][-1]


def test_the_answer_and_what_it_rests_on(made: tuple[Workspace, Study, str]) -> None:
    _, study, text = made
    words = Read(text).words
    for said in (
        "Does sst2 get better with mnli?",
        "2 seeds per condition, 400 dev examples",
        "same number of target updates, each seed against the same seed",
        "sst2 alone: seed 3 (failed",
        "generated sample",
        "not evidence about real texts",
        "Schuirmann 1987, doi.org/10.1007/BF01068419",
        f"Study {study.id}, begun ",
        "stopped: 5 finished, 1 failed · seeds 1, 2, 3",
        f"Made by Tandem {__version__} at 1970-01-01",
    ):
        assert said in words, said
    headings = Read(text).texts["h2"]
    assert headings == [
        *("The answer", "The plan", "The evidence", "What was compared", "How the verdicts were made", "Run it again")
    ]
    assert "Plan not sealed: the study was started by an earlier version." in words


def test_what_the_runs_were_made_with(made: tuple[Workspace, Study, str]) -> None:
    cells = Read(made[2]).texts["td"]
    for said in ("c0ffee", "2.13.0", "abc123", "4,000", "MiniLM-L6 (built in)", "fp32", "hard"):
        assert said in cells, said


def test_the_page_alone_is_enough_to_run_it_again(made: tuple[Workspace, Study, str]) -> None:
    _, study, text = made
    page = Read(text)
    saved = base64.b64decode(page.links()[0].partition(",")[2]).decode()
    assert card.parse(saved) == study.config
    assert card.parse("".join(page.texts["pre"])) == study.config
    assert f"python -m mtl_core study --from tandem-{study.id}.json" in page.words


def test_a_study_without_results_says_so(workspace: Workspace) -> None:
    study = studies.add(workspace, building.pair_config())
    page = Read(report.report(workspace, study))
    assert "? not enough evidence" in page.words
    assert "The plan is sealed when the study starts." in page.words
    assert "No run of 'sst2 alone' has finished yet. Start the study, or resume what has stopped." in page.words
    alone = StudyConfig(name="Nothing", arms=study.config.arms[:1])
    page = Read(report.report(workspace, studies.add(workspace, alone)))
    assert "This study compares nothing yet." in page.words
    assert [tag for tag, _ in page.tags].count("script") == 0


def test_views_that_fit_have_their_figures_and_tables(workspace: Workspace) -> None:
    """Two targets: the transfer matrix and the trade-off's table come along, in every format."""
    config = building.pair_config()
    alone = Arm(name="mnli alone", config=config.arms[1].config.alone("mnli"), baseline=True)
    both = (*config.comparisons, Comparison(target="mnli", baseline="mnli alone", treatment="sst2 + mnli"))
    config = config.model_copy(update={"arms": (alone, *config.arms), "comparisons": both, "seeds": (1, 2)})
    scores = building.drawn({"sst2 alone": 0.7, "mnli alone": 0.7, "sst2 + mnli": 0.8})
    study = building.study_with_runs(workspace, config, scores)
    page = Read(export.FORMATS["html"](workspace, study))
    assert len(json.loads(page.texts["script"][0])) == 2
    assert "Who helps whom" in [caption.strip() for caption in page.texts["figcaption"]]
    labels = [found["aria-label"] for tag, found in page.tags if found.get("role") == "img"]
    assert all(labels)
    for kind in ("md", "latex"):
        text = export.FORMATS[kind](workspace, study)
        assert "Who helps whom" in text
        assert "Scores, seed by seed" in text
