"""The state of a PDF's signatures, told without a network."""

from bakhong.documents.reading import Extract, extract
from bakhong.documents.tests import files


def read(source: bytes) -> Extract:
    return extract(source, filename="a.pdf")


def test_it_knows_an_untouched_signature_and_trusts_nobody() -> None:
    signed = files.signed_pdf(files.pdf_file(files.SENTENCE))
    result = read(signed)
    assert result.text == files.SENTENCE
    status = result.signature
    assert status
    assert (status.intact, status.whole_file, status.is_trusted) == (True, True, None)
    assert status.signers == ["Nguyễn Văn A"]
    assert "nguyên vẹn; chưa kiểm tra được chuỗi tin cậy" in status.sentence


def test_it_sees_that_signed_content_was_changed() -> None:
    signed = files.signed_pdf(files.pdf_file(files.SENTENCE))
    figure = "4.795".encode("utf-16-be").hex().encode()
    assert figure in signed
    status = read(signed.replace(figure, "4.796".encode("utf-16-be").hex().encode())).signature
    assert status
    assert not status.intact
    assert "đã bị sửa" in status.sentence


def test_it_names_everybody_who_signed() -> None:
    once = files.signed_pdf(files.pdf_file(files.SENTENCE), "Trần Thị B")
    status = read(files.signed_pdf(once, "UBND xã Ngọc Phụng")).signature
    assert status
    assert (status.intact, status.whole_file) == (True, True)
    assert status.signers == ["Trần Thị B", "UBND xã Ngọc Phụng"]


def test_it_sees_what_was_added_after_the_signature() -> None:
    signed = files.signed_pdf(files.pdf_file(files.SENTENCE))
    status = read(files.with_update(signed)).signature
    assert status
    assert not status.whole_file
    assert "thêm sau khi ký" in status.sentence


def test_it_reads_on_when_a_signature_cannot_be_checked() -> None:
    signed = files.signed_pdf(files.pdf_file(files.SENTENCE))
    start = (
        signed.index(b"/Contents <") + 11 if b"/Contents <" in signed else signed.index(b"/Contents<") + 10
    )
    broken = signed[:start] + b"0" * 40 + signed[start + 40 :]
    result = read(broken)
    assert (result.text, result.signature) == (files.SENTENCE, None)
    assert ["không kiểm tra được" in line for line in result.warnings] == [True]
