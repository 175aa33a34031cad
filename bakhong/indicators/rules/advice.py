"""What to do about a finding, in both languages."""

_ADVICE = {
    "percent_mismatch": (
        "Tính lại tỷ lệ từ sổ theo dõi, rồi sửa số liệu hoặc trả lời “nguồn in đúng như vậy”.",
        "Work the percentage out again from the register, then correct the figure or answer “printed so”.",
    ),
    "percent_truncated": (
        "Làm tròn thay vì cắt bớt; nếu nguồn đã in như vậy thì trả lời “nguồn in đúng như vậy”.",
        "Round instead of cutting off; where the source printed it so, answer “printed so”.",
    ),
    "remainder_mismatch": (
        "Đối chiếu danh sách: số đạt được, tổng số hay số còn lại bị gõ nhầm? Sửa số sai.",
        "Compare with the list: is it the count, the whole or the remainder that was mistyped? Correct that one.",
    ),
    "parts_do_not_sum": (
        "Đối chiếu từng phần với tổng số trong sổ theo dõi, rồi sửa số sai.",
        "Compare each part and the whole with the register, then correct the wrong one.",
    ),
    "part_added_to_whole": (
        "Số “trong đó” đã nằm trong số đứng trước: đừng cộng lần nữa. Sửa tổng số.",
        "The “of which” number is inside the one before it: do not add it again. Correct the total.",
    ),
    "part_exceeds_whole": (
        "Một phần không thể lớn hơn tổng số. Xem có đảo hai số hay nhầm tổng số không.",
        "A part cannot be larger than its whole. See whether the two were swapped or the whole is another one.",
    ),
    "denominators_differ": (
        "Ghi rõ mỗi tổng số tính trên ai (người trưởng thành, từ 15 tuổi, có mặt tại địa phương …).",
        "Say of whom each total is (adults, people aged 15 or over, people present …).",
    ),
    "contradicts_earlier": (
        "Xem hai nguồn: số nào đúng? Rút số sai, hoặc giải thích vì sao hai nguồn khác nhau.",
        "Look at both sources: which is right? Withdraw the wrong one, or explain why they differ.",
    ),
}
_OTHER = (
    "Đối chiếu lại với nguồn, rồi sửa hoặc giải thích.",
    "Compare with the source, then correct or explain.",
)


def advice(code: str, lang: str = "vi") -> str:
    """
    >>> advice("percent_truncated", "en").startswith("Round")
    True
    """
    return _ADVICE.get(code, _OTHER)[lang == "en"]
