"""What no page can read is refused with a page, whoever asks and whichever page it is."""

import pytest
from django.test import Client

FORM = "application/x-www-form-urlencoded"
LOGIN = "/accounts/login/"


@pytest.fixture
def browser() -> Client:
    """As the site meets it: with the check of the form's token, and failures answered."""
    return Client(enforce_csrf_checks=True, raise_request_exception=False)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "body", "status", "says"),
    [
        (f"{FORM}; charset=utf-7", "login=a", 400, "không đọc được điều vừa gửi"),
        (f"{FORM}; charset=utf-16", "login=a", 400, "không đọc được điều vừa gửi"),
        (FORM, "login=" + "a" * 6_000_000, 413, "quá lớn"),
        (FORM, "&".join(f"a{number}=1" for number in range(20_001)), 413, "quá lớn"),
        ("multipart/form-data; boundary=x", "--x\r\nbroken", 403, ""),
        ("multipart/form-data", "x", 400, "không đọc được điều vừa gửi"),
        ("application/json", "{}", 403, ""),
    ],
)
def test_it_says_what_is_wrong(browser: Client, kind: str, body: str, status: int, says: str) -> None:
    browser.get(LOGIN)  # with the cookie of the token, so that the form itself is looked at
    answer = browser.generic("POST", LOGIN, body, content_type=kind)
    assert answer.status_code == status
    assert says in answer.content.decode()
