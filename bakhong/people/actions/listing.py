"""The residents of an area as a workbook to take away: a deed, with its reason, that leaves its trace."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import IO

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from bakhong.audit import actions as audit
from bakhong.core.actor import Actor
from bakhong.core.bulk import insert_many
from bakhong.core.errors import Refusal
from bakhong.core.numbers import format_day
from bakhong.core.text import squeeze
from bakhong.documents.writing.xlsx import Column, Sheet, Value, workbook
from bakhong.people.actions.looking import NOTE_LENGTH
from bakhong.people.models import Device, Look, Person, PhoneNumber, Presence, Reason, Relation, Seen, Sex
from bakhong.people.permissions import REVEAL, VIEW, require
from bakhong.people.queries import roll
from bakhong.people.queries.identity import mask, national_id_of
from bakhong.places.models import Unit

CHUNK = 2000


def list_residents(
    *,
    unit: Unit,
    wanted: roll.Wanted,
    reason: str,
    note: str,
    has_numbers: bool,
    by: Actor,
    at: datetime,
    on: date,
) -> IO[bytes]:
    """The residents of a unit that fit, as an open temporary file. Numbers are masked unless `has_numbers`; then every person is told.

    Raises: NotAllowed; Refusal when no reason of the list is given, or daily work is to be reason enough for whole numbers.
    """
    require(VIEW, unit.pk, by=by)
    note = squeeze(note)
    if reason not in Reason.values:
        raise Refusal(_("Chọn lý do tải danh sách."))
    if len(note) > NOTE_LENGTH:
        raise Refusal(_("Ghi chú dài nhất 200 chữ."))
    if has_numbers:
        require(REVEAL, unit.pk, by=by)
        if reason == Reason.DUTY:
            raise Refusal(_("Chọn lý do cần số đầy đủ. Người dân được biết ai đã xem và vì sao."))
    found = roll.listed(by, unit, on, wanted)
    with transaction.atomic():
        if has_numbers:
            _look(found.values_list("pk", "village_id"), reason, note, by, at)
        count = found.count()
        audit.record(
            by=by,
            at=at,
            deed="people.list_residents",
            object_kind="unit",
            object_id=unit.uuid,
            place_id=unit.pk,
            reason=str(reason),
            people=count,
            numbers="whole" if has_numbers else "masked",
        )
        titles = [
            _("Danh sách người dân %(unit)s") % {"unit": unit.full_name},
            _("%(count)s người, ngày %(day)s. Có dữ liệu cá nhân: giữ kín, xoá khi xong việc.")
            % {"count": count, "day": format_day(on)},
        ]
        sheet = Sheet(_("Người dân"), _columns(), _rows(by, found, has_numbers), titles, is_landscape=True)
        return workbook([sheet], title=titles[0])


def _look(people: Iterable[tuple[int, int]], reason: str, note: str, by: Actor, at: datetime) -> None:
    insert_many(
        [
            Look(
                person_id=pk,
                village_id=village,
                at=at,
                actor_id=by.id,
                actor_label=by.label[:120],
                what=Seen.NATIONAL_ID,
                reason=reason,
                note=note,
            )
            for pk, village in people
        ]
    )


def _columns() -> list[Column]:
    return [
        Column(_("STT"), "int", 6),
        Column(_("Họ và tên")),
        Column(_("Ngày sinh"), width=12),
        Column(_("Giới tính"), width=9),
        Column(_("Số định danh"), width=16),
        Column(_("Thôn"), width=20),
        Column(_("Quan hệ với chủ hộ"), width=14),
        Column(_("Có mặt"), width=16),
        Column(_("Nơi đang ở"), width=18),
        Column(_("Số điện thoại"), width=14),
        Column(_("Loại điện thoại"), width=14),
        Column(_("Địa chỉ")),
    ]


def _rows(by: Actor, found: QuerySet[Person], has_numbers: bool) -> Iterator[list[Value]]:
    words = [_words(each) for each in (Sex, Relation, Presence, Device)]
    phones = dict(
        PhoneNumber.objects.for_user(by)
        .filter(is_current=True, person__in=found.order_by().values("pk"))
        .values_list("person_id", "number")
    )
    shown = str if has_numbers else mask
    for number, person in enumerate(
        found.select_related(None).prefetch_related("village").iterator(CHUNK), start=1
    ):
        yield [
            number,
            person.name,
            _birth(person),
            words[0].get(person.sex, ""),
            shown(national_id_of(person)),
            person.village.full_name,
            words[1].get(person.relation, ""),
            words[2].get(person.presence, ""),
            person.whereabouts,
            shown(phones.get(person.pk, "")),
            words[3].get(person.device, ""),
            person.address,
        ]


def _words(choices: type[Sex] | type[Relation] | type[Presence] | type[Device]) -> Mapping[str, str]:
    return {value: str(label) for value, label in choices.choices}


def _birth(person: Person) -> str:
    parts = [f"{part:02d}" for part in (person.birth_day, person.birth_month) if part]
    return "/".join([*parts, str(person.birth_year)]) if person.birth_year else ""
