"""Addresses below a unit of what the campaign brings people together for."""

from django.urls import URLPattern, URLResolver, path

from bakhong.desk.views import (
    announcements,
    beneficiaries,
    campaign_tasks,
    sessions,
    surveys,
    trainings,
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("trainings/", trainings.index, name="trainings"),
    path("trainings/new/", trainings.new, name="training_new"),
    path("trainings/<uuid:training>/", trainings.training, name="training"),
    path("trainings/<uuid:training>/wall/", trainings.wall, name="training_wall"),
    path("trainings/<uuid:training>/entries/", trainings.entries, name="training_entries"),
    path("trainings/<uuid:training>/cancel/", trainings.cancel, name="training_cancel"),
    path("trainings/<uuid:training>/<uuid:attendance>/untick/", trainings.untick, name="training_untick"),
    path("announcements/", announcements.index, name="announcements"),
    path("announcements/new/", announcements.new, name="announcement_new"),
    path("announcements/<uuid:announcement>/", announcements.announcement, name="announcement"),
    path("announcements/<uuid:announcement>/poster/", announcements.poster, name="announcement_poster"),
    path("sessions/", sessions.index, name="sessions"),
    path("sessions/new/", sessions.new, name="session_new"),
    path("sessions/<uuid:session>/", sessions.session, name="session"),
    path("sessions/<uuid:session>/edit/", sessions.edit, name="session_edit"),
    path("sessions/<uuid:session>/invitees/<uuid:invitee>/", sessions.invitee, name="session_invitee"),
    path("sessions/<uuid:session>/cancel/", sessions.cancel, name="session_cancel"),
    path("sessions/<uuid:session>/invitations/", sessions.invitations, name="session_invitations"),
    path("tasks/", campaign_tasks.index, name="campaign_tasks"),
    path("tasks/new/", campaign_tasks.new, name="campaign_task_new"),
    path("tasks/<uuid:task>/", campaign_tasks.task, name="campaign_task"),
    path("benefits/", beneficiaries.index, name="beneficiaries"),
    path("benefits/paste/", beneficiaries.paste, name="beneficiaries_paste"),
    path("benefits/<uuid:beneficiary>/", beneficiaries.change, name="beneficiary_change"),
    path("surveys/", surveys.index, name="surveys"),
    path("surveys/new/", surveys.new, name="survey_new"),
    path("surveys/<uuid:survey>/", surveys.survey, name="survey"),
    path("surveys/<uuid:survey>/<slug:wave>/", surveys.replies, name="survey_replies"),
    path("surveys/<uuid:survey>/<slug:wave>/print/", surveys.questionnaire, name="survey_print"),
]
