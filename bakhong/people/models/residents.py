"""What residents do about themselves: somebody may act for them, and what is known of them may be wrong."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bakhong.core.privacy import Privacy
from bakhong.people.models.base import OfAVillage
from bakhong.people.models.people import Person


class MandateScope(models.TextChoices):
    ALL = "all", _("Mọi thủ tục")
    PROCEDURES = "procedures", _("Chỉ những thủ tục đã chọn")


class MandateHow(models.TextChoices):
    ONLINE = "online", _("Người uỷ quyền tự cho trên cổng, đã đăng nhập")
    DESK = "desk", _("Người uỷ quyền đến bộ phận một cửa")
    PAPER = "paper", _("Có văn bản uỷ quyền được chứng thực")
    GUARDIAN = "guardian", _("Cha, mẹ, người giám hộ theo pháp luật")


class Mandate(OfAVillage):
    """`principal` lets somebody file and follow dossiers for them, for a period (start included, end excluded).

    The agent is known by their number (`agent_index`), for they may live elsewhere; `agent` is their record where they have one.
    """

    principal = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="mandates")
    agent = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="mandates_held")
    agent_name = models.CharField(max_length=120, blank=True)
    agent_index = models.BinaryField(null=True, max_length=32)  # keyed, as Person.national_id_index
    relation = models.CharField(max_length=60, blank=True)  # in their words: "con gái"
    scope = models.CharField(max_length=10, choices=MandateScope)
    procedures = models.JSONField(default=list)  # codes, where `scope` says so
    valid_from = models.DateField()
    valid_to = models.DateField()
    how = models.CharField(max_length=10, choices=MandateHow)
    evidence = models.CharField(max_length=200, blank=True)
    given_at = models.DateTimeField()
    given_by = models.CharField(max_length=80)  # an actor's id
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=80, blank=True)
    client_key = models.UUIDField(null=True, unique=True)

    privacy = OfAVillage.privacy_of_base | {
        "principal": Privacy.INTERNAL,
        "agent": Privacy.PERSONAL,
        "agent_name": Privacy.PERSONAL,
        "agent_index": Privacy.SENSITIVE,
        "relation": Privacy.PERSONAL,
        "scope": Privacy.PERSONAL,
        "procedures": Privacy.PERSONAL,
        "valid_from": Privacy.PERSONAL,
        "valid_to": Privacy.PERSONAL,
        "how": Privacy.INTERNAL,
        "evidence": Privacy.PERSONAL,
        "given_at": Privacy.INTERNAL,
        "given_by": Privacy.INTERNAL,
        "ended_at": Privacy.INTERNAL,
        "ended_by": Privacy.INTERNAL,
        "client_key": Privacy.INTERNAL,
    }

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(valid_to__gt=F("valid_from")), name="mandate_period"),
            models.CheckConstraint(condition=~Q(agent=F("principal")), name="mandate_to_somebody_else"),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by="") | (Q(ended_at__isnull=False) & ~Q(ended_by="")),
                name="mandate_end_pair",
            ),
        ]
        indexes = [models.Index(fields=["agent_index"], name="mandate_agent")]


class CorrectionState(models.TextChoices):
    ASKED = "asked", _("Đã gửi, chờ xã xác nhận đã nhận")
    ACKNOWLEDGED = "acknowledged", _("Xã đã nhận, đang kiểm tra")
    ACCEPTED = "accepted", _("Đã sửa")
    REFUSED = "refused", _("Không sửa, có lý do")
    WITHDRAWN = "withdrawn", _("Bạn đã rút yêu cầu")


class CorrectionRequest(OfAVillage):
    """A person says that something known of them is wrong. Nothing changes until an officer has looked.

    `said` holds {"current", "wanted"}, sealed, because either may be a number. `acknowledge_by`: the two-working-day clock.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="correction_requests")
    key = models.CharField(max_length=40)  # of the dictionary
    said = models.BinaryField(null=True)
    reason = models.CharField(max_length=500, blank=True)
    about_kind = models.CharField(max_length=20, blank=True)  # "draft", "dossier": where it was seen
    about = models.UUIDField(null=True)  # of a room above
    state = models.CharField(max_length=12, choices=CorrectionState, default=CorrectionState.ASKED)
    asked_by = models.CharField(max_length=80)  # an actor's id
    asked_label = models.CharField(max_length=120, blank=True)
    asked_at = models.DateTimeField()
    acknowledge_by = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.CharField(max_length=80, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=80, blank=True)
    answer = models.CharField(max_length=500, blank=True)
    client_key = models.UUIDField(null=True, unique=True)

    privacy = OfAVillage.privacy_of_base | {
        "person": Privacy.INTERNAL,
        "key": Privacy.PERSONAL,
        "said": Privacy.SENSITIVE,
        "reason": Privacy.PERSONAL,
        "about_kind": Privacy.INTERNAL,
        "about": Privacy.INTERNAL,
        "state": Privacy.INTERNAL,
        "asked_by": Privacy.INTERNAL,
        "asked_label": Privacy.PERSONAL,
        "asked_at": Privacy.INTERNAL,
        "acknowledge_by": Privacy.INTERNAL,
        "acknowledged_at": Privacy.INTERNAL,
        "acknowledged_by": Privacy.INTERNAL,
        "answered_at": Privacy.INTERNAL,
        "answered_by": Privacy.INTERNAL,
        "answer": Privacy.PERSONAL,
        "client_key": Privacy.INTERNAL,
    }

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(about=None, about_kind="") | (Q(about__isnull=False) & ~Q(about_kind="")),
                name="correction_about_pair",
            ),
            # Answered, and by whom, go together; an answer gives its reason or says what was done.
            models.CheckConstraint(
                condition=Q(state__in=("asked", "acknowledged", "withdrawn"), answered_at=None)
                | Q(state__in=("accepted", "refused"), answered_at__isnull=False),
                name="correction_answered",
            ),
            models.UniqueConstraint(
                fields=["person", "key"],
                condition=Q(state__in=("asked", "acknowledged")),
                name="correction_open_once",
            ),
        ]
        indexes = [
            models.Index(fields=["village", "state", "acknowledge_by"], name="correction_clock"),
        ]
