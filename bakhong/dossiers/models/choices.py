"""The words of this room's columns."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from bakhong.dossiers.rules import states


class State(models.TextChoices):
    """In a resident's words; `rules/states.py` has the national numbers."""

    DRAFT = states.DRAFT, _("Chưa nộp")
    SUBMITTED = states.SUBMITTED, _("Đã nộp, chờ tiếp nhận")
    RECEIVED = states.RECEIVED, _("Đã tiếp nhận")
    REFUSED = states.REFUSED, _("Không tiếp nhận")
    IN_PROGRESS = states.IN_PROGRESS, _("Đang giải quyết")
    SUPPLEMENT = states.SUPPLEMENT, _("Chờ bổ sung giấy tờ")
    DUTY = states.DUTY, _("Chờ nộp phí, lệ phí")
    WITHDRAWING = states.WITHDRAWING, _("Xin rút hồ sơ")
    STOPPED = states.STOPPED, _("Dừng giải quyết")
    APPROVED = states.APPROVED, _("Đã duyệt, chờ ký")
    DONE = states.DONE, _("Đã có kết quả")
    RETURNED = states.RETURNED, _("Đã trả kết quả")


class Channel(models.TextChoices):
    """Source: the national portal's KenhThucHien: 1 direct, 2 online, 3 public post."""

    DIRECT = "direct", _("Trực tiếp")
    ONLINE = "online", _("Trực tuyến")
    POST = "post", _("Bưu chính")


class OperatedBy(models.TextChoices):
    """Who really filled it in and sent it, whatever the channel says."""

    RESIDENT = "resident", _("Chính người dân")
    RELATIVE = "relative", _("Người thân được uỷ quyền")
    OFFICER = "officer", _("Cán bộ làm giúp")
    DIGITAL_TEAM = "digital_team", _("Tổ công nghệ số làm giúp")


class ResultMode(models.TextChoices):
    ELECTRONIC = "electronic", _("Bản điện tử")
    DESK = "desk", _("Tại nơi nhận hồ sơ")
    POST = "post", _("Qua bưu điện")
    HOME = "home", _("Tại nhà")


class Given(models.TextChoices):
    """How a paper came."""

    UPLOADED = "uploaded", _("Người dân gửi ảnh")
    SCANNED = "scanned", _("Cán bộ chụp, quét")
    REUSED = "reused", _("Lấy từ kho giấy tờ của người dân")
    REGISTER = "register", _("Lấy từ cơ sở dữ liệu")
    ORIGINAL_SEEN = "original_seen", _("Đã xem bản chính")
    NOT_FOUND = "not_found", _("Đã tra, không thấy")
    SIGNED = "signed", _("Người nộp đã ký số")


class Check(models.TextChoices):
    """What became of a paper the procedure names."""

    ATTACHED = "attached", _("Đã nộp")
    HELD = "held", _("Nhà nước đã có, không phải nộp")
    NOT_FOUND = "not_found", _("Đã tra, không thấy nên phải nộp")
    SEEN = "seen", _("Đã xem bản chính")
    MISSING = "missing", _("Còn thiếu")
    NOT_NEEDED = "not_needed", _("Không cần")


class Kind(models.TextChoices):
    """What may happen to a dossier, as the end of a sentence that begins with who did it."""

    FILE = "file", _("nộp hồ sơ")
    TAKE_OVER = "take_over", _("chép hồ sơ từ hệ thống khác")
    RECEIVE = "receive", _("tiếp nhận hồ sơ")
    REFUSE = "refuse", _("từ chối tiếp nhận hồ sơ")
    ASSIGN = "assign", _("giao người giải quyết")
    FORWARD = "forward", _("chuyển bước giải quyết")
    SEND_TO_AGENCY = "send_to_agency", _("gửi cơ quan phối hợp")
    HEAR_FROM_AGENCY = "hear_from_agency", _("nhận trả lời của cơ quan phối hợp")
    ASK_SUPPLEMENT = "ask_supplement", _("yêu cầu bổ sung giấy tờ")
    ANSWER_SUPPLEMENT = "answer_supplement", _("bổ sung giấy tờ")
    SET_DUTY = "set_duty", _("yêu cầu nộp phí, lệ phí")
    PASS_DUTY = "pass_duty", _("xác nhận xong nghĩa vụ tài chính")
    UNDO_DUTY = "undo_duty", _("thôi ghi nhận tiền phí, lệ phí đã nộp")
    SEND_BACK = "send_back", _("trả lại để làm tiếp")
    APPROVE = "approve", _("duyệt kết quả")
    REOPEN = "reopen", _("bỏ duyệt để làm lại")
    SIGN = "sign", _("ký kết quả")
    RETURN_RESULT = "return_result", _("trả kết quả")
    ASK_WITHDRAWAL = "ask_withdrawal", _("xin rút hồ sơ")
    CONFIRM_WITHDRAWAL = "confirm_withdrawal", _("đồng ý cho rút hồ sơ")
    KEEP = "keep", _("thôi rút hồ sơ")
    STOP = "stop", _("dừng giải quyết")
    APOLOGISE = "apologise", _("xin lỗi và hẹn lại ngày trả")
    WARN = "warn", _("báo sắp đến hạn")
    ESCALATE = "escalate", _("báo quá hạn lên người phụ trách")
    VISIT = "visit", _("ghi lượt gặp trực tiếp")
    SIGN_APPLICATION = "sign_application", _("ký số đơn, tờ khai")
    EXTEND = "extend", _("gia hạn để xác minh")
    IDENTIFY = "identify", _("ghi nhận người nộp có trong danh sách dân cư")
    NOTE_CODE = "note_code", _("ghi mã hồ sơ ở hệ thống khác")
    TAKE_BACK = "take_back", _("lấy lại việc vừa ghi nhầm")
    CANCEL_RESULT = "cancel_result", _("thu hồi kết quả đã ký")
    FILL_FORM = "fill_form", _("làm tờ khai cho hồ sơ nộp ở nơi khác")
    APPLY_DAYS = "apply_days", _("áp ngày nghỉ mới")
