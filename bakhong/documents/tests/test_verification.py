"""What a signed file says for itself: untouched or not, by whom, trusted or not, and what was added. Each "no" has its "yes" beside it."""

import io
import json
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from bakhong.cli.main import main
from bakhong.documents.adapters.signing import pades
from bakhong.documents.adapters.signing.pkcs12 import Pkcs12
from bakhong.documents.adapters.signing.stamping import Stamper
from bakhong.documents.queries.verification import Verification, verify
from bakhong.documents.refusals import Unreadable
from bakhong.documents.tests import files
from bakhong.documents.tests.pki import ENDS, Pki

AT = datetime(2026, 11, 22, 3, tzinfo=UTC)
LATER = ENDS + timedelta(days=300)
Sign = Callable[..., bytes]


@pytest.fixture(scope="session")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Pki:
    return Pki(tmp_path_factory.mktemp("pki"))


@pytest.fixture(scope="session")
def sign(pki: Pki) -> Sign:
    keys = pki.folder / "signing"

    def now(content: bytes = files.pdf_file(files.SENTENCE), name: str = "signer", tsa: Any = None) -> bytes:
        pki.keep(keys, name, "thử")
        provider = Pkcs12(keys)
        (identity,) = provider.identities(name)
        prepared = pades.prepare(content, identity, at=AT, reason="", place="")
        (value,) = provider.sign(name, identity, "thử", [prepared.attributes])
        return pades.embed(prepared, identity.certificate, value, tsa=tsa)

    return now


def check(content: bytes, pki: Pki, at: datetime = AT, **options: Any) -> Verification:
    return verify(content, at=at, roots=options.pop("roots", [pki.root]), **options)


def test_it_holds(sign: Sign, pki: Pki) -> None:
    result = check(sign(), pki)
    assert result.holds
    (signer,) = result.signers
    assert (signer.name, signer.organisation, signer.issuer) == ("Thử signer", "Cơ quan thử", "Thử issuing")
    assert (signer.signed_at, signer.is_stamped) == (AT, False)


def test_an_elliptic_key_holds_too(sign: Sign, pki: Pki) -> None:
    assert check(sign(name="elliptic"), pki).holds


def test_one_changed_letter_is_seen(sign: Sign, pki: Pki) -> None:
    signed = sign()
    figure = "4.795".encode("utf-16-be").hex().encode()
    assert figure in signed
    result = check(signed.replace(figure, "4.796".encode("utf-16-be").hex().encode()), pki)
    assert (result.intact, result.trusted, result.holds) == (False, False, False)
    assert "bị sửa" in result.problem
    assert not result.signers[0].valid


@settings(max_examples=12, deadline=None)
@given(place=st.floats(0, 1, exclude_max=True))
def test_no_changed_byte_of_the_signed_ranges_holds(sign: Sign, pki: Pki, place: float) -> None:
    signed = bytearray(sign())
    hole = (signed.index(b"/Contents <") + 11, signed.rindex(b">", 0, signed.index(b"/ByteRange") + 30_000))
    at = int(place * hole[0])
    signed[at] ^= 1
    with suppress(Unreadable):  # not even a PDF any more
        assert not check(bytes(signed), pki).holds


def test_another_key_is_not_the_signers(sign: Sign, pki: Pki) -> None:
    """The signature value of somebody else does not get into a file at all."""
    keys = pki.folder / "signing"
    sign(), sign(name="elliptic")
    provider = Pkcs12(keys)
    (mine,), (theirs,) = provider.identities("signer"), provider.identities("elliptic")
    prepared = pades.prepare(files.pdf_file(files.SENTENCE), mine, at=AT, reason="", place="")
    (value,) = provider.sign("elliptic", theirs, "thử", [prepared.attributes])
    with pytest.raises(pades.WrongSignature):
        pades.embed(prepared, mine.certificate, value)


def test_who_issued_it_must_be_known(sign: Sign, pki: Pki, tmp_path: Path) -> None:
    result = check(sign(), pki, roots=[])
    assert (result.intact, result.whole_file, result.trusted) == (True, True, False)
    assert "nơi cấp" in result.problem
    other = tmp_path / "other"
    other.mkdir()
    assert not check(sign(), pki, roots=[Pki(other).root]).trusted


def test_a_certificate_for_something_else_signs_nothing(sign: Sign, pki: Pki) -> None:
    assert not check(sign(name="encipher"), pki).trusted


def test_what_is_added_afterwards_is_seen(sign: Sign, pki: Pki) -> None:
    result = check(files.with_update(sign()), pki)
    assert (result.intact, result.whole_file, result.holds) == (True, False, False)
    assert "thêm vào sau khi ký" in result.problem


def test_another_page_laid_over_is_seen(sign: Sign, pki: Pki) -> None:
    """The attack of adding a page's new content behind an untouched signature."""
    result = check(with_other_content(sign()), pki)
    assert result.intact
    assert not result.whole_file


def test_an_addition_hidden_below_a_second_signature_is_seen(sign: Sign, pki: Pki) -> None:
    result = check(sign(with_other_content(sign())), pki)
    assert not result.whole_file
    assert check(sign(sign()), pki).holds  # negative control: two signatures are no addition


def with_other_content(content: bytes) -> bytes:
    writer = IncrementalPdfFileWriter(io.BytesIO(content), strict=False)
    page = writer.root["/Pages"]["/Kids"][0].get_object()
    page["/Contents"] = writer.add_object(generic.StreamObject(stream_data=b"BT ET"))
    writer.update_container(page)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_what_hangs_behind_the_end_is_seen(sign: Sign, pki: Pki) -> None:
    assert not check(sign() + b"\n% more\n", pki).whole_file


def test_after_the_certificate_ended_its_own_clock_proves_nothing(sign: Sign, pki: Pki) -> None:
    result = check(sign(), pki, at=LATER)
    assert (result.intact, result.trusted) == (True, False)
    assert "không còn hạn" in result.problem
    assert check(sign(), pki, at=LATER, known_since=AT).holds  # it has lain in our store since


def test_a_time_stamp_outlives_the_certificate(sign: Sign, pki: Pki) -> None:
    with pki.stamping() as url:
        stamped = sign(tsa=Stamper(url))
    now = datetime.now(UTC)
    result = check(stamped, pki, at=LATER)
    assert result.holds
    assert result.signers[0].is_stamped
    assert abs((result.signers[0].signed_at or AT) - now) < timedelta(minutes=5)


def test_a_pdf_without_a_signature_does_not_hold(pki: Pki) -> None:
    result = check(files.pdf_file(files.SENTENCE), pki)
    assert (result.holds, result.intact, result.signers) == (False, False, ())
    assert "không có chữ ký số" in result.problem


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"xin chao", "not_pdf"),
        (b"%PDF-1.7", "damaged"),
        (b"%PDF-1.7\n" + b"\x00" * 5000, "damaged"),
        (b"%PDF-1.7\n" + b"<<" * 20_000, "damaged"),
        (b"%PDF-1.7\n" + b"0" * (20 * 1024 * 1024), "too_large"),
    ],
)
def test_what_is_no_signed_pdf_gets_a_sentence(content: bytes, code: str, pki: Pki) -> None:
    with pytest.raises(Unreadable) as refused:
        check(content, pki)
    assert refused.value.code == code


# --- the command ------------------------------------------------------------------------------------------------------


@pytest.fixture
def trusted(pki: Pki, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder that trusts the test's root."""
    (tmp_path / "trust").mkdir()
    (tmp_path / "trust" / "thu.pem").write_bytes(pki.root.read_bytes())
    settings.DATA = tmp_path
    monkeypatch.setenv("BAKHONG_DATA", str(tmp_path))
    return tmp_path


def told(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    status = main(["documents", "verify", *words])
    said = capsys.readouterr()
    return status, said.out, said.err


def test_the_command_says_yes(sign: Sign, trusted: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = trusted / "a.pdf"
    path.write_bytes(sign())
    status, out, _ = told(capsys, str(path), "--json")
    document = json.loads(out)
    assert status == 0
    assert [document[key] for key in ("intact", "trusted", "whole_file")] == [True, True, True]
    assert document["signers"][0]["name"] == "Thử signer"
    assert told(capsys, str(path))[0] == 0


def test_the_command_says_no(sign: Sign, trusted: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = trusted / "a.pdf"
    path.write_bytes(files.with_update(sign()))
    status, out, _ = told(capsys, str(path), "--json")
    assert (status, json.loads(out)["whole_file"]) == (1, False)
    status, _, err = told(capsys, str(path))
    assert (status, "thêm vào sau khi ký" in err) == (1, True)


def test_the_command_says_what_is_wrong_with_the_file(
    trusted: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (trusted / "a.txt").write_text("xin chào")
    for path, words in (
        (trusted / "a.txt", "không phải tệp PDF"),
        (trusted / "không có.pdf", "Không mở được"),
    ):
        status, out, err = told(capsys, str(path))
        assert (status, out) == (1, "")
        assert words in err
    assert told(capsys, str(trusted))[0] == 1


def test_the_trial_authority_is_trusted_on_a_demo_site_only(
    sign: Sign, trusted: Path, pki: Pki, settings: Any
) -> None:
    (trusted / "trust" / "thu.pem").rename(trusted / "trust" / "demo.pem")
    assert not verify(sign(), at=AT).trusted
    settings.DEMO = True
    assert verify(sign(), at=AT).trusted
