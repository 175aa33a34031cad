"""What making any planned thing has in common: text as it is kept, where it may be, and once however often the form is sent."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, TypeVar, cast
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from bakhong.accounts.permissions import covered_ids
from bakhong.core.actor import Actor
from bakhong.core.days import day_of
from bakhong.core.errors import Conflict, Refusal
from bakhong.core.text import nfc, squeeze
from bakhong.outreach.models.planned import Planned
from bakhong.people.rules.services import services
from bakhong.places.models import Level, Unit

P = TypeVar("P", bound=Planned)


def once(
    model: type[P], *, client_key: UUID, unit: Unit, by: Actor, at: datetime, **columns: Any
) -> tuple[P, bool]:
    """The row and whether it is new: the same key of the same unit is the row there is.

    Raises: Conflict when the key belongs to another unit.
    """
    found: P | None = model._default_manager.filter(client_key=client_key).first()
    if found is not None:
        return _same(found, unit), False
    try:
        with transaction.atomic():
            made = cast(
                P,
                model._default_manager.create(
                    client_key=client_key,
                    unit=unit,
                    created_by=by.id,
                    created_by_label=by.label[:120],
                    created_at=at,
                    **columns,
                ),
            )
    except IntegrityError:
        earlier: P | None = model._default_manager.filter(client_key=client_key).first()
        if earlier is None:
            raise
        return _same(earlier, unit), False
    return made, True


def _same(row: P, unit: Unit) -> P:
    if row.unit_id != unit.pk:
        raise Conflict(_("Việc này đã được ghi ở một địa bàn khác. Hãy mở lại trang."))
    return row


def line(text: str, longest: int, what: str, *, is_needed: bool = True) -> str:
    """One line of text as it is kept. `what` names it in the refusal.

    Raises: Refusal when it is missing or too long.
    """
    return _bounded(squeeze(text.replace("\x00", "")), longest, what, is_needed)


def paragraphs(text: str, longest: int, what: str, *, is_needed: bool = True) -> str:
    """The same for text of several lines."""
    return _bounded(nfc(text).replace("\x00", "").replace("\r\n", "\n").strip(), longest, what, is_needed)


def _bounded(text: str, longest: int, what: str, is_needed: bool) -> str:
    if is_needed and not text:
        raise Refusal(_("Hãy ghi: %(what)s.") % {"what": what})
    if len(text) > longest:
        raise Refusal(
            _("%(what)s dài nhất %(longest)s chữ.") % {"what": what.capitalize(), "longest": longest}
        )
    return text


def known_services(codes: Iterable[str], *, is_needed: bool = True) -> list[str]:
    """The codes in the order of the list of services.

    Raises: Refusal for a code that is none, or for none at all.
    """
    wanted = set(codes)
    if not wanted <= set(services()):
        raise Refusal(_("Có dịch vụ không có trong danh mục."))
    if is_needed and not wanted:
        raise Refusal(_("Chọn ít nhất một dịch vụ."))
    return [code for code in services() if code in wanted]


def within(unit: Unit, place: Unit, at: datetime) -> Unit:
    """The place, where it is the unit or lies in it.

    Raises: Refusal.
    """
    if place.level not in (Level.COMMUNE, Level.VILLAGE) or place.pk not in covered_ids(
        [unit.pk], day_of(at)
    ):
        raise Refusal(_("Chọn một thôn của địa bàn này."))
    return place


def right_order(starts_at: datetime, ends_at: datetime) -> None:
    """Raises: Refusal unless it ends after it starts, on the same day."""
    if ends_at <= starts_at or day_of(ends_at) != day_of(starts_at):
        raise Refusal(_("Giờ kết thúc phải sau giờ bắt đầu, trong cùng một ngày."))
