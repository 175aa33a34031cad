"""Announcements: written once, read out, pasted into chat groups, and hung on the wall."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bakhong.accounts.access import StaffRequest
from bakhong.accounts.permissions import covered_ids, covering_ids
from bakhong.core.errors import Refusal
from bakhong.core.numbers import format_day
from bakhong.desk.forms.gatherings import AnnouncementForm
from bakhong.desk.frame import now, page, today, unit_page
from bakhong.desk.views.gathered import places_of, posted, soon
from bakhong.outreach.actions import announcements as deeds
from bakhong.outreach.models import Announcement
from bakhong.outreach.permissions import PLAN, VIEW
from bakhong.outreach.rules.announcements import chat_text, spoken
from bakhong.places.models import Unit
from bakhong.places.queries import contact_of

PER_PAGE = 30
WARNINGS = {
    "link": gettext_lazy("Có đường link. Kẻ lừa đảo hay gửi link; nên bảo bà con đến nơi hoặc gọi điện."),
    "file": gettext_lazy("Có tệp cài đặt (.apk). Ứng dụng chỉ cài từ CH Play hoặc App Store."),
    "otp": gettext_lazy("Có chỗ như hỏi mã OTP, mã xác thực. Không cơ quan nào hỏi mã này."),
    "password": gettext_lazy("Có chỗ như hỏi mật khẩu, mã PIN. Không cơ quan nào hỏi mật khẩu."),
    "card_photo": gettext_lazy("Có chỗ như bảo gửi ảnh thẻ căn cước. Thẻ chỉ xuất trình tại chỗ."),
    "transfer": gettext_lazy("Có chỗ nói chuyển tiền. Nếu đúng là việc của xã, ghi rõ nộp ở đâu và cho ai."),
    "phone": gettext_lazy("Có số điện thoại không phải số của xã đã ghi trên phần mềm. Kiểm tra lại số."),
    "long": gettext_lazy("Dài quá 250 chữ: đọc loa hơn hai phút, ít người nghe hết."),
}
SAFE = gettext_lazy("Không ai của xã hỏi mật khẩu, mã OTP hay bảo chuyển tiền qua điện thoại.")


def announcements_at(request: StaffRequest, unit: Unit) -> Any:
    """Those of the unit, of what lies in it, and of the commune it belongs to, the latest first."""
    units = covered_ids([unit.pk], today()) | covering_ids(unit.pk, today())
    found = Announcement.objects.for_user(request.actor).filter(unit__in=units)
    return found.prefetch_related("villages").select_related("unit").order_by("-starts_on", "-pk")


@unit_page(VIEW)
def index(request: StaffRequest, unit: Unit) -> HttpResponse:
    places_of(unit)
    return page(
        request,
        "desk/outreach/announcements.html",
        unit=unit,
        active="announcements",
        shown=Paginator(announcements_at(request, unit), PER_PAGE).get_page(request.GET.get("page")),
        may_plan=request.actor.may(PLAN, unit.pk),
    )


@unit_page(PLAN, post=PLAN)
def new(request: StaffRequest, unit: Unit) -> HttpResponseBase:
    """What sounds like a swindle is shown first; sending the same text again stands by what may be stood by."""
    places = places_of(unit)
    places = [each for each in places if each.pk != unit.pk]
    codes: tuple[str, ...] = ()
    if request.method == "POST":
        form = AnnouncementForm(posted(request), places=places)
        if form.is_valid():
            try:
                made = deeds.announce(
                    unit=unit,
                    accepted=request.POST.getlist("accepted"),
                    by=request.actor,
                    at=now(),
                    **form.values(),
                )
            except deeds.Suspicious as refusal:
                form.add_error(None, str(refusal))
                codes = refusal.codes
            except Refusal as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, _("Đã lưu thông báo."))
                return redirect("desk:announcement", unit=unit.uuid, announcement=made.uuid)
    else:
        form = AnnouncementForm.blank(places=places, starts_on=today(), ends_on=soon())
    mendable = bool(codes) and not set(codes) & deeds.NEVER
    return page(
        request,
        "desk/outreach/form.html",
        unit=unit,
        active="announcements",
        status=422 if form.is_bound else 200,
        form=form,
        warnings=[WARNINGS[code] for code in codes],
        confirm_codes=codes if mendable else (),
        heading=_("Soạn thông báo: %(unit)s") % {"unit": unit.full_name},
        button_label=_("Vẫn lưu thông báo này") if mendable else _("Lưu thông báo"),
        back_url=reverse("desk:announcements", args=[unit.uuid]),
        back_label=_("Về danh sách thông báo"),
    )


def _found(request: StaffRequest, unit: Unit, uuid: UUID) -> Announcement:
    found: Announcement | None = announcements_at(request, unit).filter(uuid=uuid).first()
    if found is None:
        raise Http404
    return found


def _context(found: Announcement) -> dict[str, Any]:
    contact = contact_of(found.unit, today())
    call = _("Hỏi thêm: %(phone)s") % {"phone": contact.phone} if contact and contact.phone else ""
    when = _("Từ ngày %(start)s đến ngày %(end)s.") % {
        "start": format_day(found.starts_on),
        "end": format_day(found.ends_on),
    }
    signed = found.unit.full_name
    loud = "\n\n".join(
        [_("Kính thưa bà con!"), spoken(f"{found.title}. {found.body}"), spoken(when), call, str(SAFE)]
    )
    return {
        "announcement": found,
        "villages": [each.full_name for each in found.villages.all()] or [found.unit.full_name],
        "when": when,
        "call": call,
        "safe": SAFE,
        "loud": f"{loud}\n\n" + _("Xin nhắc lại.") + f"\n\n{spoken(found.title)}. {spoken(found.body)}",
        "chat": chat_text(found.title, found.body, when, call, str(SAFE), signed),
        "warnings": [WARNINGS[code] for code in found.accepted if code in WARNINGS],
    }


@unit_page(VIEW, post=PLAN)
def announcement(request: StaffRequest, unit: Unit, announcement: UUID) -> HttpResponseBase:
    """The three forms of one announcement; POST withdraws it."""
    found = _found(request, unit, announcement)
    if request.method == "POST":
        deeds.withdraw_announcement(announcement=found, by=request.actor, at=now())
        messages.success(request, _("Đã rút thông báo. Nhớ gỡ bản đã dán."))
        return redirect("desk:announcement", unit=unit.uuid, announcement=found.uuid)
    return page(
        request,
        "desk/outreach/announcement.html",
        unit=unit,
        active="announcements",
        may_plan=request.actor.may(PLAN, found.unit_id),
        **_context(found),
    )


@unit_page(VIEW)
def poster(request: StaffRequest, unit: Unit, announcement: UUID) -> HttpResponse:
    found = _found(request, unit, announcement)
    context = _context(found) | {
        "today": today(),
        "unit_contact": {"unit_name": found.unit.full_name},
        "back_url": reverse("desk:announcement", args=[unit.uuid, found.uuid]),
    }
    return render(request, "desk/outreach/poster.html", context)
