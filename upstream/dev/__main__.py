"""`python -m upstream.dev up | down | status | env | run -- COMMAND... | destroy`"""

import argparse
import os
import shlex
import sys

from upstream.dev import servers
from upstream.dev.environment import ensure
from upstream.dev.folder import DevError, Folder


def main(arguments: list[str], folder: Folder) -> int:
    """Runs one command; returns the exit code. `run` replaces this process."""
    options = _parser().parse_args(arguments)
    try:
        return _run(options, folder)
    except DevError as exc:
        print(exc, file=sys.stderr)
        return 1


def _run(options: argparse.Namespace, folder: Folder) -> int:
    match options.command:
        case "up":
            added = ensure(folder=folder)
            for server, variable in (("PostgreSQL", "DATABASE_OWNER_URL"), ("Redis", "REDIS_URL")):
                print(f"{server}: {'ready' if variable in added else f'as given by {variable}'}")
            print('For this shell: eval "$(python -m upstream.dev env)"')
        case "env":
            for name, value in ensure(folder=folder).items():
                print(f"export {name}={shlex.quote(value)}")
        case "run":
            os.environ.update(ensure(folder=folder))
            os.execvp(options.argv[0], options.argv)
        case "down":
            servers.stop(folder)
        case "destroy":
            servers.destroy(folder)
        case "status":
            states = servers.status(folder)
            for name, up in states.items():
                print(f"{name}: {'up' if up else 'down'}")
            return 0 if all(states.values()) else 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m upstream.dev", description="The embedded development servers.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("up", help="start the servers and make roles and databases")
    commands.add_parser("down", help="stop the servers; their data stays")
    commands.add_parser("status", help="which servers are up; exit code 1 when one is down")
    commands.add_parser("env", help="print the environment as shell exports")
    commands.add_parser("destroy", help="stop the servers and remove their data")
    run = commands.add_parser("run", help="run a command in that environment")
    run.add_argument("argv", nargs="+", metavar="COMMAND")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], Folder.default()))
