#!/usr/bin/env python3
"""Command line of Upstream. Outside production it starts the development servers that are not named."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "upstream.settings.dev")
    if not os.environ["DJANGO_SETTINGS_MODULE"].endswith(".prod"):
        from upstream.dev.environment import ensure

        os.environ.update(ensure())
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
