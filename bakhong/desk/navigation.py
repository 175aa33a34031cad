"""What may be reached from a desk page. A new page adds its line to `PAGES` (and its address to urls.py), nothing else."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bakhong.accounts.access import StaffRequest
from bakhong.accounts.permissions import StaffActor
from bakhong.core.actor import Actor
from bakhong.desk import counts
from bakhong.payments.permissions import providers_for
from bakhong.places.models import Level, Unit

_REPORTING = (Level.PROVINCE, Level.COMMUNE)
_COMMUNE_AND_BELOW = (Level.COMMUNE, Level.VILLAGE)


def _is_at_the_desk(actor: Actor, unit: Unit) -> bool:
    """Who only collects from house to house takes nothing at the desk and counts no bag (payments/actions/cash.py)."""
    return actor.may("figures.view", unit.pk) or actor.may("payments.view", unit.pk)


def _charges(actor: Actor, unit: Unit) -> bool:
    """Who only reads the books finds the lists that were made among the charges; who cannot read them makes none."""
    return actor.may("payments.charge", unit.pk)


def _works_for(actor: Actor, unit: Unit) -> bool:
    return isinstance(actor, StaffActor) and actor.works_for(unit.pk)


def _has_providers(actor: Actor, unit: Unit) -> bool:
    """The commune's staff open providers; another biller's accountant reads what is their own, if anything."""
    return (
        actor.may("figures.view", unit.pk)
        or providers_for(actor, "payments.charge").filter(unit=unit).exists()
    )


@dataclass(frozen=True)
class Page:
    """One line of the navigation. `levels` empty: at every level. `key` is the keyboard shortcut printed on it.

    `permission` "": whoever works there, in whatever role.

    `leads`: whether somebody who holds `permission` finds anything there; asked only of those who do.

    Pages of one `group` share an entry of the bar and have a row of their own under it; without a group a page stands in the bar itself.
    Where somebody has more pages of a group than a row shows, those of one `section` share an entry of that row, with a row of their own.
    """

    name: str
    label: Any
    permission: str
    key: str = ""
    levels: tuple[str, ...] = ()
    count: counts.Count | None = None
    route: str = ""  # where it is no page of the desk
    group: str = ""
    section: str = ""
    leads: Callable[[Actor, Unit], bool] | None = None
    is_own: bool = False  # counted on every page: it waits for this one person
    is_quiet: bool = False  # counted inside its group only: no page about figures pays for it

    def url(self, unit: Unit) -> str:
        return reverse(self.route or f"desk:{self.name}", args=[unit.uuid])

    def is_at(self, unit: Unit) -> bool:
        return not self.levels or unit.level in self.levels

    def is_for(self, actor: Actor, unit: Unit) -> bool:
        is_theirs = actor.may(self.permission, unit.pk) if self.permission else _works_for(actor, unit)
        return is_theirs and (self.leads is None or self.leads(actor, unit))


# (label, keyboard shortcut); a group stands where its first page does.
GROUPS: dict[str, tuple[Any, str]] = {
    "casework": (_("Hồ sơ"), "F4"),
    "money": (_("Thu tiền"), "F3"),
    "figures": (_("Số liệu"), "5"),
    "steering": (_("Điều hành"), "6"),
    "outreach": (_("Ra quân"), "7"),
    "gatherings": (_("Vận động"), "8"),
    "people": (_("Người dân"), "9"),
    "places": (_("Địa bàn và cán bộ"), "0"),
}

# Entries of a group's row that have pages of their own.
SECTIONS: dict[str, Any] = {
    "dues": _("Khoản thu"),
    "cash": _("Tiền mặt"),
    "copies": _("Chứng thực"),
    "books": _("Sổ sách"),
    "stalls": _("Chợ, điểm bán"),
    "cashless": _("Không tiền mặt"),
    "signing": _("Ký số"),
}

_A_ROW = 9  # pages that are all seen at 1366 px

# In the order of the bar; the first one a person may see is where they land.
# Taking a dossier in comes first for whoever does that, the money for whoever answers for it; the queue is behind the chair's own three
# questions.
PAGES = (
    Page("intake", _("Tiếp nhận"), "dossiers.receive", "", (Level.COMMUNE,), group="casework"),
    Page("money", _("Hôm nay"), "payments.reconcile", "", (Level.COMMUNE,), group="money"),
    Page("dashboard", _("Tổng quan"), "figures.view", "Q"),
    Page("league", _("Xếp hạng"), "figures.view", "H", (Level.PROVINCE, Level.DISTRICT, Level.COMMUNE)),
    Page(
        "queue",
        _("Hàng chờ"),
        "dossiers.view",
        "Z",
        (Level.COMMUNE,),
        counts.pressing_dossiers,
        group="casework",
    ),
    Page(
        "copies",
        _("Chứng thực bản sao"),
        "dossiers.receive",
        "",
        (Level.COMMUNE,),
        group="casework",
        section="copies",
    ),
    Page(
        "copies_book",
        _("Sổ chứng thực"),
        "dossiers.view",
        "",
        (Level.COMMUNE,),
        group="casework",
        section="copies",
    ),
    Page("dossier_measures", _("Không khai lại"), "dossiers.view", "", (Level.COMMUNE,), group="casework"),
    Page(
        "dossier_updates",
        _("Đề nghị cập nhật"),
        "dossiers.view",
        "",
        (Level.COMMUNE,),
        counts.updates,
        group="casework",
        is_quiet=True,
    ),
    Page("money_summary", _("Tóm tắt"), "payments.view", "", (Level.COMMUNE,), group="money"),
    Page("charges", _("Khoản thu"), "payments.view", "", (Level.COMMUNE,), group="money", section="dues"),
    Page(
        "charge_list_new",
        _("Lập danh sách thu"),
        "payments.view",
        "",
        (Level.COMMUNE,),
        group="money",
        section="dues",
        leads=_charges,
    ),
    Page(
        "suspense", _("Tiền chờ xử lý"), "payments.view", "", (Level.COMMUNE,), counts.suspense, group="money"
    ),
    Page("statement", _("Sao kê"), "payments.view", "", (Level.COMMUNE,), group="money", section="books"),
    Page("days", _("Đối chiếu ngày"), "payments.view", "", (Level.COMMUNE,), group="money", section="books"),
    Page("refunds", _("Trả lại tiền"), "payments.view", "", (Level.COMMUNE,), group="money", section="books"),
    Page("ledger", _("Sổ cái"), "payments.view", "", (Level.COMMUNE,), group="money", section="books"),
    Page(
        "cash",
        _("Thu tại quầy"),
        "payments.collect",
        "",
        (Level.COMMUNE,),
        group="money",
        section="cash",
        leads=_is_at_the_desk,
    ),
    Page(
        "cash_collect", _("Đi thu"), "payments.collect", "", (Level.COMMUNE,), group="money", section="cash"
    ),
    Page(
        "hand_over",
        _("Nhận tiền người thu"),
        "payments.collect",
        "",
        (Level.COMMUNE,),
        group="money",
        section="cash",
        leads=_is_at_the_desk,
    ),
    Page("billers", _("Đơn vị thu"), "payments.manage", "", (Level.COMMUNE,), group="money"),
    Page("cashless", _("Không tiền mặt"), "figures.view", group="money", section="cashless"),
    Page(
        "providers",
        _("Đơn vị cung cấp"),
        "payments.charge",
        "",
        (Level.COMMUNE,),
        group="money",
        section="cashless",
        leads=_has_providers,
    ),
    Page("markets", _("Chợ"), "stalls.view", "", (Level.COMMUNE,), group="money", section="stalls"),
    Page("stalls", _("Điểm bán"), "stalls.view", "", _COMMUNE_AND_BELOW, group="money", section="stalls"),
    Page(
        "sticker_checks",
        _("Kiểm tra mã QR"),
        "stalls.view",
        "",
        _COMMUNE_AND_BELOW,
        group="money",
        section="stalls",
    ),
    Page(
        "sticker_check",
        _("Quét mã QR"),
        "stalls.check",
        "",
        _COMMUNE_AND_BELOW,
        group="money",
        section="stalls",
    ),
    Page(
        "periods", _("Kỳ báo cáo"), "figures.view", "Y", _REPORTING, counts.waiting_periods, group="figures"
    ),
    Page("read", _("Đọc báo cáo"), "figures.view", "R", group="figures"),
    Page("grid", _("Nhập bảng"), "figures.confirm", "E", _REPORTING, group="figures"),
    Page("findings", _("Rà soát số liệu"), "figures.view", "S", count=counts.open_findings, group="figures"),
    Page("targets", _("Chỉ tiêu giao"), "figures.view", "M", group="steering"),
    Page("catch_up", _("Tiến độ chỉ tiêu"), "figures.view", "D", group="steering"),
    Page("followups", _("Việc theo dõi"), "figures.view", "V", count=counts.my_tasks, group="steering"),
    Page("outreach", _("Đợt ra quân"), "outreach.view", "1", _COMMUNE_AND_BELOW, group="outreach"),
    Page("outreach_plans", _("Cuốn chiếu"), "outreach.view", "2", _COMMUNE_AND_BELOW, group="outreach"),
    Page("outreach_visits", _("Lượt đến nhà"), "outreach.view", "3", _COMMUNE_AND_BELOW, group="outreach"),
    Page("outreach_absent", _("Người đi vắng"), "outreach.view", "4", _COMMUNE_AND_BELOW, group="outreach"),
    Page("outreach_obstacles", _("Vướng mắc"), "outreach.view", "", _COMMUNE_AND_BELOW, group="outreach"),
    Page("daily", _("Báo cáo ngày"), "outreach.view", "N", _COMMUNE_AND_BELOW, group="outreach"),
    Page("outreach_teams", _("Tổ công nghệ số"), "outreach.view", "", _COMMUNE_AND_BELOW, group="outreach"),
    Page("outreach_claims", _("Bảng kê của tổ"), "outreach.claims", "", (Level.COMMUNE,), group="outreach"),
    Page("trainings", _("Tập huấn"), "outreach.view", "", _COMMUNE_AND_BELOW, group="gatherings"),
    Page("sessions", _("Lịch làm lưu động"), "outreach.view", "", _COMMUNE_AND_BELOW, group="gatherings"),
    Page("announcements", _("Thông báo"), "outreach.view", "", _COMMUNE_AND_BELOW, group="gatherings"),
    Page(
        "campaign_tasks",
        _("Việc đoàn thể"),
        "outreach.view",
        "",
        _COMMUNE_AND_BELOW,
        counts.campaign_tasks,
        group="gatherings",
    ),
    Page("beneficiaries", _("Chi trả chế độ"), "outreach.plan", "", _COMMUNE_AND_BELOW, group="gatherings"),
    Page("surveys", _("Khảo sát"), "outreach.view", "", _COMMUNE_AND_BELOW, group="gatherings"),
    Page("exchange", _("Liên thông"), "dossiers.view", "", (Level.COMMUNE,), group="casework"),
    Page("calls", _("Cần gọi điện"), "dossiers.view", "", (Level.COMMUNE,), counts.calls, group="casework"),
    Page("my_messages", _("Lời nhắn"), "", count=counts.unseen_messages, group="casework", is_own=True),
    Page(
        "signing",
        _("Ký số của tôi"),
        "documents.sign",
        "",
        (Level.COMMUNE,),
        group="casework",
        section="signing",
    ),
    Page(
        "seal",
        _("Con dấu số của xã"),
        "documents.seal",
        "",
        (Level.COMMUNE,),
        counts.unsealed,
        group="casework",
        section="signing",
    ),
    Page("residents", _("Danh sách người dân"), "people.view", "O", _COMMUNE_AND_BELOW, group="people"),
    Page("services", _("Dịch vụ số"), "people.view", levels=_COMMUNE_AND_BELOW, group="people"),
    Page("organisations", _("Hộ kinh doanh"), "people.view", levels=_COMMUNE_AND_BELOW, group="people"),
    Page("subscriptions", _("Thuê bao"), "people.view", levels=_COMMUNE_AND_BELOW, group="people"),
    Page("corrections", _("Yêu cầu sửa"), "people.view", "", _COMMUNE_AND_BELOW, group="people"),
    Page("doubles", _("Bản ghi trùng"), "people.merge", levels=_COMMUNE_AND_BELOW, group="people"),
    Page("places", _("Địa bàn"), "figures.view", "B", group="places"),
    Page("people", _("Cán bộ"), "accounts.view", "U", route="accounts:people", group="places"),
    Page("forms", _("Biểu mẫu"), "eforms.publish", "", (Level.COMMUNE,), group="places"),
    Page("catalogue", _("Thủ tục"), "figures.view", "", _REPORTING, group="places"),
    Page("calendar", _("Lịch làm việc"), "figures.view", "", _REPORTING, group="places"),
)

# Whoever holds one of these somewhere has a page there.
OPENED_BY = frozenset(each.permission for each in PAGES if each.permission)


def _label(label: Any, count: int) -> str:
    return f"{label} ({count})" if count else str(label)


def reachable(actor: Actor, unit: Unit) -> list[Page]:
    return [each for each in PAGES if each.is_at(unit) and each.is_for(actor, unit)]


def items(request: StaffRequest, unit: Unit, active: str, on: date) -> list[dict[str, Any]]:
    """The navigation bar: `{"url", "label", "key", "current", "count", "pages"}`, with how many things wait behind a label.

    An entry of a group leads to its first page and counts for all of them; `pages` has the same keys, and so have those of a section's
    entry. A group (a section) of one page is that page; whoever has few pages of a group has them in one row.
    Inside a group only its own pages are counted, and what waits for this one person: what else waits is said where one starts, and costs
    no page of work its queries.
    """
    entries: dict[str, list[tuple[Page, int]]] = {}
    shown = next((each.group for each in PAGES if each.name == active), "")
    for each in reachable(request.actor, unit):
        is_counted = each.is_own or shown in (each.group, *(() if each.is_quiet else ("",)))
        count = each.count(request, unit, on) if each.count and is_counted else 0
        entries.setdefault(each.group or each.name, []).append((each, count))
    return [_entry(unit, active, name, pages) for name, pages in entries.items()]


def _entry(unit: Unit, active: str, name: str, pages: list[tuple[Page, int]]) -> dict[str, Any]:
    if len(pages) == 1:
        return _of_page(unit, active, *pages[0])
    if all(
        page.name != active for page, _count in pages
    ):  # a closed group costs the address of its first page
        label, key = GROUPS[name]
        return _line(pages[0][0].url(unit), label, key, False, sum(count for _page, count in pages))
    if len(pages) <= _A_ROW:
        return _shared(*GROUPS[name], [_of_page(unit, active, *each) for each in pages])
    sections: dict[str, list[dict[str, Any]]] = {}
    for page, count in pages:
        sections.setdefault(page.section or page.name, []).append(_of_page(unit, active, page, count))
    row = [
        inner[0] if len(inner) == 1 else _shared(SECTIONS[section], "", inner)
        for section, inner in sections.items()
    ]
    return _shared(*GROUPS[name], row)


def _of_page(unit: Unit, active: str, page: Page, count: int) -> dict[str, Any]:
    return _line(page.url(unit), page.label, page.key, page.name == active, count)


def _shared(label: Any, key: str, lines: list[dict[str, Any]]) -> dict[str, Any]:
    """One entry for several; where one of them is open they are shown in a row of their own."""
    is_current = any(line["current"] for line in lines)
    found = _line(lines[0]["url"], label, key, is_current, sum(line["count"] for line in lines))
    return found | {"pages": lines if is_current else []}


def _line(url: str, label: Any, key: str, is_current: bool, count: int) -> dict[str, Any]:
    return {
        "url": url,
        "label": _label(label, count),
        "key": key,
        "current": is_current,
        "count": count,
        "pages": [],
    }


def crumbs(actor: Actor, path: Sequence[Unit], active: str) -> list[dict[str, Any]]:
    """From the widest unit this person may see down to the current one; each leads to the same page of that unit."""
    return [
        {"label": each.full_name, "url": _same_page(pages, each, active), "current": each.pk == path[-1].pk}
        for each in path
        if (pages := reachable(actor, each))
    ]


def _same_page(pages: Sequence[Page], unit: Unit, active: str) -> str:
    return next((each for each in pages if each.name == active), pages[0]).url(unit)


def landing(actor: Actor, unit: Unit) -> str | None:
    """The address where a person starts at a unit; None when nothing there is for them."""
    pages = reachable(actor, unit)
    return pages[0].url(unit) if pages else None
