"""What the API's document calls the sets of values that several fields share. Read by the settings."""

ENUM_NAMES = {
    "IncidentState": "upstream.alerts.choices.IncidentState",
    "ResolutionOutcome": "upstream.alerts.choices.ResolutionOutcome",
    "RowState": "upstream.ingestion.choices.RejectionState",
    "ClaimOutcome": "upstream.api.v1.serializers.claims.OUTCOME_CHOICES",
    "SeverityEnum": "upstream.alerts.choices.Severity",
    "FindingSeverity": "upstream.ingestion.quality.choices.Severity",
    "ReportState": "upstream.reports.choices.RunState",
    "UploadStatus": "upstream.api.v1.serializers.uploads.STATUSES",
    "StandInDate": "upstream.api.v1.serializers.mapping.STAND_INS",
    "KindEnum": "upstream.reports.choices.ReportKind",
    "CalendarKind": "upstream.detection.choices.EventKind",
    "AcceptedStatus": "upstream.api.v1.serializers.uploads.ANSWERS",
    "WorkStep": "upstream.worklist.choices.Step",
    "WorkActKind": "upstream.worklist.choices.ActKind",
    "DoableActKind": "upstream.api.v1.serializers.worklist.DOABLE",
}
