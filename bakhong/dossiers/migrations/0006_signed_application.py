"""The applicant signs their application: one more event the guard lets happen, which leaves the state as it is."""

from importlib import import_module

from django.db import migrations, models

GUARDS = import_module("bakhong.dossiers.migrations.0002_guards")
STATES = ("approved", "duty", "in_progress", "received", "submitted", "supplement", "withdrawing")
LEGAL = GUARDS.LEGAL + "".join(
    f",\n        ('sign_application', '{state}', ARRAY['{state}'])" for state in STATES
)
_FUNCTION = GUARDS.EVENTS[: GUARDS.EVENTS.index("CREATE TRIGGER")].replace(
    "CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"
)


def happen(legal):
    """The function of 0002 with another list of what may happen."""
    return _FUNCTION.replace(GUARDS.LEGAL, legal)


EVENT_KINDS = [
    ("file", "nộp hồ sơ"),
    ("take_over", "chép hồ sơ từ hệ thống khác"),
    ("receive", "tiếp nhận hồ sơ"),
    ("refuse", "từ chối tiếp nhận hồ sơ"),
    ("assign", "giao người giải quyết"),
    ("forward", "chuyển bước giải quyết"),
    ("send_to_agency", "gửi cơ quan phối hợp"),
    ("hear_from_agency", "nhận trả lời của cơ quan phối hợp"),
    ("ask_supplement", "yêu cầu bổ sung giấy tờ"),
    ("answer_supplement", "bổ sung giấy tờ"),
    ("set_duty", "yêu cầu nộp phí, lệ phí"),
    ("pass_duty", "xác nhận xong nghĩa vụ tài chính"),
    ("send_back", "trả lại để làm tiếp"),
    ("approve", "duyệt kết quả"),
    ("reopen", "bỏ duyệt để làm lại"),
    ("sign", "ký kết quả"),
    ("return_result", "trả kết quả"),
    ("ask_withdrawal", "xin rút hồ sơ"),
    ("confirm_withdrawal", "đồng ý cho rút hồ sơ"),
    ("keep", "thôi rút hồ sơ"),
    ("stop", "dừng giải quyết"),
    ("apologise", "xin lỗi và hẹn lại ngày trả"),
    ("warn", "báo sắp đến hạn"),
    ("escalate", "báo quá hạn lên người phụ trách"),
    ("visit", "ghi lượt gặp trực tiếp"),
    ("sign_application", "ký số đơn, tờ khai"),
]
WAYS_GIVEN = [
    ("uploaded", "Người dân gửi ảnh"),
    ("scanned", "Cán bộ chụp, quét"),
    ("reused", "Lấy từ kho giấy tờ của người dân"),
    ("register", "Lấy từ cơ sở dữ liệu"),
    ("original_seen", "Đã xem bản chính"),
    ("not_found", "Đã tra, không thấy"),
    ("signed", "Người nộp đã ký số"),
]


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0005_books")]

    operations = [
        migrations.RunSQL(happen(LEGAL), happen(GUARDS.LEGAL)),
        migrations.AlterField("event", "kind", models.CharField(choices=EVENT_KINDS, max_length=24)),
        migrations.AlterField("attachment", "how", models.CharField(choices=WAYS_GIVEN, max_length=14)),
    ]
