"""What stands in the way: reasons by how many they stop, the people behind each, and a letter to who can fix it."""

from dataclasses import replace
from io import BytesIO
from typing import Any

from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.utils.translation import gettext_lazy

from bakhong.accounts.access import StaffRequest
from bakhong.core.days import parse_day
from bakhong.core.numbers import format_day, percent_of
from bakhong.desk.actions import note_export
from bakhong.desk.forms.visits import service_name
from bakhong.desk.frame import now, page, today, unit_page
from bakhong.desk.views.export import DOCX
from bakhong.documents.writing.docx import docx_bytes
from bakhong.documents.writing.letter import Grid, Items, Letter, Paragraph, Signer
from bakhong.outreach.permissions import PLAN, VIEW
from bakhong.outreach.queries.obstacles import Said, Wanted, people_stopped, said_reasons
from bakhong.outreach.queries.teams import campaigns_of
from bakhong.outreach.rules.obstacles import pareto
from bakhong.people.rules.reasons import FIXERS, reasons
from bakhong.people.rules.services import services
from bakhong.places.models import Level, Unit
from bakhong.places.queries import parent_on
from bakhong.ui.figures import language

FIXER_WORDS = {
    "provider": gettext_lazy("Đơn vị cung cấp dịch vụ"),
    "police": gettext_lazy("Công an"),
    "bank": gettext_lazy("Ngân hàng"),
    "telecom": gettext_lazy("Nhà mạng"),
    "commune": gettext_lazy("Xã và tổ công nghệ số"),
    "family": gettext_lazy("Gia đình, con cháu"),
    "person": gettext_lazy("Chính người dân"),
}
WRITTEN_TO = ("provider", "police", "bank", "telecom")
PER_LETTER = 20


def _asked(request: StaffRequest, unit: Unit) -> tuple[Wanted, dict[str, str]]:
    """What the address asks; what cannot be read is not asked."""
    told = {
        name: request.GET.get(name, "")[:60] for name in ("since", "until", "service", "fixer", "campaign")
    }
    campaigns = {str(each.uuid): each for each in campaigns_of(request.actor, unit, today())}
    wanted = Wanted(
        since=parse_day(told["since"]),
        until=parse_day(told["until"]),
        campaign=campaigns.get(told["campaign"]),
        service=told["service"] if told["service"] in services() else "",
        fixer=told["fixer"] if told["fixer"] in FIXERS else "",
    )
    return wanted, told


@unit_page(VIEW)
def index(request: StaffRequest, unit: Unit) -> HttpResponse:
    on = today()
    wanted, told = _asked(request, unit)
    said = said_reasons(request.actor, unit, on, wanted)
    rows = _pareto(said)
    return page(
        request,
        "desk/outreach/obstacles.html",
        unit=unit,
        active="outreach_obstacles",
        rows=[
            {
                "row": each,
                "words": reasons()[each.code].words(language()),
                "fixer": FIXER_WORDS[reasons()[each.code].fixer],
                "percent": percent_of(each.times, each.total),
                "running": percent_of(each.running, each.total),
            }
            for each in rows
        ],
        total=len(said),
        people=len({each.person_id for each in said}),
        told=told,
        query=request.GET.urlencode(),
        campaigns=campaigns_of(request.actor, unit, on)[:30],
        services=[(code, service_name(code)) for code in services()],
        fixers=[(code, FIXER_WORDS[code]) for code in FIXERS],
        letters=_letters(said),
        may_plan=request.actor.may(PLAN, unit.pk),
    )


def _pareto(said: list[Said]) -> Any:
    counts: dict[str, int] = {}
    for each in said:
        counts[each.reason] = counts.get(each.reason, 0) + 1
    return pareto(counts)


def _letters(said: list[Said]) -> list[tuple[str, Any, int]]:
    """(who, in words, how many people × services) of those one may write to."""
    counts = {code: sum(reasons()[each.reason].fixer == code for each in said) for code in WRITTEN_TO}
    return [(code, FIXER_WORDS[code], counts[code]) for code in WRITTEN_TO if counts[code]]


@unit_page(VIEW)
def people(request: StaffRequest, unit: Unit, reason: str) -> HttpResponse:
    """Who is stopped by one reason."""
    if reason not in reasons():
        raise Http404
    wanted, told = _asked(request, unit)
    rows = people_stopped(request.actor, unit, today(), wanted, reason)
    return page(
        request,
        "desk/outreach/obstacle.html",
        unit=unit,
        active="outreach_obstacles",
        words=reasons()[reason].words(language()),
        fixer=FIXER_WORDS[reasons()[reason].fixer],
        lines=[(person, each, service_name(each.service)) for person, each in rows],
        people=len({person.pk for person, _each in rows}),
        told=told,
        query=request.GET.urlencode(),
    )


@unit_page(VIEW, post=PLAN)
def letter(request: StaffRequest, unit: Unit, fixer: str) -> HttpResponseBase:
    """POST: the letter as a file, counts only. It leaves a trace, so it is no GET."""
    if fixer not in WRITTEN_TO or request.method != "POST":
        raise Http404
    on = today()
    wanted, _told = _asked(request, unit)
    said = said_reasons(request.actor, unit, on, replace(wanted, fixer=fixer))
    if not said:
        raise Http404
    note_export(unit=unit, what="obstacles", form="docx", on=on, boundaries=None, by=request.actor, at=now())
    made = docx_bytes(_letter(unit, fixer, said, wanted))
    name = f"Thư về vướng mắc - {unit.full_name} - {on:%Y-%m-%d}.docx"
    return FileResponse(BytesIO(made), as_attachment=True, filename=name, content_type=DOCX)


def _letter(unit: Unit, fixer: str, said: list[Said], wanted: Wanted) -> Letter:
    """An official letter is Vietnamese whatever language the screens are read in. It names nobody."""
    on = today()
    above = parent_on(unit, on)
    commune = above if unit.level == Level.VILLAGE and above else unit
    parent = parent_on(commune, on)
    counts: dict[tuple[str, str, str], int] = {}
    for each in said:
        key = (each.reason, each.service, each.provider)
        counts[key] = counts.get(key, 0) + 1
    rows = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:PER_LETTER]
    days = [each.on for each in said]
    first, last = wanted.since or min(days), wanted.until or max(days)
    who = {
        "provider": "đơn vị cung cấp dịch vụ",
        "police": "cơ quan Công an",
        "bank": "ngân hàng",
        "telecom": "doanh nghiệp viễn thông",
    }[fixer]
    people = len({each.person_id for each in said})
    return Letter(
        agency=("ỦY BAN NHÂN DÂN", commune.full_name.upper()),
        parent=(f"ỦY BAN NHÂN DÂN {parent.full_name.upper()}",) if parent else (),
        notation="BC-UBND",
        place=commune.name,
        year=on.year,
        type_name="BÁO CÁO",
        subject="Vướng mắc khi người dân cài đặt, kích hoạt dịch vụ số và đề nghị tháo gỡ",
        addressees=(f"[Tên {who}]",),
        blocks=(
            Paragraph(
                f"Từ ngày {format_day(first)} đến ngày {format_day(last)}, các tổ công nghệ số cộng đồng của {commune.full_name} "
                f"đã đến từng nhà hướng dẫn người dân. Có {people} người gặp vướng mắc mà {who} có thể tháo gỡ, "
                f"tổng cộng {len(said)} lần vướng (mỗi người, mỗi dịch vụ, mỗi lý do tính một lần):"
            ),
            Grid(
                header=("STT", "Vướng mắc", "Dịch vụ", "Nhà cung cấp", "Số lần vướng"),
                rows=[
                    (
                        str(number),
                        reasons()[reason].vi,
                        services()[service].name_vi if service in services() else service,
                        provider or "–",
                        str(times),
                    )
                    for number, ((reason, service, provider), times) in enumerate(rows, 1)
                ],
                widths=(1, 6, 4, 3, 2),
                aligns=("center", "left", "left", "left", "right"),
                note="Số liệu tổng hợp từ nhật ký đi từng nhà; không kèm thông tin cá nhân.",
            ),
            Paragraph(f"{commune.full_name} đề nghị {who}:"),
            Items(
                (
                    "Cho biết nguyên nhân và thời hạn khắc phục từng vướng mắc nêu trên;",
                    "Cử đầu mối hỗ trợ trực tiếp cho các tổ công nghệ số cộng đồng;",
                    "Thông báo kết quả để xã hướng dẫn lại người dân.",
                )
            ),
        ),
        signer=Signer(("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH")),
        recipients=("Như trên", "Lưu: VT"),
    )
