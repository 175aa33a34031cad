"""Looking at what hangs at a stall: take a photo, press once. Alarms stay until somebody has seen to them."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from bakhong.accounts.access import StaffRequest
from bakhong.core.errors import NotFound, Refusal
from bakhong.core.ids import new_uuid
from bakhong.desk.forms.stalls import NoteForm
from bakhong.desk.frame import now, page, sent_as, today, unit_page
from bakhong.desk.views.people import is_uuid
from bakhong.desk.views.stalls.words import account_of, differences_in_words, state_of, title_of
from bakhong.documents.codes_in_pictures import codes_in
from bakhong.documents.keeping import MAX_BYTES
from bakhong.payments.actions.stickers import check_sticker, settle_alarm
from bakhong.payments.models import Stall, StickerCheck
from bakhong.payments.permissions import CHECK_STALLS, KEEP_STALLS, SEE_STALLS
from bakhong.payments.queries.stalls import stalls_at
from bakhong.payments.queries.stickers import checks_at, open_alarms
from bakhong.places.models import Unit

PER_PAGE = 50


@unit_page(CHECK_STALLS, post=CHECK_STALLS)
def check(request: StaffRequest, unit: Unit) -> HttpResponseBase:
    """`?diem-ban=` the stall that is looked at; without it the code says whose it is. POST: `ma` its text, or `anh` a photo."""
    stalls = stalls_at(request.actor, unit, today(), CHECK_STALLS)
    asked = (request.POST if request.method == "POST" else request.GET).get("diem-ban", "")
    stall = stalls.filter(uuid=asked).select_related("organisation").first() if is_uuid(asked) else None
    if asked and stall is None:
        raise NotFound("")
    problem = ""
    if request.method == "POST":
        try:
            made = check_sticker(
                stall=stall,
                unit=unit,
                scanned=_scanned(request),
                among=stalls.select_related("organisation", "market", "village"),
                key=sent_as(request) or new_uuid(),
                by=request.actor,
                at=now(),
            )
        except Refusal as refusal:
            problem = str(refusal)
        else:
            return redirect("desk:sticker_found", unit=unit.uuid, check=made.uuid)
    return page(
        request,
        "desk/stalls/check.html",
        unit=unit,
        active="sticker_check",
        status=422 if problem else 200,
        problem=problem,
        stalls=[(each, title_of(each)) for each in stalls],
        stall=stall,
        stall_title=title_of(stall) if stall else "",
        account=account_of(stall) if stall else "",
        typed=request.POST.get("ma", "")[:600],
    )


def _scanned(request: StaffRequest) -> list[str]:
    """The text that was typed or scanned, else all codes the photo holds. Raises: Refusal."""
    text = request.POST.get("ma", "").strip()
    photo = request.FILES.get("anh")
    if text or photo is None:
        return [text]
    if (photo.size or 0) > MAX_BYTES:
        raise Refusal(_("Ảnh quá lớn. Chọn cỡ ảnh nhỏ hơn."))
    return codes_in(photo.read())


@unit_page(CHECK_STALLS)
def found(request: StaffRequest, unit: Unit, check: UUID) -> HttpResponse:
    made = _check(request, unit, check, CHECK_STALLS)
    stall: Stall | None = made.stall
    return page(
        request,
        "desk/stalls/found.html",
        unit=unit,
        active="sticker_check",
        check=made,
        state=state_of(made.verdict),
        differences=differences_in_words(made.differences),
        stall=stall,
        stall_title=title_of(stall) if stall else "",
        account=account_of(stall) if stall else "",
        may_see=request.actor.may(SEE_STALLS, made.village_id),
    )


@unit_page(SEE_STALLS)
def index(request: StaffRequest, unit: Unit) -> HttpResponse:
    return _index(request, unit)


def _index(request: StaffRequest, unit: Unit, refused: tuple[int, NoteForm] | None = None) -> HttpResponse:
    checks = checks_at(request.actor, unit, today())
    shown = Paginator(checks, PER_PAGE).get_page(request.GET.get("page"))
    return page(
        request,
        "desk/stalls/checks.html",
        unit=unit,
        active="sticker_checks",
        status=422 if refused else 200,
        alarms=[(*_told(each), _form(each, refused)) for each in open_alarms(checks)[:PER_PAGE]],
        shown=shown,
        rows=[_told(each) for each in shown],
        may_keep=request.actor.may(KEEP_STALLS, unit.pk),
        may_check=request.actor.may(CHECK_STALLS, unit.pk),
    )


def _told(each: StickerCheck) -> tuple[StickerCheck, str, tuple[str, str], str]:
    where = title_of(each.stall) if each.stall else each.village.full_name
    return each, where, state_of(each.verdict), differences_in_words(each.differences)


def _form(each: StickerCheck, refused: tuple[int, NoteForm] | None) -> NoteForm:
    if refused and refused[0] == each.pk:
        return refused[1]
    return NoteForm(label=_("Đã xử lý thế nào"), prefix=str(each.pk), auto_id=f"note-{each.pk}-%s")


@unit_page(SEE_STALLS, post=KEEP_STALLS)
def settle(request: StaffRequest, unit: Unit, check: UUID) -> HttpResponseBase:
    made = _check(request, unit, check, SEE_STALLS)
    if request.method != "POST":
        return redirect("desk:sticker_checks", unit=unit.uuid)
    form = NoteForm(
        request.POST, label=_("Đã xử lý thế nào"), prefix=str(made.pk), auto_id=f"note-{made.pk}-%s"
    )
    if form.is_valid():
        try:
            settle_alarm(check=made, note=form.cleaned_data["note"], by=request.actor, at=now())
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Đã ghi là xử lý xong."))
            return redirect("desk:sticker_checks", unit=unit.uuid)
    return _index(request, unit, (made.pk, form))


def _check(request: StaffRequest, unit: Unit, uuid: UUID, permission: str) -> StickerCheck:
    """Raises: NotFound."""
    made: StickerCheck | None = (
        checks_at(request.actor, unit, today(), permission)
        .filter(uuid=uuid)
        .select_related("sticker")
        .first()
    )
    if made is None:
        raise NotFound("")
    return made
