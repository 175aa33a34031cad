"""One resident: what stands and where it comes from, the household, what they agreed to, and who looked."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bakhong.accounts.access import StaffRequest
from bakhong.core.errors import NotFound, Refusal
from bakhong.core.numbers import format_day
from bakhong.desk.forms.people import ConsentForm, HouseholdForm, RevealForm
from bakhong.desk.frame import now, page, today, unit_page
from bakhong.desk.service_lines import lines_of, matrix
from bakhong.outreach.permissions import VISIT
from bakhong.people import actions as deeds
from bakhong.people import looks
from bakhong.people.known_words import shown
from bakhong.people.models import (
    Consent,
    Device,
    Fact,
    Holder,
    Household,
    Person,
    PhoneNumber,
    Presence,
    Relation,
    Seen,
    Sex,
)
from bakhong.people.permissions import EDIT, ERASE, MERGE, REVEAL, VIEW
from bakhong.people.queries import roll
from bakhong.people.queries.details import has_ended, standing_details, value_of
from bakhong.people.queries.identity import mask, masked_id
from bakhong.people.queries.records import (
    Line,
    alike,
    history_of,
    looks_at,
    members_of,
    person_at,
    stays_of,
)
from bakhong.people.rules.births import age_on, birth_parts, birth_text
from bakhong.people.rules.dictionary import dictionary
from bakhong.places.models import Unit
from bakhong.ui.figures import language
from bakhong.ui.forms import PartialDay

LABELS = {
    "name": gettext_lazy("Họ và tên"),
    "birth": gettext_lazy("Ngày sinh"),
    "sex": gettext_lazy("Giới tính"),
    "national_id": gettext_lazy("Số định danh"),
    "place": gettext_lazy("Nơi ở"),
    "presence": gettext_lazy("Có mặt"),
    "whereabouts": gettext_lazy("Đang ở đâu"),
    "address": gettext_lazy("Nơi cư trú"),
    "household": gettext_lazy("Hộ"),
    "relation": gettext_lazy("Quan hệ với chủ hộ"),
    "phone": gettext_lazy("Số điện thoại"),
    "phone_holder": gettext_lazy("Số của ai"),
    "phone_note": gettext_lazy("Ghi chú về số"),
    "device": gettext_lazy("Loại điện thoại"),
    "device_year": gettext_lazy("Máy mua năm"),
    "note": gettext_lazy("Ghi chú"),
    "apart_from": gettext_lazy("Là người khác với"),
}
WORDS = {"sex": Sex, "presence": Presence, "relation": Relation, "phone_holder": Holder, "device": Device}
SHOWN_LOOKS = 50


@unit_page(VIEW)
def person(request: StaffRequest, unit: Unit, person: UUID) -> HttpResponse:
    return _page(request, unit, person_at(request.actor, unit, today(), person))


@unit_page(VIEW, post=REVEAL)
def reveal(request: StaffRequest, unit: Unit, person: UUID) -> HttpResponseBase:
    """The number stands in this one answer only, which no cache keeps."""
    found = person_at(request.actor, unit, today(), person)
    if request.method != "POST":
        return redirect("desk:person", unit=unit.uuid, person=found.uuid)
    what = Seen.PHONE if request.POST.get("what") == "phone" else Seen.NATIONAL_ID
    try:
        value = deeds.reveal(
            person=found,
            what=what,
            reason=request.POST.get("reason", ""),
            note=request.POST.get("note", "").replace("\x00", ""),
            by=request.actor,
            at=now(),
        )
    except Refusal as refusal:
        return _page(request, unit, found, status=refusal.status, problem=str(refusal))
    return _page(request, unit, found, revealed={what: value})


@unit_page(VIEW, post=EDIT)
def retract(request: StaffRequest, unit: Unit, person: UUID, fact: UUID) -> HttpResponseBase:
    found = person_at(request.actor, unit, today(), person)
    if request.method == "POST":
        facts = list(Fact.objects.filter(uuid=fact, person=found, retracts=None))
        if not facts:
            raise NotFound("")
        removed, _kept = deeds.retract_facts(facts=facts, by=request.actor, at=now())
        if removed:
            messages.success(request, _("Đã rút lại. Không còn điều gì ghi về người này."))
            return redirect("desk:residents", unit=unit.uuid)
        messages.success(request, _("Đã rút lại điều đã ghi."))
    return redirect("desk:person", unit=unit.uuid, person=found.uuid)


@unit_page(EDIT, post=EDIT)
def consent(request: StaffRequest, unit: Unit, person: UUID) -> HttpResponseBase:
    found = person_at(request.actor, unit, today(), person)
    form = ConsentForm(request.POST if request.method == "POST" else None, initial={"given_on": today()})
    if request.method == "POST" and form.is_valid():
        try:
            deeds.give_consent(person=found, by=request.actor, at=now(), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Đã ghi sự đồng ý."))
            return redirect("desk:person", unit=unit.uuid, person=found.uuid)
    return _form_page(request, unit, found, form, _("Ghi sự đồng ý"), _("Lưu sự đồng ý"))


@unit_page(VIEW, post=EDIT)
def withdraw(request: StaffRequest, unit: Unit, person: UUID, consent: UUID) -> HttpResponseBase:
    found = person_at(request.actor, unit, today(), person)
    if request.method == "POST":
        given = Consent.objects.filter(uuid=consent, person=found).first()
        if given is None:
            raise NotFound("")
        deeds.withdraw_consent(consent=given, by=request.actor, at=now())
        messages.success(request, _("Đã ghi rút lại sự đồng ý."))
    return redirect("desk:person", unit=unit.uuid, person=found.uuid)


@unit_page(EDIT, post=EDIT)
def make_household(request: StaffRequest, unit: Unit, person: UUID) -> HttpResponseBase:
    """The person becomes the head; the members are chosen from people of the village with the same address or family name."""
    head = person_at(request.actor, unit, today(), person)
    candidates = _candidates(request, unit, head)
    form = HouseholdForm(
        request.POST if request.method == "POST" else None,
        candidates=candidates,
        initial={"address": head.address},
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = deeds.make_household(
                village=head.village,
                members=form.members(head, candidates),
                code=form.cleaned_data["code"],
                address=form.cleaned_data["address"],
                by=request.actor,
                at=now(),
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Đã lập hộ."))
            return redirect("desk:household", unit=unit.uuid, household=made.uuid)
    title = _("Lập hộ, chủ hộ %(name)s") % {"name": head.name}
    return _form_page(request, unit, head, form, title, _("Lập hộ này"))


def _candidates(request: StaffRequest, unit: Unit, head: Person) -> list[Person]:
    family = head.name_key.split(" ")[0]
    found = roll.residents(request.actor, unit, today()).filter(village=head.village_id, household=None)
    near = found.filter(address=head.address) if head.address else found.none()
    ids = {
        *near.values_list("pk", flat=True)[:30],
        *found.filter(name_key__startswith=f"{family} ").values_list("pk", flat=True)[:30],
    }
    return list(Person.objects.filter(pk__in=ids - {head.pk}).order_by("sort_key", "pk")[:30])


@unit_page(VIEW)
def household(request: StaffRequest, unit: Unit, household: UUID) -> HttpResponse:
    found = Household.objects.for_user(request.actor).filter(uuid=household).select_related("village").first()
    members = members_of(found, request.actor) if found else []
    area = {
        each.pk
        for each in roll.residents(request.actor, unit, today()).filter(pk__in=[each.pk for each in members])
    }
    if found is None or not area:
        raise NotFound("")
    return page(
        request,
        "desk/people/household.html",
        unit=unit,
        active="residents",
        household=found,
        lines=[(each, _birth(each), each.get_relation_display()) for each in members],
        members=members,
        matrix=matrix(members, today()),
        subject=found,
        service_lines=lines_of(found, today(), request.actor.id),
        may_edit=request.actor.may(EDIT, found.village_id),
        may_visit=request.actor.may(VISIT, found.village_id),
    )


# --- the page ----------------------------------------------------------------------------------------------------------


def _page(
    request: StaffRequest, unit: Unit, found: Person, *, status: int = 200, **more: Any
) -> HttpResponse:
    if status == 200:
        looks.note(request, found)
    actor, revealed = request.actor, more.pop("revealed", {})
    phone = PhoneNumber.objects.filter(person=found, is_current=True).first()
    stays, seen, asks_all = stays_of(found), looks_at(found), request.GET.get("looks") == "all"
    places = Unit.objects.in_bulk([found.village_id, *(each.place_id for each in stays)])
    return page(
        request,
        "desk/people/person.html",
        unit=unit,
        active="residents",
        status=status,
        person=found,
        rows=_rows(found, today()),
        national_id=revealed.get(Seen.NATIONAL_ID) or masked_id(found),
        phone=revealed.get(Seen.PHONE) or (mask(phone.number) if phone else ""),
        phone_of=phone.get_holder_display() if phone else "",
        phone_note=phone.note if phone else "",
        revealed=revealed,
        former=roll.former_communes([found.village_id]).get(found.village_id),
        residences=[(places[each.place_id], each) for each in stays],
        history=[_told(line, places) for line in history_of(found)],
        details=_details(found, today()),
        members=members_of(found.household, actor) if found.household else [],
        consents=found.consents.order_by("-given_on"),
        looks=seen[: None if asks_all else SHOWN_LOOKS],
        looks_left=0 if asks_all else max(seen.count() - SHOWN_LOOKS, 0),
        alike=alike(actor, unit, today(), found)[:5],
        doubles=Person.objects.for_user(actor).filter(merged_into=found).order_by("pk"),
        may_erase=actor.may(ERASE, found.village_id),
        may_merge=actor.may(MERGE, found.village_id),
        reveal_form=RevealForm(),
        may_edit=actor.may(EDIT, found.village_id),
        may_visit=actor.may(VISIT, found.village_id),
        may_reveal=actor.may(REVEAL, found.village_id),
        subject=found,
        service_lines=lines_of(found, today(), actor.id),
        **more,
    )


def _rows(found: Person, on: date) -> list[dict[str, Any]]:
    """What stands, for the summary list; what nobody has said is not hidden."""
    unknown = _("chưa rõ")
    birth = birth_text(found.birth_year, found.birth_month, found.birth_day)
    age = age_on(birth, on)
    born = _("%(day)s (%(age)s tuổi)") % {"day": _birth(found), "age": age} if age is not None else unknown
    device = found.get_device_display() or unknown
    if found.device_year:
        device = _("%(device)s, máy năm %(year)s") % {"device": device, "year": found.device_year}
    presence = ", ".join(filter(None, [found.get_presence_display(), found.whereabouts])) or unknown
    return [
        {"key": LABELS["birth"], "value": born},
        {"key": LABELS["sex"], "value": found.get_sex_display() or unknown},
        {"key": LABELS["place"], "value": found.village.full_name},
        {"key": LABELS["address"], "value": found.address or unknown},
        {"key": LABELS["presence"], "value": presence},
        {"key": LABELS["device"], "value": device},
        {"key": LABELS["note"], "value": found.note or "–"},
    ]


def _details(found: Person, on: date) -> list[dict[str, Any]]:
    """What else stands, by the names of the dictionary; what is sensitive is not read here."""
    known, standing = dictionary(), standing_details(found, on)
    lines = [(known[key], standing[key][0]) for key in known if key in standing]
    return [
        {
            "label": entry.label(language()),
            "shown": shown(entry, value_of(row), is_hidden=entry.is_sensitive),
            "source": row.get_source_display(),
            "true_on": row.true_on,
            "valid_to": row.valid_to,
            "has_ended": has_ended(row, on),
        }
        for entry, row in lines
    ]


def _birth(found: Person) -> str:
    if found.birth_year is None:
        return ""
    return str(PartialDay(found.birth_year, found.birth_month, found.birth_day))


def _told(line: Line, places: dict[int, Unit]) -> dict[str, Any]:
    return {
        "line": line,
        "values": [(LABELS[name], _in_words(name, value, places)) for name, value in line.values],
        "true_from": format_day(line.fact.true_from) if line.fact.true_from else "",
    }


def _in_words(name: str, value: Any, places: dict[int, Unit]) -> str:
    if value in ("", None):
        return _("không có")
    if name == "place":
        place = places.get(value) or Unit.objects.filter(pk=value).first()
        return place.full_name if place else ""
    if name == "household":
        return _("đã ghi vào một hộ")
    if name == "apart_from":
        other = Person.objects.filter(uuid=value).first()
        return other.name if other else _("một người ở nơi khác")
    if name == "birth":
        year, month, day = birth_parts(value)
        return str(PartialDay(year, month, day)) if year else ""
    if name in WORDS:
        return str(dict(WORDS[name].choices).get(value, value))
    return str(value)


def _form_page(
    request: StaffRequest, unit: Unit, found: Person, form: Any, title: str, button: str
) -> HttpResponse:
    return page(
        request,
        "desk/people/form.html",
        unit=unit,
        active="residents",
        status=422 if form.is_bound else 200,
        person=found,
        form=form,
        heading=title,
        button_label=button,
    )
