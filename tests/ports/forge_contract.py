"""What every forge has to do, whichever it is: inherit from `ForgeContract` and give it a place to be tried at.

Fixtures to give: `place`, shared by all tests of the class (each opens what it looks at, in a home of its own), and
`fresh_place`, which one test may spoil.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from bountyhub.kit import clock
from bountyhub.ports.errors import OutsideError, OutsideGone, OutsideRefused
from bountyhub.ports.forge import Forge, ForgePerson, Permission
from tests.ports.forge_contract_pulls import Branches, Pulls
from tests.ports.forge_place import BACKER, MAINTAINER, OWNER, STRANGER, TRIAGER, ForgePlace, Home

MARKER = "<!-- bountyhub:contract -->"
GONE = 999_999_999


class Repositories:
    def test_it_is_a_forge_and_says_which(self, place: ForgePlace) -> None:
        assert isinstance(place.forge, Forge)
        site = place.forge.site
        assert site.key and site.name and site.web_url.startswith("http") and not site.web_url.endswith("/")

    def test_a_repository_is_known_by_its_number_whatever_it_is_called(self, place: ForgePlace, home: Home) -> None:
        before = place.forge.read_repository(home.id)
        assert (before.id, before.owner, before.name) == (home.id, home.owner, home.name)
        place.rename(home, "renamed")
        after = place.forge.read_repository(home.id)
        assert (after.id, after.name) == (home.id, "renamed")

    def test_a_repository_is_found_by_its_names(self, place: ForgePlace, home: Home) -> None:
        assert place.forge.find_repository(home.owner, home.name).id == home.id
        with pytest.raises(OutsideGone):
            place.forge.find_repository(home.owner, "nothing-of-that-name")

    def test_archived_and_private_are_told(self, place: ForgePlace, home: Home) -> None:
        assert not place.forge.read_repository(home.id).archived
        place.archive(home)
        assert place.forge.read_repository(home.id).archived

    def test_what_a_private_repository_says_is_gone(self, place: ForgePlace, home: Home) -> None:
        issue, pull = place.open_issue(home, "Secret"), place.open_pull(home)
        place.hide(home)
        asks: list[Callable[[int, int], object]] = [place.forge.read_issue, place.forge.read_pull_request]
        for ask, number in zip(asks, (issue, pull), strict=True):
            with pytest.raises(OutsideGone):
                ask(home.id, number)
        covered = place.forge.installed_repositories(place.installation())
        assert home.id not in [one.id for one in covered]

    def test_what_is_not_there_is_gone(self, place: ForgePlace, home: Home) -> None:
        for ask in (place.forge.read_repository, place.forge.read_installation, place.forge.read_person):
            with pytest.raises(OutsideGone):
                ask(GONE)
        with pytest.raises(OutsideGone):
            place.forge.read_comment(home.id, GONE)


class Issues:
    def test_an_issue_as_it_stands(self, place: ForgePlace, home: Home) -> None:
        number = place.open_issue(home, "Typo", "**See** there")
        seen = place.forge.read_issue(home.id, number)
        assert (seen.repository, seen.number, seen.title, seen.body) == (home.id, number, "Typo", "**See** there")
        assert seen.is_open and not seen.locked and not seen.is_pull_request
        assert seen.author == ForgePerson(place.person(STRANGER), STRANGER, avatar_url=seen.author.avatar_url)
        assert seen.url.startswith(place.forge.site.web_url)
        place.close(home, number)
        place.lock(home, number)
        after = place.forge.read_issue(home.id, number)
        assert (after.id, after.is_open, after.locked) == (seen.id, False, True)

    def test_open_issues_come_newest_first_without_pull_requests(self, place: ForgePlace, home: Home) -> None:
        first, second, third = (place.open_issue(home, title) for title in ("One", "Two", "Three"))
        place.open_pull(home)
        place.close(home, second)
        assert [one.number for one in place.forge.open_issues(home.id)] == [third, first]
        assert place.forge.open_issues(home.id, 2) == []

    def test_what_was_touched_is_listed(self, place: ForgePlace, home: Home) -> None:
        before = clock.now() - timedelta(minutes=5)
        issue, pull = place.open_issue(home, "One"), place.open_pull(home)
        found = place.forge.changed_issues(home.id, before).items
        assert {(one.number, one.is_pull_request) for one in found} == {(issue, False), (pull, True)}
        assert place.forge.changed_issues(home.id, clock.now() + timedelta(hours=1)).items == ()

    def test_a_label_is_put_on_once_and_taken_off_once(self, place: ForgePlace, home: Home) -> None:
        number = place.open_issue(home, "One")
        for _ in range(2):
            place.forge.add_label(home.id, number, "funded")
        assert place.forge.read_issue(home.id, number).labels == ("funded",)
        for _ in range(2):
            place.forge.remove_label(home.id, number, "funded")
        assert place.forge.read_issue(home.id, number).labels == ()


class People:
    @pytest.mark.parametrize(
        ("login", "expected"),
        [
            (OWNER, Permission.ADMIN),
            (MAINTAINER, Permission.MAINTAIN),
            (TRIAGER, Permission.TRIAGE),
            (STRANGER, Permission.READ),
        ],
    )
    def test_what_somebody_may_do(self, place: ForgePlace, home: Home, login: str, expected: Permission) -> None:
        person = place.forge.find_person(home.id, login)
        assert person.id == place.person(login)
        assert place.forge.permission(home.id, person) == expected

    def test_a_login_that_passed_on_is_not_the_person(self, place: ForgePlace, home: Home) -> None:
        asked = ForgePerson(place.person(STRANGER), OWNER)
        assert place.forge.permission(home.id, asked) < Permission.WRITE

    def test_people_are_read_by_number_and_found_by_login(self, place: ForgePlace, home: Home) -> None:
        assert place.forge.read_person(place.person(BACKER)).login == BACKER
        with pytest.raises(OutsideGone):
            place.forge.find_person(home.id, "nobody-of-that-name")


class Comments:
    def test_our_comment_is_made_found_edited_and_missed(self, place: ForgePlace, home: Home) -> None:
        number = place.open_issue(home, "One")
        place.comment(home, number, MARKER)
        assert place.forge.find_own_comment(home.id, number, MARKER) is None
        made = place.forge.create_comment(home.id, number, f"{MARKER}\n5 €")
        assert place.forge.find_own_comment(home.id, number, MARKER) == made
        assert place.forge.edit_comment(home.id, made, f"{MARKER}\n6 €") is True
        assert place.forge.read_comment(home.id, made).body == f"{MARKER}\n6 €"
        place.delete_comment(home, made)
        assert place.forge.edit_comment(home.id, made, "7 €") is False

    def test_a_comment_is_read_with_its_author_and_whether_it_was_edited(self, place: ForgePlace, home: Home) -> None:
        number = place.open_pull(home)
        id = place.comment(home, number, "/claim", by=TRIAGER)
        seen = place.forge.read_comment(home.id, id)
        assert (seen.id, seen.number, seen.body, seen.on_pull_request) == (id, number, "/claim", True)
        assert (seen.author.id, seen.author.is_bot, seen.edited) == (place.person(TRIAGER), False, False)
        assert [one.id for one in place.forge.comments_since(home.id, number, clock.now() - timedelta(hours=1))] == [id]

    def test_a_hidden_comment_is_told(self, place: ForgePlace, home: Home) -> None:
        number = place.open_issue(home, "One")
        made = place.forge.create_comment(home.id, number, MARKER)
        assert not place.forge.is_hidden(home.id, number, made)
        place.minimise(home, made)
        assert place.forge.is_hidden(home.id, number, made)

    def test_a_locked_issue_refuses_for_good(self, place: ForgePlace, home: Home) -> None:
        number = place.open_issue(home, "One")
        place.lock(home, number)
        with pytest.raises(OutsideRefused):
            place.forge.create_comment(home.id, number, MARKER)

    def test_an_archived_repository_refuses_for_good(self, place: ForgePlace, home: Home) -> None:
        number = place.open_issue(home, "One")
        place.archive(home)
        with pytest.raises(OutsideRefused):
            place.forge.create_comment(home.id, number, MARKER)

    def test_a_reaction_twice_is_one(self, place: ForgePlace, home: Home) -> None:
        id = place.comment(home, place.open_issue(home, "One"), "/claim")
        for _ in range(2):
            place.forge.react(home.id, id, "+1")
        assert len(place.reactions(home, id)) == 1


class Webhooks:
    def test_the_right_signature_alone_is_taken(self, place: ForgePlace) -> None:
        body = b'{"action": "opened"}'
        right = place.signature(body)
        place.forge.verify_webhook(body, right)
        for wrong in ("", right[:-1], right + "0", right.swapcase(), place.signature(body + b" "), "\udcff"):
            with pytest.raises(OutsideRefused):
                place.forge.verify_webhook(body, wrong)


class Installations:
    def test_the_installation_covers_its_public_repositories(self, place: ForgePlace, home: Home) -> None:
        number = place.installation()
        assert number in place.forge.installations()
        seen = place.forge.read_installation(number)
        assert (seen.id, seen.account_id, seen.suspended) == (number, place.person(OWNER), False)
        assert place.forge.read_repository(home.id).installation == number
        assert home.id in [one.id for one in place.forge.installed_repositories(number)]

    def test_a_suspended_one_says_so_and_writes_nothing(self, place: ForgePlace, home: Home) -> None:
        number = place.open_issue(home, "One")
        place.suspend()
        assert place.forge.read_installation(place.installation()).suspended
        with pytest.raises(OutsideError):
            place.forge.create_comment(home.id, number, MARKER)
        place.unsuspend()
        assert place.forge.create_comment(home.id, number, MARKER)

    def test_a_removed_one_is_gone(self, fresh_place: ForgePlace) -> None:
        number = fresh_place.installation()
        fresh_place.uninstall()
        with pytest.raises(OutsideGone):
            fresh_place.forge.read_installation(number)
        assert number not in fresh_place.forge.installations()


class ForgeContract(Repositories, Issues, Pulls, Branches, People, Comments, Webhooks, Installations):
    """Everything."""

    @pytest.fixture
    def home(self, place: ForgePlace) -> Home:
        return place.new_home()
