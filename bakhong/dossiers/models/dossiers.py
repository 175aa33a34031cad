"""A dossier as it stands: its state and version follow from its events (a trigger writes them, nobody else may)."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from bakhong.core.privacy import Privacy
from bakhong.dossiers.models.base import OfACommune
from bakhong.dossiers.models.choices import Channel, OperatedBy, ResultMode, State
from bakhong.dossiers.rules.states import APPROVED, DONE, FINISHED, RETURNED, SUBMITTED
from bakhong.eforms.models import Draft
from bakhong.people.models import Person


class Dossier(OfACommune):
    """`uuid` is the draft's, made by whoever began it: sent twice, it is one dossier. `draft` is None for one copied from another system.

    Moments are None until they come; `code` too. `base_due_at` is the time limit without any pause, `due_at` the one that holds:
    recomputed from the events it is the same. `waiting_since` is set while the clock stands still.
    `act_by`: by when what comes next in this state should come (taking it in: `receive_by`, the result: `due_at`, the resident's answer);
    None where nothing has a day. `warn_at`: from when on somebody is warned of it.
    """

    code = models.CharField(max_length=60, unique=True, null=True)  # noqa: DJ001 (unique once it is there)
    procedure = models.CharField(max_length=40)  # national code
    procedure_version = models.PositiveIntegerField()
    procedure_name = models.CharField(max_length=300)  # as it was called then
    draft = models.OneToOneField(Draft, on_delete=models.PROTECT, null=True, related_name="dossier")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="dossiers")
    applicant_name = models.CharField(max_length=120)
    applicant_sort_key = models.CharField(max_length=500)
    applicant_phone = models.BinaryField(null=True)  # sealed
    applicant_phone_tail = models.CharField(max_length=4, blank=True)
    applicant_email = models.BinaryField(null=True)  # sealed
    applicant_national_id = models.BinaryField(null=True)  # sealed
    applicant_national_id_index = models.BinaryField(null=True, max_length=32)
    applicant_id_tail = models.CharField(max_length=4, blank=True)
    applicant_address = models.CharField(max_length=200, blank=True)
    agent_name = models.CharField(max_length=120, blank=True)  # who acts for the applicant
    agent_mandate = models.UUIDField(null=True)
    channel = models.CharField(max_length=8, choices=Channel)
    operated_by = models.CharField(max_length=12, choices=OperatedBy)
    filed_by = models.CharField(max_length=80)  # the actor's id
    state = models.CharField(max_length=12, choices=State, default=State.DRAFT)
    version = models.PositiveIntegerField(default=0)
    step = models.CharField(max_length=40, blank=True)
    step_due_at = models.DateTimeField(null=True)
    agency = models.CharField(max_length=150, blank=True)  # where it is now, outside this office
    assigned_to = models.CharField(max_length=80, blank=True)
    assigned_label = models.CharField(max_length=120, blank=True)
    submitted_at = models.DateTimeField()
    received_at = models.DateTimeField(null=True)
    base_due_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    receive_by = models.DateTimeField(null=True)
    act_by = models.DateTimeField(null=True)
    warn_at = models.DateTimeField(null=True)
    waiting_since = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    returned_at = models.DateTimeField(null=True)
    supplement_count = models.PositiveSmallIntegerField(default=0)
    apologised_at = models.DateTimeField(null=True)
    duty_met_at = models.DateTimeField(null=True)
    duty_charge = models.UUIDField(
        null=True
    )  # the charge of payments that was paid for it; none where nothing was owed
    fee_amount = models.PositiveIntegerField(default=0)  # đồng
    fee_lines = models.JSONField(default=list)
    exemptions = models.JSONField(default=list)
    result_mode = models.CharField(max_length=10, choices=ResultMode)
    result_address = models.CharField(max_length=200, blank=True)
    result_code = models.CharField(max_length=40, blank=True)
    result_number = models.CharField(max_length=40, blank=True)
    result_answers = models.JSONField(default=dict)
    result_file = models.UUIDField(null=True)
    tracking = models.BinaryField()  # sealed, so that the slip can be printed again
    tracking_digest = models.BinaryField(max_length=32, unique=True)
    answer_count = models.PositiveIntegerField()
    file_count = models.PositiveIntegerField()
    external_codes = models.JSONField(default=dict)
    summary = models.CharField(max_length=300, blank=True)

    privacy = OfACommune.privacy_of_base | {
        "code": Privacy.PERSONAL,
        "procedure": Privacy.PERSONAL,
        "procedure_version": Privacy.INTERNAL,
        "procedure_name": Privacy.PERSONAL,
        "draft": Privacy.INTERNAL,
        "person": Privacy.PERSONAL,
        "applicant_name": Privacy.PERSONAL,
        "applicant_sort_key": Privacy.PERSONAL,
        "applicant_phone": Privacy.SENSITIVE,
        "applicant_phone_tail": Privacy.PERSONAL,
        "applicant_email": Privacy.SENSITIVE,
        "applicant_national_id": Privacy.SENSITIVE,
        "applicant_national_id_index": Privacy.SENSITIVE,
        "applicant_id_tail": Privacy.PERSONAL,
        "applicant_address": Privacy.PERSONAL,
        "agent_name": Privacy.PERSONAL,
        "agent_mandate": Privacy.INTERNAL,
        "channel": Privacy.INTERNAL,
        "operated_by": Privacy.INTERNAL,
        "filed_by": Privacy.INTERNAL,
        "state": Privacy.PERSONAL,
        "version": Privacy.INTERNAL,
        "step": Privacy.INTERNAL,
        "step_due_at": Privacy.INTERNAL,
        "agency": Privacy.INTERNAL,
        "assigned_to": Privacy.INTERNAL,
        "assigned_label": Privacy.INTERNAL,
        "submitted_at": Privacy.PERSONAL,
        "received_at": Privacy.PERSONAL,
        "base_due_at": Privacy.INTERNAL,
        "due_at": Privacy.PERSONAL,
        "receive_by": Privacy.PERSONAL,
        "act_by": Privacy.INTERNAL,
        "warn_at": Privacy.INTERNAL,
        "waiting_since": Privacy.PERSONAL,
        "finished_at": Privacy.PERSONAL,
        "returned_at": Privacy.PERSONAL,
        "supplement_count": Privacy.INTERNAL,
        "apologised_at": Privacy.INTERNAL,
        "duty_met_at": Privacy.PERSONAL,
        "duty_charge": Privacy.INTERNAL,
        "fee_amount": Privacy.PERSONAL,
        "fee_lines": Privacy.PERSONAL,
        "exemptions": Privacy.PERSONAL,
        "result_mode": Privacy.INTERNAL,
        "result_address": Privacy.PERSONAL,
        "result_code": Privacy.PERSONAL,
        "result_number": Privacy.PERSONAL,
        "result_answers": Privacy.PERSONAL,
        "result_file": Privacy.INTERNAL,
        "tracking": Privacy.SENSITIVE,
        "tracking_digest": Privacy.SENSITIVE,
        "answer_count": Privacy.INTERNAL,
        "file_count": Privacy.INTERNAL,
        "external_codes": Privacy.PERSONAL,
        "summary": Privacy.PERSONAL,
    }

    class Meta:
        constraints = [
            # No dossier arrives empty.
            models.CheckConstraint(
                condition=Q(answer_count__gt=0) | Q(file_count__gt=0), name="dossier_not_empty"
            ),
            models.CheckConstraint(
                condition=Q(code=None, received_at=None) | Q(code__isnull=False, received_at__isnull=False),
                name="dossier_code_when_received",
            ),
            models.CheckConstraint(
                condition=Q(due_at=None, base_due_at=None)
                | Q(due_at__isnull=False, base_due_at__isnull=False, received_at__isnull=False),
                name="dossier_due_when_received",
            ),
            # Nothing is decided before the financial duty is met; zero meets it, or a charge that is named. A trigger (0010) looks whether
            # that charge is this dossier's, of this amount, and paid.
            models.CheckConstraint(
                condition=~Q(state__in=[APPROVED, DONE, RETURNED]) | Q(duty_met_at__isnull=False),
                name="dossier_duty_before_result",
            ),
            models.CheckConstraint(
                condition=Q(duty_met_at=None) | Q(fee_amount=0) | Q(duty_charge__isnull=False),
                name="dossier_duty_zero_or_charge",
            ),
            models.CheckConstraint(
                condition=Q(finished_at=None) | Q(finished_at__gte=F("submitted_at")),
                name="dossier_finish_later",
            ),
        ]
        indexes = [
            # The queue by time limit, of one commune, without the finished ones. Keyset pages end at (act_by, id).
            models.Index(
                fields=["village", "act_by", "id"],
                name="dossier_open_act",
                condition=~Q(state__in=sorted(FINISHED)),
            ),
            models.Index(
                fields=["act_by", "id"], name="dossier_all_act", condition=~Q(state__in=sorted(FINISHED))
            ),
            models.Index(fields=["warn_at"], name="dossier_warn", condition=Q(warn_at__isnull=False)),
            models.Index(
                fields=["village", "submitted_at", "id"], name="dossier_new", condition=Q(state=SUBMITTED)
            ),
            models.Index(
                fields=["village", "assigned_to", "act_by", "id"],
                name="dossier_mine_act",
                condition=~Q(state__in=sorted(FINISHED)),
            ),
            models.Index(fields=["village", "submitted_at", "id"], name="dossier_by_day"),
            models.Index(fields=["village", "state", "submitted_at", "id"], name="dossier_by_state"),
            models.Index(fields=["village", "procedure", "submitted_at", "id"], name="dossier_by_procedure"),
            models.Index(fields=["village", "finished_at"], name="dossier_finished"),
            models.Index(fields=["submitted_at", "id"], name="dossier_all_by_day"),
            models.Index(fields=["applicant_national_id_index"], name="dossier_applicant"),
            models.Index(fields=["result_file"], name="dossier_result_file"),
            GinIndex(fields=["external_codes"], name="dossier_external", opclasses=["jsonb_path_ops"]),
        ]

    def __str__(self) -> str:
        return self.code or str(self.uuid)

    @property
    def is_finished(self) -> bool:
        return self.state in FINISHED
