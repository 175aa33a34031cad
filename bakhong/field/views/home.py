"""What a member starts the day with."""

from django.http import HttpResponse

from bakhong.accounts.access import StaffRequest
from bakhong.field.frame import field_page, page


@field_page()
def home(request: StaffRequest) -> HttpResponse:
    return page(request, "home", active="home")
