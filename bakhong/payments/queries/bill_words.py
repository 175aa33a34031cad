"""What a payer is told about money that came for a bill and does not fit."""

from django.utils.translation import gettext as _

from bakhong.core.numbers import format_money
from bakhong.payments.queries.bills import (
    ELSEWHERE,
    LATE,
    LEFT,
    OVER,
    RETURNING,
    SHORT,
    STUCK,
    TWICE,
    WHOLE,
    Bill,
)


def explained(found: Bill, phone: str) -> tuple[str, str]:
    """(head, what happens next) of money that came and does not fit; ("", "") where all is well."""
    trouble = found.trouble
    if trouble is None:
        return "", ""
    call = _("Cần hỏi, gọi %(phone)s.") % {"phone": phone} if phone else _("Cần hỏi, gọi bộ phận một cửa.")
    came, amount = format_money(trouble.amount), format_money(found.charge.amount)
    words = {
        SHORT: (_("THIẾU %(missing)s") % {"missing": format_money(trouble.missing)}, _short(found)),
        LEFT: (
            _("THỪA %(excess)s") % {"excess": came},
            _(
                "Khoản này đã trả đủ. Số thừa %(came)s không mất: kế toán chuyển trả về tài khoản của người gửi."
            ),
        ),
        RETURNING: (_("Tiền đã chuyển đang được trả lại"), _returning(found)),
        OVER: (
            _("THỪA %(excess)s") % {"excess": format_money(trouble.excess)},
            _(
                "Ngân hàng báo đã nhận %(came)s, khoản này chỉ %(amount)s. Đừng chuyển thêm. "
                "Kế toán ghi nhận khoản này và trả lại phần thừa."
            ),
        ),
        WHOLE: (
            _("Đã nhận đủ trong nhiều lần chuyển"),
            _("Ngân hàng báo đã nhận %(came)s. Đừng chuyển thêm. Kế toán ghép các lần chuyển rồi ghi nhận."),
        ),
        TWICE: (
            _("ĐÃ TRẢ HAI LẦN"),
            _(
                "Khoản này đã trả xong; lần chuyển sau là %(came)s. Số tiền đó không mất: kế toán chuyển trả về tài khoản của người gửi."
            ),
        ),
        LATE: (
            _("Khoản thu này đã huỷ"),
            _("Ngân hàng báo đã nhận %(came)s sau khi huỷ. Số tiền đó không mất: kế toán chuyển trả lại."),
        ),
        STUCK: (
            _("Tiền đã tới, đang chờ ghi nhận"),
            _("Ngân hàng báo đã nhận %(came)s. Đừng chuyển lại. Kế toán đang xem."),
        ),
        ELSEWHERE: (
            _("Tiền vào tài khoản khác"),
            _(
                "Ngân hàng báo đã nhận %(came)s ở một tài khoản khác của đơn vị thu. Đừng chuyển lại. Kế toán đang xem."
            ),
        ),
    }
    head, told = words[trouble.kind]
    return head, f"{told % {'came': came, 'amount': amount}} {call}"


def _short(found: Bill) -> str:
    if not found.has_code:
        return _("Ngân hàng báo đã nhận %(came)s trên %(amount)s. Tiền đã nhận không mất; kế toán đang xem.")
    return _(
        "Ngân hàng báo đã nhận %(came)s trên %(amount)s. Tiền đã nhận không mất. Chuyển nốt phần thiếu bằng mã dưới đây, "
        "giữ nguyên nội dung; kế toán ghép lại trong giờ làm việc."
    )


def _returning(found: Bill) -> str:
    if not found.is_open:
        return _("Kế toán đang làm thủ tục trả lại %(came)s cho người gửi.")
    return _(
        "Kế toán đang làm thủ tục trả lại %(came)s cho người gửi; số tiền đó không trả cho khoản này nữa. "
        "Khoản này vẫn phải trả %(amount)s."
    )
