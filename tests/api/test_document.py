"""The OpenAPI document: current, valid, without warnings, and kept to by the answers."""

import json
from io import StringIO
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from jsonschema import Draft202012Validator

from tests import factories
from tests.api.conftest import Caller
from tests.factories import denials, findings
from upstream.api.v1.views.documents import schema_text
from upstream.core import tenancy
from upstream.worklist import services as worklist

KEPT = settings.BASE_DIR / "docs/api/openapi.yaml"


def test_the_kept_document_is_current() -> None:
    """When not: manage.py spectacular --validate --fail-on-warn --file docs/api/openapi.yaml"""
    assert schema_text().decode() == KEPT.read_text()


def test_the_document_is_valid_and_raises_no_warning() -> None:
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=StringIO())


def test_the_document_is_served_to_everybody(db: None) -> None:
    response = Client().get("/api/v1/schema/")
    assert response.headers["Content-Type"] == "application/vnd.oai.openapi; charset=utf-8"
    assert yaml.safe_load(response.content)["openapi"] == "3.1.0"


def test_the_page_has_its_script_apart(db: None) -> None:
    page = Client().get("/api/v1/docs/")
    script = Client().get("/api/v1/docs/?script=")
    assert (page.status_code, script.status_code) == (200, 200)
    assert b"<style" not in page.content
    assert page.content.count(b"<script src=") == page.content.count(b"<script")
    assert script.headers["Content-Type"].startswith("application/javascript")
    assert b"/api/v1/schema/" in script.content


def declared(name: str) -> Draft202012Validator:
    """A validator of one component, which refuses what is not declared."""
    document = yaml.safe_load(KEPT.read_text())
    for component in document["components"]["schemas"].values():
        if component.get("type") == "object" and "properties" in component:
            component["additionalProperties"] = False
    return Draft202012Validator({**document, "$ref": f"#/components/schemas/{name}"})


@pytest.mark.parametrize(
    ("path", "component"),
    [
        ("uploads/", "PaginatedUploadShapeList"),
        ("uploads/{batch}/", "UploadDetail"),
        ("uploads/{batch}/rejections/", "PaginatedWaitingRowList"),
        ("rejections/{rejection}/", "RowDetail"),
        ("claims/", "PaginatedClaimRowList"),
        ("claims/{claim}/", "ClaimDetail"),
        ("incidents/", "PaginatedIncidentShapeList"),
        ("incidents/{incident}/", "IncidentDetail"),
        ("incidents/{incident}/claims/", "PaginatedIncidentClaimShapeList"),
        ("incidents/{incident}/evidence/", "EvidenceShape"),
        ("reports/", "PaginatedReportShapeList"),
        ("reports/{report}/", "ReportShape"),
        ("worklist/", "PaginatedWorkItemShapeList"),
        ("worklist/{item}/", "WorkItemDetail"),
        ("nowhere/", "Problem"),
    ],
)
def test_an_answer_holds_what_is_declared_and_nothing_else(us: Caller, path: str, component: str) -> None:
    ids: dict[str, Any] = {}
    with tenancy.bind(us.practice.pk):
        payer = factories.payer()
        claim = factories.claim(payer)
        incident = findings.incident(payer, findings.run())
        findings.behind(incident, claim)
        ids = {"claim": claim.public_id, "incident": incident.public_id}
        item = denials.item(payer, claim=claim, owner=factories.member())
        worklist.write_note(item, text="Called.", actor="client:x")
        ids["item"] = item.public_id
        file = factories.batch()
        ids |= {"batch": file.public_id, "report": findings.report().public_id}
        ids |= {"rejection": factories.rejection(file).public_id}
    body = json.loads(us.get(path.format(**ids)).content)
    assert [error.message for error in declared(component).iter_errors(body)] == []
