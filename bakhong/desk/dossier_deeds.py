"""What may be done next with a dossier, in the order an officer needs it: which form it asks for, which action it calls.

Which deeds a state allows and who may do them is data of `dossiers`; this only says how each looks on the page.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bakhong.core.actor import Actor
from bakhong.core.ids import new_uuid
from bakhong.desk.forms import dossiers as forms
from bakhong.dossiers.actions import (
    agencies,
    cancelling,
    deadlines,
    duties,
    ending,
    identifying,
    processing,
    receiving,
    taking_back,
)
from bakhong.dossiers.models import Dossier, Kind, State
from bakhong.dossiers.permissions import may
from bakhong.dossiers.queries.catalogue import procedure_of
from bakhong.dossiers.queries.deadlines import can_extend
from bakhong.dossiers.queries.undone import may_take_back, possible_mistake
from bakhong.dossiers.rules.transitions import possible, transitions

Act = Callable[..., Any]


@dataclass(frozen=True)
class Deed:
    """`route`: a page of its own. `act`: the action, given what its form says. `needs_version`: somebody else's deed in between counts."""

    event: str
    label: Any
    key: str = ""
    route: str = ""
    form: type[forms.DeedForm] = forms.PlainForm
    act: Act | None = None
    hint: Any = ""
    is_danger: bool = False
    needs_version: bool = True


MAIN_KEY = "F9"  # printed on the first one only

# In the order of the page. The first one possible that is in `MAIN` for the state is the primary one.
DEEDS = (
    Deed(Kind.RECEIVE, _("Tiếp nhận hồ sơ"), MAIN_KEY, act=receiving.receive),
    Deed(Kind.APPROVE, _("Xem kết quả để duyệt"), MAIN_KEY, route="dossier_approve"),
    Deed(Kind.SIGN, _("Ký kết quả"), MAIN_KEY, route="dossier_sign"),
    Deed(
        Kind.FORWARD,
        _("Chuyển bước tiếp theo"),
        MAIN_KEY,
        form=forms.ForwardForm,
        act=processing.forward,
    ),
    Deed(Kind.ANSWER_SUPPLEMENT, _("Nhận phần bổ sung"), MAIN_KEY, route="dossier_answer"),
    Deed(Kind.RETURN_RESULT, _("Trả kết quả"), MAIN_KEY, route="dossier_return"),
    Deed(Kind.CONFIRM_WITHDRAWAL, _("Đồng ý cho rút hồ sơ"), MAIN_KEY, act=ending.confirm_withdrawal),
    Deed(Kind.KEEP, _("Người nộp thôi rút"), act=ending.keep),
    Deed(
        Kind.TAKE_BACK,
        _("Ghi nhầm, lấy lại"),
        form=forms.NoteForm,
        act=taking_back.take_back,
        hint=_(
            "Hồ sơ trở lại như trước. Lời nhắn chưa gửi thì thôi gửi; ai đã được báo thì được báo lại là nhầm."
        ),
    ),
    Deed(Kind.ASK_SUPPLEMENT, _("Yêu cầu bổ sung"), "B", route="dossier_supplement"),
    Deed(
        Kind.PASS_DUTY,
        _("Ghi diện được miễn phí, lệ phí"),
        form=forms.ExemptForm,
        act=duties.pass_duty,
        hint=_("Khoản chưa trả được huỷ. Đã trả thì kế toán trả lại tiền trước."),
    ),
    Deed(Kind.SET_DUTY, _("Yêu cầu nộp phí, lệ phí"), form=forms.DutyForm, act=duties.set_duty),
    Deed(Kind.SEND_BACK, _("Trả lại để làm tiếp"), "L", form=forms.WhyForm, act=processing.send_back),
    Deed(Kind.REOPEN, _("Bỏ duyệt để làm lại"), form=forms.WhyForm, route="dossier_reopen"),
    Deed(Kind.ASSIGN, _("Giao người giải quyết"), "G", form=forms.AssignForm, act=processing.assign),
    Deed(
        Kind.SEND_TO_AGENCY,
        _("Gửi cơ quan phối hợp"),
        form=forms.ToAgencyForm,
        act=agencies.send_to_agency,
    ),
    Deed(
        Kind.HEAR_FROM_AGENCY,
        _("Ghi trả lời của cơ quan phối hợp"),
        form=forms.FromAgencyForm,
        act=agencies.hear_from_agency,
    ),
    Deed(
        Kind.EXTEND,
        _("Gia hạn để xác minh"),
        form=forms.WhyForm,
        act=deadlines.extend,
        hint=_(
            "Thời hạn dài hơn do chính thủ tục này quy định, tính từ ngày nhận. Chỉ một lần; người nộp được báo ngày mới."
        ),
    ),
    Deed(
        Kind.APOLOGISE,
        _("Xin lỗi và hẹn lại"),
        "X",
        form=forms.ApologiseForm,
        act=deadlines.apologise,
        hint=_("Chỉ được hẹn lại một lần. Người nộp nhận phiếu xin lỗi với ngày mới."),
    ),
    Deed(
        Kind.VISIT,
        _("Ghi lượt gặp trực tiếp"),
        form=forms.VisitForm,
        act=processing.record_visit,
        needs_version=False,
    ),
    Deed(
        Kind.IDENTIFY,
        _("Hồ sơ của người trong danh sách dân cư"),
        form=forms.IdentifyForm,
        act=identifying.identify,
        hint=_("Cầm thẻ của người nộp rồi mới ghi. Từ đó họ thấy hồ sơ này ở “Hồ sơ của tôi”."),
    ),
    Deed(Kind.ASK_WITHDRAWAL, _("Người nộp xin rút"), form=forms.NoteForm, act=ending.ask_withdrawal),
    Deed(Kind.REFUSE, _("Từ chối"), form=forms.RefuseForm, act=ending.refuse, is_danger=True),
    Deed(Kind.STOP, _("Dừng giải quyết"), form=forms.StopForm, act=ending.stop, is_danger=True),
    Deed(
        Kind.CANCEL_RESULT,
        _("Thu hồi kết quả"),
        form=forms.CancelForm,
        act=cancelling.cancel_result,
        hint=_(
            "Văn bản đã ký không còn giá trị, trang kiểm tra nói rõ; người nộp được báo; hồ sơ được giải quyết lại."
        ),
        is_danger=True,
    ),
)
BY_EVENT: Mapping[str, Deed] = {str(each.event): each for each in DEEDS}

# What is usually done in a state; the rest stands folded below it.
MAIN = {
    State.SUBMITTED: (Kind.RECEIVE,),
    State.RECEIVED: (Kind.APPROVE, Kind.FORWARD),
    State.IN_PROGRESS: (Kind.APPROVE, Kind.FORWARD),
    State.SUPPLEMENT: (Kind.ANSWER_SUPPLEMENT,),
    State.WITHDRAWING: (Kind.CONFIRM_WITHDRAWAL,),
    State.APPROVED: (Kind.SIGN,),
    State.DONE: (Kind.RETURN_RESULT,),
}


@dataclass
class Offered:
    """A deed as the page shows it."""

    deed: Deed
    form: forms.DeedForm
    url: str
    client_key: UUID = field(default_factory=new_uuid)
    is_open: bool = False
    key: str = ""

    @property
    def event(self) -> str:
        return str(self.deed.event)

    @property
    def label(self) -> Any:
        return self.deed.label

    @property
    def hint(self) -> Any:
        return self.deed.hint

    @property
    def is_danger(self) -> bool:
        return self.deed.is_danger


def offered(dossier: Dossier, actor: Actor, *, on: Any, bound: forms.DeedForm | None = None) -> list[Offered]:
    """Every deed this actor may do now, the usual one first. `bound`: a form that was sent and came back."""
    allowed = [each for each in DEEDS if is_possible(each, dossier, actor, on)]
    main = MAIN.get(State(dossier.state), ())
    allowed.sort(key=lambda each: main.index(Kind(each.event)) if each.event in main else len(main))
    shown = [_shown(each, dossier, on, bound) for each in allowed]
    for place, each in enumerate(shown):
        each.key = each.deed.key if each.deed.key != MAIN_KEY or not place else ""
    return shown


def is_possible(deed: Deed, dossier: Dossier, actor: Actor, on: Any) -> bool:
    if deed.event not in possible(dossier.state) or not may(transitions()[deed.event], dossier, by=actor):
        return False
    if deed.event == Kind.IDENTIFY:
        return dossier.person_id is None
    if deed.event == Kind.TAKE_BACK:
        mistake = possible_mistake(dossier)
        return mistake is not None and may_take_back(mistake, by=actor, on=on)
    if deed.event == Kind.EXTEND:
        return can_extend(dossier)
    if deed.event == Kind.APOLOGISE:
        return dossier.apologised_at is None
    if deed.event in (Kind.SET_DUTY, Kind.PASS_DUTY):
        is_open = bool(dossier.fee_amount or dossier.exemptions) and dossier.duty_met_at is None
        return is_open and (deed.event == Kind.SET_DUTY or _may_be_exempt(dossier))
    return bool(dossier.agency) if deed.event == Kind.HEAR_FROM_AGENCY else True


def _may_be_exempt(dossier: Dossier) -> bool:
    procedure = procedure_of(dossier)
    return procedure is not None and bool(procedure.fee.exemptions)


def _shown(deed: Deed, dossier: Dossier, on: Any, bound: forms.DeedForm | None) -> Offered:
    is_bound = bound is not None and bound.event == deed.event
    form = bound if is_bound and bound else deed.form(dossier=dossier, on=on, event=str(deed.event))
    args = [dossier.village.uuid, dossier.uuid]
    url = reverse(f"desk:{deed.route}", args=args) if deed.route else ""
    return Offered(deed, form, url, is_open=is_bound)
