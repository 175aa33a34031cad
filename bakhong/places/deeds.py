"""This room's deeds in words, for the trail."""

from django.utils.translation import gettext_lazy as _

WORDS = {
    "places.load_reference": _("Nạp danh mục đơn vị hành chính"),
    "places.record_change": _("Ghi thay đổi đơn vị theo nghị quyết"),
    "places.create_villages": _("Thêm thôn, tổ dân phố"),
    "places.rename_village": _("Đổi tên thôn, tổ dân phố"),
    "places.merge_villages": _("Nhập thôn, tổ dân phố"),
    "places.split_village": _("Chia thôn, tổ dân phố"),
    "places.place_village": _("Chuyển thôn sang đơn vị khác"),
    "places.undo_village_change": _("Hoàn tác thay đổi về thôn"),
    "places.set_group": _("Xếp nhóm đơn vị"),
    "places.set_contact": _("Đổi số điện thoại và nơi tiếp dân"),
}

KINDS = {
    "unit": _("đơn vị"),
    "resolution": _("nghị quyết"),
    "reference": _("danh mục"),
}
