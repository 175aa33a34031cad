"""Why a signature did not come about: one plain sentence each, what happened and what to do."""

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from bakhong.core.errors import Refusal

SENTENCES = {
    "wrong_secret": _("Mật khẩu của khoá ký không đúng; hãy nhập lại."),
    "no_certificate": _(
        "Không tìm thấy chứng thư số của tài khoản này; hãy kiểm tra số đã nhập hoặc chọn cách ký khác."
    ),
    "certificate_status": _(
        "Chứng thư số đã hết hạn hoặc bị thu hồi; hãy gia hạn với nhà cung cấp rồi ký lại."
    ),
    "certificate_period": _("Chứng thư số không có hiệu lực hôm nay; hãy gia hạn rồi ký lại."),
    "our_credentials": _(
        "Nhà cung cấp chữ ký số không nhận tài khoản của hệ thống; hãy báo người vận hành máy chủ."
    ),
    "unavailable": _("Không liên lạc được với nhà cung cấp chữ ký số; hãy thử lại sau ít phút."),
    "unreadable": _(
        "Nhà cung cấp chữ ký số trả lời không hiểu được; hãy thử lại, nếu vẫn lỗi thì báo người vận hành máy chủ."
    ),
    "no_stamp": _("Không xin được dấu thời gian; hãy thử lại sau ít phút."),
    "wrong_signature": _("Chữ ký nhận được không khớp với tài liệu nên không dùng; hãy ký lại."),
    "wrong_caller": _("Lời gọi không đúng khoá bí mật."),
    "expired": _("Quá 5 phút không có xác nhận trên điện thoại; hãy gửi ký lại."),
    "rejected": _("Người ký đã từ chối trên điện thoại; nếu bấm nhầm, hãy gửi ký lại."),
    "key_refused": _(
        "Nhà cung cấp không cho dùng khoá ký (sai mã PIN hoặc khoá bị khoá); hãy mở ứng dụng ký số để kiểm tra."
    ),
    "failed": _("Nhà cung cấp báo ký không thành công; hãy thử lại."),
    "stranger": _(
        "Chứng thư số này không đứng tên người ký ghi trên văn bản. Chọn đúng chứng thư, hoặc nhờ thư ký sửa danh sách cán bộ."
    ),
    "other_signer": _("Văn bản ghi người ký là người khác, nên chữ ký này không dùng được."),
    "changed": _("Giấy tờ này vừa được thay bằng bản khác; hãy tải lại trang rồi ký bản mới."),
    "revoked": _("Giấy này đã bị thu hồi nên không ký được nữa."),
    "no_seal": _("Xã chưa chọn con dấu số; mở “Con dấu số của xã” để chọn."),
    "not_pdf": _("Chỉ ký số được tệp PDF; hãy chọn lại tệp."),
    "unknown_provider": _("Cách ký này chưa được thiết lập; hãy chọn cách ký khác."),
}


class NotSigned(Refusal):
    """The files are not signed; `code` is a key of SENTENCES."""

    def __init__(self, code: str) -> None:
        super().__init__(sentence(code))
        self.code = code


def sentence(code: str) -> str:
    return gettext(SENTENCES[code])
