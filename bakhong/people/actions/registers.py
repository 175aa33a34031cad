"""Consent, organisations and phone subscriptions."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from bakhong.audit import actions as audit
from bakhong.core.actor import Actor
from bakhong.core.days import day_of
from bakhong.core.errors import Conflict, Refusal
from bakhong.core.text import name_key, squeeze
from bakhong.people.actions.secrets import no_secrets
from bakhong.people.models import (
    Consent,
    Organisation,
    OrganisationKind,
    Person,
    PhoneSubscription,
    Purpose,
)
from bakhong.people.permissions import EDIT, require, require_about
from bakhong.people.signals import subjects_recorded
from bakhong.places.models import Unit


def give_consent(
    *,
    person: Person,
    purpose: str,
    evidence: str,
    given_on: date,
    by: Actor,
    at: datetime,
    permission: str = EDIT,
) -> Consent:
    """The person agrees that their data serve a purpose. `evidence` says how they did.

    Raises: NotAllowed; Refusal without evidence, or for a day to come; Conflict when they have agreed already.
    """
    require_about(person, permission, by=by)
    evidence = squeeze(evidence)[:200]
    if purpose not in Purpose.values or not evidence:
        raise Refusal(_("Ghi người dân đồng ý bằng cách nào: ký phiếu, nói trước mặt ai."))
    no_secrets(evidence)
    if given_on > day_of(at):
        raise Refusal(_("Ngày đồng ý không thể ở tương lai."))
    with transaction.atomic():
        if Consent.objects.filter(person=person, purpose=purpose, withdrawn_on=None).exists():
            raise Conflict(_("Người này đã đồng ý cho việc này rồi."))
        consent = Consent.objects.create(
            person=person,
            village_id=person.village_id,
            purpose=purpose,
            given_on=given_on,
            evidence=evidence,
            recorded_by=by.id,
        )
        _note(by, at, "people.give_consent", "person", person, purpose=str(purpose))
    return consent


def withdraw_consent(*, consent: Consent, by: Actor, at: datetime) -> None:
    """From today the data no longer serve that purpose. Withdrawing twice changes nothing.

    Raises: NotAllowed.
    """
    require_about(consent.person, EDIT, by=by)
    with transaction.atomic():
        found = Consent.objects.select_for_update().get(pk=consent.pk)
        if found.withdrawn_on is None:
            found.withdrawn_on = max(day_of(at), found.given_on)
            found.save(update_fields=["withdrawn_on"])
            _note(by, at, "people.withdraw_consent", "person", found.person, purpose=found.purpose)


def add_organisation(
    *,
    village: Unit,
    kind: str,
    name: str,
    by: Actor,
    at: datetime,
    tax_code: str = "",
    owner: Person | None = None,
    valid_from: date | None = None,
    source: str = "",
) -> Organisation:
    """A household business, enterprise or cooperative that works in a village.

    Raises: NotAllowed; Refusal for an empty name or a tax code that is none; Conflict when the tax code is there already.
    """
    require(EDIT, village.pk, by=by)
    name, tax_code = squeeze(name)[:200], re.sub(r"\s", "", tax_code)
    if not name or kind not in OrganisationKind.values:
        raise Refusal(_("Ghi tên và chọn loại hình."))
    if tax_code and not re.fullmatch(r"[0-9]{10}(-?[0-9]{3})?|[0-9]{12}", tax_code):
        raise Refusal(_("Mã số thuế gồm 10, 12 hoặc 13 chữ số."))
    try:
        with transaction.atomic():
            made = Organisation.objects.create(
                village=village,
                kind=kind,
                name=name,
                name_key=name_key(name),
                tax_code=tax_code,
                owner=owner,
                valid_from=valid_from,
                source=squeeze(source)[:200],
            )
            _note(by, at, "people.add_organisation", "organisation", made)
            subjects_recorded.send(sender=Organisation, kind="organisation", ids=[made.pk])
    except IntegrityError:
        raise Conflict(_("Mã số thuế này đã có ở thôn này.")) from None
    return made


def record_subscription(
    *,
    village: Unit,
    number: str,
    by: Actor,
    at: datetime,
    person: Person | None = None,
    organisation: Organisation | None = None,
    is_smartphone: bool | None = None,
    valid_from: date | None = None,
    source: str = "",
) -> PhoneSubscription:
    """A phone subscription in use in a village; of a person, of an organisation, or of nobody known.

    Raises: NotAllowed; Refusal for a number that is none; Conflict when it is there already.
    """
    entry = Subscribed(village, number, person, organisation, is_smartphone, valid_from, source)
    return record_subscriptions(entries=[entry], by=by, at=at)[0]


@dataclass(frozen=True)
class Subscribed:
    """A phone subscription as a list tells of it; see `record_subscription`."""

    village: Unit
    number: str
    person: Person | None = None
    organisation: Organisation | None = None
    is_smartphone: bool | None = None
    valid_from: date | None = None
    source: str = ""


def record_subscriptions(
    *, entries: Sequence[Subscribed], by: Actor, at: datetime
) -> list[PhoneSubscription]:
    """A whole list of them, such as an operator's, all or nothing; one event each and one signal.

    Raises: as `record_subscription`.
    """
    for place_id in {each.village.pk for each in entries}:
        require(EDIT, place_id, by=by)
    rows = [_subscription(each) for each in entries]
    try:
        with transaction.atomic():
            PhoneSubscription.objects.bulk_create(rows, batch_size=2000)
            audit.record_many(
                by=by,
                at=at,
                deed="people.record_subscription",
                object_kind="subscription",
                objects=[(row.uuid, row.village_id) for row in rows],
            )
            subjects_recorded.send(
                sender=PhoneSubscription, kind="subscription", ids=[row.pk for row in rows]
            )
    except IntegrityError:
        raise Conflict(_("Thuê bao này đã có ở thôn này.")) from None
    return rows


def _subscription(entry: Subscribed) -> PhoneSubscription:
    digits = re.sub(r"[\s.\-]", "", entry.number)
    if not re.fullmatch(r"[0-9]{8,15}", digits) or (entry.person and entry.organisation):
        raise Refusal(_("Số điện thoại gồm 10 chữ số, ví dụ 0912 345 678."))
    return PhoneSubscription(
        village=entry.village,
        number=digits,
        person=entry.person,
        organisation=entry.organisation,
        is_smartphone=entry.is_smartphone,
        valid_from=entry.valid_from,
        source=squeeze(entry.source)[:200],
    )


def close_organisation(*, organisation: Organisation, ended_on: date, by: Actor, at: datetime) -> None:
    """From a day on it no longer works there (the day itself is the first without it). It stays in the history.

    Raises: NotAllowed; Refusal for a day to come or before it began; Conflict when it has ended already.
    """
    require(EDIT, organisation.village_id, by=by)
    with transaction.atomic():
        found = Organisation.objects.select_for_update().get(pk=organisation.pk)
        _end(found, ended_on, at)
        _note(by, at, "people.close_organisation", "organisation", found)
        subjects_recorded.send(sender=Organisation, kind="organisation", ids=[found.pk])


def end_subscription(*, subscription: PhoneSubscription, ended_on: date, by: Actor, at: datetime) -> None:
    """From a day on the number is no longer in use there.

    Raises: as `close_organisation`.
    """
    require(EDIT, subscription.village_id, by=by)
    with transaction.atomic():
        found = PhoneSubscription.objects.select_for_update().get(pk=subscription.pk)
        _end(found, ended_on, at)
        _note(by, at, "people.end_subscription", "subscription", found)
        subjects_recorded.send(sender=PhoneSubscription, kind="subscription", ids=[found.pk])


def _end(row: Organisation | PhoneSubscription, ended_on: date, at: datetime) -> None:
    if row.valid_to is not None:
        raise Conflict(_("Đã ghi là ngừng rồi."))
    if ended_on > day_of(at) or (row.valid_from is not None and ended_on <= row.valid_from):
        raise Refusal(_("Ngày ngừng phải sau ngày bắt đầu và không ở tương lai."))
    row.valid_to = ended_on
    row.save(update_fields=["valid_to"])


def _note(by: Actor, at: datetime, deed: str, kind: str, row: Any, **details: Any) -> None:
    audit.record(
        by=by, at=at, deed=deed, object_kind=kind, object_id=row.uuid, place_id=row.village_id, **details
    )
