"""What a unit offers: the shipped catalogue with what the unit and those above it said of their own laid over it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import cast
from uuid import UUID

from bakhong.places.models import Unit
from bakhong.procedures.models import ProcedureOffer
from bakhong.procedures.queries.calendar import line_of
from bakhong.procedures.rules.catalogue import Procedure, procedures
from bakhong.procedures.rules.fees import Due, ZeroFee
from bakhong.procedures.rules.fees import fee as fee_of


@dataclass(frozen=True)
class Offer:
    """A procedure as one unit offers it on a day. `said`: the row that decides, None where the catalogue does."""

    procedure: Procedure
    is_offered: bool
    zero_fee: ZeroFee = ""
    amount: int | None = None
    said: ProcedureOffer | None = None

    def fee(
        self, *, pages: int = 1, copies: int = 1, exemptions: tuple[str, ...] = (), channel: str = "direct"
    ) -> Due:
        """What a dossier of this unit costs.

        Raises: ValueError.
        """
        return fee_of(
            self.procedure,
            pages=pages,
            copies=copies,
            exemptions=exemptions,
            zero_fee=self.zero_fee,
            channel=channel,
            amount=self.amount,
        )


def offers(unit: Unit, on: date) -> list[Offer]:
    """Every procedure of the catalogue as the unit stands to it, in the catalogue's order; those not offered too."""
    said = _said(unit, on)
    return [_offer(each, said.get(code)) for code, each in procedures(on).items()]


def offer(unit: Unit, code: str, on: date) -> Offer | None:
    """One procedure as the unit offers it; None where the catalogue has none or the unit does not offer it."""
    found = procedures(on).get(code)
    if found is None:
        return None
    made = _offer(found, _said(unit, on).get(code))
    return made if made.is_offered else None


def offered(unit: Unit, on: date) -> list[Procedure]:
    """What a resident of the unit can ask for on a day, with the unit's own channels."""
    return [each.procedure for each in offers(unit, on) if each.is_offered]


def history(unit: Unit, code: str, on: date) -> list[ProcedureOffer]:
    """What was said about a procedure and stands, by the unit and those above it, the latest first."""
    ids = [each.pk for each in line_of(unit, on)]
    rows = ProcedureOffer.objects.filter(unit_id__in=ids, code=code, retracted_at=None).select_related("unit")
    return list(rows.order_by("-valid_from", "-recorded_at", "-id"))


def said_by(unit: Unit, uuid: UUID) -> ProcedureOffer | None:
    """A row that this very unit said; those of a unit above are not its own to take back."""
    return ProcedureOffer.objects.filter(unit=unit, uuid=uuid).select_related("unit").first()


def _said(unit: Unit, on: date) -> Mapping[str, ProcedureOffer]:
    """code → the row that decides: of the nearest unit, the one that began last."""
    at = {each.pk: place for place, each in enumerate(line_of(unit, on))}
    rows = ProcedureOffer.objects.filter(unit_id__in=at, retracted_at=None, valid_from__lte=on)
    ordered = sorted(rows, key=lambda row: (at[row.unit_id], row.valid_from, row.recorded_at, row.pk))
    return {row.code: row for row in ordered}


def _offer(found: Procedure, said: ProcedureOffer | None) -> Offer:
    if said is None:
        return Offer(found, found.is_offered)
    if said.channels:
        found = replace(found, channels=tuple(said.channels))
    return Offer(found, said.is_offered, cast(ZeroFee, said.zero_fee), said.amount, said)
