"""Photos of QR codes that residents send: read while they wait, and not kept."""

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from bakhong.core.errors import Refusal
from bakhong.documents.codes_in_pictures import codes_in
from bakhong.documents.keeping import MAX_BYTES


def codes_of_photo(photo: "UploadedFile[bytes]") -> list[str]:
    """The texts of its codes, the largest first; none where none is found.

    Raises: Refusal, with what is wrong with the photo.
    """
    if (photo.size or 0) > MAX_BYTES:
        raise Refusal(_("Ảnh quá lớn. Mỗi ảnh nhiều nhất 10 MB."))
    return codes_in(photo.read(), is_passing_by=True)
