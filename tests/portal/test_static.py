"""Styles and scripts as production serves them: hashed, complete, small."""

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command
from django.test import Client
from pytest_django import Settings

from upstream.portal.navigation import ways_for
from upstream.tenants.choices import Right

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
    assert sum(path.stat().st_size for path in (ROOT / "static").glob("*s/*.[cj]s*")) < 64_000


def test_all_styles_and_scripts_of_a_page_take_little_on_the_wire() -> None:
    files = [path for kind in ("css/upstream.css", "js/*.js", "vendor/*.js") for path in (ROOT / "static").glob(kind)]
    assert sum(len(gzip.compress(path.read_bytes())) for path in files) < 50_000


def test_signs_that_pages_name_are_in_the_sprite() -> None:
    signs = set(re.findall(r'<symbol id="(\w+)"', (ROOT / "static/icons/sprite.svg").read_text()))
    named = {way.icon for way in ways_for(frozenset(Right))}
    for page in (ROOT / "templates").rglob("*.html"):
        named |= set(re.findall(r'{% icon "(\w+)" %}', page.read_text()))
    assert named <= signs
