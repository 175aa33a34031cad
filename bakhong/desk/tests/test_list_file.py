"""A list that was sent is there, and small enough to be read."""

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest

from bakhong.core.errors import Refusal
from bakhong.desk.forms.list_file import ListFileField, sent_list
from bakhong.documents.reading import MAX_BYTES


def sent(size: int) -> HttpRequest:
    request = HttpRequest()
    file = SimpleUploadedFile("danh sách.csv", b"a")
    file.size = size
    request.FILES["file"] = file
    return request


def test_its_name_and_its_content_are_read() -> None:
    assert sent_list(sent(MAX_BYTES)) == ("danh sách.csv", b"a")


def test_it_is_missed_in_the_pages_words() -> None:
    with pytest.raises(Refusal, match=r"Hãy chọn một tệp danh sách\."):
        sent_list(HttpRequest())
    with pytest.raises(Refusal, match=r"Hãy chọn tệp sao kê\."):
        sent_list(HttpRequest(), "Hãy chọn tệp sao kê.")


def test_a_larger_one_is_refused_by_page_and_form() -> None:
    request = sent(MAX_BYTES + 1)
    with pytest.raises(Refusal, match="Tệp lớn hơn 20 MB"):
        sent_list(request)
    with pytest.raises(forms.ValidationError, match="Tệp lớn hơn 20 MB"):
        ListFileField().clean(request.FILES["file"])
    assert ListFileField().clean(sent(MAX_BYTES).FILES["file"])
