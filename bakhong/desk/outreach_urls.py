"""Addresses of the campaign's pages, under /desk/u/<unit>/outreach/."""

from django.urls import URLPattern, URLResolver, path

from bakhong.desk.views import campaigns, claims, obstacles, sweep, teams, visits

urlpatterns: list[URLPattern | URLResolver] = [
    path("", campaigns.outreach, name="outreach"),
    path("campaigns/new/", campaigns.new, name="outreach_campaign_new"),
    path("campaigns/<uuid:campaign>/", campaigns.campaign, name="outreach_campaign"),
    path("campaigns/<uuid:campaign>/close/", campaigns.close, name="outreach_campaign_close"),
    path("teams/", teams.index, name="outreach_teams"),
    path("teams/new/", teams.new, name="outreach_team_new"),
    path("teams/<uuid:team>/", teams.team, name="outreach_team"),
    path("teams/<uuid:team>/villages/", teams.villages, name="outreach_team_villages"),
    path("teams/<uuid:team>/end/", teams.end, name="outreach_team_end"),
    path("teams/<uuid:team>/members/<uuid:member>/end/", teams.end_member, name="outreach_member_end"),
    path("conditions/", teams.conditions, name="outreach_conditions"),
    path("plans/", sweep.plans, name="outreach_plans"),
    path("plans/<uuid:plan>/", sweep.plan, name="outreach_plan"),
    path("plans/<uuid:plan>/villages/<uuid:village>/", sweep.plan_village, name="outreach_plan_village"),
    path("sheets/", sweep.find_sheet, name="outreach_sheet_find"),
    path("sheets/<slug:code>/", sweep.sheet, name="outreach_sheet"),
    path("sheets/<slug:code>/type/", sweep.type_sheet, name="outreach_sheet_type"),
    path("visits/", visits.index, name="outreach_visits"),
    path("visits/<uuid:visit>/", visits.visit, name="outreach_visit"),
    path("households/<uuid:household>/", visits.household, name="outreach_household"),
    path("households/<uuid:household>/notice/", visits.announce, name="outreach_announce"),
    path("notices/", visits.check_notice, name="outreach_notice_check"),
    path("notices/<uuid:notice>/", visits.notice, name="outreach_notice"),
    path("absent/", visits.absent, name="outreach_absent"),
    path("promises/", visits.promises, name="outreach_promises"),
    path("obstacles/", obstacles.index, name="outreach_obstacles"),
    path("obstacles/<slug:reason>/", obstacles.people, name="outreach_obstacle"),
    path("letters/<slug:fixer>/", obstacles.letter, name="outreach_letter"),
    path("claims/", claims.index, name="outreach_claims"),
    path("claims/<uuid:claim>/", claims.claim, name="outreach_claim"),
    path("claims/<uuid:claim>/sheet.xlsx", claims.xlsx, name="outreach_claim_xlsx"),
]
