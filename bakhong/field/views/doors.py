"""At the door: who lives there and what they lack, recording the visit, its receipt, and taking it back."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bakhong.accounts import pins
from bakhong.accounts.access import StaffRequest
from bakhong.accounts.frame import language
from bakhong.core.days import VIET_NAM
from bakhong.core.errors import NotFound, Refusal
from bakhong.core.numbers import read_count
from bakhong.eforms.permissions import ASSIST
from bakhong.field.frame import field_page, now, page, today
from bakhong.field.mine import Door, Mine, agreed_already
from bakhong.field.rules.outcomes import part_of_day
from bakhong.field.visit_form import VisitForm, spoken_sentence, to_do
from bakhong.outreach.actions.visits import record_visit, retract_visit
from bakhong.outreach.models import PartOfDay, Visit
from bakhong.outreach.queries.sweep import heads_of
from bakhong.outreach.queries.visits import household_card, persons_of
from bakhong.outreach.rules.times import BestTime, best_time
from bakhong.people.looks import note
from bakhong.people.models import Person, Presence
from bakhong.people.rules.services import services


@field_page()
def door(request: StaffRequest, kind: str, uuid: UUID) -> HttpResponse:
    mine = Mine(request.actor, today())
    found = door_at(mine, kind, uuid)
    people = _people(mine, found)
    for each in people.values():
        note(request, each)
    visits, promises, best = _past(mine, found)
    return page(
        request,
        "door",
        unit=found.village,
        door=found,
        may_assist=request.actor.may(ASSIST, found.village.pk),
        members=[_member(each, language(request)) for each in found.members],
        visits=visits,
        promises=promises,
        best=best,
        best_words=PartOfDay(best.part).label,
        second_words=PartOfDay(best.second).label,
    )


@field_page("POST")
def visit(request: StaffRequest, kind: str, uuid: UUID) -> HttpResponse:
    mine = Mine(request.actor, today())
    found = door_at(mine, kind, uuid)
    me = mine.team_at(found.village)
    form = VisitForm(
        request.POST if request.method == "POST" else None,
        door=found,
        companions=mine.companions(me),
        agreed=agreed_already([each.pk for each in found.members], mine.on),
        lang=language(request),
        initial={
            "key": uuid4(),
            "visited_on": mine.on,
            "part_of_day": part_of_day(now().astimezone(VIET_NAM).hour),
        },
    )
    if request.method == "POST" and (sent := _stored(mine, found, request.POST.get("key", ""))):
        # The same form came before: perhaps only the answer was lost on the way.
        messages.info(request, _("Lượt này đã được ghi rồi. Muốn sửa thì xoá lượt này rồi ghi lại."))
        return redirect("field:receipt", sent.uuid)
    if form.is_bound and form.is_valid():
        data, people = form.cleaned_data, _people(mine, found)
        with_me = [each for each in form.mates if str(each.uuid) in data.get("companions", [])]
        try:
            made = record_visit(
                key=data["key"],
                village=(found.household or found.person).village,  # type: ignore[union-attr]
                household=found.household,
                outcome=form.outcome(),
                part_of_day=data["part_of_day"],
                visited_on=data["visited_on"],
                campaign=found.campaign,
                team=me.team if me else None,
                members=[me, *with_me] if me else [],
                persons=form.persons(people, mine.on),
                note=data["note"],
                next_on=data["next_on"],
                next_part=data["next_part"] if data["next_on"] else "",
                promises=form.promises(people),
                by=request.actor,
                at=now(),
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("field:receipt", made.uuid)
    pins.keep_form(request)
    return page(
        request,
        "visit",
        unit=found.village,
        status=422 if form.errors else 200,
        door=found,
        form=form,
        sentence=spoken_sentence(),
        has_team=me is not None,
        already=_today_here(mine, found),
        attempt=_attempt(request) + 1,
    )


@field_page()
def receipt(request: StaffRequest, visit: UUID) -> HttpResponse:
    """What was stored, to be read out at the door; and the way back."""
    mine = Mine(request.actor, today())
    found = mine.visit(visit)
    lines = persons_of(found)
    for line in lines:
        note(request, line["person"])
        line["helps"] = [
            {"help": each, "service": services()[each.service].name(language(request))}
            for each in line["helps"]
        ]
    name = heads_of([found.household_id]).get(found.household_id or 0, "")
    return page(
        request,
        "receipt",
        unit=mine.belongs[found.village_id],
        visit=found,
        village=mine.belongs[found.village_id],
        name=name or (lines[0]["person"].name if lines else ""),
        lines=lines,
        may_undo=found.recorded_by == request.actor.id and found.retracted_at is None,
        again=_address(found, lines),
    )


@field_page("POST")
@require_POST
def undo(request: StaffRequest, visit: UUID) -> HttpResponse:
    mine = Mine(request.actor, today())
    found = mine.visit(visit)
    if found.recorded_by != request.actor.id:
        raise NotFound("")
    retract_visit(visit=found, reason=_("Người ghi tự xoá trên điện thoại"), by=request.actor, at=now())
    messages.success(request, _("Đã xoá lượt này cùng mọi kết quả của nó."))
    return redirect("field:receipt", found.uuid)


def door_at(mine: Mine, kind: str, uuid: UUID) -> Door:
    """Raises: NotFound."""
    if kind == "ho":
        return mine.household_door(uuid)
    if kind == "nguoi":
        return mine.person_door(uuid)
    raise NotFound("")


def _people(mine: Mine, found: Door) -> dict[int, Person]:
    ids = [each.pk for each in found.members]
    return {each.pk: each for each in Person.objects.for_user(mine.actor).filter(pk__in=ids)}


def _past(mine: Mine, found: Door) -> tuple[Any, Any, BestTime]:
    if found.household is None:
        mates = mine.visits().filter(persons__person=found.person, retracted_at=None)
        return list(mates), (), best_time((), [each.age for each in found.members])
    card = household_card(mine.actor, found.household, mine.on, mine.codes(found.campaign))
    return card.visits, card.promises, card.best


def _member(need: Any, lang: str) -> dict[str, Any]:
    words = need.name.split()
    return {
        "need": need,
        "initials": "".join(word[0] for word in words[-2:]).upper(),
        "missing": [services()[code].name(lang) for code in to_do(need)],
        "done": [services()[code].name(lang) for code in need.eligible if code not in need.missing],
        "presence": Presence(need.presence).label if need.is_away else "",
    }


def _stored(mine: Mine, found: Door, key: str) -> Visit | None:
    """The visit of mine at this door that this very form made before."""
    try:
        asked = UUID(key)
    except ValueError:
        return None
    made: Visit | None = (
        mine.visits().filter(client_key=asked, recorded_by=mine.actor.id, household=found.household).first()
    )
    return made


def _attempt(request: StaffRequest) -> int:
    """How often this form was sent. Each sending has an address of its own: a browser that loses the signal puts its own page in the place
    of the form where the two addresses are the same, and Back would pass it by."""
    return read_count(request.GET.get("gui", ""), 3) or 0


def _today_here(mine: Mine, found: Door) -> Visit | None:
    """What I have recorded here today: perhaps this very visit, whose answer was lost on the way."""
    rows = mine.visits().filter(
        recorded_by=mine.actor.id, visited_on=mine.on, retracted_at=None, household=found.household
    )
    if found.person:
        rows = rows.filter(persons__person=found.person)
    made: Visit | None = rows.first()
    return made


def _address(found: Visit, lines: list[dict[str, Any]]) -> str:
    if found.household:
        return reverse("field:door", args=["ho", found.household.uuid])
    return reverse("field:door", args=["nguoi", lines[0]["person"].uuid]) if lines else ""
