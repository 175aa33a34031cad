"""The form of one visit: who was met, what came of each service for each of them, when to come again. One long page, one sending."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from bakhong.field.mine import Door
from bakhong.field.rules.outcomes import MET, MOVED, NOBODY, outcome_of
from bakhong.outreach.actions.said import BORROWED, Helped, Met, Promise
from bakhong.outreach.models import PartOfDay, Result, SignedHow, TeamMember, WhosePhone
from bakhong.outreach.queries.needs import Need
from bakhong.people.models import Person
from bakhong.people.rules.services import services
from bakhong.people.why_not import reason_choices
from bakhong.ui.forms import DayField

_MADE = (Result.DONE, Result.REGISTERED)


class VisitForm(forms.Form):
    """`lines` is what the template walks through: each person with their fields. Bound data keep whatever was typed."""

    marks_optional = False
    key = forms.UUIDField(widget=forms.HiddenInput)
    met = forms.ChoiceField(
        label=_("Có gặp ai không?"),
        choices=[(MET, _("Có gặp")), (NOBODY, _("Không có ai ở nhà")), (MOVED, _("Cả nhà đã chuyển đi"))],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=_("Ghi thêm"),
        required=False,
        max_length=500,
        help_text=_("Không bao giờ ghi mã OTP hay mật khẩu."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    next_on = DayField(label=_("Hẹn đến lại ngày nào?"), required=False)
    next_part = forms.ChoiceField(
        label=_("Hẹn buổi nào?"), required=False, choices=[("", _("Buổi nào cũng được")), *PartOfDay.choices]
    )
    visited_on = DayField(label=_("Ngày đến"))
    part_of_day = forms.ChoiceField(label=_("Buổi đến"), choices=PartOfDay.choices)

    def __init__(
        self,
        *args: Any,
        door: Door,
        companions: Sequence[TeamMember],
        agreed: set[int],
        lang: str,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.door, self.agreed = door, agreed
        self.mates = list(companions)
        for each in door.members:
            self._add_person(each, lang)
        if self.mates:
            self.fields["companions"] = forms.MultipleChoiceField(
                label=_("Đi cùng ai trong tổ?"),
                required=False,
                choices=[(str(each.uuid), each.name) for each in self.mates],
                widget=forms.CheckboxSelectMultiple,
            )
        self.fields["promised_by"] = forms.ChoiceField(
            label=_("Ai ký cam kết?"),
            required=False,
            choices=[("", _("Không ký")), *[(each.uuid.hex, each.name) for each in door.members]],
        )
        self.fields["promised_how"] = forms.ChoiceField(
            label=_("Ký cách nào?"), required=False, choices=SignedHow.choices
        )
        self.fields["promised_due"] = DayField(label=_("Hẹn làm xong trước ngày"), required=False)

    def _add_person(self, need: Need, lang: str) -> None:
        ident = need.uuid.hex
        self.fields[f"met-{ident}"] = forms.BooleanField(label=_("Gặp được người này"), required=False)
        for code in to_do(need):
            service = services()[code]
            results = [
                ("", _("Hôm nay chưa làm")),
                (Result.DONE, Result.DONE.label),
                *([(Result.REGISTERED, Result.REGISTERED.label)] if "registered" in service.ladder else []),
                (Result.TRIED, _("Đã thử nhưng chưa được")),
                (Result.REFUSED, _("Không muốn làm")),
            ]
            self.fields[f"do-{ident}-{code}"] = forms.ChoiceField(
                label=service.name(lang), choices=results, required=False, widget=forms.RadioSelect
            )
            self.fields[f"why-{ident}-{code}"] = forms.ChoiceField(
                label=_("Nếu chưa được: vì sao?"),
                required=False,
                choices=[("", _("Chọn lý do")), *reason_choices(lang)],
            )
        if to_do(need):
            self.fields[f"phone-{ident}"] = forms.ChoiceField(
                label=_("Mã xác thực gửi về điện thoại của ai?"),
                required=False,
                choices=WhosePhone.choices,
                widget=forms.RadioSelect,
            )
            self.fields[f"agree-{ident}"] = forms.BooleanField(
                label=_("Người này đã nghe và đồng ý"), required=False
            )

    def lines(self) -> Iterator[dict[str, Any]]:
        """Each person: `need`, `met`, `services` (each with `do` and `why`), `phone`, `agree`, `needs_word`, `is_open`."""
        for each in self.door.members:
            ident = each.uuid.hex
            names = [name for name in self.fields if name.partition("-")[2].startswith(ident)]
            yield {
                "need": each,
                "met": self[f"met-{ident}"],
                "services": [
                    {"do": self[f"do-{ident}-{code}"], "why": self[f"why-{ident}-{code}"]}
                    for code in to_do(each)
                ],
                "phone": self[f"phone-{ident}"] if to_do(each) else None,
                "agree": self[f"agree-{ident}"] if to_do(each) else None,
                "needs_word": each.pk not in self.agreed,
                "is_open": len(self.door.members) == 1
                or any(self.is_bound and self.data.get(name) for name in names)
                or any(name in self.errors for name in names),
            }

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for each in self.door.members:
            self._check_person(each, data)
        if data.get("met") in (NOBODY, MOVED) and self.results(data):
            self.add_error("met", _now("Đã ghi việc làm cho người trong nhà thì phải chọn “Có gặp”."))
        if data.get("promised_by") and not data.get("promised_due"):
            self.add_error("promised_due", _now("Cam kết cần có ngày hẹn làm xong."))
        return data

    def _check_person(self, need: Need, data: dict[str, Any]) -> None:
        ident = need.uuid.hex
        made = False
        for code in to_do(need):
            result = data.get(f"do-{ident}-{code}", "")
            made = made or result in _MADE
            if result == Result.TRIED and not data.get(f"why-{ident}-{code}"):
                self.add_error(
                    f"why-{ident}-{code}",
                    _now("Chọn lý do chưa làm được cho %(name)s.") % {"name": need.name},
                )
        if not made:
            return
        phone = data.get(f"phone-{ident}", "")
        if not phone:
            self.add_error(
                f"phone-{ident}", _now("Chọn điện thoại đã dùng cho %(name)s.") % {"name": need.name}
            )
        elif phone in BORROWED and need.pk not in self.agreed and not data.get(f"agree-{ident}"):
            self.add_error(
                f"agree-{ident}",
                _now("Dùng điện thoại của người khác thì %(name)s phải đồng ý trước.") % {"name": need.name},
            )

    def results(self, data: dict[str, Any]) -> list[str]:
        return [value for name, value in data.items() if name.startswith("do-") and value]

    # What was said, for the action

    def outcome(self) -> str:
        missing = sum(len(to_do(each)) for each in self.door.members if not each.is_away)
        return outcome_of(self.cleaned_data["met"], self.results(self.cleaned_data), missing)

    def persons(self, people: dict[int, Person], on: date) -> list[Met]:
        """Nobody where nobody was met; else everybody of the house, those not met too."""
        if self.cleaned_data["met"] != MET:
            return []
        return [self._met(each, people[each.pk], on) for each in self.door.members]

    def _met(self, need: Need, person: Person, on: date) -> Met:
        data, ident = self.cleaned_data, need.uuid.hex
        helped = tuple(
            Helped(
                service=code,
                result=data[f"do-{ident}-{code}"],
                reason=data[f"why-{ident}-{code}"] if data[f"do-{ident}-{code}"] not in _MADE else "",
                whose_phone=data[f"phone-{ident}"] if data[f"do-{ident}-{code}"] in _MADE else "",
                consent=spoken_consent() if data.get(f"agree-{ident}") else "",
            )
            for code in to_do(need)
            if data[f"do-{ident}-{code}"]
        )
        return Met(person, was_met=bool(helped or data[f"met-{ident}"]), helped=helped)

    def promises(self, people: dict[int, Person]) -> list[Promise]:
        data = self.cleaned_data
        need = next((each for each in self.door.members if each.uuid.hex == data["promised_by"]), None)
        if need is None:
            return []
        left = tuple(code for code in to_do(need) if data[f"do-{need.uuid.hex}-{code}"] != Result.DONE)
        how = data["promised_how"] or SignedHow.SIGNATURE
        return [Promise(people[need.pk], left, data["promised_due"], how)]


def to_do(need: Need) -> tuple[str, ...]:
    """What could be done for somebody now; who is away and yet at home today could do what they lack at home."""
    return need.in_time if need.is_away else need.missing


def spoken_sentence() -> str:
    """What is read out to somebody who is helped on another one's telephone."""
    return _now(
        "Tổ xin làm giúp trên điện thoại của người khác, chỉ lần này. Mã xác thực không ai ghi lại. Có đồng ý không ạ?"
    )


def spoken_consent() -> str:
    """What is kept as the evidence of the consent."""
    return _now("Đồng ý bằng lời, sau khi nghe đọc: “%(sentence)s”") % {"sentence": spoken_sentence()}
