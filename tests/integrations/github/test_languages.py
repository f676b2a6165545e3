"""What the bot says in each language: every sentence of the code has its translation, parts and sums with it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import bountyhub
from bountyhub.bot.languages import CATALOGUES, translate
from bountyhub.kit.database import transaction
from bountyhub.kit.money import Money
from bountyhub.payouts.words import why_unpaid
from bountyhub.people.operations import OPERATOR
from bountyhub.work.next_step import next_step
from bountyhub.work.operations import choose_languages
from bountyhub.work.step_facts import ClaimFacts, TaskFacts
from tests.integrations.github.hub import Hub

ROOT = Path(bountyhub.__file__).parent
#: Where commands are refused, by these words; and the refusals of `work.errors` that no command meets.
REFUSING = (
    "work/errors.py", "work/operations/landed.py", "work/operations/late.py", "work/operations/objections.py",
    "work/operations/claims.py", "work/operations/commands.py", "tasks/operations.py", "kit/money.py",
    "bot/obeying.py", "bot/landing.py", "bot/splitting.py", "bot/commands.py", "work/rules_split.py",
    "work/operations/splits.py", "work/operations/attempts.py",
)  # fmt: skip
REFUSALS = (
    "CommandRefused", "AttemptRefused", "Unreadable", "ClaimRefuses", "TaskRefuses", "DomainError", "Misused",
    "MoneyError", "__init__",
)  # fmt: skip
ELSEWHERE = (
    "Say why, without", "For example: asked for by letter.", "You have a part in", "Nobody who paid for it",
    "bo is not a currency", "An amount is a whole", "bo and bo can't be added", "This task is open already",
    "bo bo",
)  # fmt: skip
SOURCES = ("work/next_step.py", "work/paying.py", "work/step_facts.py", "work/queries.py",
           "work/operations/commands.py", "work/operations/attempt_commands.py",
           "bot/texts.py")  # fmt: skip
#: Beginnings of what never stands alone, or is said on pages only.
PIECES = (
    " ", "an objection until", "objections until", "One objection sets", "pull request #", "was won by", "was not paid",
    "is not linked", "There is no such", "<!--", "Notice of withdrawal was given: ", ". A merge", "/bo is not", "[",
    "@bo bobo", "@bo (bo %)", "1,250.50 € are kept: @bo bo", "1,250.50 € from @bo", "1,250.50 € kept for bo",
    "1,250.50 € to bo",
    "3 December 2026, bo UTC", "The change by @bo",
    "The change was [reverted]", "Pull request #12", "bo (redirected", "Merges into these branches",
    "bo objections set", "12 objections set", "1,250.50 € kept for @bo", "1,250.50 € to @bo", "1,250.50 € for 3 Dec",
)  # fmt: skip
SAMPLES = {"short": "1,250.50 €", "day": "3 December 2026", "number": "#12", "who": "@bo", "when": "", "until": "",
           "ends": "", "by": "objections until they are settled", "why": "Something is looked into.",
           "backers": "2 backers", "words[0]": "50", "len": "12", "MOST_PEOPLE": "10", "total": "90", "twice": "bo",
           "BY_PERSON": "3", "said": "12", "on_task": "5",
           "task.window_days": "14", "currency": "EUR",
           "claim.to": "@bo (70 %), @dara (20 %) and @eve (10 %)"}  # fmt: skip


def sentences() -> Iterator[str]:
    """Every text of three words or more in the sources, its parts filled in."""
    for source in SOURCES:
        tree = ast.parse((ROOT / source).read_text(encoding="utf-8"))
        docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        inner = {id(v) for n in ast.walk(tree) if isinstance(n, ast.JoinedStr) for v in ast.walk(n) if v is not n}
        for node in ast.walk(tree):
            if id(node) not in docs | inner and (text := _text(node).replace("##", "#")).count(" ") >= 2:
                yield from (line for line in text.split("\n") if not line.startswith(PIECES))


def _text(node: ast.AST) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if not isinstance(node, ast.JoinedStr):
        return ""
    return "".join(
        str(part.value) if isinstance(part, ast.Constant) else _sample(ast.unparse(part)) for part in node.values
    )


def _sample(part: str) -> str:
    name = re.sub(r"^f?['\"]?\{?", "", part).partition("(")[0].rstrip("}'\"")
    return SAMPLES.get(name, "12" if "number" in part or "issue" in part else "bo")


@pytest.mark.parametrize("language", sorted(CATALOGUES))
def test_every_sentence_has_its_translation(language: str) -> None:
    missing = [text for text in sentences() if translate(text, language) == text]
    assert missing == []


def refusals() -> Iterator[str]:
    """Every sentence with which a command is refused, and what it advises."""
    for source in REFUSING:
        for node in ast.walk(ast.parse((ROOT / source).read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in REFUSALS:
                said = [_text(one).replace("##", "#") for one in (*node.args, *(k.value for k in node.keywords))]
                yield from (text for text in said if " " in text and not text.startswith(ELSEWHERE))


@pytest.mark.parametrize("language", sorted(CATALOGUES))
def test_every_refusal_has_its_translation(language: str) -> None:
    said = list(refusals())
    assert len(said) > 40
    assert [text for text in said if translate(text, language) == text] == []


@pytest.mark.parametrize("language", sorted(CATALOGUES))
@pytest.mark.parametrize(
    ("state", "why"),
    [(None, ""), ("restricted", ""), ("restricted", "rejected.fraud"), ("gone", ""), ("unpayable", "")],
)
def test_why_somebody_is_not_paid_has_its_translation(language: str, state: str | None, why: str) -> None:
    unpaid = why_unpaid(state, why)
    assert unpaid is not None
    author = ClaimFacts(
        40, "bo", "linked", draft=False, base="main", base_counts=True, bot=False, payable=False, co_authors=0,
        until=None, objections=0, unpaid=unpaid,
    )  # fmt: skip
    task = TaskFacts(
        id=1, project="ana/inkwell", issue=12, state="open", installed=True, held=Money(5000, "EUR"),
        aside=Money(0, "EUR"), life=None, ends_at=None, ends_reason="", ends_note="", claims=[author], shares=[],
        refunds=[], promised=Money(0, "EUR"),
    )  # fmt: skip
    step = next_step(task)
    who = unpaid.why.partition(":")[0]
    title = f"Merging this keeps 50 € of #12 for @bo, who {who}" if state else ""
    for text in (step.text, step.detail, title):
        assert not text or not re.search(r"\b(the|they|is|are|who)\b", translate(text, language)), text


def test_a_refusal_in_a_project_that_speaks_german(hub: Hub) -> None:
    hub.open_task()
    choose(hub, "de")
    hub.comment(1, "/landed @bo", "dara")
    hub.comment(1, "/landed", "ana")
    told, how = hub.said(1)[2], hub.said(1)[4]
    assert "Das dürfen nur Leute mit Maintain- oder Admin-Rechten im Repository. Bitte jemanden" in told
    assert "Schreibe `/landed @name 1234abc`: wer die Änderung schrieb" in how
    assert translate("This task is merged. Only an open task can be paid for.", "de").startswith(
        "Diese Aufgabe ist gem"
    )


@pytest.mark.parametrize("language", sorted(CATALOGUES))
def test_a_translation_has_the_parts_of_its_sentence(language: str) -> None:
    for source, target in CATALOGUES[language].items():
        assert sorted(re.findall(r"\{\w+\}", source)) == sorted(re.findall(r"\{\w+\}", target)), source


def test_sums_days_and_missing_parts() -> None:
    said = translate("1,250.50 € go to @bo on 3 December 2026 unless somebody entitled objects.", "de")
    assert said == "1.250,50 € gehen am 3. Dezember 2026 an @bo, wenn niemand Berechtigtes widerspricht."
    assert translate("**Cancelled; no money was held.**", "de") == "**Abgesagt; es lag kein Geld bereit.**"
    assert translate("Whatever somebody wrote.", "de") == "Whatever somebody wrote."
    assert translate("Released at the merge. “So be it.”", "de") == "Beim Merge freigegeben. “So be it.”"


def choose(hub: Hub, languages: str) -> None:
    with transaction() as session:
        choose_languages(session, hub.repository().project_id, OPERATOR, languages)
    hub.work()


@pytest.mark.parametrize(("languages", "wanted"), [("en", [0]), ("de", [1]), ("en,de", [0, 1]), ("de,en", [1, 0])])
def test_comment_check_run_and_reply_speak_the_project_s_languages(hub: Hub, languages: str, wanted: list[int]) -> None:
    task = hub.open_task()
    hub.fund(task)
    choose(hub, languages)
    number = hub.pull()
    hub.deliver()
    hub.comment(1, "/bountyhub help", "dara")
    (check,) = hub.checks(hub.claims(task)[0].head_sha)
    comment, _, answer = hub.said(1)
    spoken = {
        comment: ("50 € held for this issue by 1 backer", "50 € liegen für dieses Issue bereit, von 1 Person"),
        check["output"]["summary"]: (f"When a maintainer merges #{number}", f"Wird #{number} gemergt"),
        answer: ("a link to fund this issue", "ein Link, um Geld für dieses Issue zu geben"),
    }
    for text, words in spoken.items():
        places = [text.find(words[index]) for index in wanted]
        assert -1 not in places and places == sorted(places), text
        assert [word for index, word in enumerate(words) if index not in wanted and word in text] == []
    assert check["output"]["title"].startswith(("Merging this", "Nach dem Merge")[wanted[0]])
