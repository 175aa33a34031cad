"""Erasure: what is personal is blanked, the rows stay so that the trail and the sums still lead somewhere."""

from collections.abc import Collection
from datetime import datetime

from django.db import connection, models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bakhong.accounts.actions import forget_residents
from bakhong.audit import actions as audit
from bakhong.core.actor import OPERATOR, Actor
from bakhong.core.days import day_of
from bakhong.core.errors import NotFound, Refusal
from bakhong.people import scope
from bakhong.people.actions.projecting import project_again
from bakhong.people.models import (
    Adoption,
    Consent,
    CorrectionRequest,
    Detail,
    Fact,
    Holding,
    Look,
    Mandate,
    Organisation,
    Person,
    PhoneSubscription,
)
from bakhong.people.permissions import ERASE, require
from bakhong.people.queries.doubles import with_doubles
from bakhong.people.signals import erased, facts_recorded, subjects_recorded


class ErasureGround(models.TextChoices):
    """Why; what the person wrote is kept on paper, not here."""

    REQUEST = "request", gettext_lazy("Người dân yêu cầu xoá")
    MISTAKE = "mistake", gettext_lazy("Ghi nhầm người không thuộc xã")
    ORDER = "order", gettext_lazy("Cơ quan có thẩm quyền yêu cầu")


_BLANK_PERSON = {
    "household": None,
    "relation": "",
    "name": "",
    "name_key": "",
    "sort_key": "",
    "birth_year": None,
    "birth_month": None,
    "birth_day": None,
    "sex": "",
    "national_id": None,
    "national_id_index": None,
    "presence": "",
    "whereabouts": "",
    "address": "",
    "device": "",
    "device_year": None,
    "note": "",
    "is_known": False,
}


def erase_person(*, person: Person, ground: str, by: Actor, at: datetime) -> None:
    """Nothing personal of this person (and of the doubles merged into them) is left; lists and counts no longer have them.

    It cannot be undone. Backups keep what they hold until they are replaced. Erasing twice changes nothing.

    Source: Law 91/2025/QH15 on personal data protection, the right to have data erased (domain research, unverified).
    Raises: NotAllowed; NotFound; Refusal for a ground that is none.
    """
    require(ERASE, person.village_id, by=by)
    if ground not in ErasureGround.values:
        raise Refusal(_("Chọn lý do xoá."))
    with transaction.atomic():
        ids = list(with_doubles([person.pk]))
        locked = list(Person.objects.select_for_update().filter(pk__in=ids).order_by("pk"))
        if person.pk not in {each.pk for each in locked}:
            raise NotFound(_("Không có người này."))
        _erasing("on")
        known = _known(locked)
        forget_residents(persons=[each.uuid for each in locked])
        _blank(ids)
        _let_nobody_act(locked)
        project_again(locked, day_of(at))
        Holding.objects.filter(person__in=ids).delete()
        Person.objects.filter(pk__in=ids).update(**_BLANK_PERSON)
        audit.record_many(
            by=by,
            at=at,
            deed="people.erase",
            object_kind="person",
            objects=[(each.uuid, each.village_id) for each in locked],
            ground=ground,
        )
        erased.send(sender=Person, person_ids=ids, **known)
        with scope.seeing(OPERATOR):
            owned = _let_go(ids)
        _erasing("off")
        facts_recorded.send(sender=Fact, person_ids=ids)
        if owned:
            subjects_recorded.send(sender=PhoneSubscription, kind="subscription", ids=owned)


def _known(persons: Collection[Person]) -> dict[str, list[str] | list[int]]:
    """What rooms above find rows by that do not point at a person, read before it is blanked."""
    with scope.seeing(OPERATOR):  # what they own may lie anywhere
        owned = Organisation.objects.filter(owner__in=[each.pk for each in persons])
        organisation_ids = list(owned.values_list("pk", flat=True))
    return {
        "names": [each.name for each in persons if each.name],
        "household_ids": sorted({each.household_id for each in persons if each.household_id is not None}),
        "organisation_ids": organisation_ids,
    }


def _blank(ids: Collection[int]) -> None:
    """The triggers of append-only tables let these columns be blanked, and only while erasing."""
    Fact.objects.filter(person__in=ids).update(values={}, national_id=None, source_detail="")
    Adoption.objects.filter(person__in=ids).update(provider="", source_detail="", evidence="", reason="")
    Detail.objects.filter(person__in=ids).update(key="", value=None, sealed=None)
    Look.objects.filter(person__in=ids).update(note="")
    Consent.objects.filter(person__in=ids).update(evidence="")
    CorrectionRequest.objects.filter(person__in=ids).update(said=None, reason="", answer="", asked_label="")


def _let_nobody_act(persons: Collection[Person]) -> None:
    """Who they let act for them is blanked; so are they where they act for others, who may live anywhere."""
    ids = [each.pk for each in persons]
    numbers = [each.national_id_index for each in persons if each.national_id_index is not None]
    nobody = {"agent": None, "agent_name": "", "agent_index": None, "relation": "", "evidence": ""}
    with scope.seeing(OPERATOR):
        Mandate.objects.filter(Q(principal__in=ids) | Q(agent__in=ids) | Q(agent_index__in=numbers)).update(
            **nobody
        )


def _let_go(ids: Collection[int]) -> list[int]:
    """What belonged to them belongs to nobody; a subscription's number tells who it was, so it goes too."""
    Organisation.objects.filter(owner__in=ids).update(owner=None)
    rows = list(PhoneSubscription.objects.select_for_update().filter(person__in=ids))
    for row in rows:
        row.person, row.number = None, f"x{row.pk}"[:15]
    PhoneSubscription.objects.bulk_update(rows, ["person", "number"])
    return [row.pk for row in rows]


def _erasing(switch: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.erasing', %s, true)", [switch])
