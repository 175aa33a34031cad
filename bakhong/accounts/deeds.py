"""This room's deeds in words, for the trail."""

from django.utils.translation import gettext_lazy as _

WORDS = {
    "accounts.create_user": _("Lập tài khoản"),
    "accounts.invite": _("Tạo liên kết một lần"),
    "accounts.accept_invitation": _("Nhận lời mời, đặt cụm mật khẩu"),
    "accounts.assign_role": _("Giao vai trò"),
    "accounts.end_assignment": _("Kết thúc vai trò"),
    "accounts.disable_user": _("Khóa tài khoản"),
    "accounts.enable_user": _("Mở lại tài khoản"),
    "accounts.reset_user": _("Cấp lại cụm mật khẩu và xác thực hai lớp"),
    "accounts.print_card": _("In thẻ đăng nhập bằng điện thoại"),
    "accounts.set_pin": _("Đặt mã PIN bằng thẻ"),
    "accounts.reset_pin": _("Hủy mã PIN và điện thoại cũ"),
    "accounts.lock_pin": _("Khóa mã PIN vì sai nhiều lần"),
    "accounts.welcome_resident": _("Người dân đăng nhập bằng định danh điện tử"),
    "accounts.sign_in": _("Đăng nhập"),
    "accounts.sign_out": _("Đăng xuất"),
    "accounts.sign_out_everywhere": _("Đăng xuất khỏi mọi thiết bị"),
    "accounts.refuse_sign_in": _("Đăng nhập không thành công"),
    "accounts.change_passphrase": _("Đổi cụm mật khẩu"),
    "accounts.add_second_factor": _("Bật xác thực hai lớp"),
    "accounts.remove_second_factor": _("Tắt xác thực hai lớp"),
    "accounts.renew_recovery_codes": _("Tạo mã dự phòng mới"),
    "accounts.add_official": _("Thêm cán bộ vào danh sách"),
    "accounts.end_official": _("Ghi cán bộ thôi nhiệm vụ"),
    "accounts.record_certificate": _("Ghi chứng thư số"),
    "accounts.revoke_certificate": _("Ghi thu hồi chứng thư số"),
}

KINDS = {
    "user": _("tài khoản"),
    "invitation": _("liên kết"),
    "assignment": _("vai trò"),
    "official": _("cán bộ"),
    "certificate": _("chứng thư số"),
    "resident": _("người dân đăng nhập"),
}
