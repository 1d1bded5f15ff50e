"""Every address of the portal, walked: strangers and people of other practices find nothing, and nothing moves them."""

import uuid
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import (
    NOON,
    batch,
    claim,
    decision,
    denials,
    draft,
    endpoint,
    entry,
    findings,
    letters,
    match,
    prices,
    quality,
    rejection,
    source,
    trouble,
    weeks,
)
from tests.factories.exploring import own_questions
from tests.factories.telling import one_of_each
from tests.portal.conftest import Practice, browser_of
from upstream.authorizations.services import set_time
from upstream.claims.models import RawPayer
from upstream.claims.payers import adopt_payers
from upstream.delivery.models import Outbox
from upstream.detection.calendar import services
from upstream.ingestion import mapping
from upstream.ingestion.formats.profile import Profile
from upstream.portal.urls import urlpatterns
from upstream.reports.links import file_path
from upstream.tenants.models import User
from upstream.tenants.saved_views import save_view
from upstream.worklist import services as worklist

MAPPED = Profile(
    {"no": "claim_id", "paid": "paid", "sum": "billed", "day": "service_date"},
    payer="Summit Mutual", submitted_from="service_date", status_from_amounts=True, undated=True,
)  # fmt: skip
OPEN_TO_ALL = {"login", "logout", "forgot", "password", "deadlines", "stop_mail", "second_step", "passkey"}
OF_ONE_THING = sorted(p.name for p in urlpatterns if p.pattern.converters)
OF_NO_THING = sorted(p.name for p in urlpatterns if not p.pattern.converters and p.name not in OPEN_TO_ALL)
BY_POST_ALONE = {
    "upload", "switch", "sample_open", "sample_leave",
    "incident_move", "incident_undo", "incident_assign", "incident_numbers",
    "claim_number", "claim_source", "match_undo", "code_meaning", "report_move", "batch_replay", "rejection_open",
    "rejection_fix", "rejection_discard", "mapping_change", "people_add", "people_change", "source_test",
    "source_pull", "source_switch", "channel_test", "channel_switch", "channel_secret", "channel_again",
    "payer_same", "payer_own", "payer_describe", "payer_clock", "name_move", "name_split", "decision_undo",
    "batch_read_again", "authorizations_people", "coverages_people",
    "finding_dismiss", "finding_reopen", "deposits", "replay_start", "replay_stop", "outcome_budget",
    "outcome_preview",
    "incident_bundle", "incident_comment", "incident_snooze", "incident_wake", "incident_merge", "incident_split",
    "incident_bulk", "incident_bulk_undo", "incident_raise",
    "letters_draft", "letters_start", "letters_review", "letter_edit", "letter_move", "letter_sent", "letter_answer",
    "letter_undo", "letterset_files", "letterset_move", "template_add", "template_take_back", "template_put_back",
    "trouble_move", "people_mail", "register_people", "time_take_back", "authorization_time_set",
    "method_compare", "method_switch", "method_undo",
    "people_account", "visit_end", "session_end", "sessions_end", "factor_remove", "draft_discard",
    "worklist_bulk", "worklist_calendar_change", "item_act", "act_undo",
    "letterhead_put", "letterhead_away", "letterhead_back", "letterhead_paper",
    "measures_cost", "definition_move", "definition_mail", "definition_run", "report_make",
    "client_revoke", "audit_export", "view_save", "view_forget", "item_say",
    "notices_read", "rule_test", "rule_end", "rule_back", "mute_end", "mute_back", "window_end", "window_back",
    "rota_end", "rota_stand_in", "rota_stand_down",
    "explore_save", "own_change", "own_back", "own_delete", "own_restore", "sql_people",
    "payer_contract_add", "contract_change", "contract_switch", "contract_load", "contract_price", "contract_modifier",
    "modifier_take_back", "load_undo", "underpaid_move", "underpaid_leeway", "short_move", "short_undo",
    "calendar_add", "calendar_shared", "event_end", "event_take_back", "event_put_back",
}  # fmt: skip
PLACE = 3
MESSAGE = 900_000_001  # far from those that the tests make themselves
MORE: dict[str, dict[str, object]] = {
    "batch_payment": {"position": PLACE},
    "channel_again": {"message_id": MESSAGE},
    "letter_file": {"file_format": "docx"}, "letterset_file": {"file_format": "zip"},
    "packet_file": {"file_format": "pdf"},
}  # fmt: skip
WORKBOOKS = {"reconciliation_xlsx", "recovered_xlsx", "template_layout"}


@pytest.fixture
def things(practice: Practice) -> dict[str, uuid.UUID | str]:
    """Public ids in one practice, by the first word of the names of their addresses."""
    with practice.bound():
        incident = findings.incident(practice.payer, practice.run, title="Known to Lakeside alone")
        file = batch()
        adopt_payers()
        channel = endpoint("Known to Lakeside alone")
        Outbox.objects.create(
            pk=MESSAGE, kind="webhook", endpoint=channel, template="report.ready", about="report:1", not_before=NOON,
            queued_at=NOON,
        )  # fmt: skip
        denied = denials.item(practice.payer)
        given = worklist.assign([denied], member=practice.manager, actor=f"user:{practice.manager.user.public_id}")
        findings.behind(incident, claim(practice.payer, batch_id=file.pk))
        weeks.remittance(practice.payer, batch_id=file.pk, position=PLACE)
        return {
            "incident": incident.public_id,
            "item": denied.public_id,
            "act": given.public_id if given else uuid.uuid4(),
            "claim": incident.members.get().claim.public_id,
            "batch": file.public_id,
            "rejection": rejection(file).public_id,
            "mapping": mapping.keep(profile=MAPPED, name="Known to Lakeside alone", actor="command:mapping").public_id,
            "match": match(practice.payer).public_id,
            "payer": practice.payer.public_id,
            "name": RawPayer.objects.get().public_id,
            "decision": decision(practice.payer).public_id,
            "finding": quality.finding(file).public_id,
            "report": (run := findings.report()).public_id,
            "definition": run.definition.public_id,
            "token": file_path(run.artifacts.get(format="pdf")).split("/")[-2],
            "replay": findings.replay(practice.payer).public_id,
            "source": source("Known to Lakeside alone").public_id,
            "event": services.add(
                name="Known to Lakeside alone",
                kind="other",
                first=date(2026, 2, 2),
                last=None,
                effect="note",
                actor="command:x",
            ).public_id,
            "channel": channel.public_id,
            **letters.one_of_each(practice.payer, incident),
            "trouble": trouble().public_id,
            "draft": draft(practice.manager).public_id,
            "register": entry(practice.payer).public_id,
            "time": set_time(kind="lead", value=30, payer=practice.payer, actor="command:x").public_id,
            **one_of_each(practice.manager),
            **prices.one_of_each(practice.payer),
            "view": save_view(member=practice.manager, screen="incidents", name="Mine", query="state=new").public_id,
            **own_questions(practice.manager),
        }


def _address(name: str, things: dict[str, uuid.UUID | str]) -> str:
    if name == "report_file":
        return reverse("portal:report_file", args=[things["token"]])
    kwargs = {"public_id": things[name.partition("_")[0]], **MORE.get(name, {})}
    return reverse(f"portal:{name}", kwargs=kwargs)


@pytest.mark.parametrize("htmx", [False, True])
@pytest.mark.parametrize("name", OF_ONE_THING)
def test_other_practices_things_are_not_there(
    name: str, htmx: bool, stranger: Client, things: dict[str, uuid.UUID | str]
) -> None:
    headers = {"HX-Request": "true"} if htmx else {}
    ask = stranger.post if name in BY_POST_ALONE else stranger.get
    assert ask(_address(name, things), {"to_state": "working"}, headers=headers).status_code == 404


@pytest.mark.parametrize("name", sorted(set(OF_ONE_THING) - {"report_file", "item_say", "definition_move"}))
def test_own_things_are_there(name: str, manager: Client, things: dict[str, uuid.UUID | str]) -> None:
    ask = manager.post if name in BY_POST_ALONE else manager.get
    assert ask(_address(name, things)).status_code in {200, 302, 422}


@pytest.mark.parametrize("name", sorted(set(OF_NO_THING) - BY_POST_ALONE - WORKBOOKS))
def test_lists_show_nothing_of_other_practices(name: str, stranger: Client, things: dict[str, uuid.UUID | str]) -> None:
    said = stranger.get(reverse(f"portal:{name}"), follow=True).content.decode()
    assert "Lakeside" not in said
    assert not [kind for kind, public_id in things.items() if str(public_id) in said]


@pytest.mark.parametrize("name", OF_ONE_THING + OF_NO_THING)
def test_nobody_unknown_gets_in(name: str, things: dict[str, uuid.UUID | str]) -> None:
    address = _address(name, things) if name in OF_ONE_THING else reverse(f"portal:{name}")
    ask = Client().post if name in BY_POST_ALONE else Client().get
    answer = ask(address)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/portal/sign-in/")


@pytest.mark.parametrize("name", sorted(BY_POST_ALONE))
def test_what_changes_something_is_no_link_and_needs_the_pages_token(
    name: str, practice: Practice, things: dict[str, uuid.UUID | str]
) -> None:
    address = _address(name, things) if name in OF_ONE_THING else reverse(f"portal:{name}")
    client = Client(enforce_csrf_checks=True)
    client.force_login(practice.manager.user)
    assert client.get(address).status_code == 405
    assert client.post(address).status_code == 403


def test_person_without_a_practice_is_told_so(db: None) -> None:
    client = Client()
    client.force_login(User.objects.create_user("nobody@example.test", "a long enough password"))
    answer = client.get("/portal/", follow=True)
    assert "belongs to no practice" in answer.content.decode()


def test_idle_poll_is_sent_to_sign_in_as_a_whole_page(practice: Practice) -> None:
    answer = Client().get("/portal/data/", headers={"HX-Request": "true"})
    assert answer["HX-Redirect"] == "/portal/sign-in/"


def test_membership_that_ended_closes_the_door(practice: Practice, things: dict[str, uuid.UUID | str]) -> None:
    client = browser_of(practice.manager)
    with practice.bound():
        practice.manager.active = False
        practice.manager.save()
    assert client.get(_address("incident", things)).status_code == 302
