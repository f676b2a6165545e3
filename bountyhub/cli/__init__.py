"""The `bountyhub` command: serve, sandbox, demo, doctor, settle, forget, reconcile, unclaimed, ledger, replay,
migrate.

Each command's own module is imported when it runs, so that the quick ones start quickly.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import ParamSpec

import click

from bountyhub.cli import reporting
from bountyhub.settings import SettingsError

P = ParamSpec("P")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Fund an issue, merge the pull request, pay the developer."""


def says_why(command: Callable[P, None]) -> Callable[P, None]:
    """Wrong settings and refusals end a command with one clear text and status 2, not with a traceback."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        from bountyhub.kit.errors import DomainError

        try:
            command(*args, **kwargs)
        except SettingsError as error:
            click.echo(str(error), err=True)
            sys.exit(2)
        except DomainError as error:
            click.echo(f"{error.message} {error.advice}".strip(), err=True)
            sys.exit(2)

    return run


@main.command()
@click.option("--no-sandbox", is_flag=True, help="Take every setting from the environment; start no stand-ins.")
@says_why
def serve(no_sandbox: bool) -> None:
    """Start bountyhub; by default with its sandboxes and play money, on this machine alone."""
    gc.disable()  # until everything is loaded, which stays: looking through it again and again slows the start
    from bountyhub.cli.serve import run

    run(sandbox=not no_sandbox)


@main.command()
@click.option("--port", type=int, default=None, help="Where to listen (default: the application's port + 1).")
@click.option("--app-url", default=None, help="Where webhooks go (default: http://127.0.0.1:PORT).")
@says_why
def sandbox(port: int | None, app_url: str | None) -> None:
    """Start the sandboxes of Stripe, GitHub and the mailbox alone."""
    from bountyhub.cli.serve import run_sandbox

    run_sandbox(port, app_url)


@main.command()
@says_why
def migrate() -> None:
    """Bring the database to the newest schema, and give the application's role its rights."""
    from bountyhub.cli.migrating import run

    click.echo(run())


@main.command()
@click.option("--json", "as_json", is_flag=True)
@click.option("--production", is_flag=True, help="Also ask for what a public instance needs.")
@says_why
def doctor(as_json: bool, production: bool) -> None:
    """Check settings, database, outside services and books, and say what to do about each fault."""
    from bountyhub.cli.doctor import run

    sys.exit(run(as_json=as_json, production=production))


@main.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON document instead of a line a step.")
@click.option("--keep", type=click.Path(file_okay=False, path_type=Path), help="Leave database and sandbox file there.")
@click.option("--break", "fault", type=click.Choice(["lost-transfer", "double-refund", "cent-off"]),
              help="Plant a fault before the checks: they must notice it.")  # fmt: skip
@says_why
def demo(as_json: bool, keep: Path | None, fault: str | None) -> None:
    """Play the loop and every way back on a throwaway instance, then check every cent."""
    from bountyhub.cli.demo.run import run

    sys.exit(run(as_json=as_json, keep=keep, fault=fault))


@main.command()
@click.argument("claim", type=int)
@click.argument("outcome", type=click.Choice(["release", "refuse"]))
@click.option("--reason", required=True, help="Public: why.")
@says_why
def settle(claim: int, outcome: str, reason: str) -> None:
    """End all open objections to a CLAIM as the operator; written into the audit trail."""
    from bountyhub.cli.operator import settle as run

    click.echo(run(claim, accept=outcome == "release", reason=reason))


@main.command("operator-link")
@click.argument("email")
@click.option("--account", type=int, default=None, help="Your number at GitHub (default: the first of OPERATORS).")
@says_why
def operator_link(email: str, account: int | None) -> None:
    """Print a link that signs an operator in once, by EMAIL: while there is no GitHub App yet, or GitHub is away."""
    from bountyhub.cli.operator import link as run

    click.echo(run(email, account))


@main.command()
@click.argument("person")
@click.option("--reason", required=True, help="Why, without a name: it stays in the audit trail.")
@says_why
def forget(person: str, reason: str) -> None:
    """Forget a PERSON (login, e-mail address or number); refused while money of theirs is still here."""
    from bountyhub.cli.operator import forget as run

    click.echo(run(person, reason))


@main.command()
@click.argument("delivery")
@says_why
def replay(delivery: str) -> None:
    """Handle a stored webhook once more, by its delivery id."""
    from bountyhub.cli.operator import replay as run

    click.echo(run(delivery))


@main.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON document; docs/operating.md describes it.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Only what moved since this day (UTC).")
@says_why
def reconcile(as_json: bool, since: datetime | None) -> None:
    """Compare the books with the processor's, movement by movement; status 1 when they differ."""
    from bountyhub.cli.reconcile import run

    sys.exit(run(as_json=as_json, since=since))


@main.group(invoke_without_command=True)
@click.pass_context
@says_why
def unclaimed(context: click.Context) -> None:
    """Refunds that failed or are refused, with whom they are owed to."""
    from bountyhub.cli.operator import unclaimed as run

    if context.invoked_subcommand is None:
        click.echo(run())


@unclaimed.command()
@click.argument("refund")
@says_why
def again(refund: str) -> None:
    """Ask the processor once more for a failed REFUND."""
    from bountyhub.cli.operator import ask_again as run

    click.echo(run(refund))


@unclaimed.command()
@click.argument("refund")
@click.option("--note", required=True, help="How it was paid; kept in the audit trail.")
@says_why
def paid(refund: str, note: str) -> None:
    """Write down that you gave a failed REFUND back from your bank."""
    from bountyhub.cli.operator import paid_otherwise as run

    click.echo(run(refund, note))


@main.group("stripe")
def stripe_() -> None:
    """This instance at Stripe."""


@stripe_.command()
@click.option("--create", "do", flag_value="create", help="Make the endpoints, or mend them; prints new secrets.")
@click.option("--check", "do", flag_value="check", default="check", help="Say what is wrong with them (the default).")
@click.option("--rotate", "do", flag_value="rotate", help="Make new ones beside them, with new secrets.")
@click.option("--retire", "do", flag_value="retire", help="End a rotation: only the newest stay.")
@says_why
def webhook(do: str) -> None:
    """The endpoints at which Stripe tells what happened; status 1 when they are not as they must be."""
    from bountyhub.cli.stripe_webhook import run

    sys.exit(run(do))


@main.group()
def ledger() -> None:
    """The books."""


@ledger.command()
@click.option("--json", "as_json", is_flag=True)
@click.option("--quiet", is_flag=True, help="Tell no progress.")
@click.option("--against", type=click.Path(dir_okay=False, path_type=Path), help="A checkpoint that somebody kept.")
@says_why
def verify(as_json: bool, quiet: bool, against: Path | None) -> None:
    """Check every rule of the books from scratch; status 1 when one is broken."""
    from bountyhub.cli.books import verify as run

    sys.exit(run(as_json=as_json, quiet=quiet, against=against))


@ledger.command("check-receipt")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--key", help="The verifier key as you know it (/api/v1/ledger/key); else the one in the file.")
@says_why
def check_receipt(file: Path, key: str | None) -> None:
    """Check a downloaded receipt, on this machine alone; status 1 when it proves nothing."""
    from bountyhub.cli.receipts import check_file

    sys.exit(check_file(file, key))


@ledger.command()
@click.option("--format", "kind", type=click.Choice(["csv", "beancount"]), default="csv", help="By default csv.")
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="Into this file instead of to the terminal."
)
@says_why
def export(kind: str, out: Path | None) -> None:
    """Write all of the books as text that other programs read; no personal data is in it."""
    from bountyhub.cli.books import export as run

    run(kind, out)


@main.group()
def report() -> None:
    """Reports for tax offices."""


for _group, _command in ((ledger, reporting.vat_paid), (report, reporting.payees)):
    if _command.callback is not None:
        _command.callback = says_why(_command.callback)
    _group.add_command(_command)


@ledger.command()
@click.argument("amount")
@click.argument("currency")
@click.option("--note", required=True, help="What for; kept in the audit trail.")
@says_why
def drawn(amount: str, currency: str, note: str) -> None:
    """Write down that you took AMOUNT CURRENCY of own money out of your bank account (`50.00 EUR`)."""
    from bountyhub.cli.operator import drawn as run

    click.echo(run(amount, currency, note))
