"""What sums up many files waits for the last of them, so that a hundred files cost what one does."""

import pytest

from tests import factories
from tests.factories import organization
from tests.ingestion.test_matching import practice_file, sent
from tests.ingestion.world import load
from upstream import pipeline
from upstream.core import tenancy
from upstream.ingestion.choices import BatchState
from upstream.ingestion.models import Batch

SUMMING = ("detection", "value", "worklist", "authorizations", "kpis")


@pytest.mark.django_db
@pytest.mark.parametrize("name", SUMMING)
def test_a_stage_that_sums_up_files_waits_for_those_that_were_not_read(name: str) -> None:
    with tenancy.bind(organization().pk):
        load(practice_file(sent("C1")))
        factories.batch(state=BatchState.LANDED)
        assert pipeline.ready(pipeline.BY_NAME[name]) == []
        Batch.objects.filter(state=BatchState.LANDED).update(state=BatchState.REJECTED)
        assert len(pipeline.ready(pipeline.BY_NAME[name])) == 1
