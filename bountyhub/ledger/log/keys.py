"""Which keys sign and which are believed, by the settings of this process."""

from __future__ import annotations

from urllib.parse import urlsplit

from bountyhub import settings
from bountyhub.ledger.log.signing import BadKey, Signer, Verifier, derived_key, read_key


def signer() -> Signer:
    """Writes this site's checkpoints; raises BadKey that names the setting."""
    ours = settings.current()
    given = ours.LEDGER_SIGNING_KEY.get_secret_value()
    if not given:
        return Signer(origin(), derived_key(ours.SECRET_KEY.get_secret_value()))
    try:
        return Signer(origin(), read_key(given))
    except BadKey as error:
        raise BadKey(f"LEDGER_SIGNING_KEY: {error.message}", advice=error.advice) from None


def former() -> list[Verifier]:
    """Keys that signed before this one; raises BadKey that names the setting."""
    try:
        return [Verifier.read(text) for text in settings.current().LEDGER_FORMER_KEYS]
    except BadKey as error:
        raise BadKey(f"LEDGER_FORMER_KEYS: {error.message}", advice=error.advice) from None


def believed() -> list[bytes]:
    """The public keys whose checkpoints are ours."""
    return [signer().verifier.public, *(key.public for key in former())]


def origin() -> str:
    """The log's name: this site's address without its scheme, and `/ledger`."""
    address = urlsplit(settings.current().PUBLIC_URL)
    return f"{address.netloc}{address.path}/ledger"
