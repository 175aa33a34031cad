"""Forgetting a person who is being erased: whose money it was goes; amounts, days, numbers, states and the ledger stay.

Only within that deed's own transaction (`people.erase`, audited there), which has opened the guards for itself.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from bakhong.core.actor import OPERATOR
from bakhong.core.days import day_of
from bakhong.core.errors import Refusal
from bakhong.core.text import identity_key
from bakhong.documents.actions.storing import erase_files_of
from bakhong.messaging.actions.forgetting import forget
from bakhong.payments.actions.forgetting_stalls import forget_stalls
from bakhong.payments.models import (
    BankLine,
    Charge,
    CustomerCode,
    Delivery,
    Entry,
    Helper,
    ProviderBill,
    Receipt,
    Refund,
    RefundState,
    Settlement,
    Sighting,
    SuspenseItem,
)
from bakhong.payments.rules.services import service_name
from bakhong.people import scope
from bakhong.people.models import Household, Organisation, OrganisationKind, Person


def forget_persons(
    *,
    person_ids: Collection[int],
    names: Collection[str],
    household_ids: Collection[int],
    organisation_ids: Collection[int],
    at: datetime,
) -> None:
    """What is theirs, their household businesses', and their household's where nobody else lives there or where it bears their name.

    Raises: Refusal while money of theirs is still to be sorted out or sent back: nobody would know any more to whom.
    """
    called = {identity_key(each) for each in names}
    with scope.seeing(OPERATOR):  # money lies with billers, and stalls in villages the eraser need not see
        theirs = _theirs(person_ids, household_ids, organisation_ids)
        homes = Q(household__in=list(household_ids), person=None)
        charges = _charges(theirs, homes, called)
        lines = _lines(charges)
        _refuse_debts(charges, list(lines))
        _forget_lines(lines)
        _forget_refunds(charges, list(lines))
        _forget_charges(charges, person_ids, at)
        _forget_codes(theirs, homes, called, at)
        forget_stalls(organisation_ids=organisation_ids, called=called, at=at)


def _theirs(person_ids: Collection[int], homes: Collection[int], organisations: Collection[int]) -> Q:
    """A household business is its owner; an enterprise is not. Of the households, those where nobody is left."""
    lived_in = set(Person.objects.filter(household__in=list(homes)).values_list("household", flat=True))
    empty = Household.objects.filter(pk__in=set(homes) - lived_in)
    business = Organisation.objects.filter(
        pk__in=list(organisations), kind=OrganisationKind.HOUSEHOLD_BUSINESS
    )
    return (
        Q(person__in=list(person_ids))
        | Q(organisation__in=list(business))
        | Q(household__in=list(empty), person=None)
    )


def _charges(theirs: Q, homes: Q, called: Collection[str]) -> dict[int, str]:
    """id → reference: theirs, and those of a household that others still live in where they bear their name."""
    found = dict(Charge.objects.filter(theirs).values_list("pk", "reference"))
    for pk, reference, name in Charge.objects.filter(homes).values_list("pk", "reference", "payer_name"):
        if identity_key(name) in called:
            found[pk] = reference
    return found


def _lines(charges: dict[int, str]) -> dict[int, str]:
    """Bank line → the reference of the charge it came for; lines that meanwhile pay somebody else's are left out."""
    found: dict[int, str] = {}
    for rows in (
        SuspenseItem.objects.filter(charge__in=charges),
        Settlement.objects.filter(charge__in=charges, line__isnull=False),
        Refund.objects.filter(charge__in=charges, line__isnull=False),
    ):
        found |= {line: charges[charge] for line, charge in rows.values_list("line", "charge")}
    sent_back = Refund.objects.filter(item__line__in=list(found), line__isnull=False)
    found |= {line: found[came] for line, came in sent_back.values_list("line", "item__line")}
    others = Settlement.objects.filter(line__in=list(found), taken_back=None).exclude(charge__in=charges)
    for line in others.values_list("line", flat=True):
        found.pop(line, None)
    return found


def _refuse_debts(charges: dict[int, str], lines: Sequence[int]) -> None:
    items = SuspenseItem.objects.filter(Q(charge__in=charges) | Q(line__in=lines), closed_at=None)
    refunds = _refunds(charges, lines).filter(state__in=[RefundState.ASKED, RefundState.APPROVED])
    if items.exists() or refunds.exists():
        raise Refusal(
            _(
                "Người này còn tiền chờ xử lý hoặc chờ trả lại. Kế toán xử lý xong khoản đó rồi hãy xoá, "
                "vì xoá rồi thì không ai biết trả cho ai."
            )
        )


def _refunds(charges: dict[int, str], lines: Sequence[int]) -> QuerySet[Refund]:
    return Refund.objects.filter(Q(charge__in=charges) | Q(item__line__in=lines))


def _forget_lines(lines: dict[int, str]) -> None:
    """The note keeps the reference: by it a later statement still knows the line, and the accountant what it paid."""
    for line, reference in lines.items():
        BankLine.objects.filter(pk=line).update(content=reference, payer_name="")
    told = Sighting.objects.filter(line__in=list(lines), delivery__isnull=False)
    Delivery.objects.filter(pk__in=list(told.values_list("delivery", flat=True))).update(body="")
    SuspenseItem.objects.filter(line__in=list(lines)).update(note="")
    Entry.objects.filter(line__in=list(lines)).exclude(note="").update(note="")


def _forget_refunds(charges: dict[int, str], lines: Sequence[int]) -> None:
    _refunds(charges, lines).update(
        to_name="", to_bank_bin="", to_account=None, why="", decided_why="", off_why=""
    )


def _forget_charges(charges: dict[int, str], person_ids: Collection[int], at: datetime) -> None:
    """The title becomes what the service is called. The digest would give the name away to whoever tries names."""
    rows = Charge.objects.filter(pk__in=charges)
    uuids = list(rows.values_list("uuid", flat=True))
    Receipt.objects.filter(charge__in=charges).update(
        payer_name="", paid_by="", paid_by_relation="", cancelled_why=""
    )
    Helper.objects.filter(charge__in=charges).update(name="", relation="")
    Entry.objects.filter(charge__in=charges).exclude(note="").update(note="")
    for uuid in uuids:
        erase_files_of(owner=("charge", uuid), by=OPERATOR, at=at)
    forget(about=uuids, at=at)
    for service in set(rows.values_list("service", flat=True)):
        rows.filter(service=service).update(title=service_name(service))
    rows.filter(person__in=list(person_ids)).update(household=None)
    rows.update(
        payer_name="", payer_phone="", customer_code="", purpose=F("reference"), withdrawn_why="", digest=b""
    )


def _forget_codes(theirs: Q, homes: Q, called: Collection[str], at: datetime) -> None:
    """A code tells who it was: theirs ends and becomes a number of ours, on the bills too. A household's goes on without the name."""
    for code in CustomerCode.objects.select_for_update().filter(theirs):
        nobody = f"x{code.pk}"
        ProviderBill.objects.filter(customer=code).update(code=nobody)
        code.code, code.name = nobody, ""
        code.person = code.household = code.organisation = None
        code.valid_to = code.valid_to or day_of(at)
        code.save(update_fields=["code", "name", "person", "household", "organisation", "valid_to"])
    for code in CustomerCode.objects.filter(homes).exclude(name=""):
        if identity_key(code.name) in called:
            CustomerCode.objects.filter(pk=code.pk).update(name="")
