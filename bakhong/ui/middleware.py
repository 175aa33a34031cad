"""What every request passes first: the language of a page, and a bound on what is sent."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

from bakhong.ui.errors import error_page

Answer = Callable[[HttpRequest], HttpResponse]


def chosen_language(get_response: Answer) -> Answer:
    """Vietnamese unless this person chose another language with the button.

    What the browser asks for is not looked at: many phones and office machines are sold set to English and
    used by people who read none.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        wanted = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = wanted if wanted in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        translation.activate(language)
        request.LANGUAGE_CODE = language
        response = get_response(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ["Cookie"])
        return response

    return answer


def bounded_body(get_response: Answer) -> Answer:
    """Refuses a request that says it is larger than `settings.LARGEST_REQUEST` before anything reads it.

    Stands before the check of the form's token, which would read the whole upload to find it.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdecimal() and int(length) > settings.LARGEST_REQUEST:
            return error_page(request, 413)
        return get_response(request)

    return answer
