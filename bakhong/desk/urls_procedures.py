"""Addresses below a unit of its procedures and its working calendar."""

from django.urls import URLPattern, URLResolver, path

from bakhong.desk.views import calendar, catalogue, new_days, office_code, procedure_text

urlpatterns: list[URLPattern | URLResolver] = [
    path("calendar/", calendar.index, name="calendar"),
    path("calendar/explain/", calendar.explain, name="calendar_explain"),
    path("calendar/days/new/", calendar.new_day, name="calendar_day_new"),
    path("calendar/days/<uuid:day>/undo/", calendar.undo_day, name="calendar_day_undo"),
    path("calendar/hours/new/", calendar.new_hours, name="calendar_hours_new"),
    path("calendar/hours/<uuid:hours>/undo/", calendar.undo_hours, name="calendar_hours_undo"),
    path("calendar/apply/", new_days.new_days, name="new_days"),
    path("procedures/", catalogue.index, name="catalogue"),
    path("procedures/office-code/", office_code.office_code, name="office_code"),
    path("procedures/said/<uuid:offer>/undo/", catalogue.undo, name="catalogue_undo"),
    path("procedures/new/", procedure_text.new, name="procedure_new"),
    path("procedures/texts/<uuid:definition>/undo/", procedure_text.undo, name="procedure_undo"),
    path("procedures/<str:code>/text/", procedure_text.text, name="procedure_text"),
    path("procedures/<str:code>/end/", procedure_text.end, name="procedure_end"),
    path("procedures/<str:code>/", catalogue.procedure, name="catalogue_procedure"),
    path("procedures/<str:code>/change/", catalogue.change, name="catalogue_change"),
]
