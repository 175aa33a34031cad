"""What an announcement of a commune must not say, since swindlers say it, and the forms in which it is read out and pasted."""

import re
from datetime import date

from bakhong.core.days import parse_day

SPEAKING_WORDS = 250  # about two minutes; longer ones nobody listens to
# In the words of the warnings of the Ministry of Public Security: nobody who is real asks for these (domain research, 11.2).
_TRAPS = {
    "link": r"https?://|www\.|\b[\w-]+\.(?:vn|com|net|org|info|top|xyz|link|app|me|io)\b(?:/\S*)?|bit\.ly|zalo\.me",
    "file": r"\.apk\b|tệp cài đặt|file cài đặt",
    "otp": r"\botp\b|mã xác (?:thực|nhận|minh)",
    "password": r"mật khẩu|mã pin\b",
    "card_photo": r"(?:gửi|chụp|nhắn)[^.!?\n]{0,40}(?:ảnh|hình)[^.!?\n]{0,30}(?:căn cước|cccd|thẻ)"
    r"|(?:chụp|gửi)[^.!?\n]{0,20}(?:căn cước|cccd)",
    "transfer": r"chuyển khoản|chuyển tiền|đặt cọc|số tài khoản",
}
_DENIED = re.compile(r"\b(?:không|đừng|chớ|chưa bao giờ)\b", re.IGNORECASE)
_SENTENCE = re.compile(r"[^!?\n]+?(?:[.!?](?=\s|$)|\n|$)")
_PHONE = re.compile(r"(?<!\d)0\d(?:[ .]?\d){7,9}(?!\d)")
_DATE = re.compile(r"\b\d{1,2}/\d{1,2}/\d{4}\b")
_HOUR = re.compile(r"\b(\d{1,2})\s?[hg:](\d{2})?\b")


def problems(text: str, known_phones: frozenset[str] = frozenset()) -> list[str]:
    """Codes of what makes it sound like a swindle, in the order of `_TRAPS`; then "phone" for a number that is not the commune's own,
    and "long". A sentence that warns ("không ai hỏi mã OTP") is what is wanted, not a trap.

    >>> problems("Bấm vào bit.ly/vneid và đọc mã OTP cho cán bộ.")
    ['link', 'otp']
    >>> problems("Không ai của xã hỏi mật khẩu hay mã OTP. Không bấm vào đường link lạ.")
    []
    >>> problems("Gọi 0912 345 678."), problems("Gọi 0912 345 678.", frozenset({"0912345678"}))
    (['phone'], [])
    """
    found = [code for code, pattern in _TRAPS.items() if _is_asked(text, pattern)]
    numbers = {re.sub(r"\D", "", each) for each in _PHONE.findall(text)}
    if numbers - known_phones:
        found.append("phone")
    if len(text.split()) > SPEAKING_WORDS:
        found.append("long")
    return found


def _is_asked(text: str, pattern: str) -> bool:
    for sentence in _SENTENCE.findall(text):
        for match in re.finditer(pattern, sentence, re.IGNORECASE):
            if not _DENIED.search(sentence[: match.start()]):
                return True
    return False


def spoken(text: str) -> str:
    """Days and hours as somebody reads them out.

    >>> spoken("Sáng 06/05/2026, 7h30 đến 11h, tại nhà văn hoá.")
    'Sáng ngày 6 tháng 5 năm 2026, 7 giờ 30 đến 11 giờ, tại nhà văn hoá.'
    """
    text = _DATE.sub(lambda match: _day_in_words(parse_day(match[0]), match[0]), text)
    text = re.sub(r"\b(ngày) ngày\b", r"\1", text, flags=re.IGNORECASE)
    return _HOUR.sub(
        lambda match: f"{int(match[1])} giờ" + (f" {match[2]}" if match[2] and match[2] != "00" else ""), text
    )


def _day_in_words(day: date | None, text: str) -> str:
    return text if day is None else f"ngày {day.day} tháng {day.month} năm {day.year}"


def chat_text(title: str, body: str, *lines: str) -> str:
    """Ready to paste into a chat group: the title in capitals, what matters, then a line each.

    >>> chat_text("Tập huấn", "Mời bà con.", "Gọi: 0237 111 2222", "")
    'TẬP HUẤN\\n\\nMời bà con.\\n\\nGọi: 0237 111 2222'
    """
    parts = [title.upper(), body.strip(), "\n".join(line for line in lines if line)]
    return "\n\n".join(part for part in parts if part)
