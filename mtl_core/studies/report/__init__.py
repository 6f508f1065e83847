"""A study as one self-contained HTML page: the question, its answer, the evidence, and the card to run it again."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Sequence
from datetime import datetime
from html import escape

from mtl_core import __version__
from mtl_core.display.tables import Table
from mtl_core.display.words import capital
from mtl_core.store.studies import Study
from mtl_core.store.workspace import Workspace
from mtl_core.studies import context as contexts
from mtl_core.studies import describe, seal_words, sentences
from mtl_core.studies.card import card
from mtl_core.studies.context import StudyContext
from mtl_core.studies.judge import Judged
from mtl_core.studies.members import Member, counts
from mtl_core.studies.proof.record import record
from mtl_core.studies.report import facts
from mtl_core.studies.report.html_page import Page, text_html
from mtl_core.studies.report.methods import SOURCES, by_itself, methods
from mtl_core.studies.tuning import tuned_words
from mtl_core.studies.views import exported, scored

BADGE = "<span class=badge>generated sample</span>"
SAMPLE = (
    "Numbers marked so come from texts that Tandem has made itself from a small invented world. They show that "
    "everything works, and are not evidence about real texts."
)


def report(workspace: Workspace, study: Study, *, now: float | None = None) -> str:
    """The page. `now` is in seconds since 1970."""
    context = contexts.read(workspace, study)
    page = Page(f"{study.config.name} · Tandem")
    _head(page, study, context.members)
    _answer(page, study, context.judged)
    _plan(page, study)
    _evidence(page, context)
    _facts(page, context)
    _methods(page, study)
    _card(page, study)
    if context.judged:
        page.carry(record(context))
    moment = _moment(time.time() if now is None else now)
    page.add(f"<footer>Made by Tandem {__version__} at {moment} from study {escape(study.id)}.</footer>")
    return page.html()


def _head(page: Page, study: Study, listed: Sequence[Member]) -> None:
    page.say("Tandem · does training together help?", "quiet")
    page.add(f"<h1>{escape(study.config.name)}</h1>")
    states = ", ".join(f"{count} {state}" for state, count in counts(listed).items())
    seeds = ", ".join(map(str, study.config.seeds))
    line = [
        f"Study {study.id}, begun {_moment(study.created)}",
        f"{describe.state(listed)}: {states}",
        f"seeds {seeds}",
    ]
    page.say(" · ".join([*line, *study.config.tags]), "quiet")
    if study.config.notes:
        page.say(study.config.notes)


def _answer(page: Page, study: Study, judged: Sequence[Judged]) -> None:
    page.add("<h2>The answer</h2>")
    generated = any(one.generated for one in judged)
    if not judged:
        page.say("This study compares nothing yet.", "answer")
    else:
        page.add(f"<p class=answer data-says=answer>{escape(sentences.answer(judged))} {BADGE * generated}</p>")
    page.add(f"<ul class=verdicts>{''.join(_item(study, *one) for one in enumerate(judged))}</ul>")
    if generated:
        page.say(SAMPLE, "quiet")


def _item(study: Study, number: int, one: Judged) -> str:
    tone = one.decision if one.decision in ("helps", "hurts") else "word"
    rests = [f"Against {sentences.compared_with(one)}", sentences.seeds_text(one)]
    if one.verdict:
        among = len(study.config.comparisons)
        known = (sentences.found_with(one.verdict, among), sentences.seeds_needed(one.verdict, among))
        rests += [words for words in known if words]
    quiet = [". ".join(capital(words) for words in rests) + "."]
    quiet += [f"Tuned: {words}." for words in tuned_words(study.config, one.comparison)]
    quiet += [f"Left out: {words}." for words in sentences.left_out(one)]
    quiet += [f"Note: {words}." for words in one.cautions]
    if one.confounds:
        quiet.append(f"Confounded, not the method alone: {'; '.join(one.confounds)}.")
    return (
        f"<li data-says='item {number}'>{escape(sentences.question(study.config, one.comparison))} "
        f"<span class='word {tone}' data-says='verdict {number}'>{escape(sentences.decision_text(one))}</span> "
        f"{BADGE * one.generated}<span class=recomputed data-recomputed={number}></span><br>"
        f"{text_html(sentences.sentence(one))}<br><span class=quiet>{'<br>'.join(map(text_html, quiet))}</span></li>"
    )


def _plan(page: Page, study: Study) -> None:
    """The plan as it was before the first run, and what was changed since."""
    page.add("<h2>The plan</h2>")
    page.say(f"{seal_words.sealed_text(study)}.".replace("..", "."))
    seal = study.seal
    if seal is None:
        return
    changed = seal_words.changed(study)
    if changed:
        items = "".join(f"<li>{escape(words)}</li>" for words in changed)
        head = "<strong>Changed after the start:</strong>"
        page.add(f"<div class=changed data-says=changes>{head}<ul>{items}</ul></div>")
    else:
        page.say("Nothing was changed after the start.")
    if earlier := seal_words.earlier_runs(seal.entries):
        page.say(earlier)
    page.add(f"<p>Its SHA-256: <code>{seal.hash}</code> <span class=recomputed data-recomputed=plan></span></p>")
    page.say(
        "Question, conditions, seeds, margin, looks and the hashes of the data were fixed before the first run; every "
        "later change and every finished run's scores are noted in a chain of hashes. This page carries all of it, and "
        "computes its verdicts again from the scores whenever it is opened. `python -m mtl_core verify` checks the "
        "file. Who rewrites all of it is found out only by the hash, where that was told to others at the start."
    )
    text = json.dumps(seal.plan, indent=2, ensure_ascii=False, sort_keys=True)
    page.add(f"<details><summary>The sealed plan</summary><pre class=plan>{escape(text)}</pre></details>")


def _evidence(page: Page, context: StudyContext) -> None:
    page.add("<h2>The evidence</h2>")
    for view, part in exported(context):
        judged = view.judged(context, part)
        if scored(judged):
            badge = f" {BADGE}" * any(one.generated for one in judged)
            for picture in view.figures(context, part):
                page.draw(picture, badge)
        for table in view.tables(context, part):
            _table(page, table)


def _facts(page: Page, context: StudyContext) -> None:
    reports = facts.reports(context.workspace, context.members)
    page.add("<h2>What was compared</h2>")
    _table(page, facts.arms(context.config))
    _table(page, facts.data(context.config, reports))
    _table(page, facts.made_with(context.members, reports))
    _table(page, facts.settings(context.config), folded=True)
    _table(page, facts.runs(context.members), folded=True)


def _methods(page: Page, study: Study) -> None:
    page.add("<h2>How the verdicts were made</h2>")
    for paragraph in [*methods(study.config), *by_itself(study)]:
        page.say(paragraph)
    page.add(f"<ul class=notes>{''.join(f'<li>{escape(source)}</li>' for source in SOURCES)}</ul>")


def _card(page: Page, study: Study) -> None:
    """The card, to be read and to be saved, without which the page could not be run again."""
    text = card(study)
    address = f"data:application/json;base64,{base64.b64encode(text.encode()).decode()}"
    page.add("<h2>Run it again</h2>")
    page.add(
        f"<p><a download='tandem-{escape(study.id)}.json' href='{address}'>Save the run card</a>, and give it to "
        f"<code>python -m mtl_core study --from tandem-{escape(study.id)}.json</code>.</p>"
    )
    page.add(f"<details><summary>The run card</summary><pre>{escape(text)}</pre></details>")


def _table(page: Page, table: Table, *, folded: bool = False) -> None:
    if not table.rows:
        return
    html = f"<div class=scroll>{table.to_html()}</div>"
    page.add(f"<details><summary>{escape(table.title)}</summary>{html}</details>" if folded else html)


def _moment(timestamp: float) -> str:
    return f"{datetime.fromtimestamp(timestamp).astimezone():%Y-%m-%d %H:%M %Z}"
