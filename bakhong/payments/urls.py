"""Only machines come here; pages about money are the doors'."""

from django.urls import path

from bakhong.payments.views.webhooks import webhook

app_name = "payments"

urlpatterns = [
    path("webhook/<slug:source>/<uuid:account>/", webhook, name="webhook"),
]
