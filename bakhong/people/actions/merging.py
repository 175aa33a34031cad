"""Two records of one person become one; the other stays as a redirect and can be taken out again."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from bakhong.audit import actions as audit
from bakhong.core.actor import Actor
from bakhong.core.days import day_of
from bakhong.core.errors import Conflict, NotFound, Refusal
from bakhong.people.actions.holdings import hold_again, leave_nothing
from bakhong.people.actions.projecting import project_again
from bakhong.people.actions.recording import Saying, learn, tell_households
from bakhong.people.models import Fact, Person, Source
from bakhong.people.permissions import MERGE, require
from bakhong.people.queries.duplicates import judged_apart
from bakhong.people.signals import facts_recorded


def merge_people(*, keep: Person, double: Person, by: Actor, at: datetime) -> Person:
    """`double` is the same human being as `keep`: what was said about either now stands of `keep`. No fact is changed.

    Raises: NotAllowed; Refusal for one record twice; Conflict when one is a double already.
    """
    if keep.pk == double.pk:
        raise Refusal(_("Chọn hai bản ghi khác nhau."))
    with transaction.atomic():
        keep, double = _locked(keep, double, by=by)
        if keep.merged_into_id or double.merged_into_id:
            raise Conflict(_("Một trong hai bản ghi đã được gộp rồi."))
        double.merged_into = keep
        double.save(update_fields=["merged_into"])
        _finish(keep, double, [keep], by, at, "people.merge")
    return keep


def unmerge_people(*, double: Person, by: Actor, at: datetime) -> Person:
    """They were two people after all: both stand again as they were said to be.

    Raises: NotAllowed; Conflict when it is not merged into anybody.
    """
    try:
        with transaction.atomic():
            (double,) = _locked(double, by=by)
            if double.merged_into is None:
                raise Conflict(_("Bản ghi này không gộp vào ai."))
            (keep,) = _locked(double.merged_into, by=by)
            # A number stands once in a village: the one kept gives it up before the other takes it back.
            Person.objects.filter(pk=keep.pk).update(national_id=None, national_id_index=None)
            double.merged_into = None
            double.save(update_fields=["merged_into"])
            _finish(keep, double, [keep, double], by, at, "people.unmerge")
    except IntegrityError:
        raise Conflict(
            _("Hai bản ghi mang cùng một số định danh ở cùng một thôn. Rút lại số ghi sai trước khi tách.")
        ) from None
    return double


def keep_apart(*, one: Person, other: Person, by: Actor, at: datetime) -> None:
    """Somebody compared the two records: they are two people, and are no longer suspected. A fact about the older record says so.

    Raises: NotAllowed; Refusal for one record twice.
    """
    if one.pk == other.pk:
        raise Refusal(_("Chọn hai bản ghi khác nhau."))
    require(MERGE, other.village_id, by=by)
    first, second = sorted((one, other), key=lambda each: each.pk)
    if judged_apart(first, second) is None:
        learn(
            sayings=[Saying({"apart_from": str(second.uuid)}, person=first)],
            source=Source.OFFICER,
            by=by,
            at=at,
            deed="people.keep_apart",
            permission=MERGE,
        )


def _locked(*persons: Person, by: Actor) -> list[Person]:
    rows = {
        row.pk: row for row in Person.objects.select_for_update().filter(pk__in=[each.pk for each in persons])
    }
    if len(rows) != len(persons):
        raise NotFound(_("Không có người này."))
    for row in rows.values():
        require(MERGE, row.village_id, by=by)
    return [rows[each.pk] for each in persons]


def _finish(keep: Person, double: Person, again: list[Person], by: Actor, at: datetime, deed: str) -> None:
    homes = {each.household_id for each in (keep, double)}
    for person in again:
        project_again([person], day_of(at))
    if double not in again:
        leave_nothing(double)
    hold_again("person", [person.pk for person in again])
    audit.record(
        by=by,
        at=at,
        deed=deed,
        object_kind="person",
        object_id=keep.uuid,
        place_id=keep.village_id,
        double=str(double.uuid),
    )
    facts_recorded.send(sender=Fact, person_ids=[keep.pk, double.pk])
    homes |= {each.household_id for each in (keep, double)}
    tell_households(homes)
