"""How what hangs at a stall is told."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bakhong.payments.models import Stall, Verdict
from bakhong.payments.queries.stalls import account_words, place_words
from bakhong.people.models import Organisation

# verdict → (kind of state, word)
STATES = {
    Verdict.GENUINE: ("done", gettext_lazy("đúng mã")),
    Verdict.EQUIVALENT: ("done", gettext_lazy("đúng tài khoản")),
    Verdict.CHANGED: ("error", gettext_lazy("ĐÃ BỊ THAY HOẶC SỬA")),
    Verdict.ENDED: ("late", gettext_lazy("mã cũ")),
    Verdict.UNKNOWN: ("late", gettext_lazy("chưa đăng ký")),
    Verdict.UNREADABLE: ("error", gettext_lazy("không phải mã ngân hàng")),
}
DIFFERENCES = {
    "bank": gettext_lazy("ngân hàng khác"),
    "account": gettext_lazy("số tài khoản khác"),
    "service": gettext_lazy("cách nhận tiền khác"),
    "amount": gettext_lazy("mã ghi sẵn một số tiền"),
    "payee": gettext_lazy("mã có thêm một nơi nhận tiền khác"),
    "fee": gettext_lazy("mã cộng thêm tiền"),
    "other": gettext_lazy("mã có phần lạ"),
    "broken": gettext_lazy("mã hỏng hoặc bị sửa"),
    "name": gettext_lazy("tên trong mã viết khác (tài khoản vẫn đúng)"),
    "second": gettext_lazy("bên cạnh có thêm một mã nhận tiền khác"),
    "seal": gettext_lazy("mã niêm phong không còn dùng"),
}


def business_words(business: Organisation) -> str:
    """What tells a business from another of its name: where it is, its tax code, its owner."""
    told = f"{business.get_kind_display()} {business.name}, {business.village.full_name}"
    told += f", {_('mã số thuế')} {business.tax_code}" if business.tax_code else ""
    return told + (f". {_('Chủ:')} {business.owner.name}" if business.owner else "")


def state_of(verdict: str | None, *, has_alarm: bool = False) -> tuple[str, str]:
    """(kind, word) of the latest look, if there was one; an alarm that nobody has seen to comes before it."""
    if has_alarm:
        return "error", _("có cảnh báo")
    if not verdict:
        return "none", _("chưa kiểm tra")
    kind, word = STATES[Verdict(verdict)]
    return kind, str(word)


def differences_in_words(codes: list[str]) -> str:
    return ", ".join(str(DIFFERENCES[each]) for each in codes if each in DIFFERENCES)


def account_of(stall: Stall) -> str:
    return account_words(stall.bank_bin, stall.account)


def title_of(stall: Stall) -> str:
    return _("%(place)s: %(owner)s") % {"place": place_words(stall), "owner": stall.owner_name}
