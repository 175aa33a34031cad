"""The reader on a written report of twenty pages (about 60 kB), in process."""

from pathlib import Path

from bench import Scenario

REPORTS = Path(__file__).resolve().parent.parent / "bakhong" / "demo" / "data" / "reports"
PROSE = (
    "Trong thời gian qua, cấp ủy, chính quyền đã tập trung lãnh đạo, chỉ đạo các thôn, tổ công nghệ số cộng đồng phối hợp với các đoàn thể "
    "tuyên truyền đến từng hộ, hướng dẫn người dân sử dụng các dịch vụ số, giải đáp vướng mắc và ghi nhận khó khăn để tháo gỡ kịp thời. "
)
LENGTH = 60_000


def scenarios() -> list[Scenario]:
    from bakhong.indicators.rules.reader import read

    parts = [path.read_text(encoding="utf-8") for path in sorted(REPORTS.glob("*.txt"))]
    report = ""
    while len(report) < LENGTH:
        report += "".join(part + "\n" + PROSE * 6 + "\n" for part in parts)
    report = report[:LENGTH]
    return [Scenario("read a report of 20 pages", lambda: read(report), promise=100, repeats=20)]
