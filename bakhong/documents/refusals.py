"""Why a file cannot be read, and what a clerk should know about one that was: one plain sentence each."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from bakhong.core.errors import Refusal

REASONS = {
    "missing": _("Không mở được tệp %(name)s; hãy kiểm tra tên, thư mục và quyền đọc tệp."),
    "empty": _("Tệp không có nội dung nào; hãy mở tệp trên máy để kiểm tra rồi gửi lại."),
    "empty_document": _("Tệp mở được nhưng không có chữ hay số nào; hãy kiểm tra xem đã chọn đúng tệp chưa."),
    "too_large": _("Tệp lớn hơn %(limit)s MB; hãy chia nhỏ hoặc bỏ bớt ảnh rồi gửi lại."),
    "too_long": _("Văn bản dài hơn mức phần mềm đọc được; hãy chia thành nhiều tệp rồi gửi từng tệp."),
    "too_many_cells": _(
        "Bảng tính trải ra quá nhiều ô; hãy xóa các ô thừa ở xa vùng số liệu hoặc chia nhỏ tệp rồi gửi lại."
    ),
    "too_heavy": _(
        "Mở tệp này cần quá nhiều bộ nhớ nên phần mềm đã dừng; hãy chia nhỏ tệp hoặc bỏ bớt ảnh rồi gửi lại."
    ),
    "too_slow": _(
        "Mở tệp này mất quá nhiều thời gian nên phần mềm đã dừng; hãy chia nhỏ hoặc lưu lại dạng Word rồi gửi."
    ),
    "busy": _("Máy chủ đang đọc nhiều tệp cùng lúc; hãy đợi một phút rồi gửi lại."),
    "verifying": _("Máy chủ đang kiểm tra tệp của người khác; hãy đợi nửa phút rồi gửi lại."),
    "binary": _(
        "Đây không phải văn bản; hãy gửi tệp Word (.docx), Excel (.xlsx), PDF có chữ hoặc tệp chữ (.txt)."
    ),
    "not_excel": _(
        "Tên tệp là tệp Excel nhưng nội dung không phải tệp Excel; hãy mở tệp trên máy để kiểm tra rồi gửi lại."
    ),
    "password": _("Tệp được đặt mật khẩu; hãy bỏ mật khẩu, lưu lại rồi gửi."),
    "damaged": _("Tệp bị hỏng hoặc tải lên chưa trọn vẹn; hãy mở trên máy để kiểm tra, lưu lại rồi gửi."),
    "bomb": _("Tệp nén bung ra lớn bất thường nên phần mềm không mở; hãy lưu lại thành tệp mới rồi gửi."),
    "hostile_xml": _(
        "Tệp chứa khai báo không an toàn mà Word và Excel không tạo ra; hãy lưu lại thành tệp mới rồi gửi."
    ),
    "scan": _("Đây là ảnh quét, phần mềm không đọc được chữ trong ảnh; hãy gõ lại hoặc gửi bản Word."),
    "image": _("Đây là ảnh, phần mềm không đọc được chữ trong ảnh; hãy gõ lại hoặc gửi bản Word."),
    "old_word": _("Đây là tệp Word kiểu cũ (.doc); hãy mở bằng Word, chọn lưu dạng .docx rồi gửi lại."),
    "old_excel": _(
        "Đây là tệp Excel kiểu cũ (.xls, .xlsb); hãy mở bằng Excel, chọn lưu dạng .xlsx rồi gửi lại."
    ),
    "slides": _("Đây là tệp trình chiếu; hãy gửi báo cáo dạng Word (.docx) hoặc bảng số liệu Excel (.xlsx)."),
    "open_document": _("Đây là tệp OpenDocument (.odt, .ods); hãy lưu lại dạng .docx hoặc .xlsx rồi gửi."),
    "archive": _("Đây là tệp nén; hãy giải nén rồi gửi từng tệp bên trong."),
    "rtf": _("Đây là tệp RTF; hãy mở bằng Word, chọn lưu dạng .docx rồi gửi lại."),
    "web_page": _("Đây là trang web hoặc tệp XML; hãy mở bằng Word, chọn lưu dạng .docx rồi gửi lại."),
    "mixed_encoding": _(
        "Tệp trộn lẫn nhiều bảng mã nên chữ sẽ sai; hãy mở lại, chọn lưu với mã UTF-8 rồi gửi."
    ),
    "legacy_font": _(
        "Tệp dùng bảng mã cũ (TCVN3 hoặc VNI); hãy chuyển sang Unicode, lưu với mã UTF-8 rồi gửi lại."
    ),
    "too_many_pixels": _(
        "Ảnh quá lớn (%(pixels)s triệu điểm ảnh, nhiều nhất 25 triệu); hãy chọn cỡ ảnh nhỏ hơn khi gửi hoặc chụp lại."
    ),
    "too_many_pages": _("Tệp PDF dài hơn %(limit)s trang; hãy chia thành nhiều tệp rồi gửi từng tệp."),
    "too_many_signatures": _("Tệp có hơn %(limit)s chữ ký số nên phần mềm không kiểm tra; hãy gửi bản gốc."),
    "not_pdf": _("Đây không phải tệp PDF; hãy chọn đúng tệp PDF đã ký số."),
    "active": _(
        "Tệp PDF này tự chạy lệnh hoặc giấu tệp khác bên trong nên không nhận; hãy in ra tệp PDF mới rồi gửi."
    ),
    "heic": _(
        "Ảnh dạng HEIC của iPhone chưa mở được; hãy vào Cài đặt, Camera, Định dạng, chọn Tương thích nhất rồi chụp lại."
    ),
    "not_kept": _(
        "Chỉ nhận ảnh (JPG, PNG) hoặc tệp PDF; hãy chụp ảnh giấy tờ hoặc lưu lại dạng PDF rồi gửi."
    ),
    "not_picture": _("Chỉ nhận ảnh (JPG, PNG); hãy chụp lại ảnh của mã."),
    "not_template": _("Tệp không phải mẫu nhập số liệu của phần mềm; hãy tải mẫu về, điền vào rồi gửi lại."),
}

WARNINGS = {
    "renamed": _("Tên tệp kết thúc bằng %(suffix)s nhưng nội dung là %(kind)s; đã đọc theo nội dung."),
    "macros": _("Tệp có macro; phần mềm chỉ đọc giá trị và không chạy macro."),
    "uncalculated": _(
        "%(count)s ô công thức chưa có kết quả; hãy mở tệp bằng Excel, lưu lại rồi gửi nếu cần các ô đó."
    ),
    "cell_errors": _("%(count)s ô báo lỗi công thức và được đọc là ô trống."),
    "hidden_sheets": _("Có trang tính bị ẩn, vẫn được đọc: %(names)s."),
    "hidden_rows": _("Có dòng hoặc cột bị ẩn, vẫn được đọc, ở trang tính: %(names)s."),
    "old_excel": _(
        "Đây là tệp Excel kiểu cũ (.xls), đôi khi bị đọc lệch cột; hãy so vài dòng dưới đây với tệp, hoặc lưu lại dạng .xlsx."
    ),
    "scanned_pages": _("Các trang sau là ảnh quét nên không đọc được: %(pages)s."),
    "legacy_font": _("Văn bản có đoạn dùng phông chữ cũ (.Vn… hoặc VNI), chữ ở đó có thể đọc sai."),
    "signature_unread": _(
        "Tệp có chữ ký số nhưng phần mềm không kiểm tra được; hãy mở bằng phần mềm ký số để xem."
    ),
}

KINDS = {"text": _("văn bản thuần"), "docx": "Word", "xlsx": "Excel", "pdf": "PDF"}


class Unreadable(Refusal):
    """A file that cannot be read; `code` is a key of REASONS."""

    def __init__(self, code: str, values: Mapping[str, Any] | None = None) -> None:
        super().__init__(gettext(REASONS[code]) % (values or {}))
        self.code = code
        if code == "too_large":
            self.status = 413


def warning(code: str, values: Mapping[str, Any]) -> str:
    """The sentence of a warning, in the user's language."""
    return gettext(WARNINGS[code]) % values
