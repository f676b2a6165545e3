"""Settings of law and tax: who operates the site, its texts, and the tax on its fee."""

from __future__ import annotations

import re
from decimal import Decimal

from pydantic import field_validator
from pydantic_settings import BaseSettings

COUNTRY = re.compile(r"[A-Z]{2}")
MOST = 40


class LegalSettings(BaseSettings):
    """Countries are ISO 3166 codes of two letters, rates percentages of the fee."""

    #: Who operates the site, as an imprint and a receipt name them; lines of the address are parted by ";".
    LEGAL_NAME: str = ""
    LEGAL_ADDRESS: str = ""
    LEGAL_CONTACT: str = ""
    LEGAL_VAT_ID: str = ""
    #: A sentence at the end of every paper, such as why no tax is on it.
    PAPER_NOTE: str = ""
    #: One sentence: on which basis the operator may hold other people's money.
    LEGAL_BASIS: str = ""
    #: A folder with the operator's own terms.md and privacy.md; without it the ones that come with the program.
    LEGAL_DIR: str = ""
    #: Where the operator is established, and the tax on the fee of buyers in each country; none: no tax is computed.
    VAT_COUNTRY: str = ""
    VAT_RATES: dict[str, Decimal] = {}

    @field_validator("VAT_COUNTRY")
    @classmethod
    def _country(cls, value: str) -> str:
        if value and not COUNTRY.fullmatch(value):
            raise ValueError("write a country's two letters, such as FR")
        return value

    @field_validator("VAT_RATES")
    @classmethod
    def _rates(cls, value: dict[str, Decimal]) -> dict[str, Decimal]:
        for country, rate in value.items():
            if not COUNTRY.fullmatch(country):
                raise ValueError(f"{country!r} is not a country's two letters; Greece is GR")
            if not 0 <= rate <= MOST or rate * 100 != int(rate * 100):
                raise ValueError(f"the rate of {country} must be 0 to {MOST} percent, with two decimals at most")
        return value

    @property
    def vat_basis_points(self) -> dict[str, int]:
        """The rates in hundredths of a percent."""
        return {country: int(rate * 100) for country, rate in self.VAT_RATES.items()}

    @property
    def legal_address_lines(self) -> list[str]:
        """The address as it is printed."""
        return [line.strip() for line in self.LEGAL_ADDRESS.split(";") if line.strip()]
