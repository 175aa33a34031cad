"""A club books the culture house and sends a photo of its decision: made smaller on the phone, or by the server where no script runs."""

import hashlib
import random
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from bakhong.core.actor import OPERATOR
from bakhong.documents.models import File
from bakhong.people import scope
from bakhong.places.actions import set_contact
from bakhong.places.models import Unit


@pytest.fixture(autouse=True)
def commune(thuong_xuan: Unit, settings: Any, transactional_db: None) -> Unit:
    from bakhong.eforms.actions.publishing import publish_shipped

    now = datetime.now(UTC)
    settings.UNIT = "15646"
    publish_shipped(now)
    set_contact(unit=thuong_xuan, phone="0237 111 2222", by=OPERATOR, at=now)
    return thuong_xuan


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """As a phone takes it: 12 million dots, lying on its side, with the place where it was taken."""
    seen = random.Random(7)
    small = Image.new("RGB", (400, 300))
    small.putdata(
        [(seen.randrange(256), seen.randrange(256), seen.randrange(256)) for _dot in range(120_000)]
    )
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, "Thôn Xuân Thành"
    path = tmp_path / "quyet-dinh.jpg"
    small.resize((4000, 3000)).save(path, "JPEG", quality=85, exif=exif)
    return path


@pytest.mark.parametrize("has_script", [True, False])
def test_a_club_sends_a_photo(
    has_script: bool,
    photo: Path,
    browse: Callable[..., Any],
    axe: Callable[[Any], None],
    screenshot: Callable[[Any, str], None],
) -> None:
    page = browse(width=360, height=640, java_script_enabled=has_script)
    page.goto("/thu-tuc/local.nha-van-hoa/")
    page.get_by_role("button", name="Nộp hồ sơ").click()
    page.get_by_role("link", name="Khai luôn").click()
    page.get_by_label("Họ, chữ đệm và tên").fill("Lê Thị Hoá")
    page.get_by_label("Nơi thường trú").fill("Xuân Thành")
    page.get_by_label("Số điện thoại").fill("0912345678")
    page.get_by_label("Thay mặt đoàn thể").fill("Hội Phụ nữ thôn")
    page.get_by_role("button", name="Lưu và khai tiếp").click()
    draft = page.url.rstrip("/").split("/")[-2]
    page.goto(page.url.replace("/viec/", "/buoc/giay-to/"))
    page.get_by_label("Chọn ảnh hoặc chụp").set_input_files(photo)
    if has_script:
        page.wait_for_function(
            "document.querySelector('[data-shrink]').files[0].size < 3000000", timeout=20_000
        )
    page.get_by_role("button", name="Gửi ảnh").click()
    assert "quyet-dinh.jpg" in page.inner_text("main")
    screenshot(page, f"photo-{'js' if has_script else 'nojs'}")
    if has_script:
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
    with scope.seeing(OPERATOR):
        (file,) = File.objects.filter(owner=draft, erased_at=None)
    original = photo.read_bytes()
    was_sent_whole = file.sent_sha256 == hashlib.sha256(original).hexdigest()
    assert was_sent_whole is not has_script  # the phone made it smaller, or the server did
    assert file.media_type == "image/jpeg"
    assert file.size < len(original) / 3
    page.get_by_role("button", name="Bỏ ảnh này").click()
    assert "quyet-dinh.jpg" not in page.inner_text("main")
    assert page.complaints == []
