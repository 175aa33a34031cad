"""The roll of residents: the list of a place, one person, and what is recorded about them. Numbers are masked until a reason is given."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from bakhong.accounts.access import StaffRequest
from bakhong.core.errors import NotFound, Refusal
from bakhong.core.numbers import format_day
from bakhong.desk.forms.people import ChangeForm, NewPersonForm, from_card
from bakhong.desk.frame import BadQuestion, now, page, sent_as, today, unit_page
from bakhong.people import actions as deeds
from bakhong.people.models import Device, Person, PhoneNumber, Presence, Reason
from bakhong.people.permissions import EDIT, IMPORT, REVEAL, VIEW
from bakhong.people.problems import CARD_WARNINGS, sentence
from bakhong.people.queries import roll
from bakhong.people.queries.identity import mask
from bakhong.people.queries.records import person_at
from bakhong.people.rules import idcard
from bakhong.people.rules.services import services_for
from bakhong.people.rules.standing import LASTING, Held
from bakhong.places.models import Level, Unit
from bakhong.places.queries import children

PER_PAGE = 50


@unit_page(VIEW)
def index(request: StaffRequest, unit: Unit) -> HttpResponse:
    """`?q=` a name with or without accents, `?village= &former= &presence= &device=` filter, and
    `?service=CODE&has=yes|no`: whom a service is for and who have it, or miss it.
    """
    wanted = _wanted(request)
    found = roll.listed(request.actor, unit, today(), wanted)
    shown = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    places = roll.villages_of_list(request.actor, unit, today())
    former = roll.former_communes([each.pk for each, _count in places])
    phones = _phones(list(shown))
    return page(
        request,
        "desk/people/index.html",
        unit=unit,
        active="residents",
        shown=shown,
        lines=[
            {"person": each, "phone": phones.get(each.pk), "former": former.get(each.village_id)}
            for each in shown
        ],
        sought=wanted,
        places=places,
        formers=sorted({each.pk: each for each in former.values()}.values(), key=lambda each: each.sort_key),
        presences=Presence.choices,
        devices=Device.choices,
        services=services_for("person"),
        none_said=roll.NOT_SAID,
        total=sum(count for _place, count in places),
        reasons=Reason.choices,
        may_reveal=request.actor.may(REVEAL, unit.pk),
        may_edit=request.actor.may(EDIT, unit.pk),
        may_import=unit.level == Level.COMMUNE and request.actor.may(IMPORT, unit.pk),
    )


def _wanted(request: StaffRequest) -> roll.Wanted:
    asked = {
        name: request.GET.get(name, "").strip()[:100].replace("\x00", "")
        for name in ("village", "former", "presence", "device", "service", "has")
    }
    text = request.GET.get("q", "").strip()[:100]
    if roll.looks_like_number(text):
        # Addresses are kept in logs and in browsers' histories.
        raise BadQuestion(_("Số định danh và số điện thoại thì gõ vào ô “Tìm theo số”."))
    for name in ("village", "former"):
        if asked[name] and not is_uuid(asked[name]):
            raise BadQuestion(_("Không có địa bàn này trong danh sách."))
    return roll.Wanted(text=text, **asked)


def is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _phones(persons: list[Person]) -> dict[int, str]:
    """person id → their current number, masked."""
    rows = PhoneNumber.objects.filter(person__in=persons, is_current=True)
    return {row.person_id: mask(row.number) for row in rows}


@unit_page(VIEW, post=VIEW)
def find(request: StaffRequest, unit: Unit) -> HttpResponseBase:
    """A number is sent, not written into the address."""
    if request.method != "POST":
        return redirect("desk:residents", unit=unit.uuid)
    found = roll.find_by_number(request.actor, unit, today(), request.POST.get("number", "")[:40])
    if len(found) == 1:
        return redirect("desk:person", unit=unit.uuid, person=found[0].uuid)
    return page(request, "desk/people/found.html", unit=unit, active="residents", found=found)


@unit_page(EDIT, post=EDIT)
def new(request: StaffRequest, unit: Unit) -> HttpResponseBase:
    """Typed, or filled from the text of a card's QR code; the text itself is not kept."""
    places = places_below(unit)
    if request.method == "POST" and request.POST.get("step") == "card":
        return _from_card(request, unit, places)
    form = NewPersonForm(request.POST if request.method == "POST" else None, places=places)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = deeds.add_person(
                village=data["village"],
                values=form.values(),
                source=data["source"],
                is_verified=data["is_verified"],
                by=request.actor,
                at=now(),
                uuid=sent_as(request),
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Đã thêm %(name)s vào danh sách.") % {"name": made.name})
            return redirect("desk:person", unit=unit.uuid, person=made.uuid)
    return _new_page(request, unit, form, status=422 if form.is_bound else 200)


def _from_card(request: StaffRequest, unit: Unit, places: list[Unit]) -> HttpResponse:
    card = idcard.parse(request.POST.get("card", "")[:2000])
    if card is None:
        form = NewPersonForm(places=places)
        problem = _("Đây không phải nội dung mã QR của thẻ căn cước. Hãy quét lại, hoặc gõ tay bên dưới.")
        return _new_page(request, unit, form, status=422, problem=problem)
    return _new_page(
        request,
        unit,
        NewPersonForm(initial=from_card(card), places=places),
        card_warnings=[sentence(code, texts=CARD_WARNINGS) for code in card.warnings],
    )


def _new_page(request: StaffRequest, unit: Unit, form: Any, status: int = 200, **more: Any) -> HttpResponse:
    return page(
        request, "desk/people/new.html", unit=unit, active="residents", status=status, form=form, **more
    )


def places_below(unit: Unit) -> list[Unit]:
    """Where somebody can be added: the unit's villages, and the commune itself where the village is not known."""
    if unit.level == Level.VILLAGE:
        return [unit]
    if unit.level != Level.COMMUNE:
        raise NotFound("")
    return [*children(unit, today()), unit]


@unit_page(EDIT, post=EDIT)
def change(request: StaffRequest, unit: Unit, person: UUID) -> HttpResponseBase:
    """What changed, or was wrong: only the boxes typed differently from what the form showed become a fact.

    Where somebody else changed the same meanwhile, nothing is stored and both values are shown (409).
    """
    found = person_at(request.actor, unit, today(), person)
    if request.method != "POST":
        return _change_page(request, unit, found, ChangeForm(person=found, phone=_phone(found)))
    with transaction.atomic():
        # Between the look at what stands and the deed nobody else may write about this person.
        found = Person.objects.select_for_update().get(pk=found.pk)
        form = ChangeForm(request.POST, person=found, phone=_phone(found))
        if form.is_valid():
            if clashes := form.clashes():
                return _change_page(request, unit, found, form.anew(), status=409, clashes=clashes)
            try:
                with transaction.atomic():
                    _record(request, found, form)
            except Refusal as refusal:
                form.add_error(None, str(refusal))
            else:
                return redirect("desk:person", unit=unit.uuid, person=found.uuid)
    return _change_page(request, unit, found, form, status=422)


def _phone(person: Person) -> PhoneNumber | None:
    found: PhoneNumber | None = PhoneNumber.objects.filter(person=person, is_current=True).first()
    return found


def _change_page(
    request: StaffRequest, unit: Unit, person: Person, form: ChangeForm, status: int = 200, **more: Any
) -> HttpResponse:
    return page(
        request,
        "desk/people/change.html",
        unit=unit,
        active="residents",
        status=status,
        form=form,
        person=person,
        **more,
    )


def _record(request: StaffRequest, person: Person, form: ChangeForm) -> None:
    values, data = form.changes(), form.cleaned_data
    if not values:
        messages.info(request, _("Không có gì khác với trước, nên không ghi thêm."))
        return
    common: dict[str, Any] = {
        "person": person,
        "values": values,
        "source": data["source"],
        "is_verified": data["is_verified"],
        "by": request.actor,
        "at": now(),
    }
    if data["how"] == "correct":
        deeds.correct_fact(**common)
    else:
        deeds.record_fact(true_from=data["true_from"], **common)
    instead = deeds.overruled(person, values, today())
    for attribute, held in instead.items():
        label = str(form.fields[attribute].label)
        messages.warning(request, _kept(attribute, label, form.shown(attribute, held.value), held))
    if len(instead) < len(values):
        messages.success(request, _("Đã ghi. Điều ghi trước vẫn còn trong lịch sử."))


def _kept(attribute: str, label: str, value: str, held: Held) -> str:
    """Why what was just said does not show, and what to do if it should."""
    named = {"label": label, "value": value or _("không có")}
    if held.said.is_verified and attribute in LASTING:
        told = _(
            "%(label)s vẫn giữ “%(value)s” vì đã đối chiếu giấy tờ. Điều vừa gõ chỉ vào lịch sử; "
            "nếu giấy tờ ghi như vừa gõ, sửa lại và đánh dấu “Đã đối chiếu với giấy tờ”."
        )
        return told % named
    told = _(
        "%(label)s vẫn giữ “%(value)s” vì điều đó đúng từ ngày %(day)s, sau ngày vừa gõ. "
        "Điều vừa gõ chỉ vào lịch sử; nếu điều đang giữ là sai, chọn “Trước đây ghi sai”."
    )
    return told % (named | {"day": format_day(held.said.true_from) if held.said.true_from else "?"})
