"""A release of one task with 500 backers to 5 payees: time, requests, peak memory; and killed in the middle.

Everything goes through the stand-in for Stripe over HTTP, the database is SQLite as in the embedded default. The jobs
run in a process of their own (`work`), so that it can be killed with SIGKILL half way; a second one goes on. At the
end nothing is lost, nothing was sent twice, and both books agree to the cent.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from sqlalchemy import func, select

from bountyhub import ports, settings
from bountyhub.events import outbox
from bountyhub.funding import operations as funding
from bountyhub.funding.models import Payment
from bountyhub.integrations.stripe.gateway import StripeGateway
from bountyhub.integrations.stripe.reconciliation import compare, differences
from bountyhub.integrations.stripe.top_ups import read_top_ups, record_top_ups
from bountyhub.kit import database, migrate
from bountyhub.kit.database import reading, transaction
from bountyhub.ledger.verify import verify
from bountyhub.payouts import operations as payouts
from bountyhub.payouts.models import Transfer, TransferState
from bountyhub.people.models import Person
from bountyhub.people.queries import identity_ids
from tests.bench.filling import count
from tests.builders.outside import Outside
from tests.builders.releasing import release_to
from tests.builders.settings import play_settings
from tests.builders.world import ANA, BO, CLEO, DARA, EVE, World
from tests.sandbox.stripe.world import KEY, SECRET, running
from tests.sandbox.stripe.world import World as Stripe

BACKERS, PAYEES = 500, (ANA, BO, CLEO, DARA, EVE)
MOST_PIECES = BACKERS + len(PAYEES) - 1
THREADS = 4
DONE = select(func.count()).select_from(Transfer).where(Transfer.state == TransferState.CONFIRMED)


def main() -> int:
    """Fill, release and send; once undisturbed and once killed. 1 when a cent or a piece is wrong."""
    problems = [problem for killed in (False, True) for problem in _measure(killed=killed)]
    for problem in problems:
        print(f"WRONG  {problem}")
    return 1 if problems else 0


def _measure(*, killed: bool) -> list[str]:
    with tempfile.TemporaryDirectory(prefix="bountyhub-bench-") as name:
        folder = Path(name)
        with running(folder, folder / "exchanges") as stripe:
            url = f"sqlite:///{folder / 'bountyhub.db'}"
            migrate.upgrade(url)
            _use(url, stripe.url)
            world, claim = _fill(stripe, url)
            payees = _identities(world)
            begun = time.monotonic()
            release_to(claim, dict.fromkeys(payees, 1))
            booked = time.monotonic() - begun
            first = _exchanges(folder)
            workers = _work_until_done(url, stripe.url, killed=killed)
            return _report(stripe, folder, first, booked, workers, killed=killed)


def _use(url: str, api: str) -> None:
    settings.use(
        play_settings(
            DATABASE_URL=url, STRIPE_API_BASE=api, STRIPE_SECRET_KEY=SecretStr(KEY),
            STRIPE_WEBHOOK_SECRET=SecretStr(SECRET),
        )
    )  # fmt: skip
    database.configure(url)
    outside = Outside()
    gateway = StripeGateway(key=KEY, api_base=api, webhook_secret=SECRET)
    ports.use(gateway=gateway, forge=outside.forge, mailer=outside.mailer)


def _fill(stripe: Stripe, url: str) -> tuple[World, int]:
    """The task with its backers' money, five payees who can be paid, and a claim that may be merged."""
    stripe.control("options", refund_seconds=0, async_seconds=0)
    world = World.begin(
        own_funds=0, DATABASE_URL=url, STRIPE_API_BASE=stripe.url, STRIPE_SECRET_KEY=SecretStr(KEY),
        STRIPE_WEBHOOK_SECRET=SecretStr(SECRET),
    )  # fmt: skip
    _top_up()
    for who in PAYEES:
        _connect(stripe, world, who.login)
    for number in range(BACKERS):
        if number % 50 == 0:  # the processor's cost of each payment comes out of own funds
            stripe.client.v1.topups.create({"amount": 20_000, "currency": "eur", "description": "float"})
            _top_up()
        _pay(stripe, world, number)
    world.linked()
    return world, world.claim().id


def _top_up() -> None:
    movements = read_top_ups()
    with transaction() as session:
        record_top_ups(session, movements)


def _connect(stripe: Stripe, world: World, login: str) -> None:
    with transaction() as session:
        ref = payouts.ask_account(session, session.get_one(Person, world.persons[login].id)).ref
    account = ports.gateway().create_account(ref, f"{login}@example.org", key=ref)
    stripe.control("complete_onboarding", account=account.id)
    account = ports.gateway().read_account(account.id)
    with transaction() as session:
        payouts.record_account(session, account, reference=ref)


def _pay(stripe: Stripe, world: World, number: int) -> None:
    ref = world.order(1000 + number, None, f"backer{number}@example.org")
    with reading() as session:
        payment = session.scalars(select(Payment).where(Payment.ref == ref)).one()
        asked = funding.order_of(session, payment)
    checkout = ports.gateway().create_checkout(asked, key=ref)
    with transaction() as session:
        funding.record_checkout(session, ref, checkout)
    stripe.control("pay", session=checkout.id)
    paid = ports.gateway().read_checkout(checkout.id)
    with transaction() as session:
        funding.record_checkout(session, ref, paid)


def _identities(world: World) -> list[int]:
    with reading() as session:
        return [identity_ids(session, world.persons[who.login].id)[0] for who in PAYEES]


def _exchanges(folder: Path) -> list[dict[str, Any]]:
    """Every request so far, as the stand-in wrote it down."""
    lines = (folder / "exchanges" / "stripe.jsonl").read_text().splitlines()
    return [line for line in map(json.loads, lines) if line["kind"] == "exchange"]


def _work_until_done(url: str, api: str, *, killed: bool) -> list[dict[str, int]]:
    """What each process that did the work says of itself; the first is killed half way where that is asked for."""
    if killed:
        first = _start(url, api)
        while count(DONE) < MOST_PIECES // 2:
            assert first.poll() is None, "the first process ended before half of it was done"
            time.sleep(0.01)
        os.kill(first.pid, signal.SIGKILL)
        first.wait()
    second = _start(url, api)
    said, _ = second.communicate(timeout=600)
    assert second.returncode == 0, "the process that sends ended badly"
    return [json.loads(said)]


def _start(url: str, api: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.bench.releasing", "work", url, api]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def work(url: str, api: str) -> None:
    """The process that may be killed: works on jobs until every transfer is confirmed, then says how that went."""
    _use(url, api)
    outbox.release_leases()
    begun, planned = time.monotonic(), select(func.count()).select_from(Transfer)
    with ThreadPoolExecutor(THREADS) as pool:
        while count(DONE) < count(planned):
            if not list(pool.map(outbox.run, outbox.claim(THREADS))):
                time.sleep(0.05)
    milliseconds = int((time.monotonic() - begun) * 1000)
    print(json.dumps({"ms": milliseconds, "kb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss}))


def _report(
    stripe: Stripe, folder: Path, before: list[dict[str, Any]], booked: float, workers: list[dict[str, int]], *,
    killed: bool,
) -> list[str]:  # fmt: skip
    asked = _exchanges(folder)[len(before) :]
    print(f"\n{BACKERS} backers, {len(PAYEES)} payees{', killed -9 half way and resumed' if killed else ''}")
    print(
        f"booked in {booked:.2f} s: {count(select(func.count()).select_from(Transfer))} pieces (at most {MOST_PIECES})"
    )
    for one in workers:
        print(f"sent in {one['ms'] / 1000:.1f} s, paced at {settings.current().TRANSFERS_PER_SECOND} a second; "
              f"peak memory {one['kb'] / 1024:.0f} MB")  # fmt: skip
    print(f"{len(asked)} requests: " + ", ".join(f"{n} {what}" for what, n in Counter(map(_named, asked)).items()))
    problems = _problems(stripe)
    print(f"lost {len([p for p in problems if 'lost' in p])}, sent twice {len([p for p in problems if 'twice' in p])}")
    return problems


def _named(exchange: dict[str, Any]) -> str:
    return f"{exchange['method']} {exchange['path']}"


def _problems(stripe: Stripe) -> list[str]:
    """Every planned piece is at the processor once and with its amount, and both books agree."""
    with reading() as session:
        planned = {row.ref: row.amount for row in session.scalars(select(Transfer))}
        unsound = [str(problem) for problem in verify(session).problems]
    with stripe.sandbox.store.transaction() as tx:
        there = [(each["metadata"]["reference"], each["amount"]) for each in tx.all("stripe.transfer")]
    times = Counter(reference.partition("-")[0] for reference, _ in there)
    theirs, ours = compare("EUR")
    return [
        *(f"{ref} is lost" for ref in planned if not times[ref]),
        *(f"{ref} was sent twice" for ref, number in times.items() if number > 1),
        *(["the sums sent differ"] if sum(amount for _, amount in there) != sum(planned.values()) else []),
        *([f"{len(planned)} pieces"] if len(planned) > MOST_PIECES else []),
        *([f"{theirs} there, {ours} here"] if theirs != ours else []), *map(str, differences("EUR")), *unsound,
    ]  # fmt: skip


if __name__ == "__main__":
    if sys.argv[1:2] == ["work"]:
        work(*sys.argv[2:])
    else:
        sys.exit(main())
