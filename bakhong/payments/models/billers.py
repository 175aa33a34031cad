"""Who collects, into which accounts, and who works for them."""

from datetime import date, timedelta

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bakhong.core.ids import new_uuid
from bakhong.core.privacy import Privacy
from bakhong.people.models import Organisation
from bakhong.places.models import Unit


class BillerKind(models.TextChoices):
    COMMUNE = "commune", _("Uỷ ban nhân dân xã")
    MARKET = "market", _("Ban quản lý chợ")
    COOPERATIVE = "cooperative", _("Hợp tác xã, tổ tự quản")
    UTILITY = "utility", _("Đơn vị cấp điện, nước, viễn thông")
    SCHOOL = "school", _("Trường học")
    HEALTH = "health", _("Cơ sở y tế")
    INSURANCE = "insurance", _("Cơ quan bảo hiểm")
    OTHER = "other", _("Đơn vị khác")


class Biller(models.Model):
    """An organisation that collects money in a commune (`unit`), with its own ledger.

    `keeps_ledger` false: it collects into books of its own (an electricity company); we know what its lists say.
    `services`: what it collects for (rules/services.py).
    """

    uuid = models.UUIDField(default=new_uuid, unique=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=BillerKind)
    name = models.CharField(max_length=200)
    tax_code = models.CharField(max_length=14, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    services = models.JSONField(default=list)
    keeps_ledger = models.BooleanField(default=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=80)  # an actor's id

    privacy = {
        "id": Privacy.INTERNAL,
        "uuid": Privacy.INTERNAL,
        "unit": Privacy.INTERNAL,
        "kind": Privacy.PUBLIC,
        "name": Privacy.PUBLIC,
        "tax_code": Privacy.PUBLIC,
        "phone": Privacy.PUBLIC,
        "organisation": Privacy.INTERNAL,
        "services": Privacy.PUBLIC,
        "keeps_ledger": Privacy.INTERNAL,
        "valid_from": Privacy.INTERNAL,
        "valid_to": Privacy.INTERNAL,
        "made_at": Privacy.INTERNAL,
        "made_by": Privacy.INTERNAL,
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit"], condition=Q(kind="commune", valid_to=None), name="biller_commune_once"
            ),
            models.UniqueConstraint(
                fields=["unit", "name"], condition=Q(valid_to=None), name="biller_name_once"
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), name="biller_period"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Feed(models.TextChoices):
    STATEMENT = "statement", _("Tệp sao kê")
    SEPAY = "sepay", "SePay"
    PAYOS = "payos", "payOS"


# A bank's last words come after an account is closed: movements of its last days told late, and the last month's statement.
LISTENS_ON, STATES_ON = timedelta(days=30), timedelta(days=400)


class AccountState(models.TextChoices):
    ASKED = "asked", _("chờ người thứ hai xác nhận")
    OPEN = "open", _("đang dùng")
    REFUSED = "refused", _("không được xác nhận")


class AccountRows(models.QuerySet["BankAccount"]):
    """Accounts by whether they are used, and whether their bank may still say something about them on the day."""

    def in_use(self) -> "AccountRows":
        """Those that stand on codes: confirmed by a second person, and not closed."""
        return self.filter(state=AccountState.OPEN, closed_on=None)

    def listening(self, on: date) -> "AccountRows":
        return self.filter(Q(closed_on=None) | Q(closed_on__gt=on - LISTENS_ON))

    def stating(self, on: date) -> "AccountRows":
        return self.filter(Q(closed_on=None) | Q(closed_on__gt=on - STATES_ON))


class BankAccount(models.Model):
    """An account of a biller, as it stands on its QR codes. `services` empty: for all the biller collects.

    It stands on none before a second person has confirmed it (`state`); a trigger refuses a charge into one that is not.
    `feed`: who tells of its movements besides statements; `feed_secret` (its key) is sealed for "payments_bankaccount.feed:<uuid>".
    """

    uuid = models.UUIDField(default=new_uuid, unique=True)
    biller = models.ForeignKey(Biller, on_delete=models.PROTECT, related_name="accounts")
    bank_bin = models.CharField(max_length=6)
    number = models.CharField(max_length=19)
    holder = models.CharField(max_length=120)
    services = models.JSONField(default=list)
    feed = models.CharField(max_length=10, choices=Feed, default=Feed.STATEMENT)
    feed_secret = models.BinaryField(null=True)
    feed_url = models.CharField(max_length=200, blank=True)  # where missed lines are pulled from
    feed_cursor = models.CharField(max_length=80, blank=True)
    pulled_at = models.DateTimeField(null=True)
    opened_on = models.DateField()
    closed_on = models.DateField(null=True)
    state = models.CharField(max_length=8, choices=AccountState, default=AccountState.ASKED)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=80, blank=True)
    decided_by_label = models.CharField(max_length=120, blank=True)
    decided_note = models.CharField(max_length=300, blank=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=80)

    objects = AccountRows.as_manager()

    privacy = {
        "id": Privacy.INTERNAL,
        "uuid": Privacy.INTERNAL,
        "biller": Privacy.INTERNAL,
        "bank_bin": Privacy.PUBLIC,
        "number": Privacy.PUBLIC,
        "holder": Privacy.PUBLIC,
        "services": Privacy.INTERNAL,
        "feed": Privacy.INTERNAL,
        "feed_secret": Privacy.SENSITIVE,
        "feed_url": Privacy.INTERNAL,
        "feed_cursor": Privacy.INTERNAL,
        "pulled_at": Privacy.INTERNAL,
        "opened_on": Privacy.INTERNAL,
        "closed_on": Privacy.INTERNAL,
        "state": Privacy.INTERNAL,
        "decided_at": Privacy.INTERNAL,
        "decided_by": Privacy.INTERNAL,
        "decided_by_label": Privacy.INTERNAL,
        "decided_note": Privacy.INTERNAL,
        "made_at": Privacy.INTERNAL,
        "made_by": Privacy.INTERNAL,
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["bank_bin", "number"], condition=Q(closed_on=None), name="bank_account_once"
            ),
            models.CheckConstraint(condition=Q(bank_bin__regex=r"^\d{6}$"), name="bank_account_bin"),
            models.CheckConstraint(
                condition=Q(number__regex=r"^[0-9A-Z]{5,19}$"), name="bank_account_number"
            ),
            models.CheckConstraint(condition=~Q(decided_by=F("made_by")), name="bank_account_four_eyes"),
            models.CheckConstraint(
                condition=Q(state="asked", decided_at=None, decided_by="")
                | (~Q(state="asked") & Q(decided_at__isnull=False) & ~Q(decided_by="")),
                name="bank_account_decided",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused", closed_on=None), name="bank_account_refused"
            ),
        ]

    @property
    def is_in_use(self) -> bool:
        """As `AccountRows.in_use`."""
        return self.state == AccountState.OPEN and self.closed_on is None


class Duty(models.TextChoices):
    ACCOUNTANT = "accountant", _("Kế toán")
    COLLECTOR = "collector", _("Người thu")


class BillerMember(models.Model):
    """Somebody of the staff who works for a biller for a period. A collector for the villages listed; none listed: for all."""

    uuid = models.UUIDField(default=new_uuid, unique=True)
    biller = models.ForeignKey(Biller, on_delete=models.PROTECT, related_name="members")
    staff = models.CharField(max_length=80)  # an actor's id
    label = models.CharField(max_length=120)
    duty = models.CharField(max_length=10, choices=Duty)
    villages = models.JSONField(default=list)  # ids of units
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    privacy = {
        "id": Privacy.INTERNAL,
        "uuid": Privacy.INTERNAL,
        "biller": Privacy.INTERNAL,
        "staff": Privacy.INTERNAL,
        "label": Privacy.PERSONAL,
        "duty": Privacy.INTERNAL,
        "villages": Privacy.INTERNAL,
        "valid_from": Privacy.INTERNAL,
        "valid_to": Privacy.INTERNAL,
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["biller", "staff", "duty"], condition=Q(valid_to=None), name="biller_member_once"
            )
        ]
        indexes = [models.Index(fields=["staff"], name="biller_member_staff")]
