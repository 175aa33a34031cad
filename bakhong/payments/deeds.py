"""This room's deeds in words, for the trail."""

from typing import Any

from django.utils.translation import gettext_lazy as _

WORDS: dict[str, Any] = {
    "payments.raise_charge": _("Lập khoản thu"),
    "payments.withdraw_charge": _("Huỷ khoản thu"),
    "payments.name_helper": _("Ghi người trả giúp"),
    "payments.open_biller": _("Mở đơn vị thu"),
    "payments.change_biller": _("Sửa đơn vị thu"),
    "payments.close_biller": _("Đóng đơn vị thu"),
    "payments.open_account": _("Mở tài khoản nhận tiền"),
    "payments.set_feed": _("Đổi nguồn tin của tài khoản nhận tiền"),
    "payments.close_account": _("Đóng tài khoản nhận tiền"),
    "payments.add_member": _("Giao người làm cho đơn vị thu"),
    "payments.end_member": _("Thôi giao người làm cho đơn vị thu"),
    "payments.settle": _("Ghi nhận khoản thu đã được trả"),
    "payments.take_back": _("Huỷ một lần ghi nhận đã trả"),
    "payments.reverse_entry": _("Đảo một bút toán"),
    "payments.take_cash": _("Thu tiền mặt"),
    "payments.hand_over": _("Nhận tiền mặt người thu nộp về"),
    "payments.deposit": _("Mang tiền mặt đi nộp ngân hàng"),
    "payments.deposit_arrived": _("Ngân hàng đã nhận tiền mặt nộp vào"),
    "payments.ask_refund": _("Đề nghị trả lại tiền"),
    "payments.approve_refund": _("Duyệt trả lại tiền"),
    "payments.refuse_refund": _("Không duyệt trả lại tiền"),
    "payments.refund_sent": _("Ngân hàng đã chuyển tiền trả lại"),
    "payments.refund_in_cash": _("Trả lại bằng tiền mặt"),
    "payments.close_day": _("Khoá sổ ngày"),
    "payments.note_official": _("Ghi số biên lai chính thức"),
    "payments.write_receipt": _("Lập tệp xác nhận đã nhận tiền"),
    "payments.take_provider_list": _("Nhập danh sách của đơn vị cung cấp"),
    "payments.undo_provider_list": _("Thu hồi danh sách của đơn vị cung cấp"),
    "payments.record_customer_code": _("Ghi mã khách hàng"),
    "payments.give_customer_code": _("Ghi mã khách hàng là của ai"),
    "payments.end_customer_code": _("Ngừng mã khách hàng"),
}

KINDS: dict[str, Any] = {
    "charge": _("khoản thu"),
    "biller": _("đơn vị thu"),
    "bank_account": _("tài khoản nhận tiền"),
    "refund": _("khoản trả lại"),
    "cash_payment": _("lần thu tiền mặt"),
    "hand_over": _("lần nộp tiền mặt về quầy"),
    "deposit": _("lần nộp tiền vào ngân hàng"),
    "receipt": _("xác nhận đã nhận tiền"),
    "bank_line": _("dòng tiền ngân hàng"),
    "provider_list": _("danh sách của đơn vị cung cấp"),
    "customer_code": _("mã khách hàng"),
}
