"""What runs in production is described in files that no test starts: here they are at least whole and agree."""

import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.dev.conftest import ask
from upstream.dev.cluster import Cluster
from upstream.dev.folder import Folder
from upstream.dev.identity import server_identity
from upstream.dev.keys import keys_of
from upstream.dev.names import with_role
from upstream.dev.postgres import Postgres
from upstream.operations.metrics import HELP

ROOT = Path(__file__).resolve().parents[2]
RULES = sorted((ROOT / "prometheus" / "rules").glob("*.yml"))
BOARDS = sorted((ROOT / "prometheus" / "grafana" / "dashboards").glob("*.json"))
# Reported by jobs outside the product, as the runbook says; or by the collector itself when it cannot count.
REPORTED_ELSEWHERE = {"upstream_restore_test_success_timestamp_seconds", "upstream_canary_ok", "upstream_scrape_ok"}


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    parsed: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    return parsed


def rules() -> list[dict[str, Any]]:
    return [rule for path in RULES for group in yaml.safe_load(path.read_text())["groups"] for rule in group["rules"]]


def expressions() -> list[str]:
    of_boards = [
        target["expr"]
        for path in BOARDS
        for panel in json.loads(path.read_text())["panels"]
        for target in panel["targets"]
    ]
    return [rule["expr"] for rule in rules()] + of_boards


def test_every_part_of_the_product_has_its_service(compose: dict[str, Any]) -> None:
    assert {"migrate", "web", "worker", "beat", "postgres", "redis", "cache", "prometheus", "grafana"} <= set(
        compose["services"]
    )


def test_only_migrate_knows_the_owner_of_the_tables(compose: dict[str, Any]) -> None:
    knowing = [name for name, service in compose["services"].items() if "OWNER_URL" in json.dumps(service)]
    assert knowing == ["migrate"]


def test_the_product_runs_without_rights_of_the_machine(compose: dict[str, Any]) -> None:
    ours = [compose["services"][name] for name in ("migrate", "web", "worker", "beat")]
    assert all(service["cap_drop"] == ["ALL"] and service["read_only"] for service in ours)
    assert "USER upstream" in (ROOT / "Dockerfile").read_text()


def test_the_broker_never_drops_a_message(compose: dict[str, Any]) -> None:
    command = " ".join(compose["services"]["redis"]["command"])
    assert "--maxmemory-policy noeviction --appendonly yes" in command


def test_workers_listen_to_every_queue(compose: dict[str, Any]) -> None:
    from upstream.pipeline import STAGES

    queues = compose["services"]["worker"]["command"][-1].split(",")
    assert {stage.queue for stage in STAGES} | {"default"} == set(queues)


def test_the_runbook_names_every_stage_with_its_queue_and_workers_for_all() -> None:
    from upstream.pipeline import STAGES

    runbook = (ROOT / "docs" / "runbook.md").read_text()
    rows = re.findall(r"^\| ([a-z_, ]+) \| ([a-z]+) \| ", runbook, re.MULTILINE)
    named = {name: queue for names, queue in rows for name in names.split(", ")}
    assert {stage.name: named.get(stage.name) for stage in STAGES} == {stage.name: stage.queue for stage in STAGES}
    asked = re.search(r"--queues (\S+)", runbook)
    assert asked
    assert {stage.queue for stage in STAGES} | {"default"} == set(asked[1].split(","))


def test_every_file_that_a_service_mounts_is_there(compose: dict[str, Any]) -> None:
    mounts = [mount for service in compose["services"].values() for mount in service.get("volumes", [])]
    ours = [mount.split(":")[0] for mount in mounts if mount.startswith("./") and not mount.startswith("./var/")]
    assert ours
    assert [path for path in ours if not (ROOT / path).exists()] == []


def test_the_example_names_every_variable() -> None:
    example = set(re.findall(r"^#?([A-Z][A-Z_]+)=", (ROOT / ".env.example").read_text(), re.M))
    settings = "".join(path.read_text() for path in (ROOT / "upstream" / "settings").glob("*.py"))
    read = set(
        re.findall(r"""(?:env\.)?(?:text|flag|integer|words|moment|_database)\(\s*"([A-Z][A-Z_]+)\"""", settings)
    )
    interpolated = set(re.findall(r"\$\{([A-Z_]+)", (ROOT / "docker-compose.yml").read_text()))
    assert sorted((read | interpolated) - example) == []


def test_the_image_has_the_libraries_that_the_demo_installs() -> None:
    pattern = re.compile(r"\b(?:libpango|libharfbuzz|fonts-)[\w.-]+")
    demo = set(re.findall(pattern, (ROOT / "upstream" / "dev" / "bootstrap.sh").read_text()))
    image = set(re.findall(pattern, (ROOT / "Dockerfile").read_text()))
    assert image == {name for name in demo if ".so" not in name}


def test_each_lock_contains_the_one_before() -> None:
    def pins(name: str) -> set[str]:
        text = (ROOT / f"requirements{name}-lock.txt").read_text()
        assert not re.search(r"--index-url|--find-links|file:|https?:", text)
        return set(re.findall(r"^[\w.-]+==\S+(?: ; [^\\]+)?", text, re.M))

    assert pins("") < pins("-demo") < pins("-dev")


def test_every_rule_leads_to_its_section_of_the_runbook() -> None:
    runbook = (ROOT / "prometheus" / "runbook.md").read_text()
    sections = re.findall(r"^## (\w+)$", runbook, re.M)
    assert sorted(sections) == sorted(rule["alert"] for rule in rules())
    links = [rule["annotations"]["runbook_url"] for rule in rules()]
    assert links == [f"prometheus/runbook.md#{rule['alert'].lower()}" for rule in rules()]


def test_rules_and_boards_ask_for_numbers_that_exist() -> None:
    asked = {name for expression in expressions() for name in re.findall(r"\bupstream_\w+", expression)}
    assert asked - set(HELP) - REPORTED_ELSEWHERE == set()


def test_every_number_of_the_product_is_on_a_board() -> None:
    boards = "".join(path.read_text() for path in BOARDS)
    assert [name for name in HELP if name not in boards] == []


@pytest.mark.parametrize("path", BOARDS, ids=lambda path: path.stem)
def test_a_board_has_distinct_panels_within_the_grid(path: Path) -> None:
    panels = json.loads(path.read_text())["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    assert all(panel["gridPos"]["x"] + panel["gridPos"]["w"] <= 24 for panel in panels)


def test_the_init_script_makes_roles_that_the_wall_binds(folder: Folder) -> None:
    with folder.locked():
        keys = keys_of(folder)
        Postgres(folder).start(keys.superuser_password)
    admin_url = Postgres(folder).url("postgres", keys.superuser_password, "postgres")
    programs = Cluster(folder).programs(server_identity())
    environment = {
        "PATH": f"{programs}:{os.environ['PATH']}",
        "PGHOST": folder.read("state")["postgres_socket_folder"],
        "PGPASSWORD": keys.superuser_password,
        "UPSTREAM_OWNER_PASSWORD": "owner's",
        "UPSTREAM_APP_PASSWORD": "app's",
        "PRIVILEGES_SQL": str(ROOT / "docker" / "postgres" / "privileges.sql"),
    }
    subprocess.run(["sh", ROOT / "docker" / "postgres" / "roles.sh"], env=environment, check=True, capture_output=True)
    ask(with_role(admin_url, "upstream_owner", "owner's", "upstream"), "CREATE TABLE fact (cents bigint)")
    assert ask(with_role(admin_url, "upstream_app", "app's", "upstream"), "SELECT * FROM fact") == []
    powerful = "SELECT count(*) FROM pg_roles WHERE rolname LIKE 'upstream_%' AND (rolsuper OR rolbypassrls)"
    assert ask(admin_url, powerful) == [(0,)]
