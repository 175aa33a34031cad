"""Whether the procedures that came with the program are as they came."""

from bakhong.core.errors import Refusal


def check_catalogue() -> str:
    """How many versions there are.

    Raises: Refusal naming each that was changed in place.
    """
    from bakhong.procedures.rules.catalogue import all_versions
    from bakhong.procedures.rules.kept import changed

    wrong = changed()
    if wrong:
        raise Refusal(
            f"thủ tục bị sửa ngay trong bản đã phát hành ({', '.join(wrong)}): hồ sơ đang làm sẽ bị tính lại thời hạn. "
            "Trả procedures.toml về như cũ; muốn sửa thì thêm bản mới, hoặc sửa ở trang Thủ tục của xã"
        )
    return f"{len(all_versions())} bản thủ tục, đúng như đã phát hành"
