"""What an accountant must know of about the feed of an account."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from bakhong.core.privacy import Privacy
from bakhong.payments.models.base import OfABiller
from bakhong.payments.models.billers import BankAccount


class AlarmKind(models.TextChoices):
    FORGED = "forged", _("có thông báo giả gửi đến, đã từ chối")
    OTHER_BODY = "other_body", _("một thông báo đến hai lần với nội dung khác nhau")
    UNREADABLE = "unreadable", _("có thông báo không đọc được")
    GAP = "gap", _("thiếu dòng tiền: số dư không nối tiếp nhau")
    UNCONFIRMED = "unconfirmed", _("có dòng tiền được báo mà sao kê không có")
    SILENT = "silent", _("không hỏi được nơi cung cấp tin của ngân hàng")
    ROWS = "rows", _("có dòng sao kê chưa nhận được")
    FAULT = "fault", _("phần mềm không làm xong một việc về tiền")


class FeedAlarm(OfABiller):
    """Something odd about an account's feed: one row an hour and kind, however often (`count`). It stays until somebody has seen it.

    `detail` is a code or a day, never a person's data.
    """

    account = models.ForeignKey(BankAccount, on_delete=models.PROTECT, related_name="alarms")
    kind = models.CharField(max_length=12, choices=AlarmKind)
    hour = models.DateTimeField()
    count = models.PositiveIntegerField(default=1)
    detail = models.CharField(max_length=80, blank=True)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)  # when the accountant was sent a message
    seen_at = models.DateTimeField(null=True)
    seen_by = models.CharField(max_length=80, blank=True)
    seen_by_label = models.CharField(max_length=120, blank=True)

    privacy = OfABiller.privacy_of_base | {
        "account": Privacy.INTERNAL,
        "kind": Privacy.INTERNAL,
        "hour": Privacy.INTERNAL,
        "count": Privacy.INTERNAL,
        "detail": Privacy.INTERNAL,
        "first_at": Privacy.INTERNAL,
        "last_at": Privacy.INTERNAL,
        "told_at": Privacy.INTERNAL,
        "seen_at": Privacy.INTERNAL,
        "seen_by": Privacy.INTERNAL,
        "seen_by_label": Privacy.PERSONAL,
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "kind", "hour"], name="feed_alarm_once_an_hour")
        ]
        indexes = [
            models.Index(fields=["biller", "id"], name="feed_alarm_unseen", condition=models.Q(seen_at=None)),
            models.Index(fields=["id"], name="feed_alarm_untold", condition=models.Q(told_at=None)),
        ]
