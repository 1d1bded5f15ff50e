"""Every address of version 1."""

from django.db.transaction import non_atomic_requests
from django.urls import path

from upstream.api.v1.views import (
    behaviour,
    claim_rows,
    claims,
    documents,
    incidents,
    mapping,
    payers,
    quality,
    quarantine,
    reports,
    token,
    uploads,
)

urlpatterns = [
    path("auth/token/", token.TokenView.as_view(), name="token"),
    path("uploads/", uploads.UploadsView.as_view(), name="uploads"),
    path("uploads/<uuid:id>/", uploads.UploadView.as_view(), name="upload"),
    path("uploads/<uuid:id>/mapping/", mapping.MappingView.as_view(), name="upload-mapping"),
    path("uploads/<uuid:id>/rejections/", uploads.RejectionsView.as_view(), name="upload-rejections"),
    path("uploads/<uuid:id>/replay/", quarantine.ReplayView.as_view(), name="upload-replay"),
    path("rejections/<uuid:id>/", quarantine.RowView.as_view(), name="rejection"),
    path("rejections/<uuid:id>/fix/", quarantine.FixView.as_view(), name="rejection-fix"),
    path("rejections/<uuid:id>/discard/", quarantine.DiscardView.as_view(), name="rejection-discard"),
    path("claims/", claims.ClaimsView.as_view(), name="claims"),
    path("claims/batch/", claim_rows.ClaimRowsView.as_view(), name="claim-rows"),
    path("claims/<uuid:id>/", claims.ClaimView.as_view(), name="claim"),
    path("claims/<uuid:id>/source/", claims.SourceView.as_view(), name="claim-source"),
    path("incidents/", incidents.IncidentsView.as_view(), name="incidents"),
    path("incidents/<uuid:id>/", incidents.IncidentView.as_view(), name="incident"),
    path("incidents/<uuid:id>/claims/", incidents.IncidentClaimsView.as_view(), name="incident-claims"),
    path("incidents/<uuid:id>/evidence/", incidents.IncidentEvidenceView.as_view(), name="incident-evidence"),
    path("incidents/<uuid:id>/transitions/", incidents.TransitionsView.as_view(), name="incident-transitions"),
    path("payers/", payers.PayersView.as_view(), name="payers"),
    path("payers/<uuid:id>/", payers.PayerView.as_view(), name="payer"),
    path("payers/<uuid:id>/behaviour/", behaviour.BehaviourView.as_view(), name="payer-behaviour"),
    path("payers/<uuid:id>/decisions/", payers.DecisionsView.as_view(), name="payer-decisions"),
    path("payer-questions/", payers.QuestionsView.as_view(), name="payer-questions"),
    path("payer-decisions/<uuid:id>/undo/", payers.UndoView.as_view(), name="payer-decision-undo"),
    path("quality/", quality.QualityView.as_view(), name="quality"),
    path("reconciliation/", quality.ReconciliationView.as_view(), name="reconciliation"),
    path("reports/", reports.ReportsView.as_view(), name="reports"),
    path("reports/<uuid:id>/", reports.ReportView.as_view(), name="report"),
    path("reports/<uuid:id>.pdf", reports.ReportPdfView.as_view(), name="report-pdf"),
    path("reports/<uuid:id>.xlsx", reports.ReportXlsxView.as_view(), name="report-xlsx"),
    path("schema/", non_atomic_requests(documents.schema), name="schema"),
    path("docs/", non_atomic_requests(documents.DocsView.as_view()), name="docs"),
]
