"""Taking in a report: the source is kept as it came, before any figure is read from it."""

import hashlib
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from bakhong.audit.actions import record
from bakhong.core.actor import Actor
from bakhong.core.days import day_of
from bakhong.core.errors import Conflict, NotAllowed, Refusal
from bakhong.core.numbers import format_day, format_int
from bakhong.core.text import nfc
from bakhong.indicators.actions.entries import clean
from bakhong.indicators.models import Medium, Report
from bakhong.indicators.rules.normalise import MAX_CHARS
from bakhong.places.models import Unit


def demand(by: Actor, permission: str, unit: Unit) -> None:
    """Raises: NotAllowed."""
    if not by.may(permission, unit.pk):
        raise NotAllowed(_("Ông/bà không có quyền làm việc này ở %(unit)s.") % {"unit": unit.full_name})


@transaction.atomic
def add_report(
    *,
    unit: Unit,
    title: str,
    medium: str,
    client_key: UUID,
    by: Actor,
    at: datetime,
    text: str = "",
    source: str = "",
    file_name: str = "",
    signature: dict[str, Any] | None = None,
    reported_on: date | None = None,
    published_on: date | None = None,
) -> Report:
    """Keep a source about a unit. The text is stored composed (NFC): offsets of figures count its characters.

    The same `client_key` answers with the report stored first.

    Raises: NotAllowed; Conflict when the key belongs to another unit; Refusal when the text is empty or too long, or a day has not come.
    """
    demand(by, "figures.enter", unit)
    earlier = Report.objects.select_related("unit").filter(client_key=client_key).first()
    if earlier is not None:
        return _same_report(earlier, unit)
    text = _check_text(text, medium)
    for day in (reported_on, published_on):
        if day is not None and day > day_of(at):
            raise Refusal(
                _("Ngày %(day)s chưa tới. Hãy kiểm tra lại ngày của báo cáo.") % {"day": format_day(day)}
            )
    title = clean(title, 300)
    if not title:
        raise Refusal(_("Hãy đặt tên cho báo cáo, ví dụ “Báo cáo tháng 5/2025”."))
    try:
        with transaction.atomic():
            report = Report.objects.create(
                client_key=client_key,
                unit=unit,
                title=title,
                medium=medium,
                source=clean(source, 300),
                text=text,
                text_sha256=hashlib.sha256(text.encode()).hexdigest(),
                file_name=clean(file_name, 200),
                signature=signature,
                reported_on=reported_on,
                published_on=published_on,
                entered_by=by.id,
                entered_at=at,
            )
    except IntegrityError:
        # Two requests with one key at the same moment: the other one was faster.
        return _same_report(Report.objects.select_related("unit").get(client_key=client_key), unit)
    record(
        by=by,
        at=at,
        deed="indicators.add_report",
        object_kind="report",
        object_id=report.uuid,
        place_id=unit.pk,
        medium=medium,
        characters=len(text),
        sha256=report.text_sha256,
    )
    return report


def _same_report(report: Report, unit: Unit) -> Report:
    if report.unit_id != unit.pk:
        raise Conflict(_("Báo cáo này đã được gửi cho một đơn vị khác. Hãy mở lại trang và gửi lại."))
    return report


def _check_text(text: str, medium: str) -> str:
    if medium not in Medium.values:
        raise Refusal(_("Loại nguồn “%(medium)s” không có trong danh mục.") % {"medium": medium})
    text = nfc(text).replace("\x00", "")
    if not text.strip():
        if medium in {Medium.TEXT, Medium.FILE}:
            raise Refusal(_("Báo cáo không có chữ nào. Hãy dán nội dung báo cáo hoặc chọn tệp khác."))
        return ""
    if len(text) > MAX_CHARS:
        raise Refusal(
            _("Báo cáo dài %(length)s ký tự, nhiều nhất là %(longest)s. Hãy chia thành nhiều báo cáo.")
            % {"length": format_int(len(text)), "longest": format_int(MAX_CHARS)}
        )
    return text
