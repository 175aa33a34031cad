"""Money as it is typed into a form: read as banks' cells are, never a hundred times as much."""

import pytest
from django import forms

from bakhong.desk.forms.charges import MoneyField
from bakhong.desk.forms.stalls import StallForm


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("150.000", 150_000),
        ("150.000,00", 150_000),
        ("150,000.00", 150_000),
        ("150 000 đ", 150_000),
        ("1.234.567 đồng", 1_234_567),
        ("60000", 60_000),
        (" 5000 VND ", 5_000),
    ],
)
def test_it_reads_what_people_write(typed: str, amount: int) -> None:
    assert MoneyField().clean(typed) == amount


@pytest.mark.parametrize(
    "typed", ["1,5", "12.5", "1.000,50", "-50.000", "(5,000)", "0", "0,00", "nhiều", "1" * 14, "1.00.0"]
)
def test_it_refuses_what_is_no_whole_amount(typed: str) -> None:
    with pytest.raises(forms.ValidationError):
        MoneyField().clean(typed)


def test_every_form_reads_alike() -> None:
    assert isinstance(StallForm.base_fields["monthly_fee"], MoneyField)
    assert StallForm.base_fields["monthly_fee"].clean("") is None
