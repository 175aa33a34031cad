"""The roster of officials and their digital certificates (criteria G1 and G2)."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from bakhong.accounts.models import Certificate, CertificateKind, CertificateStore, Official, User
from bakhong.audit.actions import record
from bakhong.core.actor import Actor
from bakhong.core.errors import Conflict, NotAllowed, Refusal
from bakhong.core.text import squeeze
from bakhong.places.models import Unit


def _check(by: Actor, unit_id: int) -> None:
    if not by.may("roster.manage", unit_id):
        raise NotAllowed(_("Bạn không được sửa danh sách cán bộ ở đây."))


@transaction.atomic
def add_official(
    *,
    unit: Unit,
    name: str,
    position: str,
    valid_from: date,
    by: Actor,
    at: datetime,
    user: User | None = None,
) -> Official:
    """Put somebody on the roster of a unit from a day on.

    Raises: NotAllowed; Refusal, when name or position is empty; Conflict, when the same name and position is on it already.
    """
    _check(by, unit.pk)
    name, position = squeeze(name), squeeze(position)
    if not name or not position:
        raise Refusal(_("Hãy ghi đủ họ tên và chức vụ."))
    if Official.objects.filter(unit=unit, name=name, position=position, valid_to=None).exists():
        raise Conflict(_("Người này đã có trong danh sách với chức vụ đó."))
    official = Official.objects.create(
        unit=unit, name=name, position=position, valid_from=valid_from, user=user
    )
    record(
        by=by,
        at=at,
        deed="accounts.add_official",
        object_kind="official",
        object_id=official.uuid,
        place_id=unit.pk,
    )
    return official


@transaction.atomic
def end_official(*, official: Official, on: date, by: Actor, at: datetime) -> None:
    """Take somebody off the roster from a day on (that day they no longer count).

    Raises: NotAllowed; Conflict, when it has ended already; Refusal, when the day is not after the first.
    """
    official = Official.objects.select_for_update().get(pk=official.pk)
    _check(by, official.unit_id)
    if official.valid_to is not None:
        raise Conflict(_("Người này đã thôi nhiệm vụ."))
    if on <= official.valid_from:
        raise Refusal(_("Ngày thôi nhiệm vụ phải sau ngày bắt đầu."))
    official.valid_to = on
    official.save(update_fields=["valid_to"])
    record(
        by=by,
        at=at,
        deed="accounts.end_official",
        object_kind="official",
        object_id=official.uuid,
        place_id=official.unit_id,
        on=on.isoformat(),
    )


@transaction.atomic
def record_certificate(
    *,
    official: Official,
    kind: str,
    store: str,
    issuer: str,
    serial: str,
    valid_from: date,
    valid_to: date,
    by: Actor,
    at: datetime,
) -> Certificate:
    """Note a digital certificate of an official; `valid_to` is the first day on which it no longer works.

    Raises: NotAllowed; Refusal, when something is missing or the days are the wrong way round; Conflict, when this serial is known.
    """
    _check(by, official.unit_id)
    issuer, serial = squeeze(issuer), "".join(serial.split()).upper()
    if not issuer or not serial:
        raise Refusal(_("Hãy ghi đủ nơi cấp và số chứng thư."))
    if kind not in CertificateKind.values or store not in CertificateStore.values:
        raise Refusal(_("Hãy chọn loại chứng thư và nơi lưu khóa."))
    if valid_to <= valid_from:
        raise Refusal(_("Ngày hết hạn phải sau ngày bắt đầu."))
    try:
        with transaction.atomic():
            certificate = Certificate.objects.create(
                official=official,
                kind=kind,
                store=store,
                issuer=issuer,
                serial=serial,
                valid_from=valid_from,
                valid_to=valid_to,
            )
    except IntegrityError as error:
        raise Conflict(_("Số chứng thư này đã có trong danh sách.")) from error
    record(
        by=by,
        at=at,
        deed="accounts.record_certificate",
        object_kind="certificate",
        object_id=certificate.uuid,
        place_id=official.unit_id,
        official=str(official.uuid),
    )
    return certificate


@transaction.atomic
def revoke_certificate(*, certificate: Certificate, on: date, by: Actor, at: datetime) -> None:
    """Note that a certificate stopped working before its last day. Raises: NotAllowed, Conflict, Refusal."""
    certificate = Certificate.objects.select_for_update().select_related("official").get(pk=certificate.pk)
    _check(by, certificate.official.unit_id)
    if certificate.revoked_on is not None:
        raise Conflict(_("Chứng thư này đã được ghi là thu hồi."))
    if not certificate.valid_from <= on < certificate.valid_to:
        raise Refusal(_("Ngày thu hồi phải trong thời hạn của chứng thư."))
    certificate.revoked_on = on
    certificate.save(update_fields=["revoked_on"])
    record(
        by=by,
        at=at,
        deed="accounts.revoke_certificate",
        object_kind="certificate",
        object_id=certificate.uuid,
        place_id=certificate.official.unit_id,
        on=on.isoformat(),
    )
