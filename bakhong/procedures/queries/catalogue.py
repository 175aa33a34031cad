"""What a unit offers of its catalogue: how it and those above it said a procedure is done there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal, cast
from uuid import UUID

from bakhong.eforms.models import Draft
from bakhong.places.models import Unit
from bakhong.places.remembering import remembered
from bakhong.procedures.models import ProcedureOffer
from bakhong.procedures.queries.calendar import line_of
from bakhong.procedures.queries.local import catalogue, procedure
from bakhong.procedures.rules.catalogue import Fee, Procedure
from bakhong.procedures.rules.fees import Due, ZeroFee
from bakhong.procedures.rules.fees import fee as fee_of


@dataclass(frozen=True)
class Price:
    """What is taken here, for every page that says it. `amount`: of one dossier, copy or page in đồng; `online`: where it is another one.

    `kind`: "free"; "unset" (0 for want of the province's resolution); "fixed", "per_copy", "per_page". `by`: the resolution or decision of
    a unit that decides, "" where the catalogue does. `is_verified` False: nobody compared the amount with the text in force.
    """

    kind: Literal["free", "unset", "fixed", "per_copy", "per_page"]
    amount: int
    online: int | None
    is_verified: bool
    by: str
    fee: Fee


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


def price(found: Offer) -> Price:
    """What a unit takes for a procedure, by its own word where it has one."""
    fee = found.procedure.fee
    is_said = found.said is not None and (found.amount is not None or bool(found.zero_fee))
    usual, online = (found.fee(channel=channel).amount for channel in ("direct", "online"))
    kind: Any = fee.kind if usual or fee.kind == "per_page" else "unset"
    if (
        fee.kind == "none"
        or found.zero_fee == "all"
        or (not usual and (found.amount == 0 or fee.is_verified))
    ):
        kind = "free"
    return Price(
        kind=kind,
        amount=usual,
        online=online if online != usual and "online" in found.procedure.channels else None,
        is_verified=kind == "free" or fee.is_verified or found.amount is not None,
        by=found.said.source if is_said and found.said is not None else "",
        fee=fee,
    )


def offers(unit: Unit, on: date) -> list[Offer]:
    """Every procedure of the catalogue as the unit stands to it, in the catalogue's order; those not offered too."""
    line = line_of(unit, on)
    said = _said(line, on)
    return [_offer(each, said.get(code)) for code, each in catalogue(unit, on, line).items()]


def offer(unit: Unit, code: str, on: date) -> Offer | None:
    """One procedure as the unit offers it; None where the catalogue has none or the unit does not offer it."""
    made = stands_to(unit, code, on)
    return made if made is not None and made.is_offered else None


def stands_to(unit: Unit, code: str, on: date) -> Offer | None:
    """One procedure as the unit stands to it, also where it does not offer it; None where the catalogue has none."""
    line = line_of(unit, on)
    found = catalogue(unit, on, line).get(code)
    return _offer(found, _said(line, on).get(code)) if found is not None else None


def offered(unit: Unit, on: date) -> list[Procedure]:
    """What a resident of the unit can ask for on a day, with the unit's own channels."""
    return [each.procedure for each in offers(unit, on) if each.is_offered]


def code_of_draft(draft: Draft, on: date) -> str:
    """For which procedure it is filled in; of a draft that does not say, the one whose own form it is. "" where none is."""
    if draft.procedure:
        return str(draft.procedure)
    form = draft.version.form.code
    return next((code for code, each in catalogue(draft.village, on).items() if each.form == form), "")


def procedure_of_draft(draft: Draft, on: date) -> Procedure | None:
    """What a draft is filled in for, as it is in the catalogue of its commune."""
    return procedure(draft.village, code_of_draft(draft, on), on)


def offer_of_draft(draft: Draft, on: date) -> Offer | None:
    """The procedure a draft is filled in for as its commune stands to it, also where it does not offer it any more."""
    return stands_to(draft.village, code_of_draft(draft, on), on)


def history(unit: Unit, code: str, on: date) -> list[ProcedureOffer]:
    """What was said about a procedure and stands, by the unit and those above it, the latest first."""
    ids = [each.pk for each in line_of(unit, on)]
    rows = ProcedureOffer.objects.filter(unit_id__in=ids, code=code, retracted_at=None).select_related("unit")
    return list(rows.order_by("-valid_from", "-recorded_at", "-id"))


def said_by(unit: Unit, uuid: UUID) -> ProcedureOffer | None:
    """A row that this very unit said; those of a unit above are not its own to take back."""
    return ProcedureOffer.objects.filter(unit=unit, uuid=uuid).select_related("unit").first()


def _said(line: Sequence[Unit], on: date) -> Mapping[str, ProcedureOffer]:
    """code → the row that decides: of the nearest unit, the one that began last. Read once a request."""
    key = ("offers said", tuple(each.pk for each in line), on)
    return remembered(key, lambda: _read_said(line, on))


def _read_said(line: Sequence[Unit], on: date) -> Mapping[str, ProcedureOffer]:
    at = {each.pk: place for place, each in enumerate(line)}
    rows = ProcedureOffer.objects.filter(unit_id__in=at, retracted_at=None, valid_from__lte=on)
    ordered = sorted(rows, key=lambda row: (at[row.unit_id], row.valid_from, row.recorded_at, row.pk))
    return {row.code: row for row in ordered}


def _offer(found: Procedure, said: ProcedureOffer | None) -> Offer:
    if said is None:
        return Offer(found, found.is_offered)
    if said.channels:
        is_online = found.filed != "here" or "online" in said.channels
        found = replace(found, channels=tuple(said.channels), filed=found.filed if is_online else "desk")
    return Offer(found, said.is_offered, cast(ZeroFee, said.zero_fee), said.amount, said)
