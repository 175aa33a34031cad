"""Markets, stalls and shops, the codes that hang there, and what checks of them found."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bakhong.core.ids import new_uuid
from bakhong.core.privacy import Privacy
from bakhong.payments.models.billers import Biller
from bakhong.people.models import OfAVillage, Organisation
from bakhong.places.models import Unit


class Market(models.Model):
    """A market of a commune; `biller` collects its monthly fee (a market board)."""

    uuid = models.UUIDField(default=new_uuid, unique=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    biller = models.ForeignKey(Biller, on_delete=models.PROTECT, null=True, related_name="markets")
    name = models.CharField(max_length=120)
    address = models.CharField(max_length=200, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    privacy = {
        "id": Privacy.INTERNAL,
        "uuid": Privacy.INTERNAL,
        "unit": Privacy.INTERNAL,
        "biller": Privacy.INTERNAL,
        "name": Privacy.PUBLIC,
        "address": Privacy.PUBLIC,
        "valid_from": Privacy.INTERNAL,
        "valid_to": Privacy.INTERNAL,
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "name"], condition=Q(valid_to=None), name="market_once")
        ]

    def __str__(self) -> str:
        return self.name


class Stall(OfAVillage):
    """A stall of a market, or a shop elsewhere (`market` empty). It belongs to an organisation of the roll, mostly a household business.

    The account is the seller's own: what customers pay into. `monthly_fee` is what the market board collects. `phone_before` and
    `owner_before`: what stood here before the change of `contact_changed_at`, and before others in the month before it.
    """

    market = models.ForeignKey(Market, on_delete=models.PROTECT, null=True, related_name="stalls")
    code = models.CharField(max_length=20)  # the number over the stall
    name = models.CharField(max_length=120, blank=True)
    trade = models.CharField(max_length=120, blank=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="stalls")
    owner_name = models.CharField(max_length=120)
    phone = models.CharField(max_length=20, blank=True)
    bank_bin = models.CharField(max_length=6, blank=True)
    account = models.CharField(max_length=19, blank=True)
    account_holder = models.CharField(max_length=120, blank=True)
    monthly_fee = models.PositiveBigIntegerField(null=True)
    contact_changed_at = models.DateTimeField(null=True)
    phone_before = models.CharField(max_length=20, blank=True)
    owner_before = models.CharField(max_length=120, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=80)

    privacy = OfAVillage.privacy_of_base | {
        "market": Privacy.INTERNAL,
        "code": Privacy.INTERNAL,
        "name": Privacy.PERSONAL,
        "trade": Privacy.PERSONAL,
        "organisation": Privacy.PERSONAL,
        "owner_name": Privacy.PERSONAL,
        "phone": Privacy.PERSONAL,
        "bank_bin": Privacy.PERSONAL,
        "account": Privacy.SENSITIVE,
        "account_holder": Privacy.PERSONAL,
        "monthly_fee": Privacy.PERSONAL,
        "contact_changed_at": Privacy.INTERNAL,
        "phone_before": Privacy.PERSONAL,
        "owner_before": Privacy.PERSONAL,
        "valid_from": Privacy.INTERNAL,
        "valid_to": Privacy.INTERNAL,
        "recorded_at": Privacy.INTERNAL,
        "recorded_by": Privacy.INTERNAL,
    }

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), name="stall_period"
            ),
            models.UniqueConstraint(
                fields=["market", "code"], condition=Q(valid_to=None), name="stall_code_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["account"], name="stall_account", condition=Q(valid_to=None) & ~Q(account="")
            )
        ]


class ChangeState(models.TextChoices):
    ASKED = "asked", _("chờ người thứ hai xác nhận")
    APPROVED = "approved", _("đã đổi")
    REFUSED = "refused", _("không đổi")


class AccountChange(OfAVillage):
    """A wish that customers of a stall pay into another account. Who confirms it is not who wrote it, and the seller is told of both.

    A trigger refuses another account on the stall without one of these that is approved.
    """

    stall = models.ForeignKey(Stall, on_delete=models.PROTECT, related_name="account_changes")
    bank_bin = models.CharField(max_length=6)
    account = models.CharField(max_length=19)
    account_holder = models.CharField(max_length=120)
    why = models.CharField(max_length=300)
    state = models.CharField(max_length=8, choices=ChangeState, default=ChangeState.ASKED)
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=80)
    asked_by_label = models.CharField(max_length=120)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=80, blank=True)
    decided_by_label = models.CharField(max_length=120, blank=True)
    decided_note = models.CharField(max_length=300, blank=True)

    privacy = OfAVillage.privacy_of_base | {
        "stall": Privacy.INTERNAL,
        "bank_bin": Privacy.PERSONAL,
        "account": Privacy.SENSITIVE,
        "account_holder": Privacy.PERSONAL,
        "why": Privacy.PERSONAL,
        "state": Privacy.INTERNAL,
        "asked_at": Privacy.INTERNAL,
        "asked_by": Privacy.INTERNAL,
        "asked_by_label": Privacy.PERSONAL,
        "decided_at": Privacy.INTERNAL,
        "decided_by": Privacy.INTERNAL,
        "decided_by_label": Privacy.PERSONAL,
        "decided_note": Privacy.PERSONAL,
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["stall"], condition=Q(state="asked"), name="account_change_open_once"
            ),
            models.CheckConstraint(
                condition=Q(decided_by="") | ~Q(decided_by=F("asked_by")), name="account_change_four_eyes"
            ),
            models.CheckConstraint(
                condition=Q(state="asked", decided_at=None, decided_by="")
                | (~Q(state="asked") & Q(decided_at__isnull=False) & ~Q(decided_by="")),
                name="account_change_decided",
            ),
        ]


class Sticker(OfAVillage):
    """The printed code of a stall: `payload` as printed, `seal_code` beside it. A new one ends the one before (`ended_at`)."""

    stall = models.ForeignKey(Stall, on_delete=models.PROTECT, related_name="stickers")
    payload = models.CharField(max_length=512)
    seal_code = models.CharField(max_length=16, unique=True)
    issued_at = models.DateTimeField()
    issued_by = models.CharField(max_length=80)
    ended_at = models.DateTimeField(null=True)
    ended_why = models.CharField(max_length=200, blank=True)
    stale_at = models.DateTimeField(null=True)  # what is printed beside the code is no longer so

    privacy = OfAVillage.privacy_of_base | {
        "stall": Privacy.INTERNAL,
        "payload": Privacy.SENSITIVE,
        "seal_code": Privacy.INTERNAL,
        "issued_at": Privacy.INTERNAL,
        "issued_by": Privacy.INTERNAL,
        "ended_at": Privacy.INTERNAL,
        "ended_why": Privacy.PERSONAL,
        "stale_at": Privacy.INTERNAL,
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["stall"], condition=Q(ended_at=None), name="sticker_current_once")
        ]


class Verdict(models.TextChoices):
    GENUINE = "genuine", _("đúng mã đã cấp")
    EQUIVALENT = "equivalent", _("cùng tài khoản, do ứng dụng ngân hàng in lại")
    CHANGED = "changed", _("đã bị thay hoặc sửa")
    ENDED = "ended", _("mã cũ, đã thay mã mới")
    UNKNOWN = "unknown", _("không có trong danh sách của xã")
    UNREADABLE = "unreadable", _("không phải mã VietQR")


class StickerCheck(OfAVillage):
    """One look at what hangs at a stall. `uuid` is the sender's key. `differences` are codes of rules/stickers.py."""

    stall = models.ForeignKey(Stall, on_delete=models.PROTECT, null=True, related_name="checks")
    sticker = models.ForeignKey(Sticker, on_delete=models.PROTECT, null=True, related_name="checks")
    scanned = models.CharField(max_length=512)
    verdict = models.CharField(max_length=10, choices=Verdict)
    differences = models.JSONField(default=list)
    at = models.DateTimeField()
    by = models.CharField(max_length=80)
    by_label = models.CharField(max_length=120)
    alarmed_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)  # somebody went there and saw to it
    settled_by_label = models.CharField(max_length=120, blank=True)
    settled_note = models.CharField(max_length=300, blank=True)

    privacy = OfAVillage.privacy_of_base | {
        "stall": Privacy.INTERNAL,
        "sticker": Privacy.INTERNAL,
        "scanned": Privacy.SENSITIVE,
        "verdict": Privacy.INTERNAL,
        "differences": Privacy.INTERNAL,
        "at": Privacy.INTERNAL,
        "by": Privacy.INTERNAL,
        "by_label": Privacy.PERSONAL,
        "alarmed_at": Privacy.INTERNAL,
        "settled_at": Privacy.INTERNAL,
        "settled_by_label": Privacy.PERSONAL,
        "settled_note": Privacy.PERSONAL,
    }

    class Meta:
        indexes = [
            models.Index(
                fields=["village"],
                name="sticker_alarm_open",
                condition=Q(alarmed_at__isnull=False, settled_at=None),
            ),
            models.Index(fields=["stall", "-at"], name="sticker_check_latest"),
        ]
