"""What a policy file's labels, deciders and branches decide."""

from __future__ import annotations

import pytest

from bountyhub.kit.database import reading, transaction
from bountyhub.ports.forge import ForgePerson, Permission
from bountyhub.projects import policies, queries
from bountyhub.tasks.errors import PolicyRefuses
from bountyhub.tasks.operations import open_task
from bountyhub.work import operations as work
from bountyhub.work.errors import OnAuthorSide
from tests.builders.policing import put
from tests.builders.world import ANA, BO, CLEO, DARA, World, issue, merged, owed_shares, pull

# ---------------------------------------------------------------- labels


def test_only_issues_with_a_label_become_tasks(world: World) -> None:
    wanted = world.task(14, opened=False)
    put(world, "labels: [bounty]")
    with pytest.raises(PolicyRefuses, match="“bounty”"):
        world.task(15)
    with pytest.raises(PolicyRefuses), transaction() as session:
        open_task(session, world.read_task(wanted), world.actor(ANA))
    assert world.read_task().state == "open"
    assert world.task(16, of=issue(16, labels=("Bounty",)))


# ---------------------------------------------------------------- deciders and branches


def test_a_named_decider_decides_here_but_makes_no_merge_independent(world: World) -> None:
    put(world, "deciders: [dara]", DARA)
    with reading() as session:
        assert queries.permission_of(session, world.repository_id, world.persons["dara"].id) is Permission.MAINTAIN
        assert world.persons["dara"].id in queries.deciders(session, world.repository_id)
        for who, after in ((DARA, Permission.MAINTAIN), (CLEO, Permission.READ)):
            said = policies.permission_with(session, world.repository_id, who.id, Permission.READ)
            assert said is after
    world.pay()
    world.record(merged(world.linked(), by=DARA))
    assert world.claim().state == "window"


def test_a_named_decider_does_not_decide_about_their_own(world: World) -> None:
    put(world, "deciders: [bo]", BO)
    world.linked()
    with pytest.raises(OnAuthorSide), transaction() as session:
        work.unlink_claim(session, world.claim().id, world.actor(BO), _permission(world, BO))


def _permission(world: World, who: ForgePerson) -> Permission:
    with reading() as session:
        return policies.permission_with(session, world.repository_id, who.id, world.permission(who))


def test_a_merge_into_a_branch_of_the_file_pays(world: World) -> None:
    world.pay()
    put(world, "branches: [stable]")
    aimed = pull(base="stable", base_is_default=False)
    world.record(aimed)
    world.show(world.claim())
    world.record(merged(aimed))
    assert (world.claim().state, owed_shares(world)) == ("released", [(5000, "kept")])
