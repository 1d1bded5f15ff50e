"""The one register of report kinds. Whoever schedules, runs, lists or mails reports asks nothing else of a kind."""

from upstream.reports.kinds import weekly
from upstream.reports.kinds.base import Kind, Made, Subject, Summary

__all__ = ["KINDS", "Kind", "Made", "Subject", "Summary"]

KINDS: dict[str, Kind] = {kind.code: kind for kind in (weekly.KIND,)}
