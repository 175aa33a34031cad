"""The one-stop desk of the demo: three months of dossiers, wishes for correction, mandates, and a draft left open.

Everything hangs on the day of loading. A dossier that is there is left alone, so that loading again adds nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID, uuid5

from bakhong.accounts.models import User
from bakhong.accounts.permissions import StaffActor
from bakhong.accounts.residents import HolderActor
from bakhong.core.actor import Actor
from bakhong.core.days import day_of
from bakhong.demo.accounts import PEOPLE, read_or_make
from bakhong.demo.acts import carry_out
from bakhong.demo.dossiers import KEYS, Days, Office, Who, Work, fill_in, key_of, who
from bakhong.demo.e_identity import INVENTED, trials
from bakhong.demo.rules.desk import CULTURE, MARRIAGE, MOST_DAYS, SIGN_IN, Case, cases
from bakhong.dossiers.actions.deadlines import warn_and_escalate
from bakhong.dossiers.actions.receiving import set_office_code
from bakhong.dossiers.models import Dossier, OfficeCode
from bakhong.dossiers.tracking import tracking_code_of
from bakhong.eforms.actions import bind_card, start_draft
from bakhong.eforms.contents import code_of
from bakhong.eforms.models import Draft, State
from bakhong.messaging.actions.calling import record_call
from bakhong.messaging.models import Channel, Delivery, Outcome
from bakhong.messaging.models import State as DeliveryState
from bakhong.people.actions.correcting import acknowledge_correction, answer_correction, ask_correction
from bakhong.people.actions.residents import give_mandate
from bakhong.people.models import CorrectionRequest, Mandate, Person
from bakhong.people.queries.identity import national_id_of
from bakhong.people.queries.known import known_values
from bakhong.places.models import Unit
from bakhong.procedures.actions.calendar import set_hours
from bakhong.procedures.queries.calendar import calendar_for
from bakhong.procedures.rules.catalogue import procedure

SINCE = date(2025, 7, 1)
OFFICE_CODE = "000.99.22.H56"  # in the form of the real ones of Thanh Hoá; no commune was seen to have it
OPEN_DRAFT = uuid5(KEYS, "draft/open")
_SPARE = 58  # a slot no dossier has
_SATURDAY = 5
_STRIDE = 7  # households lie together in the roll
_GROWN_UP, _OLD = 22, 84


def load_desk(commune: Unit, *, by: Actor, at: datetime) -> int:
    """Returns how many dossiers are new. Without the demo's people there is nobody at the desk, and nothing happens."""
    office = office_of(commune, at)
    if office is None:
        return 0
    open_office(commune, by=by, at=at)
    there = set(Dossier.objects.filter(village=commune).values_list("uuid", flat=True))
    wanted = [each for each in cases() if key_of(each) not in there]
    if not wanted:
        return 0
    days = Days.until(at, calendar_for(commune, day_of(at) - timedelta(days=200), day_of(at)), MOST_DAYS + 1)
    persons = applicants()
    for case in wanted:
        carry_out(_work(case, office, days, persons))
    leave_a_draft(persons[_SPARE], commune, days)
    ask_for_corrections(persons, office, days)
    warn_and_escalate(at=at)
    settle_calls(office, days)
    return len(wanted)


# --- the office -------------------------------------------------------------------------------------------------------


def office_of(commune: Unit, at: datetime) -> Office | None:
    emails = {role: email for role, _unit, _name, email in PEOPLE}
    roles = ("one_stop_officer", "specialist", "chair")
    users = {user.email: user for user in User.objects.filter(email__in=[emails[role] for role in roles])}
    if len(users) < len(roles):
        return None
    officer, specialist, chair = (StaffActor(users[emails[role]], day_of(at)) for role in roles)
    passphrase = next(one.passphrase for one in read_or_make() if one.role == "chair")
    return Office(commune, officer, specialist, chair, passphrase)


def open_office(commune: Unit, *, by: Actor, at: datetime) -> None:
    """Its code in the numbers of dossiers, and that it takes papers in on Saturday mornings too."""
    if not OfficeCode.objects.filter(village=commune).exists():
        set_office_code(unit=commune, code=OFFICE_CODE, valid_from=SINCE, by=by, at=at)
    set_hours(
        unit=commune,
        weekday=_SATURDAY,
        spans="07:30-11:30",
        is_counted=False,
        valid_from=SINCE,
        source="Thông báo mẫu của xã: sáng thứ Bảy nhận và trả hồ sơ",
        key=uuid5(KEYS, "saturday"),
        by=by,
        at=at,
    )


# --- who comes --------------------------------------------------------------------------------------------------------


def applicants() -> list[Who]:
    """By slot: first those one can be in the demo, then others of the roll, from all over it."""
    signed_in = [UUID(each.code) for each in trials()[:SIGN_IN]]
    first = Person.objects.in_bulk(signed_in, field_name="uuid")
    found = [first[uuid] for uuid in signed_in]
    wanted = 1 + max(each.slot for each in cases())
    for person in _grown_up():
        if len(found) == wanted:
            break
        if person.uuid not in first:
            found.append(person)
    return [who(person, national_id_of(person), place) for place, person in enumerate(found)]


def _grown_up() -> Iterator[Person]:
    year = max(
        Person.objects.filter(birth_year__isnull=False).values_list("birth_year", flat=True), default=0
    )
    rows = list(
        Person.objects.filter(is_known=True, merged_into=None, national_id__isnull=False, presence="present")
        .filter(birth_year__range=(year - _OLD, year - _GROWN_UP), birth_day__isnull=False)
        .select_related("village")
        .order_by("pk")
    )
    for start in range(_STRIDE):
        for person in rows[start::_STRIDE]:
            if national_id_of(person).startswith(INVENTED):
                yield person


def _work(case: Case, office: Office, days: Days, persons: list[Who]) -> Work:
    work = Work(case, office, days, persons[case.slot])
    if case.way == "online_mandate":
        work.agent = persons[2] if case.slot == 3 else persons[case.slot - 1]
        work.mandate = _mandate(work.who, work.agent, days.ago(case.ago, 7))
    return work


def _mandate(principal: Who, agent: Who, at: datetime) -> Mandate:
    """Given on the portal by who needs help with it."""
    return give_mandate(
        principal=principal.person,
        agent_name=agent.said.full_name,
        agent_number=agent.said.national_id,
        relation="cháu",
        scope="procedures",
        procedures=[CULTURE, MARRIAGE],
        valid_to=day_of(at) + timedelta(days=300),
        how="online",
        by=principal.signed_in(at),
        at=at,
        key=uuid5(KEYS, f"mandate/{principal.person.uuid}"),
    )


# --- what is left to be tried -----------------------------------------------------------------------------------------


def leave_a_draft(someone: Who, commune: Unit, days: Days) -> Draft:
    """Begun on a telephone and left after the first page: the return code and the card's number open it on another device."""
    at, by = days.ago(1, 19.4), HolderActor("draft", OPEN_DRAFT)
    found = procedure(CULTURE, day_of(at))
    assert found is not None
    draft = start_draft(
        key=OPEN_DRAFT, form=found.form, unit=commune, operated_by="resident", by=by, at=at
    ).draft
    if draft.state == State.OPEN and draft.card_index is None:
        bind_card(draft=draft, national_id=someone.said.national_id, by=by, at=at)
        said = {"full_name": someone.said.full_name, "national_id": someone.said.national_id}
        fill_in(draft, said | {"address": someone.said.address, "phone": someone.phone}, by=by, at=at)
    return draft


@dataclass(frozen=True)
class Codes:
    """What a resident of the demo would have on paper: the codes that open a draft, and one dossier."""

    draft: str
    card: str
    dossier: str
    tracking: str


def codes() -> Codes | None:
    """None before they are loaded, and once the draft was used up."""
    draft = Draft.objects.filter(uuid=OPEN_DRAFT, state=State.OPEN).first()
    waiting = next(each for each in cases() if each.slot == 1 and each.procedure == CULTURE)
    dossier = Dossier.objects.filter(uuid=key_of(waiting)).first()
    if draft is None or dossier is None:
        return None
    owner = Person.objects.filter(national_id_index=draft.card_index).first()
    card = national_id_of(owner) if owner is not None else ""
    return Codes(code_of(draft), card, dossier.code or "", tracking_code_of(dossier))


_CORRECTIONS = (  # slot, working days ago, what, what is right, what became of it
    (0, 0, "person.occupation", "Buôn bán nhỏ", ""),
    (5, 1, "person.ethnicity", "Mường", "acknowledged"),
    (8, 12, "person.religion", "Công giáo", "refused"),
)


def ask_for_corrections(persons: list[Who], office: Office, days: Days) -> None:
    """Wishes for correction: one new, one acknowledged, one answered."""
    for slot, ago, key, wanted, became in _CORRECTIONS:
        one, at, client = persons[slot], days.ago(ago, 7.6), uuid5(KEYS, f"correction/{slot}")
        if CorrectionRequest.objects.filter(client_key=client).exists():
            continue
        known = known_values(one.person, [key], on=day_of(at)).values.get(key)
        asked = ask_correction(
            person=one.person, key=key, current=known.value if known else None, wanted=wanted, about=None,
            reason="Ghi không đúng với thực tế.", by=one.signed_in(at), at=at, key_uuid=client,
        )  # fmt: skip
        if became:
            asked = acknowledge_correction(request=asked, by=office.officer, at=at + timedelta(hours=2))
        if became == "refused":
            answer_correction(
                request=asked, is_accepted=False, answer="Cần bản chính quyết định của cơ quan có thẩm quyền.",
                by=office.officer, at=at + timedelta(hours=26),
            )  # fmt: skip


def settle_calls(office: Office, days: Days) -> None:
    """Whoever was to be called more than two working days ago has been called; the rest wait on the list."""
    before = days.ago(2, 0)
    waiting = Delivery.objects.filter(
        channel=Channel.CALL, state=DeliveryState.WAITING, village=office.commune
    )
    for call in waiting.filter(message__made_at__lt=before).select_related("message"):
        at = call.message.made_at + timedelta(hours=3)
        record_call(call=call, outcome=Outcome.TOLD, by=office.officer, at=at)
