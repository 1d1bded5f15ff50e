from django.urls import path

from upstream.portal.views import (
    access_log,
    claims,
    data,
    incidents,
    passwords,
    people,
    reports,
    settings,
    sign_in,
    today,
)

app_name = "portal"

urlpatterns = [
    path("", today.today, name="today"),
    path("incidents/", incidents.incidents, name="incidents"),
    path("incidents/<uuid:public_id>/", incidents.incident, name="incident"),
    path("incidents/<uuid:public_id>/move/", incidents.move, name="incident_move"),
    path("incidents/<uuid:public_id>/undo/", incidents.undo, name="incident_undo"),
    path("incidents/<uuid:public_id>/assign/", incidents.assign, name="incident_assign"),
    path("incidents/<uuid:public_id>/numbers/", incidents.numbers, name="incident_numbers"),
    path("claims/find/", claims.find, name="claim_find"),
    path("claims/rejected/", claims.rejected, name="claims_rejected"),
    path("claims/<uuid:public_id>/", claims.claim, name="claim"),
    path("claims/<uuid:public_id>/number/", claims.claim_number, name="claim_number"),
    path("data/", data.data, name="data"),
    path("data/upload/", data.upload, name="upload"),
    path("data/<uuid:public_id>/", data.batch, name="batch"),
    path("reports/", reports.reports, name="reports"),
    path("reports/make/", reports.make, name="report_make"),
    path("reports/<uuid:public_id>/", reports.report, name="report"),
    path("reports/<uuid:public_id>/<slug:file_format>/", reports.download, name="report_file"),
    path("settings/", settings.settings, name="settings"),
    path("people/", people.people, name="people"),
    path("people/add/", people.add, name="people_add"),
    path("people/change/", people.change, name="people_change"),
    path("access-log/", access_log.access_log, name="access_log"),
    path("forgot/", passwords.forgot, name="forgot"),
    path("password/", passwords.SetPassword.as_view(), name="password"),
    path("sign-in/", sign_in.SignIn.as_view(), name="login"),
    path("sign-out/", sign_in.SignOut.as_view(), name="logout"),
    path("practices/", sign_in.practices, name="practices"),
    path("practices/switch/", sign_in.switch, name="switch"),
    path("no-practice/", sign_in.no_practice, name="no_practice"),
]
