"""The key that signs is named by a setting; a wrong one stops the start, a missing one is told to the operator."""

from __future__ import annotations

import base64

import pytest

from bountyhub import settings, wiring
from bountyhub.cli.doctor import _own_key
from bountyhub.ledger.log import keys
from bountyhub.settings import SettingsError
from tests.builders.settings import play_settings

SEED = base64.b64encode(b"s" * 32).decode()


def test_without_a_key_of_its_own_the_log_has_one_from_the_secret() -> None:
    first = keys.signer().verifier
    settings.use(play_settings(SECRET_KEY="another secret of forty characters, or so"))
    assert keys.signer().verifier.public != first.public
    settings.use(play_settings(PUBLIC_URL="https://example.org/bounties"))
    assert (keys.signer().verifier.public, keys.origin()) == (first.public, "example.org/bounties/ledger")


def test_a_key_that_is_given_counts() -> None:
    settings.use(play_settings(LEDGER_SIGNING_KEY=SEED))
    given = keys.signer().verifier
    settings.use(play_settings(LEDGER_SIGNING_KEY=SEED, SECRET_KEY="another secret of forty characters, or so"))
    assert keys.signer().verifier == given


@pytest.mark.parametrize("name", ["LEDGER_SIGNING_KEY", "LEDGER_FORMER_KEYS"])
def test_a_wrong_key_stops_the_start_with_its_name(name: str) -> None:
    settings.use(play_settings(**{name: "nonsense"}))
    with pytest.raises(SettingsError, match=f"{name}: "):
        wiring.check_keys()


def test_doctor_asks_a_public_instance_for_its_own_key() -> None:
    assert not _own_key(play_settings())[0]
    assert _own_key(play_settings(LEDGER_SIGNING_KEY=SEED))[0]
