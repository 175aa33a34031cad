"""Small marks made of colour, word and icon. Python that builds HTML uses them as the templates do."""

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

STATE_WORDS = {
    "done": lambda: gettext("xong"),
    "doing": lambda: gettext("đang xử lý"),
    "late": lambda: gettext("quá hạn"),
    "error": lambda: gettext("lỗi"),
    "none": lambda: gettext("chưa có"),
}
ICONS = {
    "done": "M6.2 12.6 1.6 8l1.7-1.7 2.9 2.9 6.5-6.5 1.7 1.7z",
    "doing": "M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1zm1 7.6 3 1.8-.9 1.5L7.2 9.5V4H9z",
    "late": "M8 1 .5 15h15zM7.2 6h1.6v4.5H7.2zm0 5.7h1.6v1.6H7.2z",
    "error": "M5 1 1 5v6l4 4h6l4-4V5l-4-4zm.7 3.3L8 6.6l2.3-2.3 1.4 1.4L9.4 8l2.3 2.3-1.4 1.4L8 9.4l-2.3 2.3-1.4-1.4L6.6 8 4.3 5.7z",
    "none": "M2 7h12v2H2z",
}
SEVERITY_WORDS = {"error": lambda: gettext("lỗi"), "warning": lambda: gettext("cần xem")}


def icon(name: str) -> SafeString:
    """One of `ICONS`, for the eye only: a word stands beside it."""
    return format_html(
        '<svg class="bk-icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">'
        '<path d="{}"/></svg>',
        ICONS[name],
    )


def state(kind: str, word: str = "") -> SafeString:
    """Colour, word and icon: "done", "doing", "late", "error" or "none"; `word` replaces the usual one."""
    return format_html(
        '<strong class="bk-state bk-state--{}">{}{}</strong>', kind, icon(kind), word or STATE_WORDS[kind]()
    )


def finding_flag(content: SafeString, severity: str, summary: str = "") -> SafeString:
    """A small flag on a number that opens its explanation; severity "error" or "warning"."""
    is_error = severity == "error"
    return format_html(
        '<details class="bk-flag{}"><summary>{}{}</summary><div>{}</div></details>',
        " bk-flag--error" if is_error else "",
        icon("error" if is_error else "late"),
        summary or SEVERITY_WORDS[severity](),
        content,
    )
