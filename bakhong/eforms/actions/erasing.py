"""Forgetting drafts: those nobody goes on with, and those of a person whose data are erased."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction

from bakhong.audit import actions as audit
from bakhong.core.actor import OPERATOR, Actor
from bakhong.core.days import day_of
from bakhong.documents.actions.storing import erase_files_of
from bakhong.documents.models import File
from bakhong.eforms.models import Answer, Draft, State
from bakhong.people import scope

_AT_ONCE = 500


def forget_expired(*, by: Actor, at: datetime) -> int:
    """Open drafts whose time is over and dropped ones go, with their answers and files; returns how many."""
    done = 0
    while True:
        with transaction.atomic():
            drafts = list(
                Draft.objects.select_for_update(skip_locked=True)
                .filter(state__in=[State.OPEN, State.DROPPED], expires_on__lt=day_of(at))
                .order_by("pk")[:_AT_ONCE]
            )
            _delete(drafts, by, at)
        done += len(drafts)
        if len(drafts) < _AT_ONCE:
            return done


def forget_answers_of(person_ids: Collection[int], *, by: Actor, at: datetime) -> int:
    """What drafts of persons who are being erased hold is blanked: submitted ones stay, empty; open ones go with their files. How many.

    Only within that deed's own transaction (`people.erase`, audited there): it has opened the guards for itself.
    """
    with scope.seeing(
        OPERATOR
    ):  # they lie with communes, which may be another than where the person lives now
        drafts = list(Draft.objects.select_for_update().filter(person__in=person_ids))
        is_open = [each for each in drafts if each.state != State.SUBMITTED]
        Answer.objects.filter(draft__in=drafts).exclude(draft__in=is_open).update(
            value=None, offered=None, sealed=None
        )
        _erase_files(is_open, by, at)
        Answer.objects.filter(draft__in=is_open).delete()
        Draft.objects.filter(pk__in=[each.pk for each in drafts]).exclude(wishes={}).update(wishes={})
        Draft.objects.filter(pk__in=[each.pk for each in is_open]).delete()
    return len(drafts)


def forget_begun(uuids: Collection[UUID], *, by: Actor, at: datetime) -> None:
    """Open drafts with these uuids go, with their answers and files: forms begun for dossiers whose applicants are being erased."""
    _delete(list(Draft.objects.select_for_update().filter(uuid__in=uuids, state=State.OPEN)), by, at)


def _delete(drafts: list[Draft], by: Actor, at: datetime) -> None:
    if not drafts:
        return
    _erase_files(drafts, by, at)
    Answer.objects.filter(draft__in=drafts).delete()
    Draft.objects.filter(pk__in=[each.pk for each in drafts]).delete()
    audit.record_many(
        by=by,
        at=at,
        deed="eforms.erase_draft",
        object_kind="draft",
        objects=[(each.uuid, each.village_id) for each in drafts],
    )


def _erase_files(drafts: list[Draft], by: Actor, at: datetime) -> None:
    """Most drafts have none: they are asked for once, for all."""
    uuids = [each.uuid for each in drafts]
    rows = File.objects.filter(owner_kind="draft", owner__in=uuids, erased_at=None)
    for owner in set(rows.values_list("owner", flat=True)):
        erase_files_of(owner=("draft", owner), by=by, at=at)
