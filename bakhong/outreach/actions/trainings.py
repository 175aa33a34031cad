"""Trainings: planned, attended, and what the attendance page sends."""

import secrets
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from bakhong.audit import actions as audit
from bakhong.core.actor import Actor
from bakhong.core.days import day_of
from bakhong.core.errors import Conflict, Refusal
from bakhong.core.text import name_key, squeeze
from bakhong.outreach.actions.planning import known_services, line, once, right_order, within
from bakhong.outreach.models import Attendance, Attended, CheckIn, Training
from bakhong.outreach.permissions import PLAN, VISIT, require
from bakhong.outreach.queries.trainings import sure_guesses
from bakhong.outreach.rules.trainings import FORGET_AFTER, MOST_A_MINUTE, MOST_ENTRIES, is_open
from bakhong.people.actions.adopting import Adopted, record_adoptions, retract_adoptions
from bakhong.people.models import Adoption, Person, Source
from bakhong.people.rules.births import is_surely_under
from bakhong.people.rules.services import services
from bakhong.places.models import Unit

SKILLS = "digital_skills"


class Closed(Refusal):
    """The attendance page takes no entries now."""

    status = 410


class Crowded(Refusal):
    """More entries than a class has."""

    status = 429


def plan_training(
    *,
    unit: Unit,
    title: str,
    services: Collection[str],
    place: Unit,
    venue: str,
    starts_at: datetime,
    ends_at: datetime,
    trainer: str,
    client_key: UUID,
    by: Actor,
    at: datetime,
) -> Training:
    """A training in a village (or for the whole commune). Basic skills are always among what is taught.

    Raises: NotAllowed; Refusal; Conflict.
    """
    require(PLAN, unit.pk, by=by)
    right_order(starts_at, ends_at)
    with transaction.atomic():
        made, is_new = once(
            Training,
            client_key=client_key,
            unit=unit,
            by=by,
            at=at,
            title=line(title, 200, _("tên buổi tập huấn")),
            services=known_services({*services, SKILLS}),
            place=within(unit, place, at),
            venue=line(venue, 200, _("nơi tổ chức")),
            starts_at=starts_at,
            ends_at=ends_at,
            trainer=line(trainer, 120, _("người hướng dẫn")),
            token=secrets.token_urlsafe(12),
        )
        if is_new:
            _trail(made, "outreach.plan_training", by, at)
    return made


@transaction.atomic
def cancel_training(*, training: Training, by: Actor, at: datetime) -> None:
    """It does not take place. Twice is once.

    Raises: NotAllowed; Conflict when people were there.
    """
    require(PLAN, training.unit_id, by=by)
    found = Training.objects.select_for_update().get(pk=training.pk)
    if found.attendances.filter(withdrawn_at=None).exists():
        raise Conflict(_("Buổi này đã có người dự nên không huỷ được."))
    if found.cancelled_at is None:
        found.cancelled_at = at
        found.save(update_fields=["cancelled_at"])
        _trail(found, "outreach.cancel_training", by, at)


def check_in(
    *, training: Training, name: str, birth_year: int, phone_tail: str, by: Actor, at: datetime
) -> None:
    """Keeps what somebody typed on the attendance page, whoever they are. Nothing is looked up here, so that neither the answer nor the
    time it takes tells whether anybody of that name lives here. The same entry again is one.

    Raises: Closed outside the training's hours; Crowded; Refusal for what cannot be a name, a year or four digits.
    """
    name, phone_tail = squeeze(name.replace("\x00", ""))[:120], phone_tail.strip()
    if sum(char.isalpha() for char in name) < 2 or any(char.isdigit() for char in name):
        raise Refusal(_("Hãy gõ họ và tên như trên giấy tờ."))
    if not day_of(at).year - 120 <= birth_year <= day_of(at).year:
        raise Refusal(_("Năm sinh gồm 4 chữ số, ví dụ 1962."))
    if not (len(phone_tail) == 4 and phone_tail.isascii() and phone_tail.isdigit()):
        raise Refusal(_("Gõ 4 số cuối của số điện thoại."))
    key = _entry_key(training, name, birth_year, phone_tail)
    with transaction.atomic():
        # One entry of a training after another: two at the same moment cannot both be the last one allowed.
        training = Training.objects.select_for_update().get(pk=training.pk)
        if training.cancelled_at or not is_open(training.starts_at, training.ends_at, at):
            raise Closed(_("Ngoài giờ điểm danh. Hãy nhờ người hướng dẫn ghi tên."))
        entries = CheckIn.objects.filter(training=training)
        if entries.filter(key=key).exists():
            return
        if (
            entries.count() >= MOST_ENTRIES
            or entries.filter(at__gt=at - timedelta(minutes=1)).count() >= MOST_A_MINUTE
        ):
            raise Crowded(
                _("Đang có nhiều người cùng gửi. Hãy đợi một phút rồi gửi lại, hoặc nhờ người hướng dẫn.")
            )
        CheckIn.objects.create(
            training=training,
            village_id=training.place_id,
            name=name,
            birth_year=birth_year,
            phone_tail=phone_tail,
            key=key,
            at=at,
        )
        _trail(training, "outreach.check_in", by, at)


def _entry_key(training: Training, name: str, birth_year: int, phone_tail: str) -> str:
    entry = f"{training.pk}\n{name_key(name)}\n{birth_year}\n{phone_tail}"
    return salted_hmac("outreach.check_in", entry, algorithm="sha256").hexdigest()


@transaction.atomic
def attend(
    *, training: Training, persons: Sequence[Person], by: Actor, at: datetime, how: str = Attended.LIST
) -> list[Attendance]:
    """These residents were there: each learns basic skills by it, where they are old enough. Ticking somebody again changes nothing.

    Raises: NotAllowed; Refusal for a training that was cancelled or has not begun, or for somebody of elsewhere.
    """
    require(VISIT, training.place_id, by=by)
    training = Training.objects.select_for_update(of=("self",)).get(pk=training.pk)
    if training.cancelled_at or day_of(training.starts_at) > day_of(at):
        raise Refusal(_("Chỉ ghi người dự khi buổi tập huấn đã đến ngày và không bị huỷ."))
    known = {each.person_id: each for each in training.attendances.filter(person__in=persons)}
    new = [each for each in persons if each.pk not in known or known[each.pk].withdrawn_at]
    for person in new:
        require(VISIT, person.village_id, by=by)
    adopted = _learn_skills(training, new, how, by, at)
    for person in new:
        known[person.pk], _made = Attendance.objects.update_or_create(
            training=training,
            person=person,
            defaults={
                "village_id": person.village_id,
                "how": how,
                "adoption": adopted.get(person.pk),
                "recorded_by": by.id,
                "recorded_at": at,
                "withdrawn_at": None,
            },
        )
    audit.record_many(
        by=by,
        at=at,
        deed="outreach.attend",
        object_kind="person",
        objects=[(person.uuid, person.village_id) for person in new],
        training=str(training.uuid),
    )
    return [known[each.pk] for each in persons]


def _learn_skills(
    training: Training, persons: Iterable[Person], how: str, by: Actor, at: datetime
) -> dict[int, Adoption]:
    """{person id: the fact made}, for those who are old enough to be counted."""
    day = day_of(training.starts_at)
    learners = [each for each in persons if not _is_too_young(each, day)]
    if not learners:
        return {}
    facts = record_adoptions(
        entries=[
            Adopted(
                SKILLS,
                services()[SKILLS].counts_from,
                person=each,
                happened_on=day,
                evidence=_("Dự tập huấn: %(title)s") % {"title": training.title},
                detail=f"training:{training.uuid}",
            )
            for each in learners
        ],
        source=Source.RESIDENT if how == Attended.CODE else Source.OFFICER,
        by=by,
        at=at,
        permission=VISIT,
    )
    return {each.pk: fact for each, fact in zip(learners, facts, strict=True)}


def _is_too_young(person: Person, on: date) -> bool:
    birth = (person.birth_year, person.birth_month, person.birth_day)
    return is_surely_under(birth, services()[SKILLS].eligible.age_min or 0, on)


@transaction.atomic
def withdraw_attendance(*, attendance: Attendance, by: Actor, at: datetime) -> None:
    """Ticked by mistake: the fact it made is taken back, and an entry of the attendance page waits again. Twice is once.

    Raises: NotAllowed.
    """
    require(VISIT, attendance.village_id, by=by)
    found = Attendance.objects.select_for_update().get(pk=attendance.pk)
    if found.withdrawn_at is not None:
        return
    if found.adoption is not None:
        retract_adoptions(adoptions=[found.adoption], by=by, at=at, permission=VISIT)
    found.withdrawn_at, found.adoption = at, None
    found.save(update_fields=["withdrawn_at", "adoption"])
    found.checkins.update(attendance=None)
    audit.record(
        by=by,
        at=at,
        deed="outreach.withdraw_attendance",
        object_kind="person",
        object_id=found.person.uuid,
        place_id=found.village_id,
        training=str(found.training.uuid),
    )


@transaction.atomic
def recognise(*, checkin: CheckIn, person: Person, by: Actor, at: datetime) -> Attendance:
    """The one who typed this entry is that resident.

    Raises: NotAllowed; Conflict when the entry has been dealt with.
    """
    found = _waiting(checkin, by)
    (attendance,) = attend(training=found.training, persons=[person], how=Attended.CODE, by=by, at=at)
    found.attendance = attendance
    found.save(update_fields=["attendance"])
    return attendance


@transaction.atomic
def recognise_sure(*, training: Training, by: Actor, at: datetime) -> int:
    """All entries that agree with exactly one resident in name, year and phone; returns how many. The rest wait for somebody to look.

    Raises: NotAllowed.
    """
    require(VISIT, training.place_id, by=by)
    guesses = sure_guesses(by, training, day_of(at))
    for checkin, person in guesses:
        recognise(checkin=checkin, person=person, by=by, at=at)
    return len(guesses)


@transaction.atomic
def dismiss_check_in(*, checkin: CheckIn, by: Actor, at: datetime) -> None:
    """Nobody of the roll: a guest, a joke. It no longer waits.

    Raises: NotAllowed; Conflict when the entry has been dealt with.
    """
    found = _waiting(checkin, by)
    found.is_dismissed = True
    found.save(update_fields=["is_dismissed"])
    _trail(found.training, "outreach.dismiss_check_in", by, at)


@transaction.atomic
def forget_check_ins(*, by: Actor, at: datetime) -> int:
    """What was typed on attendance pages FORGET_AFTER days ago and longer is blanked, recognised or not; returns how many entries.

    Nothing needs it any more: who was recognised has an attendance, and nobody will recognise the rest.
    """
    before = at - timedelta(days=FORGET_AFTER)
    old = CheckIn.objects.filter(training__ends_at__lt=before).exclude(name="")
    trainings = set(old.values_list("training", flat=True))
    count = old.update(name="", birth_year=0, phone_tail="")
    for training in Training.objects.filter(pk__in=trainings):
        _trail(training, "outreach.forget_check_ins", by, at)
    CheckIn.objects.filter(name="", attendance=None).update(is_dismissed=True)
    return count


def _waiting(checkin: CheckIn, by: Actor) -> CheckIn:
    require(VISIT, checkin.village_id, by=by)
    try:
        found: CheckIn = CheckIn.objects.select_for_update(of=("self",)).get(
            pk=checkin.pk, attendance=None, is_dismissed=False
        )
    except CheckIn.DoesNotExist:
        raise Conflict(_("Dòng này đã có người xử lý. Hãy tải lại trang.")) from None
    return found


def _trail(training: Training, deed: str, by: Actor, at: datetime) -> None:
    audit.record(
        by=by, at=at, deed=deed, object_kind="training", object_id=training.uuid, place_id=training.place_id
    )
