import hashlib
import io
import json

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from upstream.delivery.models import Outbox
from upstream.reports.models import ReportRun


def command(tmp_path, *arguments: str) -> str:
    out = io.StringIO()
    call_command(
        "render_report", "--tenant", "hillside", "--output", str(tmp_path / "week.pdf"), *arguments, stdout=out
    )
    return out.getvalue()


def test_a_report_is_written_to_a_file_and_nothing_else_happens(practice, tmp_path):
    facts = json.loads(command(tmp_path, "--as-of", "2026-03-01", "--json"))
    content = (tmp_path / "week.pdf").read_bytes()
    assert content.startswith(b"%PDF-1")
    assert (facts["report"], facts["bytes"]) == ("WR-2026-09", len(content))
    assert facts["sha256"] == hashlib.sha256(content).hexdigest()
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".part"] == []
    assert (ReportRun.objects.count(), Outbox.objects.count()) == (0, 0)


def test_without_a_date_it_is_the_day_in_the_practice(practice, tmp_path):
    assert "WR-2026-09-0302" in command(tmp_path, "--format", "xlsx")


def test_an_unknown_tenant_and_a_missing_folder_are_refused_in_words(practice, tmp_path):
    with pytest.raises(CommandError, match="there is no tenant 'nobody'"):
        call_command("render_report", "--tenant", "nobody", "--output", str(tmp_path / "x"))
    with pytest.raises(CommandError, match="there is no folder"):
        command(tmp_path / "missing", "--as-of", "2026-03-01", "--format", "xlsx")
