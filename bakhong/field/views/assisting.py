"""Helping somebody at home file a dossier: begun with them beside the phone, gone on with on residents' pages; the code is theirs."""

from typing import Any
from uuid import UUID, uuid4

from django.http import HttpResponse
from django.utils.translation import gettext as _

from bakhong.accounts.access import StaffRequest
from bakhong.accounts.frame import language
from bakhong.core.errors import NotAllowed, NotFound, Refusal
from bakhong.eforms.actions import Started, start_draft
from bakhong.eforms.models import KnownBy, OperatedBy
from bakhong.eforms.permissions import ASSIST
from bakhong.field.frame import field_page, now, page, today
from bakhong.field.mine import Mine
from bakhong.field.views.doors import door_at
from bakhong.people import scope
from bakhong.people.looks import note
from bakhong.people.models import Person, Reason
from bakhong.places.models import Level, Unit
from bakhong.places.queries.tree import ancestors
from bakhong.procedures.queries.catalogue import offered
from bakhong.procedures.rules.catalogue import Procedure


@field_page("POST")
def assist(request: StaffRequest, kind: str, uuid: UUID, person: UUID) -> HttpResponse:
    """Choose what for; then the code, written down for the resident, opens the form on this phone or any other."""
    mine = Mine(request.actor, today())
    door = door_at(mine, kind, uuid)
    found = _member(mine, [each.pk for each in door.members], person)
    if not request.actor.may(ASSIST, found.village_id):
        raise NotAllowed(_("Bạn không có quyền làm hồ sơ giúp người dân ở địa bàn này."))
    note(request, found, reason=Reason.HELP)
    commune = commune_of(door.village)
    listed = {each.code: each for each in offered(commune, mine.on) if each.form}
    context: dict[str, Any] = {
        "unit": door.village,
        "door": door,
        "person": found,
        "commune": commune,
        "procedures": [
            (code, each.short.of(language(request)), each.filed == "here") for code, each in listed.items()
        ],
        "key": _key(request) or uuid4(),
        "chosen": request.POST.get("procedure", ""),
        "is_here": "is_here" in request.POST,
    }
    if request.method != "POST":
        return page(request, "assist", **context)
    problem, started = "", None
    if context["chosen"] not in listed:
        problem = _("Chọn việc cần làm.")
    elif not context["is_here"]:
        problem = _("Chỉ làm khi người đó đang ở bên cạnh và đồng ý. Đúng thì đánh dấu vào ô.")
    else:
        try:
            started = _begin(request, context["key"], listed[context["chosen"]], commune, found)
        except Refusal as refusal:
            problem = str(refusal)
    if started is None:
        return page(request, "assist", status=422, problem=problem, **context)
    name = listed[context["chosen"]].short.of(language(request))
    return page(request, "assist_code", started=started, procedure=name, **context)


def commune_of(village: Unit) -> Unit:
    """Where its residents file. Raises: NotFound."""
    found = next(
        (each for each in (village, *ancestors(village, today())) if each.level == Level.COMMUNE), None
    )
    if found is None:
        raise NotFound("")
    return found


def _begin(request: StaffRequest, key: UUID, procedure: Procedure, commune: Unit, person: Person) -> Started:
    with scope.admitting(commune.pk):  # the draft is the commune's; a member may see one village only
        return start_draft(
            key=key,
            form=procedure.form,
            procedure=procedure.code,
            unit=commune,
            operated_by=OperatedBy.DIGITAL_TEAM.value,
            person=person,
            known_by=KnownBy.OFFICER.value,
            by=request.actor,
            at=now(),
        )


def _member(mine: Mine, ids: list[int], uuid: UUID) -> Person:
    found: Person | None = Person.objects.for_user(mine.actor).filter(pk__in=ids, uuid=uuid).first()
    if found is None:
        raise NotFound("")
    return found


def _key(request: StaffRequest) -> UUID | None:
    try:
        return UUID(request.POST.get("key", ""))
    except ValueError:
        return None
