"""What a contribution says of its buyer: the tax on its fee, whom its papers name, and what they agreed to.

Called by `contribute` and by the fund form, which shows the same before.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from bountyhub import settings
from bountyhub.funding.errors import BadBuyer
from bountyhub.funding.models import AgreedText, Buyer, Contribution
from bountyhub.funding.vat import Tax, country_of, normal_vat_id, tax_for
from bountyhub.kit import clock, ids
from bountyhub.kit.database import find_or_make
from bountyhub.kit.money import Money, plain
from bountyhub.kit.texts import legal_text

LONGEST_ADDRESS_LINES = 6


@dataclass(frozen=True)
class BuyerDetails:
    """As typed; all empty for most. `country` is asked only where a tax is computed."""

    name: str = ""
    address: str = ""
    vat_id: str = ""
    reference: str = ""
    country: str = ""
    business: bool = False

    @property
    def on_papers(self) -> bool:
        """Whether the papers shall name anybody or anything."""
        return bool(self.name or self.address or self.vat_id or self.reference)


@dataclass(frozen=True)
class Consent:
    """What a backer agrees to: the sentence beside the box, the version and text of the terms."""

    sentence: str
    version: str
    whole: str

    @property
    def hash(self) -> str:
        """Names this text and no other."""
        return ids.digest(self.whole)


def consent_now(kept: Money | None = None) -> Consent:
    """The consent as the fund form shows it now; `kept` is what the form names as kept at a late withdrawal."""
    terms, days = legal_text("terms"), settings.current().COOLING_OFF_DAYS
    sentence = (
        f"I agree to the terms (version {terms.version}): the money is released when a pull request for this issue is "
        "merged, else it comes back."
    )
    if days:
        sentence += f" Within {days} days of paying I can take back what is not released, unless I buy as a business."
    if kept is None:
        return Consent(sentence, terms.version, f"{sentence}\n\n{terms.text}")
    sentence += " Later, the processing cost named here is kept if I take it back myself."
    named = f"The processing cost named there: {plain(kept)}."
    return Consent(sentence, terms.version, f"{sentence}\n\n{named}\n\n{terms.text}")


def named_cost(kept: Money, *, renews: bool) -> Money | None:
    """What a form names as kept at a late withdrawal; None where it says nothing of it.

    A payment that renews one of which nothing is kept keeps nothing either.
    """
    return kept if settings.current().KEEP_COST_AFTER_COOLING_OFF and (kept or not renews) else None


def tax_of(buyer: BuyerDetails) -> Tax:
    """The tax on this buyer's fee; raises BadBuyer for a number or country that can't be."""
    here = settings.current()
    vat_id = normal_vat_id(buyer.vat_id)
    of = country_of(vat_id)
    if vat_id and not of:
        advice = "Write it with its country, like FR12345678901; a number of another kind fits into your reference."
        raise BadBuyer("vat_id", "That is not a VAT number of a country we know.", advice)
    if here.VAT_RATES and not buyer.country:
        raise BadBuyer("country", "The tax depends on your country.", "Choose where you live, or your company is.")
    if here.VAT_RATES and of and of != buyer.country:
        raise BadBuyer("vat_id", "This VAT number is of another country than the one chosen.", "Change one of them.")
    return tax_for(buyer.country, vat_id, seller=here.VAT_COUNTRY, rates=here.vat_basis_points)


def check_names(buyer: BuyerDetails) -> None:
    """Raises BadBuyer for details that make no paper."""
    if (buyer.vat_id or buyer.address) and not buyer.name:
        raise BadBuyer("name", "A receipt with an address or VAT number needs a name.", "Type it, too.")
    if buyer.vat_id and not buyer.address:
        raise BadBuyer("address", "A receipt with a VAT number needs an address.", "Type it as it shall be printed.")
    if len(buyer.address.splitlines()) > LONGEST_ADDRESS_LINES:
        raise BadBuyer("address", "An address has six lines at most.", "Put some of them together.")


def as_typed(buyer: BuyerDetails) -> dict[str, str]:
    """What papers shall say, to be kept with a promise until it is charged; empty for nothing."""
    if not buyer.on_papers:
        return {}
    return {"name": buyer.name, "address": buyer.address, "vat_id": buyer.vat_id, "reference": buyer.reference}


def typed_before(kept: Mapping[str, str]) -> BuyerDetails:
    """Back from `as_typed`."""
    name, address, vat_id, reference = (kept.get(key, "") for key in ("name", "address", "vat_id", "reference"))
    return BuyerDetails(name=name, address=address, vat_id=vat_id, reference=reference)


def note_buyer(session: Session, contribution: Contribution, buyer: BuyerDetails) -> None:
    """Keep what the papers shall say."""
    if buyer.on_papers:
        session.add(
            Buyer(
                contribution_id=contribution.id, name=buyer.name, address=buyer.address,
                vat_id=normal_vat_id(buyer.vat_id), reference=buyer.reference,
            )
        )  # fmt: skip


def buyer_of(session: Session, contribution: Contribution) -> BuyerDetails:
    """What was typed for a contribution, to be used again."""
    buyer = session.get(Buyer, contribution.id)
    return BuyerDetails(
        name=buyer.name if buyer else "", address=buyer.address if buyer else "",
        vat_id=buyer.vat_id if buyer else "", reference=buyer.reference if buyer else "",
        country=contribution.vat_country, business=contribution.business,
    )  # fmt: skip


def copy_buyer(session: Session, old: Contribution, new: Contribution) -> None:
    """Papers of moved money name whom those of its payment named."""
    note_buyer(session, new, buyer_of(session, old))


def note_consent(session: Session, contribution: Contribution) -> None:
    """Keep what was agreed to, word by word, and when."""
    consent = consent_now(named_cost(contribution.kept_money, renews=contribution.renews_id is not None))
    contribution.terms_version, contribution.consent_hash = consent.version, consent.hash
    contribution.consent_at = clock.now()

    def make() -> AgreedText:
        text = AgreedText(hash=consent.hash, version=consent.version, text=consent.whole, first_at=clock.now())
        session.add(text)
        session.flush()
        return text

    find_or_make(session, lambda: session.get(AgreedText, consent.hash), make)
