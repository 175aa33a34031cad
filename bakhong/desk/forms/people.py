"""What is typed about a resident: adding one, saying what changed, mending what was wrong."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core.signing import BadSignature, Signer
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from bakhong.people.models import Device, Holder, Person, Presence, Purpose, Reason, Relation, Sex, Source
from bakhong.people.rules.births import birth_parts, birth_text
from bakhong.people.rules.idcard import Card
from bakhong.people.rules.standing import TOGETHER
from bakhong.places.models import Unit
from bakhong.ui.forms import DayField, PartialDay, PartialDayField

NOTHING_SAID = _("Chưa rõ")
# Attributes of a fact that are fields of the form under the same name.
PLAIN = (
    "name",
    "sex",
    "national_id",
    "presence",
    "whereabouts",
    "address",
    "phone",
    "phone_holder",
    "phone_note",
    "device",
    "device_year",
    "note",
)
# What a list, a card and a neighbour may all say.
SOURCES = (Source.OFFICER, Source.CARD, Source.RESIDENT, Source.VISIT, Source.LIST)


def _choices(kind: Any) -> list[tuple[str, Any]]:
    return [("", NOTHING_SAID), *kind.choices]


class PersonForm(forms.Form):
    name = forms.CharField(label=_("Họ và tên, như trên thẻ"), max_length=120)
    birth = PartialDayField(label=_("Ngày sinh"), required=False)
    sex = forms.ChoiceField(label=_("Giới tính"), choices=_choices(Sex), required=False)
    national_id = forms.CharField(label=_("Số định danh (12 chữ số)"), max_length=20, required=False)
    address = forms.CharField(label=_("Nơi cư trú"), max_length=200, required=False)
    presence = forms.ChoiceField(
        label=_("Có mặt ở địa phương không"), choices=_choices(Presence), required=False
    )
    whereabouts = forms.CharField(
        label=_("Đang ở đâu"), max_length=120, required=False, help_text=_("Khi đi vắng: tỉnh, nước nào.")
    )
    phone = forms.CharField(label=_("Số điện thoại"), max_length=20, required=False)
    phone_holder = forms.ChoiceField(label=_("Số của ai"), choices=_choices(Holder), required=False)
    phone_note = forms.CharField(
        label=_("Ghi chú về số điện thoại"),
        max_length=120,
        required=False,
        help_text=_("Ví dụ: số của con trai."),
    )
    device = forms.ChoiceField(label=_("Loại điện thoại"), choices=_choices(Device), required=False)
    device_year = forms.IntegerField(
        label=_("Máy mua năm nào"), required=False, help_text=_("Máy cũ thường không cài được ứng dụng mới.")
    )
    note = forms.CharField(label=_("Ghi chú"), max_length=300, required=False)
    source = forms.ChoiceField(
        label=_("Biết từ đâu"), choices=[(each.value, each.label) for each in SOURCES], initial=Source.OFFICER
    )
    is_verified = forms.BooleanField(label=_("Đã đối chiếu với giấy tờ"), required=False)

    def values(self) -> dict[str, Any]:
        """What the form says, as a fact holds it; what was left empty is not said."""
        said = {name: self.cleaned_data[name] for name in PLAIN if self.cleaned_data.get(name)}
        if self.cleaned_data.get("birth"):
            said["birth"] = _birth(self.cleaned_data["birth"])
        return said


class NewPersonForm(PersonForm):
    village = forms.ModelChoiceField(
        label=_("Thôn"), queryset=Unit.objects.none(), to_field_name="uuid", empty_label=None
    )

    field_order = ("village", "name")

    def __init__(self, *args: Any, places: list[Unit], **more: Any) -> None:
        super().__init__(*args, **more)
        field: Any = self.fields["village"]
        field.queryset = Unit.objects.filter(pk__in=[each.pk for each in places])
        named = [(str(each.uuid), each.full_name) for each in places]
        # Nothing chosen for them: the first village of the list would fill up with others' people.
        field.choices = named if len(named) == 1 else [("", _("Chọn thôn")), *named]


@dataclass(frozen=True)
class Clash:
    """Somebody else changed what is being changed: what the form showed, what stands now, what was typed. Numbers are not shown."""

    label: str
    before: str
    now: str
    typed: str


class ChangeForm(PersonForm):
    """The same boxes, filled with what stands; only what is typed differently from what the form showed is recorded.

    `was` carries what it showed, signed for this person: another officer may write between the look and the deed.
    """

    was = forms.CharField(widget=forms.HiddenInput, required=False)
    how = forms.ChoiceField(
        label=_("Vì sao sửa"),
        choices=[("change", _("Có thay đổi")), ("correct", _("Trước đây ghi sai"))],
        widget=forms.RadioSelect,
        initial="change",
    )
    true_from = DayField(
        label=_("Thay đổi từ ngày"),
        required=False,
        help_text=_("Bỏ trống thì tính từ hôm nay. Ví dụ: 06/05/2025"),
    )

    field_order = ("how", "true_from")

    def __init__(self, data: Any = None, *, person: Person, phone: Any, **more: Any) -> None:
        self.person, self._phone = person, phone
        self.now = _standing(person, phone)
        self._signer = Signer(salt=f"desk.change.{person.uuid}")
        super().__init__(data, **more, initial=self.now | {"was": self._signer.sign_object(self._marked())})
        self.before: dict[str, Any] | None = None
        for name, shown in (("national_id", person.national_id), ("phone", phone)):
            if shown:
                self.fields[name].help_text = _("Đã có và được che. Bỏ trống nếu không đổi.")

    def clean(self) -> dict[str, Any]:
        try:
            self.before = self._signer.unsign_object(self.cleaned_data.get("was", ""))
        except BadSignature:
            raise forms.ValidationError(
                _("Trang này đã cũ nên chưa ghi gì. Hãy mở lại trang sửa thông tin của người này.")
            ) from None
        return self.cleaned_data

    def _marked(self) -> dict[str, Any]:
        """What stands as text; of a number only a keyed mark, by which it is seen to have changed."""
        said = {name: _text(value) for name, value in self.now.items()}
        national_id = self.person.national_id_index
        said["national_id"] = _mark(bytes(national_id).hex() if national_id else "")
        said["phone"] = _mark(self._phone.number if self._phone else "")
        return said

    def _typed(self) -> dict[str, Any]:
        """attribute → what was typed differently from what the form showed, as a fact holds it; "" says that there is none."""
        assert self.before is not None
        said: dict[str, Any] = {}
        for name in PLAIN:
            value = self.cleaned_data.get(name) or ""
            if name in NUMBERS:
                if value:
                    said[name] = value
            elif _text(value) != self.before.get(name, ""):
                said[name] = value
        birth = self.cleaned_data.get("birth")
        if _text(birth) != self.before.get("birth", ""):
            said["birth"] = _birth(birth) if birth else ""
        return said

    def changes(self) -> dict[str, Any]:
        """What is to be recorded: what was typed, without what stands already."""
        marked = self._marked()
        return {
            name: value
            for name, value in self._typed().items()
            if name in NUMBERS or _text(self.cleaned_data.get(name)) != marked[name]
        }

    def clashes(self) -> list[Clash]:
        """What is typed anew and was changed by somebody else since the form was made. What goes together changes together."""
        assert self.before is not None
        before, marked, said = self.before, self._marked(), self.changes()
        moved = {name for name, value in marked.items() if value != before.get(name, "")}
        found = []
        for name in (each for each in self.fields if each in marked):
            group = next((each for each in TOGETHER if name in each), frozenset({name}))
            if name in moved and group & said.keys():
                found.append(
                    Clash(
                        str(self.fields[name].label),
                        self.shown(name, before.get(name, "")),
                        self.shown(name, marked[name]),
                        self.shown(name, _text(self.cleaned_data.get(name)), is_typed=True),
                    )
                )
        return found

    def anew(self) -> "ChangeForm":
        """The form made from what stands now, with what was typed kept: sent again, it says just that."""
        fresh = self._signer.sign_object(self._marked())
        said = self._typed()
        kept = {
            name: self.data.get(name, "")
            for name in self.fields
            if name in said or name not in self.now or name in NUMBERS
        }
        stands = {name: _text(value) for name, value in self.now.items() if name not in said}
        return ChangeForm(stands | kept | {"was": fresh}, person=self.person, phone=self._phone)

    def shown(self, name: str, value: Any, *, is_typed: bool = False) -> str:
        """A value for reading. A number is not shown, except the one that was typed."""
        if name in NUMBERS and not is_typed:
            return str(_("số được che")) if value else ""
        if name == "birth" and (year := birth_parts(str(value))[0]):  # as facts hold it
            value = PartialDay(year, *birth_parts(str(value))[1:])
        choices = dict(getattr(self.fields[name], "choices", []))
        return str(choices.get(value, value)) if value else ""


NUMBERS = frozenset({"national_id", "phone"})


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _mark(number: str) -> str:
    return salted_hmac("desk.change", number, algorithm="sha256").hexdigest()[:24] if number else ""


def _standing(person: Person, phone: Any) -> dict[str, Any]:
    """The boxes as they stand; numbers stay out, for they are masked."""
    year = person.birth_year
    return {
        "name": person.name,
        "sex": person.sex,
        "birth": PartialDay(year, person.birth_month, person.birth_day) if year else None,
        "address": person.address,
        "presence": person.presence,
        "whereabouts": person.whereabouts,
        "phone_holder": phone.holder if phone else "",
        "phone_note": phone.note if phone else "",
        "device": person.device,
        "device_year": person.device_year,
        "note": person.note,
    }


def _birth(day: PartialDay) -> str:
    return birth_text(day.year, day.month, day.day)


def from_card(card: Card) -> dict[str, Any]:
    """The boxes a card fills."""
    born: date | None = card.born_on
    return {
        "name": card.full_name or "",
        "birth": PartialDay(born.year, born.month, born.day) if born else None,
        "sex": card.sex or "",
        "national_id": card.national_id or "",
        "address": card.address or "",
        "source": Source.CARD,
        "is_verified": True,
    }


class RevealForm(forms.Form):
    reason = forms.ChoiceField(
        label=_("Vì sao cần xem"), choices=[each for each in Reason.choices if each[0] != Reason.DUTY]
    )
    note = forms.CharField(
        label=_("Ghi rõ thêm"), max_length=200, required=False, help_text=_("Người dân đọc được dòng này.")
    )


class ConsentForm(forms.Form):
    purpose = forms.ChoiceField(label=_("Đồng ý cho việc"), choices=Purpose.choices)
    given_on = DayField(label=_("Ngày đồng ý"))
    evidence = forms.CharField(
        label=_("Đồng ý bằng cách nào"),
        max_length=200,
        help_text=_("Ví dụ: ký phiếu, nói trước mặt trưởng thôn."),
    )


class HouseholdForm(forms.Form):
    """The head is the person whose page it is; each line adds a member found by name in the same village."""

    code = forms.CharField(label=_("Số thứ tự hộ trong danh sách"), max_length=30, required=False)
    address = forms.CharField(label=_("Địa chỉ của hộ"), max_length=200, required=False)

    def __init__(self, *args: Any, candidates: list[Person], **more: Any) -> None:
        super().__init__(*args, **more)
        for each in candidates:
            self.fields[f"m-{each.uuid}"] = forms.ChoiceField(
                label=f"{each.name}, {each.birth_year or NOTHING_SAID}",
                choices=[
                    ("", _("Không cùng hộ")),
                    *((code, word) for code, word in Relation.choices if code != Relation.HEAD),
                ],
                required=False,
            )

    def members(self, head: Person, candidates: list[Person]) -> dict[Person, str]:
        chosen = {each: self.cleaned_data.get(f"m-{each.uuid}", "") for each in candidates}
        return {head: str(Relation.HEAD), **{each: word for each, word in chosen.items() if word}}


class MembersForm(forms.Form):
    """Each member, and each person found, with their relation to the head; empty: not (or no longer) of the household."""

    true_from = DayField(
        label=_("Thay đổi từ ngày"), required=False, help_text=_("Bỏ trống nếu không rõ. Ví dụ: 06/05/2025")
    )

    def __init__(self, *args: Any, members: list[Person], others: list[Person], **more: Any) -> None:
        super().__init__(*args, **more)
        self.people = {f"m-{each.uuid}": each for each in (*members, *others)}
        for name, each in self.people.items():
            is_member = each in members
            self.fields[name] = forms.ChoiceField(
                label=f"{each.name}, {each.birth_year or NOTHING_SAID}",
                choices=[
                    ("", _("Không còn ở hộ này") if is_member else _("Không cùng hộ")),
                    *Relation.choices,
                ],
                initial=(each.relation or Relation.OTHER) if is_member else "",
                required=False,
                help_text="" if is_member or each.household_id is None else _("Đang ghi ở một hộ khác."),
            )
        self.order_fields([*self.people, "true_from"])

    def members(self) -> dict[Person, str]:
        """Person → relation of those who are of the household."""
        return {each: word for name, each in self.people.items() if (word := self.cleaned_data[name])}
