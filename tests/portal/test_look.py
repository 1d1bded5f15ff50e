"""Navigation, help and explanations, which every page has."""

import pytest
from django.test import Client

from tests.portal.conftest import Practice, SignedIn, words_of
from tests.portal.test_markup import PAGES
from upstream.portal.glossary import OWN, meaning_of
from upstream.portal.help_words import help_for
from upstream.portal.navigation import navigation
from upstream.portal.urls import urlpatterns
from upstream.tenants.choices import Right, Role
from upstream.tenants.models import User

SIGNED_OUT = {"login", "forgot", "password", "practices"}


def test_every_page_has_help_of_its_own() -> None:
    assert [name for name in PAGES if name not in SIGNED_OUT and help_for(name) is None] == []


def test_every_way_leads_to_a_page_and_says_that_one_is_there() -> None:
    names = {p.name for p in urlpatterns}
    for group in navigation("", frozenset(Right)):
        for place in group.places:
            assert place.way.home in names
            here = [other.way.label for each in navigation(place.way.home, frozenset(Right)) for other in each.places
                    if other.here]  # fmt: skip
            assert here == [place.way.label]


def test_the_longest_beginning_says_where_a_page_is() -> None:
    found = {name: place.way.label for name in ("authorizations", "authorization_risks", "recovered_lines", "batch")
             for group in navigation(name, frozenset(Right)) for place in group.places if place.here}  # fmt: skip
    assert found == {
        "authorizations": "Told by payers", "authorization_risks": "Authorizations", "recovered_lines": "Recovered",
        "batch": "Files",
    }  # fmt: skip


def test_groups_of_which_nothing_may_be_opened_are_left_out() -> None:
    assert navigation("", frozenset()) == []
    labels = [place.way.label for group in navigation("", frozenset({Right.READ})) for place in group.places]
    assert {"Sources", "Channels", "People", "Audit"} & set(labels) == set()


@pytest.mark.parametrize("key", [*OWN, "denial_rate", "overturn_rate"])
def test_figures_are_explained_in_words(key: str) -> None:
    meaning = meaning_of(key)
    assert meaning.name
    assert not meaning.formula.endswith(".")


def test_help_stands_on_the_page(manager: Client, practice: Practice) -> None:
    said = words_of(manager, "/portal/")
    assert '<aside class="drawer" id="help" popover' in said
    assert "Read the sentence on top" in said


def test_style_is_for_upstreams_staff(practice: Practice, signed_in: SignedIn) -> None:
    assert signed_in(Role.OWNER).get("/portal/style/").status_code == 403
    assert Client().get("/portal/style/").status_code == 302
    staff = Client()
    staff.force_login(User.objects.create_user("staff@example.test", "a long enough password", is_staff=True))
    assert "What pages are made of" in words_of(staff, "/portal/style/")
