"""What people are told, and each way it goes to them."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bakhong.core.privacy import Privacy
from bakhong.people.models import OfAVillage


class Channel(models.TextChoices):
    INBOX = "inbox", _("trang hồ sơ")
    MAIL = "mail", _("thư điện tử")
    CALL = "call", _("gọi điện")


class Message(OfAVillage):
    """One text to one recipient, written once (a trigger refuses changes). `uuid` is the sender's key, `village` the commune.

    A text that holds a secret code is sealed; it goes out and is shown nowhere. At least one of `person` (a resident's page), `holder` (the
    page of a draft or dossier) and `staff` says whose page shows it.
    """

    template = models.CharField(max_length=30)
    lang = models.CharField(max_length=2, default="vi")
    person = models.UUIDField(null=True)
    holder = models.UUIDField(null=True)
    staff = models.CharField(max_length=80, blank=True)  # an actor's id
    name = models.CharField(max_length=120, blank=True)
    email = models.CharField(max_length=254, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    subject = models.CharField(max_length=200)
    text = models.CharField(max_length=400, blank=True)
    sealed = models.BinaryField(null=True)  # instead of the text
    about_kind = models.CharField(max_length=20)
    about = models.UUIDField()
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=80)  # an actor's id

    privacy = OfAVillage.privacy_of_base | {
        "template": Privacy.INTERNAL,
        "lang": Privacy.INTERNAL,
        "person": Privacy.INTERNAL,
        "holder": Privacy.INTERNAL,
        "staff": Privacy.INTERNAL,
        "name": Privacy.PERSONAL,
        "email": Privacy.PERSONAL,
        "phone": Privacy.PERSONAL,
        "subject": Privacy.PERSONAL,
        "text": Privacy.PERSONAL,
        "sealed": Privacy.SENSITIVE,
        "about_kind": Privacy.INTERNAL,
        "about": Privacy.INTERNAL,
        "made_at": Privacy.INTERNAL,
        "made_by": Privacy.INTERNAL,
    }

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False) | Q(holder__isnull=False) | ~Q(staff=""),
                name="message_to_somebody",
            )
        ]
        indexes = [
            models.Index(fields=["about"], name="message_about"),
            models.Index(fields=["person"], name="message_person", condition=Q(person__isnull=False)),
            models.Index(fields=["holder"], name="message_holder", condition=Q(holder__isnull=False)),
            models.Index(fields=["staff"], name="message_staff", condition=~Q(staff="")),
        ]


class State(models.TextChoices):
    """What we know, and no more: nobody tells us that something was read."""

    WAITING = "waiting", _("chờ gửi")
    SENT = "sent", _("đã gửi")
    FAILED = "failed", _("không gửi được")
    DROPPED = "dropped", _("không gửi nữa")


class Outcome(models.TextChoices):
    TOLD = "told", _("đã nói với người cần gọi")
    NO_ANSWER = "no_answer", _("không nghe máy")
    WRONG_NUMBER = "wrong_number", _("sai số hoặc không liên lạc được")


class Delivery(OfAVillage):
    """One way a message goes to its recipient. Of a call: waiting until somebody has called, sent once they were told.

    `seen_at`: when one of the staff said that they had seen what stands in their inbox; nobody else is asked.
    """

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="deliveries")
    channel = models.CharField(max_length=6, choices=Channel)
    state = models.CharField(max_length=8, choices=State)
    attempts = models.SmallIntegerField(default=0)
    next_at = models.DateTimeField()  # not before
    settled_at = models.DateTimeField(null=True)  # sent, failed or dropped
    settled_by = models.CharField(max_length=80, blank=True)  # an actor's id; of a call
    settled_label = models.CharField(max_length=120, blank=True)
    outcome = models.CharField(max_length=12, choices=Outcome, blank=True)  # of the latest call
    problem = models.CharField(max_length=40, blank=True)  # a code for the operator: what kind of error
    person = models.UUIDField(null=True)  # as the message's: the wall reads them
    holder = models.UUIDField(null=True)
    staff = models.CharField(max_length=80, blank=True)
    seen_at = models.DateTimeField(null=True)

    privacy = OfAVillage.privacy_of_base | {
        "message": Privacy.INTERNAL,
        "channel": Privacy.INTERNAL,
        "state": Privacy.INTERNAL,
        "attempts": Privacy.INTERNAL,
        "next_at": Privacy.INTERNAL,
        "settled_at": Privacy.INTERNAL,
        "settled_by": Privacy.INTERNAL,
        "settled_label": Privacy.PERSONAL,
        "outcome": Privacy.INTERNAL,
        "problem": Privacy.INTERNAL,
        "person": Privacy.INTERNAL,
        "holder": Privacy.INTERNAL,
        "staff": Privacy.INTERNAL,
        "seen_at": Privacy.INTERNAL,
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["message", "channel"], name="delivery_once_a_way"),
            models.CheckConstraint(
                condition=(Q(state="waiting") & Q(settled_at=None))
                | (~Q(state="waiting") & Q(settled_at__isnull=False)),
                name="delivery_settled",
            ),
        ]
        indexes = [
            models.Index(
                fields=["channel", "next_at"], name="delivery_waiting", condition=Q(state="waiting")
            ),
            models.Index(
                fields=["staff"],
                name="delivery_unseen",
                condition=Q(channel="inbox", seen_at=None) & ~Q(staff=""),
            ),
        ]
