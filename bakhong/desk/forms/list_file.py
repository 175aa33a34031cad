"""A list sent as a file: it is there, and small enough to be read."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from bakhong.core.errors import Refusal
from bakhong.documents.reading import MAX_BYTES

_MISSING = _("Hãy chọn một tệp danh sách.")
_TOO_LARGE = _("Tệp lớn hơn 20 MB; hãy chia nhỏ rồi gửi lại.")


class ListFileField(forms.FileField):
    """A file of at most `MAX_BYTES`."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        file = super().clean(data, initial)
        if file and _is_too_large(file):
            raise forms.ValidationError(_TOO_LARGE)
        return file


def sent_list(request: HttpRequest, missing: Any = _MISSING) -> tuple[str, bytes]:
    """(name, content) of the file a page without a form of fields was sent; `missing` is said where there is none.

    Raises: Refusal.
    """
    file = request.FILES.get("file")
    if file is None:
        raise Refusal(str(missing))
    if _is_too_large(file):
        raise Refusal(str(_TOO_LARGE))
    return file.name or "", file.read()


def _is_too_large(file: "UploadedFile[bytes]") -> bool:
    return (file.size or 0) > MAX_BYTES
