"""What the gallery shows: invented places and published-looking numbers, no person and no database."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.paginator import Page, Paginator
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bakhong.ui.charts import BarRow, Point
from bakhong.ui.figures import Figure
from bakhong.ui.forms import DayField, PartialDayField
from bakhong.ui.marks import finding_flag

DAY = date(2025, 5, 6)
ADULTS = _("người trưởng thành")


class SampleForm(forms.Form):
    """Every control; the gallery shows it empty and with its errors."""

    name = forms.CharField(
        label=_("Họ, chữ đệm và tên"),
        help_text=_("Viết như trên thẻ căn cước"),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    phone = forms.CharField(
        label=_("Số điện thoại"),
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"}),
    )
    born = PartialDayField(label=_("Ngày sinh"))
    counted = DayField(label=_("Số liệu đến ngày"), required=False)
    village = forms.ChoiceField(
        label=_("Thôn"), choices=[("", _("Chọn thôn")), ("1", "Thôn Hưng Long"), ("2", "Bản Mạ")]
    )
    way = forms.ChoiceField(
        label=_("Bạn muốn nhận kết quả ở đâu?"),
        choices=[("online", _("Trên mạng")), ("desk", _("Tại bộ phận một cửa")), ("home", _("Tại nhà"))],
        widget=forms.RadioSelect,
    )
    papers = forms.MultipleChoiceField(
        label=_("Bạn có sẵn giấy tờ nào?"),
        choices=[("id", _("Thẻ căn cước")), ("birth", _("Giấy khai sinh"))],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    note = forms.CharField(
        label=_("Điều bạn muốn nói thêm"), widget=forms.Textarea(attrs={"rows": 3}), required=False
    )
    picture = forms.FileField(label=_("Ảnh giấy tờ"), help_text=_("Ảnh chụp hoặc tệp PDF"), required=False)
    agrees = forms.BooleanField(label=_("Tôi đã xem lại và thấy đúng"))


def form_empty() -> SampleForm:
    return SampleForm(prefix="empty")


class FilterForm(forms.Form):
    """Above a list: nothing is required, and nobody needs to be told."""

    marks_optional = False
    counted = DayField(label=_("Số liệu đến ngày"), required=False, help_text="")


def form_filter() -> FilterForm:
    return FilterForm(prefix="filter")


def form_with_errors() -> SampleForm:
    return SampleForm({"wrong-name": "Nguyễn Văn A", "wrong-born": "31/02/1990"}, prefix="wrong")


def figures() -> list[tuple[str, Figure | None]]:
    """(what it shows, the figure): every state a figure can be in."""
    adults = str(ADULTS)
    return [
        (gettext("Đủ số"), Figure(numerator=4795, denominator=5205, counted=adults, on=DAY, url="#figures")),
        (
            gettext("Có ngày đếm"),
            Figure(numerator=3273, denominator=5311, percent=Decimal("61.62"), on=DAY, is_day_of_count=True),
        ),
        (gettext("Chỉ có tỷ lệ"), Figure(percent=Decimal("96.5"), qualifier="more_than", on=DAY)),
        (gettext("Ước chừng"), Figure(percent=Decimal("53.7"), qualifier="about", counted=adults)),
        (gettext("Ít nhất"), Figure(percent=Decimal(80), qualifier="at_least")),
        (gettext("Chỉ có số đếm"), Figure(numerator=1782, counted=gettext("tài khoản"), on=DAY)),
        (gettext("Chưa có"), None),
    ]


def bars() -> list[BarRow]:
    flag = finding_flag(
        format_html(
            "<p>{}</p>",
            gettext("Báo cáo ghi 70,2%. Tính lại 1.674/2.390 thì được 70,04%."),
        ),
        "error",
        gettext("Tỷ lệ không khớp"),
    )
    return [
        _bar("Thôn Hưng Long", 412, 430, 88),
        _bar("Bản Mạ", 120, 355, 30),
        BarRow(label="Khu phố 3", figure=_count(1674, 2390), url="#bars", target=Decimal(80), flag=flag),
        BarRow(label="Xóm Đồng <b>", figure=None, url="#bars"),
        _bar("Tổ dân phố 5", 260, 400, None),
    ]


def _count(numerator: int, denominator: int) -> Figure:
    return Figure(numerator=numerator, denominator=denominator, url="#bars")


def _bar(label: str, numerator: int, denominator: int, before: int | None) -> BarRow:
    return BarRow(
        label=label,
        figure=_count(numerator, denominator),
        url="#bars",
        target=Decimal(80),
        before=None if before is None else Decimal(before),
    )


def trends() -> list[tuple[str, Sequence[Point]]]:
    whole = [Point(date(2025, month, 28), Decimal(40 + month * 8)) for month in range(1, 7)]
    gap = [point if point.on.month not in (3, 4) else Point(point.on, None) for point in whole]
    return [
        ("Bản Mạ", whole),
        (gettext("Thôn thiếu hai kỳ"), gap),
        (gettext("Thôn mới có một kỳ"), whole[:1]),
        (gettext("Thôn chưa báo cáo"), []),
    ]


def page_of_many() -> Page[int]:
    return Paginator(range(250), 20).page(5)


def lists() -> dict[str, Any]:
    """The items of navigation-like components."""
    return {
        "nav": [
            {"label": gettext("Cư dân"), "url": "/ui/"},
            {
                "label": gettext("Cán bộ"),
                "url": "/ui/desk/",
                "key": "B",
                "pages": [
                    {"label": gettext("Nút bấm"), "url": "#buttons", "current": True},
                    {"label": gettext("Bảng"), "url": "#tables", "key": "G"},
                ],
            },
            {"label": gettext("Trang in"), "url": "/ui/print/"},
            {"label": gettext("Trang lỗi"), "url": "/ui/errors/404/"},
        ],
        "tabs": [
            {"label": gettext("Tất cả (12)"), "url": "#tabs", "current": True},
            {"label": gettext("Quá hạn (3)"), "url": "#tabs"},
            {"label": gettext("Đã xong (9)"), "url": "#tabs"},
        ],
        "crumbs": [
            {"label": "Tỉnh Thanh Hoá", "url": "#crumbs"},
            {"label": gettext("Xã mẫu"), "url": "#crumbs"},
            {"label": gettext("Thư viện giao diện"), "url": "#crumbs", "current": True},
        ],
        "tasks": [
            {"label": gettext("Khai thông tin"), "url": "#tasks", "state": "done"},
            {
                "label": gettext("Gửi ảnh giấy tờ"),
                "url": "#tasks",
                "state": "doing",
                "hint": gettext("còn 1 ảnh"),
            },
            {"label": gettext("Nộp phí"), "url": "#tasks", "state": "late"},
            {
                "label": gettext("Xem lại trước khi nộp"),
                "state": "none",
                "word": gettext("chưa đến bước này"),
            },
        ],
        "summary": [
            {"key": gettext("Thủ tục"), "value": gettext("Đăng ký khai sinh"), "url": "#summary"},
            {"key": gettext("Ngày hẹn trả"), "value": "20/05/2025"},
        ],
        "queue": [
            {"label": gettext("Kỳ tháng 4, Xã mẫu 1"), "state": "late", "current": True},
            {"label": gettext("Kỳ tháng 5, Xã mẫu 2"), "state": "doing"},
            {"label": gettext("Kỳ tháng 5, Xã mẫu 3"), "state": "done"},
        ],
    }


def contact() -> dict[str, str]:
    return {
        "unit_name": gettext("Xã mẫu"),
        "person": gettext("cán bộ một cửa"),
        "phone": "0237 000 0000",
        "hours": gettext("Thứ Hai đến thứ Sáu, 07:30–11:30 và 13:30–17:30"),
    }
