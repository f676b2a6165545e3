"""What `doctor --production` asks of law: who operates the site, on which basis, by which terms and tax."""

from __future__ import annotations

from collections.abc import Callable

from bountyhub.kit import texts
from bountyhub.kit.paths import asset
from bountyhub.settings import Settings


def operator(here: Settings) -> tuple[bool, str]:
    """Whether the imprint names anybody."""
    missing = [name for name in ("LEGAL_NAME", "LEGAL_ADDRESS", "LEGAL_CONTACT") if not getattr(here, name).strip()]
    return not missing, f"set {', '.join(missing)}: /legal/imprint needs them" if missing else here.LEGAL_NAME


def basis(here: Settings) -> tuple[bool, str]:
    """Whether it is said on which basis money is held."""
    none = "set LEGAL_BASIS: one sentence on which basis you may hold other people's money (docs/operating-legal.md)"
    return bool(here.LEGAL_BASIS.strip()), here.LEGAL_BASIS.strip() or none


def terms(_here: Settings) -> tuple[bool, str]:
    """The ones that come with the program are no lawyer's: the operator says that they read and took them over."""
    ours = [name for name in texts.NAMES if texts.place(name).is_relative_to(asset("templates"))]
    versions = ", ".join(f"{name} {texts.legal_text(name).version}" for name in texts.NAMES)
    if ours:
        return False, f"set LEGAL_DIR to a folder with your own {' and '.join(f'{name}.md' for name in ours)}"
    return True, versions


def tax(here: Settings) -> tuple[bool, str]:
    """Whether papers with tax on them name a number."""
    if here.VAT_RATES and not here.LEGAL_VAT_ID.strip():
        return False, "set LEGAL_VAT_ID: receipts with tax on them name your number"
    rates = ", ".join(f"{country} {rate.normalize():f} %" for country, rate in sorted(here.VAT_RATES.items()))
    return True, rates or "none is computed: VAT_RATES names no country"


LEGAL: dict[str, Callable[[Settings], tuple[bool, str]]] = {
    "operator": operator,
    "legal basis": basis,
    "terms": terms,
    "tax": tax,
}
