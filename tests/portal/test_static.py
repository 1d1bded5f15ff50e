"""Styles and scripts as production serves them: hashed, complete, small."""

from pathlib import Path

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command
from django.test import Client
from pytest_django import Settings

ROOT = Path(__file__).resolve().parents[2]
MANIFEST = "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"  # production's, without compressing


@pytest.fixture
def collected(settings: Settings, tmp_path: Path) -> Path:
    settings.STATIC_ROOT = tmp_path / "collected"
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": MANIFEST}}
    call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=["drf_spectacular_sidecar"])
    return tmp_path / "collected"


def test_every_file_that_a_style_or_page_names_is_there(collected: Path, db: None) -> None:
    said = Client().get("/portal/sign-in/").content.decode()
    for name in ("css/upstream.css", "js/upstream.js", "vendor/htmx-2.0.10.min.js", "icons/upstream.svg"):
        hashed = staticfiles_storage.stored_name(name)
        assert hashed != name
        assert f"/static/{hashed}" in said
        assert (collected / hashed).exists()


def test_own_styles_and_scripts_stay_small() -> None:
    sizes = {path.name: path.stat().st_size for path in (ROOT / "static").glob("*s/*.[cj]s*")}
    assert set(sizes) == {"upstream.css", "staff.css", "upstream.js", "notices.js"}
    assert sum(sizes.values()) < 32_000
