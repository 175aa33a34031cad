"""Receiving somebody at the desk, by keyboard alone: who (a scanned card), which procedure (a few keys), then the form.

The card's text goes to and fro in the page until the form is opened, and is stored nowhere.
"""

import re
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bakhong.accounts.access import StaffRequest
from bakhong.core.errors import NotFound, Refusal
from bakhong.desk.arrivals import ARRIVALS, DESK, Arrival, arrival, arrivals_by, keep_arrival
from bakhong.desk.chooser import Choice, choices, fitting
from bakhong.desk.frame import now, page, today, unit_page
from bakhong.desk.views.dossiers.cases import label_of
from bakhong.desk.views.dossiers.queue import found_by
from bakhong.desk.views.office_code import office_warnings
from bakhong.desk.views.people import places_below
from bakhong.desk.waiting import Waiting, by_code, granted, of_applicant
from bakhong.desk.walk_in import LONGEST, Recognised, add_from_card, of_card, read_card, recognise
from bakhong.dossiers.permissions import RECEIVE
from bakhong.dossiers.queries.form_here import without_dossier
from bakhong.eforms.actions import link_person, start_draft
from bakhong.eforms.models import Draft, KnownBy, OperatedBy
from bakhong.eforms.models import State as DraftState
from bakhong.people import looks
from bakhong.people.models import Mandate, Person, Reason
from bakhong.people.permissions import EDIT
from bakhong.people.queries import roll
from bakhong.people.queries.identity import mask, masked_id, national_id_of
from bakhong.people.queries.residents import mandate_for
from bakhong.people.rules.idcard import Card
from bakhong.places.models import Level, Unit
from bakhong.procedures.queries.catalogue import code_of_draft, offered
from bakhong.procedures.rules.catalogue import Procedure

KEPT_OPEN = 5


@dataclass
class AtDesk:
    """What the page knows so far."""

    key: UUID
    card_text: str = ""
    typed: str = ""
    arrival: Arrival = DESK
    who: Recognised = field(default_factory=Recognised)
    sought: bool = False
    problem: str = ""
    no_such: str = ""
    agent: str = ""  # the number of who came instead
    agent_name: str = ""
    granted: list[Mandate] = field(default_factory=list)

    @property
    def card(self) -> Card | None:
        return self.who.card

    @property
    def number(self) -> str:
        return (self.card.national_id if self.card else "") or (
            national_id_of(self.who.person) if self.who.person else ""
        )


@unit_page(RECEIVE, post=RECEIVE)
def intake(request: StaffRequest, unit: Unit) -> HttpResponseBase:
    if unit.level != Level.COMMUNE:
        raise NotFound("")
    listed = _offered(unit)
    if request.method == "POST" and (there := _straight_to(request, unit, listed)):
        return there
    at_desk = _read(request, unit)
    if request.method == "POST":
        if request.POST.get("deed") == "continue":
            if gone_on := _go_on(request, unit, at_desk, listed):
                return gone_on
        elif request.POST.get("deed") == "add":
            _add(request, unit, at_desk)
        elif at_desk.typed and (chosen := _chosen(request, at_desk, listed)):
            opened = _open(request, unit, at_desk, chosen)
            if opened is not None:
                return opened
    return _page(request, unit, at_desk, listed)


def _read(request: StaffRequest, unit: Unit) -> AtDesk:
    posted = request.POST
    known = AtDesk(
        key=_uuid(posted.get("key", "")) or uuid4(),
        card_text=posted.get("card", "")[:LONGEST],
        typed=posted.get("chosen") or posted.get("procedure", "").strip()[:60],
    )
    known.arrival = arrival(posted.get("arrival", ""))
    scan = posted.get("scan", "").strip()
    if scan:
        known.who = recognise(scan, actor=request.actor, unit=unit, on=today())
        known.card_text = scan[:LONGEST] if known.card else ""
        known.sought = True
    else:
        known.who = _again(request, unit, known.card_text, posted.get("person", ""))
    _read_agent(request, unit, known)
    return known


def _read_agent(request: StaffRequest, unit: Unit, known: AtDesk) -> None:
    """Who came instead of the applicant: by a card or a number; what they may do is looked up, never believed."""
    text = request.POST.get("agent_scan", "").replace("\x00", "").strip()[:LONGEST]
    card = read_card(text) if text else None
    typed = "".join(char for char in text or request.POST.get("agent", "")[:20] if char in "0123456789")
    known.agent = (card.national_id or "") if card else typed if len(typed) == 12 else ""
    if text and not known.agent:
        known.problem = _("Không đọc được thẻ của người đi nộp thay. Quét lại, hoặc gõ 12 số.")
    if not known.agent:
        return
    known.arrival = arrival("other")
    known.granted = granted(known.agent, actor=request.actor, unit=unit, on=today())
    is_clean = card is not None and "letters_lost" not in card.warnings
    named = (card.full_name or "") if card is not None and is_clean else ""
    known.agent_name = next((each.agent_name for each in known.granted), "") or named


# --- what was begun elsewhere ------------------------------------------------------------------------------------------


def _straight_to(request: StaffRequest, unit: Unit, listed: dict[str, Procedure]) -> HttpResponseBase | None:
    """A return code, the code or the QR code of a slip leads to what it names."""
    text = request.POST.get("scan", "").replace("\x00", "").strip()[:LONGEST]
    if not text or read_card(text) is not None or re.fullmatch(r"[\d .]+", text):
        return None
    draft = by_code(text, actor=request.actor, unit=unit, on=today())
    if draft is not None and draft.state == DraftState.SUBMITTED:
        return redirect("desk:dossier", unit=unit.uuid, dossier=draft.uuid)
    if draft is not None:
        address = _address(unit, draft, listed)
        return redirect(address) if address else None
    dossiers = found_by(request, unit, text) if any(char.isdigit() for char in text) else []
    if len(dossiers) == 1:
        return redirect("desk:dossier", unit=unit.uuid, dossier=dossiers[0].uuid)
    return None


def _address(unit: Unit, draft: Draft, listed: dict[str, Procedure]) -> str:
    """Where a draft is filled in at the desk; "" where the commune does not take it in."""
    code = code_of_draft(draft, today())
    return reverse("desk:filling", args=[unit.uuid, code, draft.uuid]) if code in listed else ""


def _go_on(
    request: StaffRequest, unit: Unit, at_desk: AtDesk, listed: dict[str, Procedure]
) -> HttpResponseBase | None:
    """With a form begun at home, whose applicant stands here: what is known of them now fills what they left empty."""
    drafts = {str(each.uuid): each for each in _waiting(request, unit, at_desk).drafts}
    draft = drafts.get(request.POST.get("draft", ""))
    address = _address(unit, draft, listed) if draft is not None else ""
    if draft is None or not address:
        at_desk.problem = _("Tờ khai này không còn mở. Chọn thủ tục để khai mới.")
        return None
    is_new = draft.person_id is None and draft.operated_by == OperatedBy.RESIDENT
    if is_new and at_desk.who.person is not None and at_desk.arrival.is_met:
        try:
            link_person(
                draft=draft,
                person=at_desk.who.person,
                known_by=KnownBy.OFFICER.value,
                card=at_desk.card,
                by=request.actor,
                at=now(),
            )
        except Refusal as refusal:
            at_desk.problem = str(refusal)
            return None
    return redirect(address)


def _waiting(request: StaffRequest, unit: Unit, at_desk: AtDesk) -> Waiting:
    return of_applicant(at_desk.who.person, at_desk.number, actor=request.actor, unit=unit, on=today())


def _again(request: StaffRequest, unit: Unit, card_text: str, person: str) -> Recognised:
    """Whom the page was about already: found anew, for what a page carries proves nothing."""
    card = read_card(card_text) if card_text else None
    uuid = _uuid(person)
    if card is not None:
        found = of_card(card, actor=request.actor, unit=unit, on=today())
        if uuid is None or (found.person and found.person.uuid == uuid):
            return found
    if uuid is None:
        return Recognised()
    return Recognised(person=roll.residents(request.actor, unit, today()).filter(uuid=uuid).first())


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _offered(unit: Unit) -> dict[str, Procedure]:
    """Code → procedure that the commune takes in at the desk: what has no form of its own has the general one."""
    return {each.code: each for each in offered(unit, today()) if arrivals_by(each.channels)}


def lines(procedures: dict[str, Procedure]) -> list[Choice]:
    lang = get_language() or "vi"
    return choices([(code, each.short.of(lang)) for code, each in procedures.items()])


def _chosen(request: StaffRequest, at_desk: AtDesk, listed: dict[str, Procedure]) -> Procedure | None:
    """The one procedure that was meant; where it is none or several, the page says so."""
    if request.POST.get("chosen") in listed:
        return listed[request.POST["chosen"]]
    found = fitting(at_desk.typed, lines(listed))
    if len(found) == 1:
        return listed[found[0].code]
    if found:
        at_desk.no_such = _("Có %(count)s thủ tục khớp: %(names)s. Gõ số thứ tự.") % {
            "count": len(found),
            "names": ", ".join(f"{each.number} {each.name}" for each in found[:5]),
        }
    else:
        at_desk.no_such = _("Không có thủ tục nào khớp. Gõ số thứ tự trong bảng, hoặc chữ đầu của tên.")
    return None


def _open(
    request: StaffRequest, unit: Unit, at_desk: AtDesk, procedure: Procedure
) -> HttpResponseBase | None:
    """The form, prefilled with what may be; None (with the reason on the page) where it cannot be opened."""
    if at_desk.who.person is None and at_desk.card is None and not request.POST.get("is_blank"):
        at_desk.problem = _(
            "Quét thẻ, hoặc tìm người nộp trước. Không có thẻ và không có trong danh sách thì bấm “Khai từ đầu, không có thẻ”."
        )
        return None
    if at_desk.arrival.channel not in procedure.channels:
        at_desk.problem = _("Thủ tục này không nộp được bằng cách đã chọn.")
        return None
    mandate = _mandate(at_desk, procedure)
    try:
        started = start_draft(
            key=at_desk.key,
            form=procedure.desk_form,
            procedure=procedure.code,
            unit=unit,
            operated_by=at_desk.arrival.operated_by,
            person=at_desk.who.person,
            known_by=KnownBy.OFFICER.value if mandate else _known_by(at_desk),
            card=at_desk.card,
            mandate=mandate,
            by=request.actor,
            at=now(),
        )
        keep_arrival(draft=started.draft, said=at_desk.arrival, by=request.actor, at=now())
    except Refusal as refusal:
        at_desk.problem = str(refusal)
        return None
    if at_desk.agent and not mandate:
        messages.info(
            request,
            _(
                "Không có ủy quyền còn hiệu lực cho thủ tục này: chỉ điền sẵn những gì thẻ của người có hồ sơ ghi."
            ),
        )
    return redirect("desk:filling", unit=unit.uuid, procedure=procedure.code, draft=started.draft.uuid)


def _mandate(at_desk: AtDesk, procedure: Procedure) -> UUID | None:
    """Under which whoever came may do this for the applicant."""
    if at_desk.arrival.operated_by != OperatedBy.RELATIVE or not at_desk.agent or at_desk.who.person is None:
        return None
    found = mandate_for(at_desk.agent, at_desk.who.person.uuid, procedure.code, today())
    return found.uuid if found is not None else None


def _known_by(at_desk: AtDesk) -> str:
    """The roll fills in for an applicant who stands there; for who was sent without a mandate, only what a card in hand says."""
    if at_desk.who.person is not None and at_desk.arrival.is_met:
        return KnownBy.OFFICER.value
    return KnownBy.CARD.value if at_desk.card is not None else KnownBy.NOBODY.value


def _add(request: StaffRequest, unit: Unit, at_desk: AtDesk) -> None:
    card = read_card(at_desk.card_text)
    places = {str(each.uuid): each for each in places_below(unit)}
    village = places.get(request.POST.get("village", ""))
    if card is None or village is None:
        at_desk.problem = _("Quét lại thẻ, rồi chọn thôn.")
        return
    try:
        made = add_from_card(
            card=card,
            name=request.POST.get("name", "").replace("\x00", "").strip()[:120],
            village=village,
            uuid=at_desk.key,
            by=request.actor,
            at=now(),
        )
    except Refusal as refusal:
        at_desk.problem = str(refusal)
        return
    messages.success(request, _("Đã thêm %(name)s vào danh sách.") % {"name": made.name})
    at_desk.key = uuid4()  # the old one made the person
    at_desk.who = of_card(card, actor=request.actor, unit=unit, on=today())


def _page(request: StaffRequest, unit: Unit, at_desk: AtDesk, listed: dict[str, Procedure]) -> HttpResponse:
    who = at_desk.who
    if who.person is not None:
        looks.note(request, who.person, reason=Reason.AT_DESK)
    waiting = _waiting(request, unit, at_desk)
    is_wrong = bool(at_desk.problem or at_desk.no_such)
    return page(
        request,
        "desk/dossiers/intake.html",
        unit=unit,
        active="intake",
        status=422 if is_wrong else 200,
        who=who,
        masked=masked_id(who.person) if who.person else "",
        card=at_desk.card_text if at_desk.card else "",
        read=at_desk.card if who.is_nobody else None,
        is_spoilt=bool(at_desk.card and "letters_lost" in at_desk.card.warnings),
        is_stranger=who.is_nobody and (at_desk.sought or at_desk.card is not None),
        key=at_desk.key,
        typed=at_desk.typed,
        problem=at_desk.problem,
        no_such=at_desk.no_such,
        arrivals=ARRIVALS,
        arrival=at_desk.arrival,
        offered=lines(listed),
        warnings=office_warnings(unit),
        at_portal={each.code for each in listed.values() if each.filed == "national_portal"},
        places=places_below(unit),
        may_add=request.actor.may(EDIT, unit.pk),
        drafts=_left_open(request, unit, listed),
        agent=at_desk.agent,
        agent_masked=mask(at_desk.agent),
        agent_name=at_desk.agent_name,
        granted=at_desk.granted,
        begun=_begun(waiting, listed),
        handed_in=[
            {"code": label_of(each), "name": each.summary or each.procedure_name, "dossier": each}
            for each in waiting.dossiers
        ],
    )


def _left_open(request: StaffRequest, unit: Unit, listed: dict[str, Procedure]) -> list[dict[str, Any]]:
    """Forms this officer opened and has not finished."""
    found = Draft.objects.filter(
        village=unit, state=DraftState.OPEN, opened_by=request.actor.id
    ).select_related("version__form", "person")
    shown = found.only("uuid", "procedure", "village", "saved_at", "version__form__code", "person__name")
    return [
        {
            "who": _name(each.person),
            "procedure": name,
            "url": _address(unit, each, listed),
            "saved_at": each.saved_at,
        }
        for each in without_dossier(shown).order_by("-saved_at")[:KEPT_OPEN]
        if (name := _short(each, listed))
    ]


def _begun(waiting: Waiting, listed: dict[str, Procedure]) -> list[dict[str, Any]]:
    """Forms of the applicant's that are not sent yet, whoever began them."""
    return [
        {
            "uuid": each.uuid,
            "name": name,
            "saved_at": each.saved_at,
            "who": each.get_operated_by_display(),
        }
        for each in waiting.drafts
        if (name := _short(each, listed))
    ]


def _short(draft: Draft, listed: dict[str, Procedure]) -> str:
    """The name of its procedure; "" where the commune does not take it in."""
    found = listed.get(code_of_draft(draft, today()))
    return found.short.of(get_language() or "vi") if found is not None else ""


def _name(person: Person | None) -> str:
    return person.name if person else _("Người chưa có trong danh sách")
