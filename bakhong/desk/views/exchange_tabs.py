"""What the pages about other systems share."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from bakhong.accounts.access import StaffRequest
from bakhong.core.errors import NotFound
from bakhong.dossiers.permissions import EXCHANGE
from bakhong.places.models import Level, Unit


def tabs_of(request: StaffRequest, unit: Unit, here: str) -> list[dict[str, Any]]:
    """The parts of “Liên thông” that this person may open."""
    pages = [
        ("exchange", _("Gửi và nhận")),
        ("exchange_lists", _("Danh sách của tỉnh")),
        ("exchange_measures", _("Đúng hẹn, không khai lại")),
        ("exchange_copied", _("Gõ hai lần")),
    ]
    return [
        {"label": label, "url": reverse(f"desk:{name}", args=[unit.uuid]), "current": name == here}
        for name, label in pages
        if name != "exchange_lists" or request.actor.may(EXCHANGE, unit.pk)
    ]


def check_commune(unit: Unit) -> None:
    """Raises: NotFound: only communes handle dossiers."""
    if unit.level != Level.COMMUNE:
        raise NotFound("")
