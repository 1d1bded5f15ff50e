"""What a request binds ends with it, in whatever way it was signed in."""

import json

from django.test import Client

from tests import factories
from upstream.core import tenancy
from upstream.tenants.services import create_api_client


def test_a_session_and_a_token_together_leave_no_tenant_bound(db):
    with tenancy.bind(factories.organization().pk):
        member = factories.member()
        client, secret = create_api_client(name="script", scopes=["read"])
    browser = Client()
    browser.force_login(member.user)
    body = {"client_id": client.client_id, "client_secret": secret}
    token = json.loads(browser.post("/api/v1/auth/token/", body, content_type="application/json").content)
    answer = browser.get("/api/v1/claims/", headers={"Authorization": f"Bearer {token['access_token']}"})
    assert (answer.status_code, tenancy.current()) == (200, None)
