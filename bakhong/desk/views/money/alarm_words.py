"""What is odd about a feed, in words: what happened, and what to do about it. Codes are those that payments raises."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bakhong.core.numbers import format_day, format_money
from bakhong.payments.models import AlarmKind, FeedAlarm
from bakhong.places.models import Unit

# Why a notification, a row of a list or of a statement could not be read.
PROBLEMS = {
    "too_large": gettext_lazy("dài quá mức cho phép"),
    "not_text": gettext_lazy("không phải chữ"),
    "not_json": gettext_lazy("không đúng khuôn mẫu của nơi gửi"),
    "bad_direction": gettext_lazy("không rõ tiền vào hay tiền ra"),
    "no_id": gettext_lazy("không có số của nơi gửi"),
    "not_paid": gettext_lazy("báo một lần chưa trả"),
    "bad_currency": gettext_lazy("không phải tiền đồng"),
    "no_account": gettext_lazy("không ghi số tài khoản"),
    "other_account": gettext_lazy("của tài khoản khác"),
    "bad_amount": gettext_lazy("số tiền không phải số nguyên đồng"),
    "bad_day": gettext_lazy("ngày không có thật hoặc ở tương lai"),
    "other_body": gettext_lazy("cùng số với một tin trước, nội dung khác"),
    "error": gettext_lazy("phần mềm không ghi được"),
    "day_unclear": gettext_lazy("không rõ ngày"),
    "day_ahead": gettext_lazy("ngày ở tương lai"),
    "amount_unclear": gettext_lazy("số tiền không phải số nguyên đồng"),
    "both_sides": gettext_lazy("có cả tiền vào và tiền ra"),
    "side_unclear": gettext_lazy("không rõ tiền vào hay tiền ra"),
    "list_full": gettext_lazy("danh sách dài hết mức, có thể còn thiếu"),
}
# What of ours did not get done.
FAULTS = {
    "match": gettext_lazy("có dòng tiền không ghi được vào khoản thu, đang ở hàng chờ"),
    "deliveries": gettext_lazy("chưa nhận được các tin mới, phần mềm sẽ thử lại"),
    "pull": gettext_lazy("chưa hỏi được dòng tiền còn thiếu, phần mềm sẽ thử lại"),
}
# The rest of what a broker that does not answer may do: an error of the network has its own name, "http_" its number.
SILENCES = {
    "no_json": gettext_lazy("câu trả lời không đúng khuôn mẫu"),
    "no_list": gettext_lazy("câu trả lời không có danh sách"),
    "too_large": gettext_lazy("câu trả lời quá dài"),
    "bad_address": gettext_lazy("địa chỉ hỏi không dùng được"),
}
_TO_DO = {
    AlarmKind.FORGED: gettext_lazy("Không có tiền nào được ghi. Nếu lặp lại, đổi khoá của nguồn tin."),
    AlarmKind.OTHER_BODY: gettext_lazy("Tin đầu đã được ghi. So với sao kê xem tin nào đúng."),
    AlarmKind.UNREADABLE: gettext_lazy("Mở tin để đọc lại, hoặc nhập sao kê những ngày ấy."),
    AlarmKind.GAP: gettext_lazy("Nhập sao kê những ngày ấy để thấy dòng còn thiếu."),
    AlarmKind.UNCONFIRMED: gettext_lazy("Hỏi ngân hàng từng dòng; dòng không có thật thì gỡ khỏi khoản thu."),
    AlarmKind.SILENT: gettext_lazy("Xem khoá và địa chỉ của nguồn tin; trong lúc chờ, nhập sao kê."),
    AlarmKind.ROWS: gettext_lazy("Mở từng dòng để xem; chọn lại cột rồi nhập lại, hoặc ghi vì sao bỏ qua."),
    AlarmKind.FAULT: gettext_lazy("Nếu còn lặp lại, báo người chăm phần mềm."),
}


@dataclass(frozen=True)
class Said:
    """`what` happened, `step`: what to do, `url`: where."""

    what: str
    step: str
    url: str


def alarm_words(alarm: FeedAlarm, unit: Unit) -> Said:
    kind = AlarmKind(alarm.kind)
    detail = _detail(kind, alarm.detail)
    what = str(kind.label)
    return Said(
        f"{what[:1].upper()}{what[1:]}{f': {detail}' if detail else ''}.",
        str(_TO_DO[kind]),
        _where(alarm, kind, unit),
    )


def problem_words(code: str) -> str:
    return str(PROBLEMS.get(code, _("không đọc được")))


def _detail(kind: AlarmKind, code: str) -> str:
    if kind == AlarmKind.GAP:
        return _gap(code)
    if kind == AlarmKind.SILENT:
        return _silence(code)
    if kind == AlarmKind.FAULT:
        return str(FAULTS.get(code, ""))
    return str(PROBLEMS.get(code, "")) if kind in (AlarmKind.UNREADABLE, AlarmKind.ROWS) else ""


def _silence(code: str) -> str:
    if code.startswith("http_"):
        return _("nơi cung cấp trả lời lỗi %(number)s") % {"number": code.removeprefix("http_")}
    return str(SILENCES.get(code, _("không nối được máy của nơi cung cấp")))


def _gap(code: str) -> str:
    """Of "2026-11-20/2026-11-22/50000" the days and the money; "" where a statement's own balances jump."""
    parts = code.split("/")
    if len(parts) != 3:
        return ""
    since, on = date.fromisoformat(parts[0]), date.fromisoformat(parts[1])
    amount = int(parts[2])
    said = {"amount": format_money(abs(amount)), "since": format_day(since), "on": format_day(on)}
    if amount > 0:
        return _("%(amount)s tiền vào chưa được báo, từ %(since)s đến %(on)s") % said
    return _("%(amount)s tiền ra chưa được báo, từ %(since)s đến %(on)s") % said


def _where(alarm: FeedAlarm, kind: AlarmKind, unit: Unit) -> str:
    if kind in (AlarmKind.UNREADABLE, AlarmKind.ROWS, AlarmKind.OTHER_BODY) and alarm.detail != "list_full":
        return reverse("desk:unread", args=[unit.uuid, alarm.biller.uuid])
    if kind in (AlarmKind.FORGED, AlarmKind.SILENT):
        return reverse("desk:biller", args=[unit.uuid, alarm.biller.uuid])
    if kind == AlarmKind.FAULT:
        return reverse("desk:suspense", args=[unit.uuid])
    return f"{reverse('desk:statement', args=[unit.uuid])}?account={alarm.account.uuid}"
