"""The staff's site. Every address about a unit starts with /desk/u/<its uuid>/; every view names its permission.

A new page: a view with `@unit_page(…)`, its line in `_unit` below, and, if it belongs in the bar, in navigation.PAGES.
"""

from django.urls import URLPattern, URLResolver, include, path

from bakhong.desk.views import (
    dashboard,
    export,
    findings,
    followups,
    grid,
    history,
    home,
    indicator,
    league,
    people,
    people_import,
    period_tables,
    periods,
    person,
    places,
    reading,
)

app_name = "desk"

_unit: list[URLPattern | URLResolver] = [
    path("", dashboard.dashboard, name="dashboard"),
    path("sheet/", dashboard.sheet, name="dashboard_sheet"),
    path("chi-tieu/<slug:code>/", indicator.indicator, name="indicator"),
    path("chi-tieu/<slug:code>/history/", history.history, name="history"),
    path("figures/<uuid:figure>/correct/", history.correct, name="figure_correct"),
    path("figures/<uuid:figure>/retract/", history.retract, name="figure_retract"),
    path("figures/<uuid:figure>/restore/", history.restore, name="figure_restore"),
    path("league/", league.league, name="league"),
    path("league/export/", league.export, name="league_export"),
    path("export/", export.export, name="export"),
    path("read/", reading.index, name="read"),
    path("read/<uuid:report>/", reading.report, name="report"),
    path("findings/", findings.index, name="findings"),
    path("findings/list.xlsx", findings.xlsx, name="findings_xlsx"),
    path("findings/<uuid:finding>/", findings.answer, name="finding_answer"),
    path("grid/", grid.grid, name="grid"),
    path("grid/template.xlsx", grid.template, name="grid_template"),
    path("grid/<uuid:report>/", grid.saved, name="grid_saved"),
    path("periods/", periods.index, name="periods"),
    path("periods/new/", periods.new, name="period_new"),
    path("periods/<uuid:period>/", periods.period, name="period"),
    path("periods/<uuid:period>/table/", period_tables.table, name="period_table"),
    path("periods/<uuid:period>/table.xlsx", period_tables.xlsx, name="period_xlsx"),
    path("periods/<uuid:period>/extend/", periods.extend, name="period_extend"),
    path("periods/<uuid:period>/withdraw/", periods.withdraw, name="period_withdraw"),
    path("periods/<uuid:period>/<slug:deed>/", periods.step, name="period_step"),
    path("followups/", followups.index, name="followups"),
    path("followups/new/", followups.new, name="followup_new"),
    path("followups/<uuid:followup>/", followups.followup, name="followup"),
    path("people/", people.index, name="residents"),
    path("people/find/", people.find, name="people_find"),
    path("people/new/", people.new, name="person_new"),
    path("people/import/", people_import.index, name="people_import"),
    path("people/import/<uuid:upload>/", people_import.check, name="people_import_check"),
    path("people/import/<uuid:upload>/rejected.xlsx", people_import.rejected, name="people_import_rejected"),
    path("people/import/<uuid:upload>/done/<uuid:done>/", people_import.done, name="people_import_done"),
    path("people/imports/<uuid:done>/undo/", people_import.undo, name="people_import_undo"),
    path("people/<uuid:person>/", person.person, name="person"),
    path("people/<uuid:person>/change/", people.change, name="person_change"),
    path("people/<uuid:person>/reveal/", person.reveal, name="person_reveal"),
    path("people/<uuid:person>/facts/<uuid:fact>/retract/", person.retract, name="person_retract"),
    path("people/<uuid:person>/consent/", person.consent, name="person_consent"),
    path("people/<uuid:person>/consent/<uuid:consent>/withdraw/", person.withdraw, name="person_withdraw"),
    path("people/<uuid:person>/household/", person.make_household, name="person_household"),
    path("households/<uuid:household>/", person.household, name="household"),
    path("places/", places.index, name="places"),
    path("places/contact/", places.contact, name="place_contact"),
    path("places/groups/", places.groups, name="place_groups"),
    path("places/villages/new/", places.new_villages, name="place_villages_new"),
    path("places/villages/merge/", places.merge_villages, name="place_villages_merge"),
    path("places/villages/<uuid:village>/rename/", places.rename_village, name="place_village_rename"),
    path("places/villages/<uuid:village>/undo/", places.undo_village, name="place_village_undo"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("units/", home.units, name="units"),
    path("u/<uuid:unit>/", include(_unit)),
]
