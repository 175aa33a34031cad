"""The first screen of filing: begin a draft, show its return code, know the card."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from bakhong.accounts.access import public
from bakhong.accounts.residents import claims
from bakhong.core.actor import Actor
from bakhong.core.days import day_of
from bakhong.core.errors import Refusal
from bakhong.core.ids import new_uuid, uuid_of_form
from bakhong.eforms.actions.saving import save_page
from bakhong.eforms.actions.starting import bind_card, link_person, start_draft
from bakhong.eforms.contents import code_of
from bakhong.eforms.models import Draft, KnownBy
from bakhong.people.rules.idcard import Card, parse
from bakhong.places.models import Level, Unit
from bakhong.places.queries import served_unit
from bakhong.portal.acting import Beginning, beginning
from bakhong.portal.filing import Filing
from bakhong.portal.holding import hold, holds, let_go, mandate_held_under, note_begun, opened, secret_of
from bakhong.portal.photos import codes_of_photo
from bakhong.portal.views.filing.common import actor_of, not_held, read_filing, show, step
from bakhong.portal.views.pages import render_page
from bakhong.portal.views.procedures import chosen_unit, procedure_here
from bakhong.procedures.rules.catalogue import Procedure

OPERATED_BY = ("resident", "relative", "digital_team")


@public
@never_cache
@require_POST
def file_start(request: HttpRequest, code: str) -> HttpResponse:
    """Begin a draft for this procedure. The same form sent again by the same browser is the same draft."""
    now = timezone.now()
    on = day_of(now)
    unit = chosen_unit(request, on)
    procedure = procedure_here(code, unit, on)
    if unit.level != Level.COMMUNE or not procedure.form:
        return redirect("portal:procedure", code)
    operated_by = request.POST.get("ai", "")
    if operated_by not in OPERATED_BY:
        operated_by = "resident"
    mandate = request.POST.get("lam-thay", "")
    draft = _draft_key(request, f"{code}\n{unit.uuid}\n{operated_by}\n{mandate}")
    if _is_closed_here(request, draft):
        return not_held(request, draft)
    begun = beginning(request, operated_by, procedure.code, mandate)
    _start(request, draft, procedure, unit, operated_by, begun, now)
    if getattr(request, "resident", None) is None:
        note_begun(request, draft)
    hold(request, draft, mandate=begun.mandate if begun else None, procedure=procedure.code)
    if begun is not None:  # the draft waits on their own page: no code need be kept
        with opened(request):
            row = Draft.objects.select_related("version__form", "village").get(uuid=draft)
            filing = read_filing(row)
            if filing is not None:
                return HttpResponseRedirect(filing.after("@code"))
    return redirect("portal:file_code", draft)


def _draft_key(request: HttpRequest, said: str) -> UUID:
    """Made of the form's own key and this visit's secret: a key seen elsewhere, or sent after it was left, opens none."""
    try:
        key = UUID(request.POST.get("form_key", ""))
    except ValueError:
        key = new_uuid()
    return uuid_of_form(key, secret_of(request), said)


def _is_closed_here(request: HttpRequest, draft: UUID) -> bool:
    """Begun by this very form before, and not held any more: sending the form again does not open it."""
    with opened(request, draft):
        return Draft.objects.filter(uuid=draft).exists() and not holds(request, draft)


def _start(
    request: HttpRequest,
    draft: UUID,
    procedure: Procedure,
    unit: Unit,
    operated_by: str,
    begun: Beginning | None,
    now: datetime,
) -> None:
    """For whoever signed in, or for who let them act, with what is known of them; for anybody else an empty form."""
    known: dict[str, Any] = {}
    if begun is not None:
        operated_by = "relative" if begun.mandate else operated_by
        known = {
            "known_by": KnownBy.E_IDENTITY,
            "claims": claims(request),
            "person": begun.person,
            "mandate": begun.mandate,
        }
    with opened(request, draft, person=begun.person.pk if begun and begun.person else None):
        start_draft(
            key=draft,
            form=procedure.form,
            procedure=procedure.code,
            unit=unit,
            operated_by=operated_by,
            by=actor_of(request, draft, unit),
            at=now,
            **known,
        )


@step("POST")
def file_code(request: HttpRequest, filing: Filing) -> HttpResponse:
    """The code, large enough to be photographed; with the card's number it opens the draft on another device. It is not the agent's."""
    if mandate_held_under(request, filing.draft.uuid):
        return HttpResponseRedirect(filing.after("@code"))
    if request.method != "POST":
        return _code_page(request, filing)
    typed = request.POST.get("the", "")[:700].strip()
    photo = request.FILES.get("anh")
    try:
        number, card = _read_typed(typed) if photo is None else _read_photo(photo, typed)
    except Refusal as refusal:
        shown = {"typed": {"the": typed}, "target": "the" if photo is None else "anh"}
        return _code_page(request, filing, problem=str(refusal), status=refusal.status, **shown)
    _know_card(request, filing, card, number)
    return HttpResponseRedirect(filing.after("@code"))


def _read_photo(photo: "UploadedFile[bytes]", typed: str) -> tuple[str, Card]:
    """The card whose code is in the photo, with its number. Raises: Refusal, also where another number was typed beside it."""
    codes = codes_of_photo(photo)
    if not codes:
        raise Refusal(_("Chưa đọc được mã QR trong ảnh. Chụp gần và sáng hơn, hoặc gõ 12 số."))
    cards = [card for card in map(parse, codes) if card and card.national_id]
    if not cards:
        raise Refusal(
            _("Mã QR trong ảnh không phải mã trên thẻ căn cước. Chụp mã in trên thẻ, hoặc gõ 12 số.")
        )
    number = cards[0].national_id or ""
    if _digits(typed) not in (None, number):
        raise Refusal(_("Số vừa gõ khác số trên thẻ trong ảnh. Xoá số vừa gõ, hoặc gõ lại mà không gửi ảnh."))
    return number, cards[0]


def _read_typed(text: str) -> tuple[str, Card | None]:
    """The number, and the card where a scanner typed all that its code says. Raises: Refusal."""
    if not text:
        raise Refusal(_("Gõ 12 số trên thẻ căn cước, hoặc bấm “Khai luôn”."))
    card = parse(text)
    number = (card.national_id if card else None) or _digits(text)
    if number is None:
        raise Refusal(
            _("Số thẻ căn cước gồm 12 chữ số. Hãy xem lại số vừa gõ, hoặc quét lại mã QR trên thẻ.")
        )
    return number, card


def _know_card(request: HttpRequest, filing: Filing, card: Card | None, number: str) -> None:
    """The number opens the draft again; a scanned card also fills in what it says, unless more is known already."""
    draft, now = filing.draft, timezone.now()
    by = actor_of(request, draft.uuid, draft.village)
    bind_card(draft=draft, national_id=number, by=by, at=now)
    if card is None:
        _answer_number(filing, number, by, now)
    elif draft.known_by == KnownBy.NOBODY:
        link_person(draft=draft, person=None, known_by=KnownBy.CARD, card=card, by=by, at=now)


def _answer_number(filing: Filing, number: str, by: Actor, at: datetime) -> None:
    """A number typed here is not asked for again on the form's own page."""
    lines = filing.asked.lines
    line = next((line for line in lines if line.question.known_as == "person.national_id"), None)
    if line is not None and filing.sheet.values.get(line.path) is None:
        save_page(draft=filing.draft, page=line.page.code, posted={line.path: [number]}, by=by, at=at)


def _digits(text: str) -> str | None:
    digits = "".join(text.split()).replace(".", "")
    return digits if len(digits) == 12 and digits.isascii() and digits.isdigit() else None


def _code_page(request: HttpRequest, filing: Filing, *, status: int = 200, **context: Any) -> HttpResponse:
    return show(
        request,
        "file_code",
        filing,
        "@code",
        status=status,
        code=code_of(filing.draft),
        is_for_other=filing.draft.operated_by != "resident",
        skip=filing.after("@code"),
        **context,
    )


@public
@never_cache
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """The button “Xong, xoá khỏi máy này”: nothing this browser held opens any more."""
    let_go(request)
    return render_page(request, "left", served_unit(day_of(timezone.now())))
