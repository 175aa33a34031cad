"""What is wrong with a VietQR, in a plain sentence each: (Vietnamese, English)."""

from collections.abc import Mapping

PROBLEMS: Mapping[str, tuple[str, str]] = {
    "characters": (
        "Mã có ký tự lạ, không phải mã VietQR. Hãy quét lại.",
        "The code has odd characters and is no VietQR. Scan it again.",
    ),
    "too_long": (
        "Mã dài quá %(most)s ký tự, không phải mã VietQR.",
        "The code is longer than %(most)s characters and no VietQR.",
    ),
    "not_emv": (
        "Đây không phải mã thanh toán QR (mã phải bắt đầu bằng 000201). Hãy quét lại đúng mã.",
        "This is no payment code (one begins with 000201). Scan the right code.",
    ),
    "no_crc": (
        "Mã thiếu phần kiểm tra ở cuối, có thể chưa quét hết. Hãy quét lại.",
        "The check at the end is missing; perhaps it was not scanned whole. Scan it again.",
    ),
    "crc": (
        "Mã sai phần kiểm tra ở cuối (phải là %(expected)s, đang là %(found)s): mã đã bị sửa hoặc quét thiếu. Đừng trả tiền theo mã này.",
        "The check at the end is wrong (%(expected)s expected, %(found)s found): it was changed or not scanned whole. Do not pay by it.",
    ),
    "tlv": (
        "Mã bị hỏng ở ký tự thứ %(at)s: độ dài một phần không khớp.",
        "The code is broken at character %(at)s: the length of a part does not fit.",
    ),
    "double": ("Mã có hai phần %(tag)s; không rõ phần nào đúng.", "The code has part %(tag)s twice."),
    "not_vietqr": (
        "Mã thanh toán này không phải VietQR của NAPAS (không có tài khoản ngân hàng nhận tiền).",
        "This payment code is no VietQR of NAPAS (it names no bank account).",
    ),
    "currency": (
        "Mã không phải tiền đồng Việt Nam (mã tiền “%(value)s”, phải là 704).",
        "The code is not in Vietnamese đồng (currency “%(value)s” instead of 704).",
    ),
    "country": (
        "Mã không phải của Việt Nam (mã nước “%(value)s”, phải là VN).",
        "The code is not of Viet Nam (country “%(value)s” instead of VN).",
    ),
    "method": (
        "Mã ghi cách dùng “%(value)s”; chỉ có 11 (mã tĩnh) hoặc 12 (mã động).",
        "The code says method “%(value)s”; only 11 (static) and 12 (dynamic) exist.",
    ),
    "bank": (
        "Mã ngân hàng “%(value)s” chưa đúng: phải là 6 chữ số.",
        "The bank's number “%(value)s” is wrong: it has 6 digits.",
    ),
    "account": (
        "Số tài khoản “%(value)s” chưa đúng: từ 5 đến 19 chữ số hoặc chữ in hoa, không dấu cách.",
        "The account “%(value)s” is wrong: 5 to 19 digits or capital letters without blanks.",
    ),
    "service": (
        "Mã ghi loại dịch vụ “%(value)s” mà ngân hàng không dùng.",
        "The code names a service “%(value)s” that banks do not know.",
    ),
    "amount": (
        "Số tiền “%(value)s” chưa đúng: phải là số đồng nguyên, từ 1 đồng, không quá 13 chữ số.",
        "The amount “%(value)s” is wrong: whole đồng, at least 1, at most 13 digits.",
    ),
    "purpose_characters": (
        "Nội dung chuyển khoản chỉ dùng chữ không dấu, số và dấu câu thường.",
        "The note takes letters without accents, digits and ordinary signs only.",
    ),
    "purpose_length": (
        "Nội dung chuyển khoản dài %(length)s ký tự, nhiều nhất %(most)s. Hãy viết ngắn lại; chương trình không tự cắt.",
        "The note has %(length)s characters, at most %(most)s fit. Shorten it; nothing is cut for you.",
    ),
    "name": (
        "Tên người nhận trên mã chỉ dùng chữ không dấu, nhiều nhất %(most)s ký tự.",
        "The payee's name takes at most %(most)s letters without accents.",
    ),
}
