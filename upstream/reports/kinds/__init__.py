"""The one register of report kinds. Whoever schedules, runs, lists or mails reports asks nothing else of a kind."""

from upstream.reports.kinds import clinician, daily, dossier, monthend, own, quality, scorecard, underpayment, weekly
from upstream.reports.kinds.base import Kind, Made, Subject, Summary

__all__ = ["KINDS", "Kind", "Made", "Subject", "Summary"]

MODULES = (weekly, daily, scorecard, dossier, underpayment, monthend, clinician, quality, own)
KINDS: dict[str, Kind] = {module.KIND.code: module.KIND for module in MODULES}
