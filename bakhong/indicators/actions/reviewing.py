"""What a clerk decides about a figure that was read: store it mended, leave it out, look at it again."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from bakhong.audit.actions import record
from bakhong.core.actor import Actor
from bakhong.core.errors import NotFound, Refusal
from bakhong.indicators.actions.entries import FigureEntry
from bakhong.indicators.actions.figures import confirm_figures, correct_figure
from bakhong.indicators.actions.reports import demand
from bakhong.indicators.models import Figure, Report, SetAside


@transaction.atomic
def confirm_mended(
    *, report: Report, printed: FigureEntry, mended: FigureEntry, reason: str, by: Actor, at: datetime
) -> Figure:
    """Store what the source printed and, in its place at once, what is right: the history keeps both.

    Both entries carry a key, so that the deed sent twice is done once.

    Raises: as `confirm_figures` and `correct_figure`; Refusal without a reason.
    """
    if not reason.strip():
        raise Refusal(_("Hãy ghi lý do, để người xem sau này hiểu vì sao số liệu khác với nguồn."))
    first = confirm_figures(report=report, entries=[printed], by=by, at=at, check=False).figures[0]
    return correct_figure(figure=first, entry=mended, reason=reason, by=by, at=at)


@transaction.atomic
def set_aside(*, report: Report, key: UUID, by: Actor, at: datetime) -> SetAside:
    """Say that a printed figure is not to be stored. Twice is once.

    Raises: NotAllowed.
    """
    demand(by, "figures.confirm", report.unit)
    standing = SetAside.objects.filter(report=report, key=key, withdrawn_at=None)
    if known := standing.first():
        return known
    try:
        with transaction.atomic():
            aside = SetAside.objects.create(report=report, key=key, by=by.id, at=at)
    except IntegrityError:
        # Another request set it aside at the same moment.
        return standing.get()
    _record(by, at, "indicators.set_aside", report, key)
    return aside


@transaction.atomic
def take_up(*, report: Report, key: UUID, by: Actor, at: datetime) -> None:
    """The figure asks for a decision again.

    Raises: NotAllowed; NotFound when it was not set aside.
    """
    demand(by, "figures.confirm", report.unit)
    changed = SetAside.objects.filter(report=report, key=key, withdrawn_at=None).update(withdrawn_at=at)
    if not changed:
        raise NotFound(_("Số liệu này không bị bỏ qua."))
    _record(by, at, "indicators.take_up", report, key)


def _record(by: Actor, at: datetime, deed: str, report: Report, key: UUID) -> None:
    record(
        by=by,
        at=at,
        deed=deed,
        object_kind="report",
        object_id=report.uuid,
        place_id=report.unit_id,
        key=str(key),
    )
