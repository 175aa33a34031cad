"""Only machines come here; pages about files are the doors'."""

from django.urls import path

from bakhong.documents.views.webhook import webhook

app_name = "documents"

urlpatterns = [
    path("webhook/<slug:provider>/", webhook, name="webhook"),
]
