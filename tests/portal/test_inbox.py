"""The inbox shows the incidents that were chosen."""

from datetime import date

import pytest
from django.test import Client

from tests.factories import findings, payer
from tests.portal.conftest import Practice, words_of


@pytest.fixture
def inbox(practice: Practice) -> None:
    with practice.bound():
        civic = payer("Civic Care")
        findings.incident(practice.payer, practice.run, title="Mine", assigned_to=practice.manager, severity="high")
        findings.incident(civic, practice.run, title="Nobodys", severity="critical", at_stake_cents=1)
        findings.incident(
            civic, practice.run, title="Working", state="working", severity="low", deadline=date(2027, 3, 3)
        )


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("", ["Mine", "Working", "Nobodys"]),
        ("owner=mine", ["Mine"]),
        ("owner=nobody&order=money", ["Working", "Nobodys"]),
        ("severity=critical", ["Nobodys"]),
        ("state=working", ["Working"]),
        ("order=deadline", ["Mine", "Nobodys", "Working"]),
        ("severity=nonsense&owner=nonsense&payer=nonsense", ["Mine", "Working", "Nobodys"]),
    ],
)
def test_choices_narrow_and_order(query: str, titles: list[str], inbox: None, manager: Client) -> None:
    said = words_of(manager, f"/portal/incidents/?{query}").split('<ol class="incidents"')[-1]
    places = {title: said.find(f">{title}</a>") for title in ("Mine", "Nobodys", "Working")}
    assert [title for title, place in sorted(places.items(), key=lambda one: one[1]) if place >= 0] == titles


def test_a_choice_of_a_payer_is_kept(practice: Practice, inbox: None, manager: Client) -> None:
    query = f"payer={practice.payer.public_id}"
    assert "Nobodys" not in words_of(manager, f"/portal/incidents/?{query}").split('<ol class="incidents"')[-1]
    manager.post("/portal/views/save/", {"screen": "incidents", "name": "Summit", "query": f"{query}&page=9"})
    assert f'<a href="?{query}">Summit</a>' in words_of(manager, "/portal/incidents/")
