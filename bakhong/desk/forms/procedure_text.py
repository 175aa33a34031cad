"""A version of a procedure as an officer writes it: time limit, papers, steps, fee, results and form, each in its own section."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from bakhong.core.ids import new_uuid
from bakhong.desk.forms.gatherings import HourField, PlannedForm
from bakhong.desk.forms.procedures import SOURCE_HELP, UNITS
from bakhong.desk.procedure_conditions import ALWAYS, KEPT, choices, rule_of
from bakhong.desk.procedure_rows import PARTS, ROWS, initial_of, limit_row, named, rows_of, worded
from bakhong.eforms.rules.spec import FormSpec
from bakhong.procedures.labels import (
    APPLICANTS,
    CHANNELS,
    FILED,
    HELD_BY,
    RESULT_KINDS,
    STEP_ROLES,
)
from bakhong.procedures.rules.catalogue import Procedure
from bakhong.procedures.rules.writing import spec_of
from bakhong.ui.figures import language
from bakhong.ui.forms import DayField

MOST_ROWS = 20
_TOKEN = re.compile(r"[a-z][a-z0-9_]{0,39}=[a-z0-9_*-]{1,60}")
_FEES = (
    ("none", _("không mất tiền")),
    ("fixed", _("một mức cho mỗi hồ sơ")),
    ("per_copy", _("theo số bản")),
)
_PER_PAGE = ("per_page", _("theo số trang, như danh mục"))
_MONEY: dict[str, Any] = {"min_value": 0, "max_value": 100_000_000, "required": False}


class ProcedureForm(PlannedForm):
    """`base`: the version it begins with, None for a new task of the unit. `published`: code of a form → its text, the general one last."""

    marks_optional = False  # most of its lines may stay empty

    name = forms.CharField(label=_("Tên thủ tục"), max_length=300)
    short = forms.CharField(label=_("Tên ngắn người dân hay gọi"), max_length=80)
    sector = forms.CharField(label=_("Lĩnh vực"), max_length=80)
    who = forms.CharField(
        label=_("Ai làm được"), max_length=300, required=False, help_text=_("Có thể để trống.")
    )
    help = forms.CharField(
        label=_("Lời dặn cho người dân"), max_length=500, required=False, help_text=_("Có thể để trống.")
    )
    applicants = forms.MultipleChoiceField(
        label=_("Ai được nộp"), choices=list(APPLICANTS.items()), widget=forms.CheckboxSelectMultiple
    )
    filed = forms.ChoiceField(
        label=_("Nộp ở đâu"),
        choices=[(code, FILED[code]) for code in ("here", "desk")],
        widget=forms.RadioSelect,
        help_text=_("Nộp tại đây: qua mạng trên trang này hoặc tại quầy, cần một tờ khai riêng."),
    )
    channels = forms.MultipleChoiceField(
        label=_("Nhận hồ sơ bằng cách nào"),
        choices=list(CHANNELS.items()),
        widget=forms.CheckboxSelectMultiple,
    )
    amount = forms.IntegerField(label=_("Thời hạn"), min_value=0, max_value=3660)
    unit = forms.ChoiceField(label=_("Tính bằng"), choices=UNITS)
    cutoff = HourField(
        label=_("Nhận sau mấy giờ thì sang ngày làm việc sau"),
        required=False,
        help_text=_("Chỉ khi thời hạn là trong ngày. Ví dụ: 15h"),
    )
    longer = forms.IntegerField(
        label=_("Thời hạn dài hơn, nếu luật cho"), min_value=0, max_value=3660, required=False
    )
    longer_unit = forms.ChoiceField(label=_("Tính bằng"), choices=UNITS[:-1], required=False)
    longer_why = forms.CharField(
        label=_("Khi nào được dài hơn"),
        max_length=200,
        required=False,
        help_text=_("Ví dụ: phải xác minh ở nơi khác."),
    )
    fee = forms.ChoiceField(label=_("Phí, lệ phí"), choices=_FEES, widget=forms.RadioSelect)
    fee_amount = forms.IntegerField(label=_("Mức thu (đồng)"), **_MONEY)
    fee_online = forms.IntegerField(
        label=_("Nộp qua mạng (đồng)"), help_text=_("Để trống nếu cùng mức."), **_MONEY
    )
    fee_name = forms.CharField(label=_("Tên khoản thu"), max_length=120, required=False)
    fee_source = forms.CharField(label=_("Văn bản quy định mức thu"), max_length=300, required=False)
    form = forms.ChoiceField(label=_("Tờ khai"), required=False)
    legal_basis = forms.CharField(
        label=_("Căn cứ pháp lý"),
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Mỗi văn bản một dòng."),
    )
    checked = forms.MultipleChoiceField(
        label=_("Đã đối chiếu với văn bản đang áp dụng"),
        choices=list(PARTS.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Phần nào chưa đối chiếu thì trang của người dân nói rõ là chưa."),
    )
    valid_from = DayField(label=_("Áp dụng từ ngày"))
    source = forms.CharField(label=_("Văn bản làm căn cứ"), max_length=300, help_text=SOURCE_HELP)

    def __init__(
        self,
        *args: Any,
        base: Procedure | None,
        published: Mapping[str, FormSpec],
        rows: Mapping[str, int],
        **more: Any,
    ) -> None:
        super().__init__(*args, **more)
        self.base, self.published, self.rows = base, published, rows
        lang = language()
        titles = [
            (code, each.title.in_language(lang)) for code, each in published.items() if code != "general"
        ]
        self._choose("form", [("", _("Tờ khai chung")), *titles])
        if base is not None and base.fee.kind == "per_page":
            self._choose("fee", [*_FEES, _PER_PAGE])
        if base is not None and base.is_national:
            del self.fields["filed"]
        for section, count in rows.items():
            for row in range(count):
                for name, field in getattr(self, f"_of_{ROWS[section]}")().items():
                    self.fields[f"{ROWS[section]}_{row}_{name}"] = field
        for section in ("papers", "exemptions"):
            for row in range(rows[section]):
                self._keep_condition(f"{ROWS[section]}_{row}_when")

    @classmethod
    def starting(
        cls, base: Procedure | None, published: Mapping[str, FormSpec], **given: Any
    ) -> "ProcedureForm":
        """The form as the version stands, with a line or two to spare in each section."""
        spec = spec_of(base) if base is not None else {}
        rows = {section: len(rows_of(spec, section)) + 2 for section in ROWS}
        initial = {"client_key": new_uuid(), **initial_of(base, spec), **given}
        return cls(base=base, published=published, rows=rows, initial=initial)

    @classmethod
    def sent(cls, data: Any, base: Procedure | None, published: Mapping[str, FormSpec]) -> "ProcedureForm":
        """What was typed; where lines are asked for (`more`), it is shown again with them and nothing is judged."""
        more = data.get("more")
        rows = {section: _count(data, section) + (2 if section == more else 0) for section in ROWS}
        rows = {section: min(count, MOST_ROWS) for section, count in rows.items()}
        if more not in ROWS:
            return cls(data, base=base, published=published, rows=rows)
        many = ("applicants", "channels", "checked")
        typed = {name: data.getlist(name) if name in many else data.get(name) for name in data}
        return cls(base=base, published=published, rows=rows, initial=typed)

    # --- its lines ----------------------------------------------------------------------------------------------------

    def _conditions(self, always: Any) -> list[Any]:
        return choices(self.chosen_form(), language(), always, _("như bản trước"), _("có ghi"), _("có"))

    def _of_paper(self) -> dict[str, forms.Field]:
        lists = self._conditions(_("lúc nào cũng cần"))
        return {
            "code": forms.CharField(required=False, max_length=40, widget=forms.HiddenInput),
            "vi": forms.CharField(label=_("Tên giấy tờ"), max_length=200, required=False),
            "held_by": forms.ChoiceField(
                label=_("Ai giữ"), choices=[("", _("người dân nộp")), *HELD_BY.items()], required=False
            ),
            "copy": forms.ChoiceField(
                label=_("Bản nào"),
                choices=[("copy", _("bản chụp")), ("original", _("bản chính"))],
                required=False,
            ),
            "need": forms.ChoiceField(
                label=_("Bắt buộc"), choices=[("yes", _("bắt buộc")), ("no", _("nếu có"))], required=False
            ),
            "when": forms.ChoiceField(label=_("Khi nào cần"), choices=lists, required=False),
        }

    def _of_step(self) -> dict[str, forms.Field]:
        return {
            "code": forms.CharField(required=False, max_length=40, widget=forms.HiddenInput),
            "vi": forms.CharField(label=_("Việc"), max_length=200, required=False),
            "role": forms.ChoiceField(label=_("Ai làm"), choices=list(STEP_ROLES.items()), required=False),
            "agency": forms.CharField(label=_("Tên cơ quan khác"), max_length=120, required=False),
            "share": forms.IntegerField(
                label=_("Phần thời gian (%)"), min_value=1, max_value=100, required=False
            ),
            "amount": forms.IntegerField(
                label=_("hoặc thời hạn riêng"), min_value=1, max_value=3660, required=False
            ),
            "unit": forms.ChoiceField(label=_("Tính bằng"), choices=UNITS[:-1], required=False),
        }

    def _of_exemption(self) -> dict[str, forms.Field]:
        return {
            "code": forms.CharField(required=False, max_length=40, widget=forms.HiddenInput),
            "vi": forms.CharField(label=_("Ai được miễn, giảm"), max_length=200, required=False),
            "share": forms.IntegerField(
                label=_("Còn phải trả (%)"),
                min_value=0,
                max_value=99,
                required=False,
                help_text=_("Để trống là miễn hết."),
            ),
            "when": forms.ChoiceField(
                label=_("Biết nhờ đâu"),
                choices=self._conditions(_("người nộp nói, cán bộ xem giấy")),
                required=False,
            ),
        }

    def _of_result(self) -> dict[str, forms.Field]:
        return {
            "code": forms.CharField(required=False, max_length=40, widget=forms.HiddenInput),
            "vi": forms.CharField(label=_("Kết quả"), max_length=200, required=False),
            "kind": forms.ChoiceField(label=_("Bản nào"), choices=list(RESULT_KINDS.items()), required=False),
        }

    def lines(self, section: str) -> Iterator[dict[str, forms.BoundField]]:
        """For the page: name → control of each line of a section."""
        one = ROWS[section]
        names = list(getattr(self, f"_of_{one}")())
        for row in range(self.rows[section]):
            yield {name: self[f"{one}_{row}_{name}"] for name in names}

    def chosen_form(self) -> FormSpec | None:
        code = self.data.get("form", "") if self.is_bound else self.initial.get("form", "")
        return self.published.get(code or "general")

    def _keep_condition(self, name: str) -> None:
        """A condition about a question that the form now chosen does not ask stays chosen, and is refused by its name."""
        token = str((self.data if self.is_bound else self.initial).get(name) or "")
        field: Any = self.fields[name]
        if _TOKEN.fullmatch(token) and not field.valid_value(token):
            field.choices = [
                *field.choices,
                (token, say("câu của tờ khai khác: %(token)s") % {"token": token}),
            ]

    def _choose(self, name: str, listed: list[Any]) -> None:
        field: Any = self.fields[name]
        field.choices = listed

    # --- what it says -------------------------------------------------------------------------------------------------

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        shares = [each["share"] for each in self._typed("steps") if each["amount"] is None]
        if not list(self._typed("steps")):
            self.add_error(None, say("Ghi ít nhất một bước."))
        elif None in shares or (shares and sum(shares) != 100):
            self.add_error(None, say("Phần thời gian của các bước phải cộng lại đúng 100%."))
        if any(bool(each["agency"]) != (each["role"] == "agency") for each in self._typed("steps")):
            self.add_error(None, say("Bước của cơ quan khác phải ghi tên cơ quan; bước của xã thì không."))
        if not list(self._typed("results")):
            self.add_error(None, say("Ghi ít nhất một kết quả."))
        if data.get("fee") in ("fixed", "per_copy") and data.get("fee_amount") is None:
            self.add_error("fee_amount", say("Ghi mức thu, hoặc chọn không mất tiền."))
        if data.get("unit") != "same_day" and data.get("amount") == 0:
            self.add_error("amount", say("Thời hạn phải từ 1; theo tháng thì nhiều nhất 120."))
        if data.get("filed") == "here" and not data.get("form"):
            self.add_error(
                "form", say("Nộp qua mạng cần một tờ khai riêng. Chọn tờ khai, hoặc chọn nộp tại quầy.")
            )
        if data.get("longer") and not data.get("longer_why"):
            self.add_error("longer_why", say("Ghi khi nào được dài hơn."))
        return data

    def spec(self) -> dict[str, Any]:
        """What was typed as a row of the catalogue; what the form does not show stays as in the version it began with."""
        data = self.cleaned_data
        before = spec_of(self.base) if self.base is not None else {}
        checked = set(data["checked"])
        return {
            **before,
            **{
                name: worded(before.get(name), data[name])
                for name in ("name", "short", "sector", "who", "help")
            },
            "applicants": data["applicants"],
            "filed": data.get("filed") or before.get("filed", "desk"),
            "channels": data["channels"],
            "level": before.get("level") or ("full" if "online" in data["channels"] else "partial"),
            "limit": limit_row(data["amount"], data["unit"], data["cutoff"]),
            **self._longer(before),
            "paper": [self._paper(each) for each in self._typed("papers")],
            "step": [self._step(each) for each in self._typed("steps")],
            "fee": self._fee(before.get("fee", {}), "fee.amount" in checked),
            "result": [self._result(each) for each in self._typed("results")],
            "form": data["form"],
            "legal_basis": [line.strip() for line in data["legal_basis"].splitlines() if line.strip()],
            "is_sample": not checked,
            "unverified": [mark for mark in PARTS if mark not in checked],
            "source": data["source"],
        }

    def _typed(self, section: str) -> Iterator[dict[str, Any]]:
        """The lines that have a name; each with its code, a new one where it is new."""
        one, used = ROWS[section], set()
        for row in range(self.rows[section]):
            names = getattr(self, f"_of_{one}")()
            line = {name: self.cleaned_data.get(f"{one}_{row}_{name}") for name in names}
            if not line["vi"]:
                continue
            code = str(line["code"] or "")
            if not code.isidentifier() or not code.isascii() or code in used:
                code = next(each for n in range(1, 2 * MOST_ROWS + 2) if (each := f"{one}_{n}") not in used)
            used.add(code)
            yield {**line, "code": code}

    def _before(self, section: str, code: str) -> dict[str, Any]:
        spec = spec_of(self.base) if self.base is not None else {}
        return next((dict(each) for each in rows_of(spec, section) if each["code"] == code), {})

    def _when(self, before: Mapping[str, Any], token: str) -> dict[str, Any]:
        rule = before.get("when") if token == KEPT else rule_of(token or ALWAYS, self.chosen_form())
        return {"when": rule} if rule is not None else {}

    def _paper(self, line: dict[str, Any]) -> dict[str, Any]:
        before = self._before("papers", line["code"])
        when = self._when(before, line["when"])
        before.pop("when", None)
        if line["held_by"] != before.get("held_by"):
            before = {name: value for name, value in before.items() if not name.startswith("shown_")}
        return {
            **before,
            "code": line["code"],
            **named(before, line["vi"]),
            "held_by": line["held_by"],
            "copy": line["copy"] or "copy",
            "required": line["need"] != "no",
            **when,
        }

    def _exemption(self, line: dict[str, Any]) -> dict[str, Any]:
        """What shows it by itself (a fact known of the applicant) stays while it is called the same: other words may mean other people."""
        before = self._before("exemptions", line["code"])
        kept = ("fact", "values") if before.get("vi") == line["vi"] else ()
        return {
            **{name: before[name] for name in kept if name in before},
            "code": line["code"],
            **named(before, line["vi"]),
            "share": line["share"] or 0,
            **self._when(before, line["when"]),
        }

    def _step(self, line: dict[str, Any]) -> dict[str, Any]:
        before = self._before("steps", line["code"])
        timed = (
            {"limit": {"amount": line["amount"], "unit": line["unit"] or "working_days"}, "share": 0}
            if line["amount"]
            else {"share": line["share"]}
        )
        return {
            "code": line["code"],
            **named(before, line["vi"]),
            "role": line["role"],
            "agency": line["agency"],
            **timed,
        }

    def _result(self, line: dict[str, Any]) -> dict[str, Any]:
        before = self._before("results", line["code"])
        return {**before, "code": line["code"], **named(before, line["vi"]), "kind": line["kind"]}

    def _fee(self, before: dict[str, Any], is_verified: bool) -> dict[str, Any]:
        data = self.cleaned_data
        if data["fee"] == "none":
            return {"kind": "none", "source": data["fee_source"], "is_verified": is_verified}
        less = {"exemptions": [self._exemption(each) for each in self._typed("exemptions")]}
        if data["fee"] == "per_page":
            return {**before, **less, "source": data["fee_source"], "is_verified": is_verified}
        online = {} if data["fee_online"] is None else {"online_amount": data["fee_online"]}
        name = {"name": worded(before.get("name"), data["fee_name"])} if data["fee_name"] else {}
        said = {"kind": data["fee"], "amount": data["fee_amount"], "source": data["fee_source"]}
        return {**less, **said, **online, **name, "is_verified": is_verified}

    def _longer(self, before: dict[str, Any]) -> dict[str, Any]:
        data = self.cleaned_data
        if not data["longer"]:
            return {"longer": None}
        words = worded(before.get("longer"), data["longer_why"])
        return {"longer": {"amount": data["longer"], "unit": data["longer_unit"] or "working_days", **words}}


def _count(data: Any, section: str) -> int:
    """How many lines the page had: what a crooked page says of it is not believed."""
    one = ROWS[section]
    return sum(f"{one}_{row}_vi" in data for row in range(MOST_ROWS))
