from django.contrib.auth.views import LogoutView
from django.urls import path

from upstream.portal.views import sign_in, today

app_name = "portal"

urlpatterns = [
    path("", today.today, name="today"),
    path("incidents/", today.today, name="incidents"),
    path("incidents/<uuid:public_id>/", today.today, name="incident"),
    path("data/", today.today, name="data"),
    path("reports/", today.today, name="reports"),
    path("settings/", today.today, name="settings"),
    path("sign-in/", sign_in.SignIn.as_view(), name="login"),
    path("sign-out/", LogoutView.as_view(), name="logout"),
    path("practices/", sign_in.practices, name="practices"),
    path("practices/switch/", sign_in.switch, name="switch"),
    path("no-practice/", sign_in.no_practice, name="no_practice"),
]
