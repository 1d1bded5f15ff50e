"""A sample is one, a tenant of its own; nothing real comes into it and nothing of it goes out."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection, transaction
from pytest_django import Settings

from tests.factories import member, source
from tests.samples.conftest import NOW, Asked
from upstream import pipeline
from upstream.core import tenancy
from upstream.core.errors import Conflict
from upstream.delivery import endpoints
from upstream.delivery.models import Outbox
from upstream.delivery.services import queue_mail
from upstream.ingestion.models import Batch
from upstream.ingestion.services import receive
from upstream.operations import metrics
from upstream.portal.queries.health import standing_of_all
from upstream.samples import stage
from upstream.samples.making import last_week_of
from upstream.tenants import people, samples
from upstream.tenants.choices import SampleState
from upstream.tenants.models import Membership, Organization


def test_asking_again_gets_the_same_sample_and_other_practices_their_own(asked: Asked) -> None:
    assert samples.sample_of(asked.practice) == asked.sample
    with tenancy.directory():
        assert list(Organization.objects.filter(sample_of=asked.practice)) == [asked.sample]
    assert (asked.sample.name, asked.sample.sample_state) == ("Larkfield Orthopedics (sample)", SampleState.MAKING)
    assert last_week_of(asked.sample).isoformat() == "2026-02-23"


def test_each_who_opens_it_has_the_role_of_home_and_nobody_else_is_there(asked: Asked) -> None:
    with tenancy.bind(asked.practice.pk):
        biller = member(role="biller")
    with tenancy.bind(asked.sample.pk):
        samples.join(biller.user, "biller")
        samples.join(biller.user, "biller")
        found = set(Membership.objects.values_list("user_id", "role", "active"))
    assert found == {(asked.owner.user_id, "owner", True), (biller.user_id, "biller", True)}


def _upload() -> None:
    receive([b"claim_id,payer\n1,Summit Mutual\n"], name="claims.csv", received_from="user:somebody")


def _invite() -> None:
    people.add_person(email="nora@lakeside.example", role="biller")


def _channel() -> None:
    endpoints.add_endpoint(kind="webhook", name="Chat", url="https://example.com/", events=["report.ready"])


@pytest.mark.parametrize("act", [_upload, _invite, _channel, source])
def test_what_is_real_is_turned_away(act: Callable[[], None], asked: Asked) -> None:
    with tenancy.bind(asked.sample.pk):
        with pytest.raises(Conflict, match="this is a sample practice"):
            act()
        assert not Batch.objects.exists()
        assert Membership.objects.count() == 1


def test_messages_stay_in_the_house(asked: Asked) -> None:
    with tenancy.bind(asked.sample.pk):
        recipient = Membership.objects.get()
        message = queue_mail("report_ready", about="report:1", recipient=recipient, context={})
        for each in (pipeline.BY_NAME["delivery"], pipeline.BY_NAME["endpoints"]):
            assert list(each.ready()) == []
        assert pipeline.BY_NAME["delivery"].take(message.pk) is False
        assert list(Outbox.objects.values_list("state", "attempts")) == [("withheld", 0)]
    assert mail.outbox == []


def test_it_is_no_customer(asked: Asked) -> None:
    told = metrics.domain().decode()
    assert asked.practice.public_id.hex[:8] in told
    assert asked.sample.public_id.hex[:8] not in told
    with tenancy.directory():
        assert [standing.practice for standing in standing_of_all()] == [asked.practice]
    assert pipeline.customer_ids() == [asked.practice.pk]


def test_an_own_practice_is_no_row_of_the_stage(asked: Asked) -> None:
    with tenancy.bind(asked.practice.pk):
        assert list(stage.ready()) == []
    with tenancy.bind(asked.sample.pk):
        assert list(stage.ready()) == [asked.sample.pk]


def test_one_that_goes_is_worked_on_by_its_removal_alone_and_cannot_be_joined(asked: Asked) -> None:
    with tenancy.bind(asked.sample.pk):
        samples.let_go(asked.sample)
        assert pipeline.open_stages() == (stage.STAGE,)
        with pytest.raises(Conflict, match="just being removed"):
            samples.join(asked.owner.user, "owner")
        assert list(Membership.objects.values_list("active", flat=True)) == [False]


def test_one_that_goes_leaves_nothing_and_touches_nothing_of_its_practice(asked: Asked) -> None:
    with tenancy.bind(asked.sample.pk):
        samples.let_go(asked.sample)
        assert pipeline.run_to_end() == 0
        assert pipeline.open_stages() == ()
    with tenancy.directory(), transaction.atomic():
        assert list(Organization.objects.all()) == [asked.practice]
    with tenancy.bind(asked.practice.pk):
        assert Membership.objects.get() == asked.owner
    assert samples.sample_of(asked.practice).pk != asked.sample.pk


def test_one_that_stands_for_longer_than_a_month_goes_by_itself(asked: Asked, settings: Settings) -> None:
    with tenancy.bind(asked.sample.pk):
        Organization.objects.filter(pk=asked.sample.pk).update(sample_state=SampleState.READY)
        assert list(stage.ready()) == []
        settings.FIXED_NOW = NOW + timedelta(days=31)
        pipeline.run_to_end()
    with tenancy.directory():
        assert list(Organization.objects.all()) == [asked.practice]


def test_a_sample_has_a_state_and_a_practice_none(asked: Asked) -> None:
    with tenancy.directory(), pytest.raises(Exception, match="sample_has_a_state"), transaction.atomic():
        Organization.objects.filter(pk=asked.practice.pk).update(sample_state=SampleState.READY)
    assert connection.is_usable()
