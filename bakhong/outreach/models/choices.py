"""Codes that several tables share, with the words people choose from."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PartOfDay(models.TextChoices):
    MORNING = "morning", _("Buổi sáng")
    NOON = "noon", _("Buổi trưa")
    AFTERNOON = "afternoon", _("Buổi chiều")
    EVENING = "evening", _("Buổi tối")


class Outcome(models.TextChoices):
    MET_DONE = "met_done", _("Gặp, đã làm xong")
    MET_PARTLY = "met_partly", _("Gặp, làm được một phần")
    COME_AGAIN = "come_again", _("Gặp, hẹn lần khác")
    NOBODY_HOME = "nobody_home", _("Không có ai ở nhà")
    REFUSED = "refused", _("Gặp, không đồng ý làm")
    CANNOT = "cannot", _("Không làm được (máy, sóng, giấy tờ)")
    MOVED = "moved", _("Cả hộ đã chuyển đi")


class Result(models.TextChoices):
    DONE = "done", _("Đã xong")
    REGISTERED = "registered", _("Đã đăng ký, chờ duyệt")
    TRIED = "tried", _("Chưa được")
    REFUSED = "refused", _("Không đồng ý")


class WhosePhone(models.TextChoices):
    OWN = "own", _("Điện thoại của chính người này")
    RELATIVE = "relative", _("Điện thoại của người thân")
    OFFICER = "officer", _("Điện thoại của tổ")
    NONE = "none", _("Không dùng điện thoại")


class SignedHow(models.TextChoices):
    SIGNATURE = "signature", _("Ký tên")
    THUMB = "thumb", _("Điểm chỉ")
    SPOKEN = "spoken", _("Nói trước người làm chứng")


# Somebody of the household was met.
MET = frozenset({Outcome.MET_DONE, Outcome.MET_PARTLY, Outcome.COME_AGAIN, Outcome.REFUSED, Outcome.CANNOT})
# The household needs no further visit.
FINISHED = frozenset({Outcome.MET_DONE, Outcome.MOVED})
