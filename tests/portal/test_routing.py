"""Pages on who is told: what is said there holds, what cannot be is refused at its field, and nothing is lost."""

from datetime import date, time, timedelta

import pytest
from auditlog.models import LogEntry
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.factories import findings, member
from tests.factories.telling import tell_all
from tests.portal.conftest import NOW, Practice, SignedIn, browser_of, words_of
from upstream.delivery import addresses
from upstream.delivery.choices import MailFate
from upstream.routing import mutes, queries, ruling
from upstream.routing.models import Mute, Notice, Preference, Rule
from upstream.routing.ruling import TargetSaid
from upstream.tenants.choices import Role

PAGE = "/portal/routing/"
POLICY = {
    "version": "1", "weekly_budget": "10", "at_once_from": "high", "digest_from": "low", "digest_at": "07:30",
    "coalesce_days": "14", "quiet_from": "22:00", "quiet_until": "07:00", "quiet_days": ["5", "6"],
    "office_from": "08:00", "office_until": "17:00", "office_days": ["0", "1", "2", "3", "4"], "learns": "on",
}  # fmt: skip
WRITING = (
    "routing/policy/", "routing/rules/add/", "routing/rotas/add/", "routing/mutes/add/", "routing/windows/add/",
    "routing/log/",
)  # fmt: skip


def opened(practice: Practice, title: str = "Knee MRI") -> None:
    """Told at once to everybody, or kept quiet."""
    with practice.bound():
        findings.opening(findings.incident(practice.payer, practice.run, title=title))
        tell_all()


def test_what_is_said_of_time_stands_on_the_page_with_a_picture(manager: Client) -> None:
    assert "Everybody who wants mail is told of every incident" in words_of(manager, PAGE)
    assert manager.post(f"{PAGE}policy/", POLICY)["Location"] == PAGE
    said = words_of(manager, PAGE)
    assert "High and above" in said
    assert "10 interruptions a week" in said
    assert "Saturday: quiet 00:00 to 24:00" in said
    assert "Monday: quiet 00:00 to 07:00, 22:00 to 24:00" in said


def test_the_second_editor_sees_what_stands_there(manager: Client) -> None:
    manager.post(f"{PAGE}policy/", POLICY)
    answer = manager.post(f"{PAGE}policy/", {**POLICY, "weekly_budget": "3"})
    assert answer.status_code == 422
    assert "interruptions a week is 10 now" in answer.content.decode()


def test_a_rule_is_previewed_kept_tried_ended_and_put_back(manager: Client, practice: Practice) -> None:
    opened(practice)
    person = f"member:{practice.manager.user.public_id}"
    given = {
        "version": "1", "name": "Imaging", "how": "severity", "told": [person, "role:owner"], "codes": "73721, 72148",
        "after_1": "4", "then_1": ["role:owner"], "condition": "lost > 100.0", "least": "50",
    }  # fmt: skip
    seen = manager.post(f"{PAGE}rules/add/", {**given, "preview": "yes"})
    said = " ".join(seen.content.decode().split())
    assert "1 of 1 incident that opened in the last year would have told these people" in said
    with practice.bound():
        assert not Rule.objects.exists()
    assert manager.post(f"{PAGE}rules/add/", given)["Location"] == PAGE
    with practice.bound():
        rule = Rule.objects.get()
        assert LogEntry.objects.filter(content_type__model="rule", object_pk=rule.pk).count() == 1
    said = words_of(manager, PAGE)
    assert "after 4 working hours every owner" in said
    assert "73721, 72148" in words_of(manager, f"{PAGE}rules/{rule.public_id}/").replace("72148, 73721", "73721, 72148")
    assert manager.post(f"{PAGE}rules/{rule.public_id}/test/").status_code == 302
    manager.post(f"{PAGE}rules/{rule.public_id}/end/", {"version": "1"})
    assert "Rules that count no more" in words_of(manager, PAGE)
    manager.post(f"{PAGE}rules/{rule.public_id}/back/", {"version": "2"})
    assert "Rules that count no more" not in words_of(manager, PAGE)
    with practice.bound():
        assert Notice.objects.filter(kind="routing.test").count() == 1


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"condition": "lost >"}, "line 1, character 7"),
        ({"told": []}, "name somebody who is told at once"),
        ({"after_1": "4"}, "Say both: after how many hours, and who."),
        ({"least": "5", "most": "4"}, "the upper amount is below the lower one"),
        ({"name": ""}, "This field is required."),
    ],
)
def test_what_cannot_be_is_said_at_its_field(
    wrong: dict[str, object], said: str, manager: Client, practice: Practice
) -> None:
    given = {"version": "1", "name": "Imaging", "how": "severity", "told": ["role:owner"]}
    answer = manager.post(f"{PAGE}rules/add/", {**given, **wrong})
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_turns_are_taken_and_shown(manager: Client, practice: Practice) -> None:
    with practice.bound():
        other = member(Role.BILLER, email="lee@example.test")
    turns = {"turn_1": str(practice.manager.user.public_id), "turn_2": str(other.user.public_id)}
    given = {"version": "1", "name": "Desk", "weekday": "0", "at": "08:00", "since": "2026-03-02", **turns}
    assert manager.post(f"{PAGE}rotas/add/", given)["Location"] == PAGE
    said = words_of(manager, PAGE)
    assert "lee@example.test" in said
    with practice.bound():
        rota = queries.rotas().get()
    place = f"{PAGE}rotas/{rota.public_id}/"
    assert "lee@example.test" in words_of(manager, place)
    week = {"version": "1", "week": "2026-03-02"}
    assert manager.post(f"{place}stand-in/", {**week, "member": turns["turn_2"]})["Location"] == place
    said = words_of(manager, place)
    assert "That week is taken by somebody else now" in said
    assert "Undo the substitute of the week from" in said
    manager.post(f"{place}stand-down/", {**week, "version": "2"})
    assert "That week is as usual again." in words_of(manager, place)
    manager.post(f"{place}stand-in/", {"version": "3"})
    assert "Say which week, and who takes it." in words_of(manager, place)
    manager.post(f"{place}end/", {"version": "3"})
    assert "Nobody takes turns yet" in words_of(manager, PAGE)


def test_a_mute_is_previewed_kept_counted_and_taken_back(manager: Client, practice: Practice) -> None:
    given = {"version": "1", "reason": "Known", "expires_on": "2026-04-01", "codes": "73721"}
    seen = manager.post(f"{PAGE}mutes/add/", {**given, "preview": "yes"}).content.decode()
    assert "0 of 0 incidents" in " ".join(seen.split())
    assert manager.post(f"{PAGE}mutes/add/", given)["Location"] == f"{PAGE}mutes/"
    opened(practice)
    said = words_of(manager, f"{PAGE}mutes/")
    assert "1 incident" in said
    assert "Known" in said
    with practice.bound():
        mute = Mute.objects.get()
        incident = mute.kept_quiet.get().incident
    assert '<span class="badge">muted</span>' in words_of(manager, "/portal/incidents/")
    assert "muted until 1 April 2026: Known" in words_of(manager, f"/portal/incidents/{incident.public_id}/")
    manager.post(f"{PAGE}mutes/{mute.public_id}/end/", {"version": "1"})
    assert "taken back" in words_of(manager, f"{PAGE}mutes/")
    manager.post(f"{PAGE}mutes/{mute.public_id}/back/", {"version": "2"})
    assert "holds" in words_of(manager, f"{PAGE}mutes/")


def test_planned_work_holds_until_somebody_ends_it(manager: Client, practice: Practice) -> None:
    # 9:00 in Chicago is now.
    given = {"name": "System change", "starts_at": "2026-03-02T08:00", "ends_at": "2026-03-02T18:00"}
    assert manager.post(f"{PAGE}windows/add/", given)["Location"] == PAGE
    assert "System change is under way" in words_of(manager, PAGE)
    with practice.bound():
        window = queries.windows().get()
        assert window.ends_at == NOW + timedelta(hours=9)
    manager.post(f"{PAGE}windows/{window.public_id}/end/", {"version": "1"})
    assert "is under way" not in words_of(manager, PAGE)
    bad = manager.post(f"{PAGE}windows/add/", {**given, "ends_at": "2026-03-02T07:00"})
    assert "ends after it begins" in bad.content.decode()


def test_my_own_quiet_hours(signed_in: SignedIn, practice: Practice) -> None:
    client = signed_in(Role.BILLER)
    given = {"version": "1", "quiet_from": "18:00", "quiet_until": "08:00", "zone": "America/Denver"}
    assert client.post("/portal/settings/quiet/", given).status_code == 302
    with practice.bound():
        assert Preference.objects.get().zone == "America/Denver"
    bad = client.post("/portal/settings/quiet/", {**given, "version": "2", "zone": "Mars"})
    assert "there is no time zone" in bad.content.decode()


def test_what_verdicts_have_taught_with_its_arithmetic(manager: Client, practice: Practice) -> None:
    with practice.bound():
        for _ in range(3):
            findings.incident(practice.payer, practice.run, state="resolved", outcome="noise")
    said = words_of(manager, f"{PAGE}learned/")
    assert "(3 + 1) / (3 + 0 + 4) = 57%" in said
    assert "strong evidence" in said


def test_notices_are_listed_counted_and_read(manager: Client, practice: Practice) -> None:
    assert "told nothing yet" in words_of(manager, "/portal/notices/")
    opened(practice)
    first = manager.get("/portal/notices/poll/?poll=1")
    assert first.json() == {"unread": 1, "newest": NOW.isoformat()}
    again = manager.get("/portal/notices/poll/?poll=1", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert "1 unread" in words_of(manager, "/portal/notices/")
    manager.post("/portal/notices/read/")
    assert manager.get("/portal/notices/poll/").json()["unread"] == 0


def test_who_gets_no_mail_any_more_reads_it_where_notices_stand(manager: Client, practice: Practice) -> None:
    with practice.bound():
        addresses.note(practice.manager, MailFate.BOUNCED)
    said = f"Mail to {practice.manager.user.email} came back, so none is sent to you any more."
    assert said in words_of(manager, "/portal/notices/")
    assert said in words_of(manager, "/portal/settings/quiet/")


def test_nothing_pops_up_in_quiet_hours(manager: Client, practice: Practice) -> None:
    with practice.bound():
        Preference.objects.create(member=practice.manager, quiet_from=time(8), quiet_until=time(12))
    opened(practice)
    assert manager.get("/portal/notices/poll/").json() == {"unread": 1, "newest": None}


@pytest.mark.parametrize("role", [Role.BILLER, Role.CLINICIAN, Role.AUDITOR, Role.STAFF])
def test_others_read_and_change_nothing(role: Role, signed_in: SignedIn, practice: Practice) -> None:
    client = signed_in(role)
    for page in (PAGE, f"{PAGE}mutes/", f"{PAGE}learned/"):
        assert client.get(page).status_code == 200
    assert [client.get(f"/portal/{page}").status_code for page in WRITING] == [403] * len(WRITING)


def test_an_owner_may_too(signed_in: SignedIn) -> None:
    client = signed_in(Role.OWNER)
    assert [client.get(f"/portal/{page}").status_code for page in WRITING] == [200] * len(WRITING)


def filled(practice: Practice, number: int) -> None:
    """So many of everything."""
    person = str(practice.manager.user.public_id)
    with practice.bound():
        for place in range(number):
            said = [TargetSaid("member", person), TargetSaid("role", "owner", 4)]
            ruling.save_rota(
                None, name=f"R{place}", members=[person], weekday=0, at=time(8), since=date(2026, 3, 2)
            )  # fmt: skip
            ruling.save_rule(None, name=f"R{place}", how="severity", scope={}, targets=said, actor="command:x")
            until = NOW + timedelta(days=1)
            mutes.add_mute(scope={"codes": [str(place)]}, reason="x", expires_at=until, actor="command:x")
            mutes.plan_work(name=f"W{place}", reason="", starts_at=until, ends_at=until + timedelta(1), actor="x")
            findings.opening(findings.incident(practice.payer, practice.run))
        tell_all()


@pytest.mark.parametrize(
    ("page", "queries_made"),
    [(PAGE, 30), (f"{PAGE}mutes/", 20), (f"{PAGE}log/", 20), ("/portal/notices/", 20), ("/portal/notices/poll/", 19)],
)
@pytest.mark.parametrize("number", [1, 3])
def test_pages_cost_the_same_for_one_and_three(
    number: int, page: str, queries_made: int, practice: Practice, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    filled(practice, number)
    client = browser_of(practice.manager)
    client.get(page)
    with django_assert_num_queries(queries_made):
        client.get(page)
