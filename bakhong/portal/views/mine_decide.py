"""What residents decide on their own pages: consents, wishes for correction, who may act for them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bakhong.accounts.access import resident_only
from bakhong.accounts.residents import claims
from bakhong.core.days import day_of
from bakhong.core.errors import Refusal
from bakhong.core.ids import uuid_of_form
from bakhong.eforms.actions.acting import act_for
from bakhong.eforms.models import Draft
from bakhong.people.actions import give_consent, withdraw_consent
from bakhong.people.actions.correcting import ask_correction, withdraw_correction
from bakhong.people.actions.residents import end_mandate, give_mandate
from bakhong.people.known_words import shown
from bakhong.people.models import Consent, CorrectionRequest, Mandate, MandateHow, Purpose
from bakhong.people.queries.known import known_values
from bakhong.people.queries.residents import (
    OPEN,
    corrections_of,
    covers,
    is_live,
    mandates_given,
    mandates_held,
)
from bakhong.people.rules.dictionary import Entry, dictionary
from bakhong.portal.forms_mine import ConsentForm, CorrectionForm, MandateForm
from bakhong.portal.holding import hold, opened
from bakhong.portal.own import acted_for, is_correctable
from bakhong.portal.views.filing.common import procedure_of
from bakhong.portal.views.mine import OwnRequest, commune_above, commune_of, my_page, own_page
from bakhong.procedures.queries.catalogue import offered
from bakhong.procedures.queries.local import catalogue
from bakhong.ui.figures import language

# What each purpose means for the person, in one sentence. Nothing is agreed by default.
MEANING: Mapping[str, Any] = {
    Purpose.CAMPAIGN: _lazy("Tổ công nghệ số được xem tên, địa chỉ của bạn để đến hướng dẫn."),
    Purpose.REMINDER: _lazy("Xã được nhắn tin, gọi điện nhắc bạn về hồ sơ và lịch làm lưu động."),
    Purpose.ON_BEHALF: _lazy("Người của tổ được làm giúp bạn trên điện thoại của họ, khi có mặt bạn."),
    Purpose.PREFILL: _lazy(
        "Mẫu đơn được điền sẵn những gì xã và Nhà nước đã có về bạn. Rút lại thì mẫu đơn trên mạng để trống, bạn tự gõ. "
        "Nộp tại bàn một cửa thì cán bộ vẫn tra thay vì đòi giấy, theo Nghị quyết 66.7/2025/NQ-CP."
    ),
}


@dataclass(frozen=True)
class ConsentLine:
    purpose: str
    name: str
    meaning: Any
    standing: Consent | None
    former: tuple[Consent, ...]


# --- consents --------------------------------------------------------------------------------------------------------


@own_page
@require_safe
def consents(request: OwnRequest) -> HttpResponse:
    return _consents(request)


@own_page
@require_POST
def consent(request: OwnRequest, purpose: str) -> HttpResponse:
    """Give or withdraw: agreeing needs the box ticked, taking it back needs one press."""
    if purpose not in Purpose.values:
        raise Http404
    standing = Consent.objects.filter(person=request.person, purpose=purpose, withdrawn_on=None).first()
    now = timezone.now()
    if request.POST.get("do") == "withdraw":
        if standing is not None:
            withdraw_consent(consent=standing, by=request.resident, at=now)
            messages.success(request, _withdrawn(purpose))
        return redirect("portal:mine_consents")
    form = ConsentForm(request.POST)
    if not form.is_valid():
        return _consents(request, wrong=purpose, status=422)
    if standing is None:
        evidence = _("Tự chọn trên trang của tôi, đã đăng nhập định danh điện tử mức 2")
        give_consent(
            person=request.person,
            purpose=purpose,
            evidence=evidence,
            given_on=day_of(now),
            by=request.resident,
            at=now,
        )
        messages.success(request, _("Đã ghi là bạn đồng ý. Muốn thôi, bấm “Rút lại” bất cứ lúc nào."))
    return redirect("portal:mine_consents")


def _withdrawn(purpose: str) -> str:
    if purpose == Purpose.PREFILL:
        return _("Đã rút lại. Từ hôm nay mẫu đơn trên mạng để trống, bạn tự gõ.")
    return _("Đã rút lại. Từ hôm nay xã không dùng dữ liệu của bạn cho việc này.")


def _consents(request: OwnRequest, *, wrong: str = "", status: int = 200) -> HttpResponse:
    rows = list(Consent.objects.filter(person=request.person).order_by("-given_on", "-pk"))
    lines = [
        ConsentLine(
            purpose,
            str(label),
            MEANING[purpose],
            next((row for row in rows if row.purpose == purpose and row.withdrawn_on is None), None),
            tuple(row for row in rows if row.purpose == purpose and row.withdrawn_on is not None),
        )
        for purpose, label in Purpose.choices
    ]
    return my_page(request, "consents", status=status, lines=lines, wrong=wrong)


# --- corrections -----------------------------------------------------------------------------------------------------


@own_page
@require_safe
def corrections(request: OwnRequest) -> HttpResponse:
    now = timezone.now()
    lines = [
        (
            each,
            dictionary()[each.request.key].label(language()),
            _shown(each.request.key, each.current),
            _shown(each.request.key, each.wanted),
            each.request.state in OPEN,
            each.is_late(now),
        )
        for each in corrections_of(request.person)
        if each.request.key in dictionary()
    ]
    return my_page(request, "corrections", lines=lines)


@own_page
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: OwnRequest, key: str) -> HttpResponse:
    """Say that something is wrong. It changes nothing until an officer has looked."""
    entry = dictionary().get(key)
    if entry is None or not is_correctable(entry):
        raise Http404
    now = timezone.now()
    current = _current(request, key)
    form = CorrectionForm(request.POST or None, entry=entry, label=entry.label(language()))
    if request.method == "POST" and form.is_valid():
        try:
            ask_correction(
                person=request.person,
                key=key,
                current=current,
                wanted=form.cleaned_data["wanted"],
                reason=form.cleaned_data["reason"],
                about=None,
                by=request.resident,
                at=now,
                key_uuid=_form_uuid(request, key),
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Đã gửi yêu cầu. Xã phải trả lời đã nhận trong 2 ngày làm việc."))
            return redirect("portal:mine_corrections")
    return my_page(
        request,
        "correct",
        status=422 if form.is_bound else 200,
        form=form,
        entry=entry,
        label=entry.label(language()),
        current=shown(entry, current, is_hidden=entry.is_sensitive or entry.type in ("national_id", "phone")),
        form_key=request.POST.get("form_key", ""),
    )


@own_page
@require_POST
def withdraw(request: OwnRequest, correction: UUID) -> HttpResponse:
    found = CorrectionRequest.objects.filter(person=request.person, uuid=correction).first()
    if found is None:
        raise Http404
    withdraw_correction(request=found, by=request.resident, at=timezone.now())
    messages.success(request, _("Đã rút yêu cầu."))
    return redirect("portal:mine_corrections")


def _current(request: OwnRequest, key: str) -> Any:
    known = known_values(request.person, [key], on=day_of(timezone.now()), registers=())
    return known.values[key].value if key in known.values else ""


def _shown(key: str, value: Any) -> str:
    entry: Entry = dictionary()[key]
    return shown(entry, value, is_hidden=entry.is_sensitive or entry.type in ("national_id", "phone"))


def _form_uuid(request: OwnRequest, said: str) -> UUID | None:
    """The same form sent twice makes one thing."""
    try:
        key = UUID(request.POST.get("form_key", ""))
    except ValueError:
        return None
    fields = sorted(
        (name, request.POST.getlist(name)) for name in request.POST if name != "csrfmiddlewaretoken"
    )
    return uuid_of_form(key, request.resident.id, f"{said}\n{fields}")


# --- mandates --------------------------------------------------------------------------------------------------------


@resident_only
@require_http_methods(["GET", "HEAD", "POST"])
def mandates(request: OwnRequest) -> HttpResponse:
    """Whom they let act for them, and for whom they may act. Whoever is not in the roll may still act for somebody who is."""
    on = day_of(timezone.now())
    known = [(each.code, each.title(language())) for each in catalogue(commune_of(request), on).values()]
    form = MandateForm(request.POST or None, procedures=known)
    if request.method == "POST" and request.person is not None and form.is_valid() and _given(request, form):
        messages.success(request, _("Đã ghi. Người đó đăng nhập bằng định danh của họ rồi làm thay bạn."))
        return redirect("portal:mine_mandates")
    said = claims(request)
    names = dict(known)
    given = [
        (each, is_live(each, on), [names.get(code, code) for code in each.procedures])
        for each in (mandates_given(request.person) if request.person else [])
    ]
    return my_page(
        request,
        "mandates",
        status=422 if form.is_bound else 200,
        form=form,
        given=given,
        held=mandates_held(said.national_id, on) if said else [],
    )


@own_page
@require_POST
def end(request: OwnRequest, mandate: UUID) -> HttpResponse:
    found = mandates_given(request.person).filter(uuid=mandate).first()
    if found is None:
        raise Http404
    end_mandate(mandate=found, by=request.resident, at=timezone.now())
    messages.success(request, _("Đã kết thúc. Người đó không còn xem được hồ sơ của bạn."))
    return redirect("portal:mine_mandates")


@resident_only
@require_http_methods(["GET", "HEAD", "POST"])
def principal(request: OwnRequest, mandate: UUID) -> HttpResponse:
    """What an agent sees of who let them act, as far as the mandate goes. POST goes on with a draft, or opens a dossier."""
    now = timezone.now()
    found = _held(request, mandate)
    begun, filed = acted_for(found, day_of(now), now)
    if request.method == "POST" and "dossier" in request.POST:
        if request.POST["dossier"] not in {str(each.dossier.uuid) for each in filed}:
            raise Http404
        wanted = next(each.dossier for each in filed if str(each.dossier.uuid) == request.POST["dossier"])
        hold(request, wanted.uuid, mandate=found.uuid, procedure=wanted.procedure)
        return redirect("portal:file_receipt", wanted.uuid)
    if request.method == "POST":
        chosen = next(
            (each.draft for each in begun if str(each.draft.uuid) == request.POST.get("draft")), None
        )
        if chosen is None:
            raise Http404
        _take_in_hand(request, chosen, found, now)
        return redirect("portal:file_code", chosen.uuid)
    commune = commune_above(found.principal, day_of(now))
    may_begin = [each for each in offered(commune, day_of(now)) if each.form and covers(found, each.code)]
    return my_page(
        request,
        "principal",
        mandate=found,
        begun=begun,
        filed=filed,
        commune=commune,
        procedures=[{"code": each.code, "label": each.title(language())} for each in may_begin],
    )


def _take_in_hand(request: OwnRequest, draft: Draft, mandate: Mandate, now: datetime) -> None:
    """The draft says who has it in hand, and this browser holds it as long as the mandate does."""
    procedure = procedure_of(draft)
    if procedure is None:
        raise Http404
    with opened(request, draft.uuid, person=mandate.principal_id):
        act_for(draft=draft, mandate=mandate.uuid, claims=claims(request), by=request.resident, at=now)
    hold(request, draft.uuid, mandate=mandate.uuid, procedure=procedure.code)


def _held(request: OwnRequest, uuid: UUID) -> Mandate:
    """Raises: Http404 for a mandate of others, one that has ended, or is not yet."""
    said = claims(request)
    held = (
        mandates_held(said.national_id, day_of(timezone.now()))
        if said and request.resident.level >= 2
        else []
    )
    found = next((each for each in held if each.uuid == uuid), None)
    if found is None:
        raise Http404
    return found


def _given(request: OwnRequest, form: MandateForm) -> bool:
    now = timezone.now()
    try:
        give_mandate(
            principal=request.person,
            agent_name=form.cleaned_data["agent_name"],
            agent_number=form.cleaned_data["agent_number"],
            relation=form.cleaned_data["relation"],
            scope=form.cleaned_data["scope"],
            procedures=form.cleaned_data["procedures"],
            valid_to=form.last_day(day_of(now)),
            how=MandateHow.ONLINE,
            by=request.resident,
            at=now,
            key=_form_uuid(request, "mandate"),
        )
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return False
    return True
