"""What is already set stays; what is missing is added."""

import base64
import os
import subprocess
import sys
from pathlib import Path

import dj_database_url
import pytest

from upstream.dev.__main__ import main
from upstream.dev.environment import ensure
from upstream.dev.folder import Folder

GIVEN = {
    "DATABASE_URL": "postgres://app@db/u",
    "DATABASE_OWNER_URL": "postgres://owner@db/u",
    "REDIS_URL": "redis://r/0",
}


def test_everything_that_settings_need_is_there(environment: dict[str, str]) -> None:
    assert set(environment) == {
        "DATABASE_URL",
        "DATABASE_OWNER_URL",
        "DATABASE_UNWALLED_URL",
        "REDIS_URL",
        "SECRET_KEY",
        "UPSTREAM_PHI_KEYS",
        "DJANGO_SETTINGS_MODULE",
    }
    key_id, _, key = environment["UPSTREAM_PHI_KEYS"].partition(":")
    assert (key_id, len(base64.urlsafe_b64decode(key))) == ("dev1", 32)
    assert len(environment["SECRET_KEY"]) >= 50


def test_the_urls_say_the_same_to_django(environment: dict[str, str], shared_folder: Folder) -> None:
    parsed = dj_database_url.parse(environment["DATABASE_URL"])
    assert parsed["HOST"] == shared_folder.read("state")["postgres_socket_folder"]
    assert (parsed["USER"], parsed["NAME"], parsed["PORT"]) == ("upstream_app", "upstream", 5432)


def test_servers_that_are_given_are_not_started_again(folder: Folder) -> None:
    assert set(ensure(GIVEN, folder)) == {"SECRET_KEY", "UPSTREAM_PHI_KEYS", "DJANGO_SETTINGS_MODULE"}
    assert sorted(path.name for path in folder.root.iterdir()) == ["lock", "secrets.json"]


def test_a_database_given_in_parts_is_left_alone(folder: Folder) -> None:
    assert "DATABASE_URL" not in ensure({"DB_NAME": "upstream", "REDIS_URL": "redis://r/0"}, folder)


def test_secrets_that_are_given_stay(folder: Folder) -> None:
    given = {"SECRET_KEY_FILE": "/run/secrets/key", "UPSTREAM_PHI_KEYS": "k1:x", "DJANGO_SETTINGS_MODULE": "other"}
    assert ensure(GIVEN | given, folder) == {}


def test_env_prints_what_a_shell_can_read(capsys: pytest.CaptureFixture[str], shared_folder: Folder) -> None:
    assert main(["env"], shared_folder) == 0
    script = capsys.readouterr().out + 'echo "$DATABASE_URL"'
    shell = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=True)
    assert shell.stdout.startswith("postgres://upstream_app:")


def test_run_runs_the_command_with_the_environment() -> None:
    command = [sys.executable, "-c", "import os; print(os.environ['DATABASE_URL'] == os.environ['EXPECTED'])"]
    shell = subprocess.run(
        [sys.executable, "-m", "upstream.dev", "run", "--", *command],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"EXPECTED": os.environ["DATABASE_URL"]},
    )
    assert shell.stdout == "True\n"


def test_status_says_which_server_is_down(
    capsys: pytest.CaptureFixture[str], folder: Folder, shared_folder: Folder
) -> None:
    assert main(["status"], shared_folder) == 0
    folder.root.mkdir()
    assert main(["status"], folder) == 1
    assert capsys.readouterr().out == "postgres: up\nredis: up\npostgres: down\nredis: down\n"


def test_an_error_is_one_message_without_a_traceback(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "dev").mkdir()
    (tmp_path / "dev" / "secrets.json").write_text("not json")
    assert main(["up"], Folder(tmp_path / "dev")) == 1
    assert "secrets.json cannot be read" in capsys.readouterr().err


def test_production_code_does_not_import_the_development_servers() -> None:
    code = "import sys, upstream.settings.base; sys.exit('upstream.dev' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
