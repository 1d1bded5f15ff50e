"""What commands are given is refused in words, before any work is done."""

from argparse import ArgumentTypeError
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.factories import organization
from upstream.core.arguments import day, file_there, moment, new_file


def test_days_and_moments_are_read_in_isos_order() -> None:
    assert day("2026-11-30") == date(2026, 11, 30)
    assert moment("2026-11-30T18:00:00+00:00") == datetime(2026, 11, 30, 18, tzinfo=UTC)


@pytest.mark.parametrize(
    ("read", "text", "said"),
    [
        (day, "30.11.2026", "'30.11.2026' is no day: write it like 2026-11-30"),
        (moment, "yesterday", "'yesterday' is no moment: write it like 2026-11-30T18:00:00+00:00"),
        (new_file, "/no/such/folder/out.csv", "there is no folder /no/such/folder"),
        (file_there, "/no/such.csv", "there is no file /no/such.csv"),
        (new_file, "/", "/ is a folder: name a file in it"),
    ],
)
def test_what_is_wrong_is_said(read, text: str, said: str) -> None:
    with pytest.raises(ArgumentTypeError) as refused:
        read(text)
    assert str(refused.value) == said


def test_a_file_to_write_may_be_new(tmp_path: Path) -> None:
    assert new_file(str(tmp_path / "out.csv")) == tmp_path / "out.csv"


@pytest.mark.django_db
def test_a_span_that_ends_before_it_begins_is_refused(tmp_path: Path) -> None:
    organization("hillside", "Hillside")
    span = ("--from", "2026-11-10", "--to", "2026-11-01")
    with pytest.raises(CommandError, match="--from 2026-11-10 is after --to 2026-11-01"):
        call_command("replay", "--tenant", "hillside", *span, "--output", str(tmp_path / "out.csv"))
    assert list(tmp_path.iterdir()) == []
