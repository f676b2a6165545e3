"""The policy file's text: what each key may be, and what is said of one that may not."""

from __future__ import annotations

import json

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from bountyhub.kit.paths import asset
from bountyhub.projects.policy_file import LONGEST, MOST_REMARKS, READERS, parse
from bountyhub.projects.rules_policy import (
    DEFAULTS,
    Policy,
    as_json,
    changes,
    deciding,
    from_json,
    may_become_task,
    needs_attempt,
    opens_itself,
    window_days,
)

WORDS = json.loads((asset("static") / "policy-file.schema.json").read_text())
SCHEMA = Draft202012Validator(WORDS)
GOOD = {
    "": Policy(),
    "# only a word to the reader\n": Policy(),
    "bounties: no": Policy(bounties=False),
    "bounties: 'Yes'": Policy(),
    "labels: bounty": Policy(labels=("bounty",)),
    "labels: [bounty, 1.10, bounty]": Policy(labels=("bounty", "1.10")),
    "maintainers_cut: 20": Policy(maintainers_cut=2_000),
    "maintainers_cut: 7.5 %": Policy(maintainers_cut=750),
    "maintainers_cut: 0.05": Policy(maintainers_cut=5),
    "branches: [next, release/1.10]": Policy(branches=("next", "release/1.10")),
    "windows: 30": Policy(windows=30),
    "deciders: [ana, '@bo-b']": Policy(deciders=("ana", "bo-b")),
    "claims: attempt_required\nattempts: 3": Policy(claims="attempt_required", attempts=3),
    "languages: [de, en]": Policy(languages=("de", "en")),
    "languages: en": Policy(languages=("en",)),
}
#: text → (line, key, a piece of what is said)
BAD = {
    "bounties: maybe": (1, "bounties", "Write “yes” or “no”"),
    "\nbounties:": (2, "bounties", "Write “yes” or “no”"),
    "bounties: [no]": (1, "bounties", "Write “yes” or “no”"),
    "maintainers_cut: 20.01": (1, "maintainers_cut", "from 0 to 20"),
    "maintainers_cut: -1": (1, "maintainers_cut", "from 0 to 20"),
    "maintainers_cut: 1e1": (1, "maintainers_cut", "from 0 to 20"),
    "windows: 6": (1, "windows", "never shortened"),
    "windows: 31": (1, "windows", "from 7 to 30"),
    "windows: 7.5": (1, "windows", "whole number of days"),
    "attempts: 0": (1, "attempts", "from 1 to 20"),
    "claims: closed": (1, "claims", "attempt_required"),
    "languages: [en, tlh]": (1, "languages", "[en, de]"),
    "languages: []": (1, "languages", "[en, de]"),
    "languages: [en, en]": (1, "languages", "[en, de]"),
    "branches:\n - main\n - release/*": (3, "branches", "release/*"),
    "branches: ['a,b']": (1, "branches", "one name for each"),
    "deciders: [ana, not a login]": (1, "deciders", "not a login"),
    "deciders: {ana: yes}": (1, "deciders", "names of accounts"),
    f"labels: [{'x' * 51}]": (1, "labels", "50 characters"),
    "labels: ['']": (1, "labels", "50 characters"),
    f"labels: [{', '.join(map(str, range(21)))}]": (1, "labels", "At most 20"),
    "bounties: yes\n\nbounties: no": (3, "bounties", "on line 1 already"),
    "- bounties": (1, "", "list of keys"),
    "bounties": (1, "", "list of keys"),
    "bounties: yes\nlabels: [a": (2, "", "no YAML"),
    "bounties: yes\n---\nbounties: no": (2, "", "no YAML"),
    "a: &a [x]\nb: *a": (1, "", "Anchors"),
    "labels: !!python/object/apply:os.system [ls]": (1, "", "Tags"),
    "labels: [[[[[x]]]]]": (1, "", "nested"),
    "a\x07b: 1": (1, "", "character"),
    "#" * (LONGEST + 1): (1, "", "16 KiB"),
    "ä" * LONGEST: (1, "", "16 KiB"),
}


@pytest.mark.parametrize("text", GOOD)
def test_a_good_file_is_understood(text: str) -> None:
    reading = parse(text)
    assert (reading.policy, reading.errors, reading.warnings) == (GOOD[text], (), ())


@pytest.mark.parametrize("text", BAD)
def test_a_bad_file_says_where_and_what_to_write(text: str) -> None:
    line, key, said = BAD[text]
    reading = parse(text)
    assert reading.policy is None
    found = [error for error in reading.errors if (error.line, error.key) == (line, key)]
    assert found and said in found[0].text, reading.errors


def test_all_errors_are_told_at_once() -> None:
    assert [error.line for error in parse("windows: 1\nclaims: x\nbounties: 2\nattempts: 99").errors] == [1, 2, 3, 4]


def test_an_unknown_key_is_a_warning_that_names_the_nearest() -> None:
    reading = parse("windows: 14\nmaintainer-cut: 5\nzzz: 1\n1: 2\n? [a]\n: b")
    assert reading.policy == Policy(windows=14)
    assert [(warning.line, warning.key) for warning in reading.warnings] == [
        (2, "maintainer-cut"), (3, "zzz"), (4, "1"), (5, "?"),
    ]  # fmt: skip
    assert "did you mean “maintainers_cut”" in reading.warnings[0].text
    assert "The keys are: bounties, labels" in reading.warnings[1].text


def test_a_decider_s_line_is_known() -> None:
    assert parse("bounties: yes\ndeciders:\n  - ana\n  - '@bo'\n").lines == {"ana": 3, "bo": 4}


@given(st.text(alphabet=st.sampled_from("bountieslabelswindows: \n-[]{}&*!?|>'\"#,07%\t\x00ä"), max_size=60))
def test_no_text_is_too_odd_to_be_answered(text: str) -> None:
    reading = parse(text)
    assert (reading.policy is None) == bool(reading.errors)
    assert all(error.line >= 1 and error.text.endswith((".", "”.")) for error in reading.errors)


@pytest.mark.parametrize(
    "text", [r'"\UFFFFFFFF": 1', r'labels: ["\U00110000"]', r'labels: ["\ud800"]', r'labels: ["a\0b"]', r'"\x1b": 1']
)
def test_characters_that_no_text_has_are_refused_also_where_they_are_spelled(text: str) -> None:
    found = parse(text)
    assert found.policy is None
    assert [remark.line for remark in found.errors] == [1]


def test_a_version_of_five_thousand_digits_is_refused() -> None:
    assert parse(f"%YAML {'9' * 5000}.1\n---\na: b").policy is None


@pytest.mark.parametrize("lines", [[f"k{n}: 1" for n in range(1500)], ["bounties: yes"] * 1000])
def test_only_the_first_remarks_are_told(lines: list[str]) -> None:
    found = parse("\n".join(lines))
    assert len(found.errors) + len(found.warnings) == MOST_REMARKS


def test_a_million_brackets_are_refused_at_once() -> None:
    assert parse("[" * 10_000).errors[0].text.startswith("This is nested too deeply")


@pytest.mark.parametrize("text", [text for text in GOOD if "'Yes'" not in text])
def test_the_schema_agrees_with_what_is_good(text: str) -> None:
    SCHEMA.validate(yaml.safe_load(text))


@pytest.mark.parametrize("text", [text for text, (_, key, _) in BAD.items() if key and "already" not in BAD[text][2]])
def test_the_schema_agrees_with_what_is_bad(text: str) -> None:
    known_by_the_reader_only = ("names of branches", "release", "one name", "a login", "50 characters")
    if not any(word in BAD[text][2] or word in text for word in known_by_the_reader_only):
        assert not SCHEMA.is_valid(yaml.safe_load(text))


def test_the_schema_and_the_page_name_every_key() -> None:
    page = (asset("templates") / "projects" / "policy-file.md").read_text()
    assert list(WORDS["properties"]) == list(READERS)
    assert [line.split("`")[1] for line in page.splitlines() if line.startswith("| `")] == list(READERS)
    docs = (asset("templates").parent / "docs" / "policy-file.md").read_text()
    assert docs == "# The policy file\n\n" + page


def test_the_page_s_examples_are_good() -> None:
    page = (asset("templates") / "projects" / "policy-file.md").read_text()
    examples = [line.rsplit("`", 2)[1] for line in page.splitlines() if line.startswith("| `")]
    for text in [*examples, page.split("```yaml\n")[1].split("```")[0]]:
        assert parse(text).policy not in (None, DEFAULTS)


@pytest.mark.parametrize("policy", GOOD.values())
def test_a_policy_is_kept_as_it_was(policy: Policy) -> None:
    assert from_json(json.loads(json.dumps(as_json(policy)))) == policy


def test_what_a_former_version_kept_is_still_read() -> None:
    assert from_json({"bounties": False, "gone": 1}) == Policy(bounties=False)


def test_labels_decide_what_becomes_a_task() -> None:
    policy = Policy(labels=("Bounty",))
    assert opens_itself(policy, ["bug", "bounty"]) and not opens_itself(policy, ["bug"])
    assert may_become_task(policy, ["BOUNTY"]) and not may_become_task(policy, ())
    assert may_become_task(DEFAULTS, ()) and not opens_itself(DEFAULTS, ["bounty"])
    assert not opens_itself(Policy(bounties=False, labels=("bounty",)), ["bounty"])


@pytest.mark.parametrize(("permission", "named", "after"), [(0, True, 4), (3, True, 4), (5, True, 5), (3, False, 3)])
def test_a_named_decider_decides(permission: int, named: bool, after: int) -> None:
    assert deciding(permission, named=named) == after


@given(st.lists(st.integers(0, 30)))
def test_a_window_is_never_shorter_than_any_money_was_promised(kept: list[int]) -> None:
    assert window_days(kept) >= 7 and all(window_days(kept) >= days for days in kept)


def test_what_changes_is_said_in_words() -> None:
    old, new = Policy(labels=("a",)), Policy(bounties=False, maintainers_cut=750, windows=14, languages=("de",))
    assert changes(old, new) == [
        ("bounties", "yes", "no"),
        ("labels", "a", "any issue"),
        ("maintainers_cut", "0 %", "7.5 %"),
        ("windows", "7 days", "14 days"),
        ("languages", "as set on the bot's page", "de"),
    ]
    assert changes(old, old) == []


def test_attempts_are_needed_where_the_policy_says_so() -> None:
    assert needs_attempt(Policy(claims="attempt_required")) and not needs_attempt(DEFAULTS)
