"""The page for the person who connects the API holds a program that runs."""

import re
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction
from pytest_django.live_server_helper import LiveServer

from tests.api.conftest import Caller
from tests.api.test_uploads import CSV
from upstream.core import tenancy
from upstream.ingestion import services
from upstream.ingestion.models import Batch

README = settings.BASE_DIR / "docs/api/README.md"


@pytest.mark.django_db(transaction=True)
def test_the_program_on_the_page_runs(
    us: Caller,
    live_server: LiveServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    found = re.search(r"```python\n(.*?)```", README.read_text(), re.DOTALL)
    assert found

    def work_is_done_meanwhile(_seconds: float) -> None:
        with tenancy.bind(us.practice.pk):
            with transaction.atomic():
                waiting = Batch.objects.get().pk
            services.load(waiting)

    (tmp_path / "remit.835").write_bytes(CSV)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CLIENT_ID", us.client.client_id)
    monkeypatch.setenv("CLIENT_SECRET", us.secret)
    monkeypatch.setattr(time, "sleep", work_is_done_meanwhile)
    exec(found[1].replace("http://127.0.0.1:8000", live_server.url), {})  # noqa: S102 - our own page
    assert capsys.readouterr().out == (
        "partly_loaded {'claims': 2, 'lines': 0, 'adjudications': 1, 'rejected': 1}"
        " [{'line': 4, 'field': 'submitted_date', 'code': 'bad_date'}]\n"
    )
