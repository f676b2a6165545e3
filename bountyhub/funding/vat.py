"""Pure rules of the tax on the fee: which rate a buyer pays, and what a VAT number looks like.

Formats as the EU's VIES publishes them (ec.europa.eu/taxation_customs/vies, "VAT identification number structure");
whether a number is in use is the operator's to look up there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

#: What stands after the prefix, which is the country's code but for Greece.
_FORMATS = {
    "AT": r"U\d{8}", "BE": r"[01]\d{9}", "BG": r"\d{9,10}", "CY": r"\d{8}[A-Z]", "CZ": r"\d{8,10}", "DE": r"\d{9}",
    "DK": r"\d{8}", "EE": r"\d{9}", "EL": r"\d{9}", "ES": r"[A-Z]\d{8}|\d{8}[A-Z]|[A-Z]\d{7}[A-Z]", "FI": r"\d{8}",
    "FR": r"[A-HJ-NP-Z0-9]{2}\d{9}", "HR": r"\d{11}", "HU": r"\d{8}",
    "IE": r"\d{7}[A-W][A-IW]?|\d[A-Z+*]\d{5}[A-W]", "IT": r"\d{11}", "LT": r"\d{9}|\d{12}", "LU": r"\d{8}",
    "LV": r"\d{11}", "MT": r"\d{8}", "NL": r"[A-Z0-9+*]{10}\d{2}", "PL": r"\d{10}", "PT": r"\d{9}", "RO": r"\d{2,10}",
    "SE": r"\d{10}01", "SI": r"\d{8}", "SK": r"\d{10}",
}  # fmt: skip
#: Outside the EU, the ones that are written like it.
_OTHERS = {"GB": r"\d{9}|\d{12}", "CHE": r"\d{9}(MWST|TVA|IVA)?", "NO": r"\d{9}(MVA)?"}
_COUNTRIES = {"EL": "GR", "CHE": "CH"}
EU = frozenset(_COUNTRIES.get(prefix, prefix) for prefix in _FORMATS)


@dataclass(frozen=True)
class Tax:
    """The tax on one fee: `country` it is due to (empty for none), rate in hundredths of a percent."""

    country: str = ""
    basis_points: int = 0
    reverse_charge: bool = False


def tax_for(country: str, vat_id: str, *, seller: str, rates: Mapping[str, int]) -> Tax:
    """What a buyer in `country` pays; a company with a number of another EU country owes the tax there itself."""
    if not rates:
        return Tax()
    of = country_of(vat_id)
    if of in EU and seller in EU and of != seller:
        return Tax(of, 0, reverse_charge=True)
    rate = rates.get(country, 0)
    return Tax(country, rate) if rate else Tax()


def normal_vat_id(typed: str) -> str:
    """A number without what people put between its figures."""
    return re.sub(r"[\s.\-/]", "", typed).upper()


def country_of(vat_id: str) -> str:
    """The country of a well-formed number; empty for any other text."""
    for prefix, after in (_FORMATS | _OTHERS).items():
        if re.fullmatch(f"{prefix}({after})", vat_id, re.ASCII):
            return _COUNTRIES.get(prefix, prefix)
    return ""


def written_rate(basis_points: int) -> str:
    """`20 %`, `5.5 %`."""
    digits = f"{basis_points:03d}"
    return f"{digits[:-2]}.{digits[-2:]}".rstrip("0").rstrip(".") + " %"
