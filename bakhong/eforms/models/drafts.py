"""Drafts, and their answers, each of which knows where it came from."""

from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bakhong.core.privacy import Privacy
from bakhong.eforms.models.forms import FormVersion
from bakhong.people.models import Person
from bakhong.people.models.base import OfAVillage


class KnownBy(models.TextChoices):
    """How the person a draft is about was recognised: it decides what may be filled in for them."""

    NOBODY = "", _("Chưa nhận ra ai")
    E_IDENTITY = "e_identity", _("Đăng nhập định danh điện tử")
    OFFICER = "officer", _("Cán bộ, người nộp có mặt")
    CARD = "card", _("Mã QR trên thẻ căn cước")


class OperatedBy(models.TextChoices):
    RESIDENT = "resident", _("Người nộp tự làm")
    RELATIVE = "relative", _("Người thân làm thay")
    OFFICER = "officer", _("Cán bộ làm giúp")
    DIGITAL_TEAM = "digital_team", _("Tổ công nghệ số làm giúp")


class State(models.TextChoices):
    OPEN = "open", _("Đang khai")
    SUBMITTED = "submitted", _("Đã nộp")
    DROPPED = "dropped", _("Đã bỏ")


class Origin(models.TextChoices):
    TYPED = "typed", _("Tự khai")
    REGISTER = "register", _("Cơ sở dữ liệu của Nhà nước")
    ROLL = "roll", _("Danh sách của xã")
    RESULT = "result", _("Kết quả hồ sơ trước")
    CARD = "card", _("Thẻ căn cước")
    E_IDENTITY = "e_identity", _("Định danh điện tử")
    PORTAL = "portal", _("Nơi đã nộp hồ sơ")  # another system told it with the dossier


class Draft(OfAVillage):
    """A form being filled in. `uuid` is the client's key, `village` the commune it goes to. Who holds its code may go on with it."""

    version = models.ForeignKey(FormVersion, on_delete=models.PROTECT, related_name="drafts")
    procedure = models.CharField(max_length=40, blank=True)  # for which it is filled in; several share a form
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    known_by = models.CharField(max_length=10, choices=KnownBy, blank=True)
    opened_by = models.CharField(max_length=80)  # an actor's id
    operated_by = models.CharField(max_length=12, choices=OperatedBy)
    mandate = models.UUIDField(null=True)  # of `people`
    code_digest = models.BinaryField(max_length=32, unique=True)
    code_sealed = models.BinaryField()  # a replay of the opening shows the same code
    card_index = models.BinaryField(max_length=32, null=True)  # blind index of the card's number
    page = models.CharField(max_length=40, blank=True)  # where to go on
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    revision = models.IntegerField(default=0)
    opened_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    saved_by = models.CharField(max_length=80)  # an actor's id
    saved_by_label = models.CharField(max_length=120)
    submitted_at = models.DateTimeField(null=True)
    expires_on = models.DateField()
    wishes = models.JSONField(
        default=dict
    )  # what the door asks beside the form: how to get the result, which fees are waived

    silent = models.JSONField(default=list)  # registers that did not answer when they were last asked for it

    privacy: dict[str, Any] = OfAVillage.privacy_of_base | {
        "version": Privacy.INTERNAL,
        "procedure": Privacy.INTERNAL,
        "person": Privacy.INTERNAL,
        "known_by": Privacy.INTERNAL,
        "opened_by": Privacy.INTERNAL,
        "operated_by": Privacy.INTERNAL,
        "mandate": Privacy.INTERNAL,
        "code_digest": Privacy.SENSITIVE,
        "code_sealed": Privacy.SENSITIVE,
        "card_index": Privacy.SENSITIVE,
        "page": Privacy.INTERNAL,
        "state": Privacy.INTERNAL,
        "revision": Privacy.INTERNAL,
        "opened_at": Privacy.INTERNAL,
        "saved_at": Privacy.INTERNAL,
        "saved_by": Privacy.INTERNAL,
        "saved_by_label": Privacy.PERSONAL,
        "submitted_at": Privacy.INTERNAL,
        "expires_on": Privacy.INTERNAL,
        "wishes": Privacy.PERSONAL,
        "silent": Privacy.INTERNAL,
    }

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(known_by__in=KnownBy.values), name="draft_known_by"),
            models.CheckConstraint(condition=Q(operated_by__in=OperatedBy.values), name="draft_operated_by"),
            models.CheckConstraint(
                condition=Q(state=State.SUBMITTED, submitted_at__isnull=False)
                | Q(state__in=[State.OPEN, State.DROPPED], submitted_at=None),
                name="draft_submitted",
            ),
        ]
        indexes = [
            models.Index(fields=["village", "state", "saved_at"], name="draft_of_a_commune"),
            models.Index(fields=["expires_on"], condition=Q(state=State.OPEN), name="draft_expiring"),
            models.Index(
                fields=["village", "submitted_at"], condition=Q(state=State.SUBMITTED), name="draft_counted"
            ),
        ]


class Answer(OfAVillage):
    """One answer at its path ("name", "children.0.name"; "children": how many rows) and where it comes from.

    `offered` is what was filled in for them; `value` what stands now, or the texts as typed where `problem` says they cannot be read.
    What is sensitive lies in `sealed` instead (`bakhong.eforms.contents` opens it).
    """

    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="answers")
    draft_uuid = models.UUIDField(db_index=True)
    path = models.CharField(max_length=90)
    value = models.JSONField(null=True, encoder=DjangoJSONEncoder)
    offered = models.JSONField(null=True, encoder=DjangoJSONEncoder)
    sealed = models.BinaryField(null=True)
    problem = models.CharField(max_length=24, blank=True)
    origin = models.CharField(max_length=10, choices=Origin)
    ref = models.CharField(max_length=120, blank=True)  # opaque, of `people.queries.known`
    offered_origin = models.CharField(
        max_length=10, choices=Origin, blank=True
    )  # kept when it was typed over
    source_label = models.CharField(max_length=200, blank=True)
    as_of = models.DateField(null=True)
    is_corrected = models.BooleanField(default=False)
    was_known = models.BooleanField(null=True)  # judged: a source held it that day
    is_re_asked = models.BooleanField(null=True)  # judged: known, and typed all the same
    verified_at = models.DateTimeField(null=True)
    revision = models.IntegerField()
    typed_by = models.CharField(max_length=80)  # an actor's id
    typed_on = models.CharField(
        max_length=24, blank=True
    )  # the page as it was shown: one browser saving twice is no conflict
    at = models.DateTimeField()

    privacy: dict[str, Any] = OfAVillage.privacy_of_base | {
        "draft": Privacy.INTERNAL,
        "draft_uuid": Privacy.INTERNAL,
        "path": Privacy.INTERNAL,
        "value": Privacy.PERSONAL,
        "offered": Privacy.PERSONAL,
        "sealed": Privacy.SENSITIVE,
        "problem": Privacy.INTERNAL,
        "origin": Privacy.INTERNAL,
        "ref": Privacy.INTERNAL,
        "offered_origin": Privacy.INTERNAL,
        "source_label": Privacy.INTERNAL,
        "as_of": Privacy.INTERNAL,
        "is_corrected": Privacy.INTERNAL,
        "was_known": Privacy.INTERNAL,
        "is_re_asked": Privacy.INTERNAL,
        "verified_at": Privacy.INTERNAL,
        "revision": Privacy.INTERNAL,
        "typed_by": Privacy.INTERNAL,
        "typed_on": Privacy.INTERNAL,
        "at": Privacy.INTERNAL,
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["draft", "path"], name="answer_once"),
            models.CheckConstraint(condition=Q(origin__in=Origin.values), name="answer_origin"),
            models.CheckConstraint(
                condition=Q(sealed=None) | Q(value=None, offered=None), name="answer_sealed_or_open"
            ),
        ]
