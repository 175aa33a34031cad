"""What an officer types for one deed on a dossier. `said()` is what the action takes besides who, when and which dossier."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bakhong.accounts.models import Assignment, User
from bakhong.accounts.permissions import StaffActor, covering_ids, live
from bakhong.core.days import VIET_NAM, day_of
from bakhong.desk.walk_in import LONGEST, read_card
from bakhong.dossiers.models import Dossier, ResultMode
from bakhong.dossiers.permissions import APPROVE, PROCESS, RECEIVE
from bakhong.dossiers.queries.agencies import steps_to_send, waited_for
from bakhong.dossiers.queries.catalogue import procedure_of
from bakhong.dossiers.queries.exemptions import claimed
from bakhong.dossiers.rules.reasons import reasons_about
from bakhong.places.models import Unit
from bakhong.procedures.queries.calendar import calendar_for
from bakhong.procedures.rules.calendar import NoWorkingDays, WorkCalendar
from bakhong.ui.forms import DayField

NOTE_LENGTH = 500
PROPOSED = 3  # working days from today, or from the day that was promised


def _note(label: Any = "", *, required: bool = False) -> forms.CharField:
    return forms.CharField(
        label=label or _("Ghi chú"),
        required=required,
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


def workers(unit: Unit, on: date) -> list[User]:
    """Staff who can do something with a dossier of this commune, or of what it became."""
    held = Assignment.objects.filter(live(on), place__in=covering_ids(unit.pk, on)).values("user")
    return [
        user
        for user in User.objects.filter(pk__in=held, is_active=True).order_by("name", "pk")
        if any(StaffActor(user, on).may(each, unit.pk) for each in (RECEIVE, PROCESS, APPROVE))
    ]


class DeedForm(forms.Form):
    """Nothing but who does it. Made with the dossier it is about, so that it can offer what fits."""

    def __init__(self, data: Any = None, *, dossier: Dossier, on: date, event: str) -> None:
        super().__init__(data, auto_id=f"{event}-%s")
        self.dossier, self.on, self.event = dossier, on, event
        self.prepare()

    def prepare(self) -> None:
        """Fill choices from the dossier."""

    def said(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class NoteForm(DeedForm):
    note = _note()


class WhyForm(DeedForm):
    note = _note(_("Vì sao"), required=True)


class PlainForm(DeedForm):
    """One press, nothing to type."""


class ExemptForm(DeedForm):
    """Of which kind the applicant is, whose papers were shown: the fee is computed again with it."""

    exemption = forms.ChoiceField(label=_("Thuộc diện (đã xem giấy tờ)"))

    def prepare(self) -> None:
        procedure = procedure_of(self.dossier)
        listed = procedure.fee.exemptions if procedure is not None else ()
        field: Any = self.fields["exemption"]
        field.choices = [("", _("Chọn một diện")), *((each.code, each.vi) for each in listed)]
        field.initial = next((each.code for each in claimed(self.dossier) if not each.seen_by), "")

    def said(self) -> dict[str, Any]:
        return {"exemptions": sorted({*self.dossier.exemptions, self.cleaned_data["exemption"]})}


class DutyForm(DeedForm):
    """What was claimed and does not hold is left out before the fee is asked for."""

    wrong = forms.MultipleChoiceField(
        label=_("Diện miễn, giảm không đúng"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def prepare(self) -> None:
        field: Any = self.fields["wrong"]
        field.choices = [(each.code, each.words) for each in claimed(self.dossier)]
        field.required = not self.dossier.fee_amount
        if not field.choices:
            del self.fields["wrong"]

    def said(self) -> dict[str, Any]:
        wrong = self.cleaned_data.get("wrong")
        return (
            {"exemptions": [each for each in self.dossier.exemptions if each not in wrong]} if wrong else {}
        )


class AssignForm(DeedForm):
    to = forms.ChoiceField(label=_("Giao cho"))
    note = _note()

    def prepare(self) -> None:
        self.people = {str(user.uuid): user for user in workers(self.dossier.village, self.on)}
        field: Any = self.fields["to"]
        field.choices = [("", _("Chọn một người")), *((key, str(user)) for key, user in self.people.items())]

    def said(self) -> dict[str, Any]:
        user = self.people.get(self.cleaned_data["to"])
        return {**self.cleaned_data, "to": StaffActor(user, self.on) if user else None}


class ForwardForm(AssignForm):
    """To the next step of the procedure; to whom may stay open."""

    to = forms.ChoiceField(label=_("Giao cho"), required=False)

    def prepare(self) -> None:
        super().prepare()
        field: Any = self.fields["to"]
        field.choices = [("", _("Ai rảnh thì làm")), *field.choices[1:]]


class ReasonForm(DeedForm):
    """A reason of the list in residents' words, with what has to be added."""

    about = ""
    reason = forms.ChoiceField(label=_("Lý do"), widget=forms.RadioSelect)
    note = _note(_("Nói rõ cho người nộp"))

    def prepare(self) -> None:
        field: Any = self.fields["reason"]
        field.choices = _reasons(self.about)


class RefuseForm(ReasonForm):
    about = "dossier"


class StopForm(ReasonForm):
    about = "stop"


class CancelForm(ReasonForm):
    about = "result"


class ApologiseForm(ReasonForm):
    about = "late"
    due_on = DayField(label=_("Hẹn lại ngày"))
    field_order = ("due_on", "reason", "note")

    def said(self) -> dict[str, Any]:
        told = dict(self.cleaned_data)
        day: date = told.pop("due_on")
        calendar = self._calendar()
        # A day that is no working day the action refuses in words.
        closes = calendar.closing(day).time() if calendar.counts(day) else time()
        return {**told, "new_due_at": datetime.combine(day, closes, VIET_NAM)}

    def prepare(self) -> None:
        super().prepare()
        due = self.dossier.due_at
        try:
            self.fields["due_on"].initial = self._proposed(max(self.on, day_of(due) if due else self.on))
        except NoWorkingDays:
            self.fields["due_on"].initial = None

    def _proposed(self, since: date) -> date:
        day, calendar = since, self._calendar()
        for _each in range(PROPOSED):
            day = calendar.next_counted(day)
        return day

    def _calendar(self) -> WorkCalendar:
        return calendar_for(self.dossier.village, self.on)


class ReturnForm(DeedForm):
    """How the result reached the resident. Nobody is said to have come unless somebody says so."""

    how = forms.ChoiceField(label=_("Trả kết quả"), choices=ResultMode.choices, widget=forms.RadioSelect)
    came_in_person = forms.BooleanField(label=_("Người dân phải đến nơi nhận"), required=False)
    note = _note(_("Người nhận, số vận đơn…"))

    def prepare(self) -> None:
        self.fields["how"].initial = self.dossier.result_mode
        self.fields["came_in_person"].initial = self.dossier.result_mode == ResultMode.DESK


class ToAgencyForm(DeedForm):
    """A step that the procedure gives to another agency, or any other agency by name."""

    step = forms.ChoiceField(label=_("Cơ quan"), required=False, widget=forms.RadioSelect)
    agency = forms.CharField(label=_("Cơ quan khác"), max_length=150, required=False)
    what = forms.CharField(label=_("Đề nghị việc gì"), max_length=300, required=False)
    due_on = DayField(
        label=_("Trả lời trước ngày"), required=False, help_text=_("Để trống: theo thời hạn của bước này.")
    )

    def clean_due_on(self) -> date | None:
        day: date | None = self.cleaned_data["due_on"]
        if day is not None and day < self.on:
            raise forms.ValidationError(_("Chọn một ngày từ hôm nay trở đi."))
        return day

    def prepare(self) -> None:
        steps = steps_to_send(self.dossier)
        if not steps:
            del self.fields["step"]
            self.fields["agency"].label = _("Cơ quan")
            self.fields["due_on"].help_text = ""
            return
        field: Any = self.fields["step"]
        field.choices = [
            *((each.code, f"{each.agency}: {each.name()}") for each in steps),
            ("", _("Cơ quan khác")),
        ]
        field.initial = steps[0].code

    def said(self) -> dict[str, Any]:
        told = dict(self.cleaned_data)
        day: date | None = told.pop("due_on")
        named = {} if told.get("step") == "" or "step" not in told else {"agency": ""}
        closes = calendar_for(self.dossier.village, day).within(day, time.max) if day else None
        return {**told, **named, "due_at": closes.replace(tzinfo=VIET_NAM) if closes else None}


class FromAgencyForm(DeedForm):
    agency = forms.ChoiceField(label=_("Cơ quan nào trả lời"), widget=forms.RadioSelect)
    answer = forms.CharField(
        label=_("Cơ quan đó trả lời"), max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )

    def prepare(self) -> None:
        asked = list(dict.fromkeys(each.agency for each in waited_for(self.dossier)))
        field: Any = self.fields["agency"]
        field.choices = [(each, each) for each in asked]
        field.initial = asked[0] if asked else None


class IdentifyForm(DeedForm):
    """The applicant's card, scanned or its number typed."""

    number = forms.CharField(
        label=_("Quét mã QR trên thẻ căn cước, hoặc gõ 12 số"),
        max_length=LONGEST,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )
    came_in_person = forms.BooleanField(label=_("Người nộp đang ở đây"), required=False, initial=True)

    def clean_number(self) -> str:
        text = self.cleaned_data["number"]
        card = read_card(text)
        number = (card.national_id or "") if card else "".join(each for each in text if each in "0123456789")
        if len(number) != 12:
            raise forms.ValidationError(_("Không đọc được thẻ. Quét lại, hoặc gõ 12 số."))
        return number


class VisitForm(DeedForm):
    """Somebody came about it, or was visited: counted honestly by No 3."""

    where = forms.ChoiceField(
        label=_("Gặp ở đâu"),
        choices=[("office", _("Người dân đến xã")), ("home", _("Cán bộ đến nhà"))],
        initial="office",
        widget=forms.RadioSelect,
    )
    note = _note(_("Gặp vì việc gì"), required=True)

    def said(self) -> dict[str, Any]:
        told = dict(self.cleaned_data)
        came = told.pop("where") == "office"
        return {**told, "came_in_person": came}


def _reasons(about: str) -> Sequence[tuple[str, str]]:
    return [(each.code, each.words or str(_("Lý do khác, ghi bên dưới"))) for each in reasons_about(about)]
