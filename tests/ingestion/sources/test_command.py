import io
import json

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from tests.ingestion.sources.conftest import FILE, Desk, names
from upstream.ingestion.models import Source
from upstream.tenants.queries import bound_organization


@pytest.fixture
def run(desk: Desk):
    """`sources` with these arguments; its JSON, and how it ended."""

    def call(*arguments: str) -> tuple[dict, int]:
        out, ended = io.StringIO(), 0
        try:
            call_command("sources", "--tenant", bound_organization().slug, "--json", *arguments, stdout=out)
        except SystemExit as exc:
            ended = int(exc.code or 0)
        return json.loads(out.getvalue()), ended

    return call


def add(run, *more: str) -> dict:
    return run("add", "In", "--kind", "folder", "--set", "folder=inbox", "--set", "complete=rename", *more)[0]


def test_a_source_is_added_tested_pulled_and_switched_off(desk: Desk, run) -> None:
    assert add(run, "--schedule", "daily 06:15")["schedule"] == "daily 06:15"
    desk.inbox.joinpath("a.csv").write_bytes(FILE)
    assert run("test", "In")[0]["works"] is True
    pulled, ended = run("pull", "In")
    assert (pulled["state"], pulled["received"], pulled["known"], ended) == ("succeeded", 1, 0, 0)
    assert names() == ["a.csv"]
    assert run("disable", "In")[0]["enabled"] is False
    assert [row["name"] for row in run("list")[0]["sources"]] == ["In"]
    assert run("enable", "In")[0]["enabled"] is True


def test_what_fails_ends_with_one_and_says_why(desk: Desk, run) -> None:
    add(run)
    tried, ended = run("test", "In")
    assert (tried["works"], tried["code"], ended) == (False, "no_folder", 1)
    pulled, ended = run("pull", "In")
    assert (pulled["state"], pulled["error_code"], ended) == ("failed", "no_folder", 1)
    assert "there is no such folder" in pulled["error"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("test",), "needs the name"),
        (("test", "Nobody"), "there is no source 'Nobody'"),
        (("add", "In"), "add needs --kind"),
        (("add", "In", "--kind", "folder", "--set", "folder"), "KEY=VALUE"),
        (("add", "In", "--kind", "folder", "--secret", "folder=/nowhere"), "cannot be read"),
    ],
)
def test_what_cannot_be_done_is_said(arguments: tuple[str, ...], words: str, run) -> None:
    with pytest.raises(CommandError, match=words):
        run(*arguments)
    assert not Source.objects.exists()


def test_a_source_that_is_ended_forgets_its_place_and_frees_its_name(desk: Desk, run) -> None:
    add(run)
    desk.inbox.joinpath("a.csv").write_bytes(FILE)
    run("pull", "In")
    assert run("end", "In")[0]["enabled"] is False
    ended = Source.objects.get()
    assert (ended.settings, ended.sealed_secrets, ended.sealed_checkpoint) == ({}, None, None)
    assert ended.name.startswith("In (ended ")
    assert (names(), run("list")[0]["sources"]) == (["a.csv"], [])
    with pytest.raises(CommandError, match="no source 'In'"):
        run("pull", "In")
    assert add(run)["name"] == "In"
    assert Source.objects.count() == 2
