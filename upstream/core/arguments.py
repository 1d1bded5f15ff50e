"""What management commands are given: days, moments and files; refused in words before any work is done."""

from argparse import ArgumentTypeError
from datetime import date, datetime
from pathlib import Path


def day(text: str) -> date:
    """A day in ISO's order."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is no day: write it like 2026-11-30") from None


def moment(text: str) -> datetime:
    """An instant in ISO's order."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is no moment: write it like 2026-11-30T18:00:00+00:00") from None


def file_there(text: str) -> Path:
    """A file to read."""
    path = Path(text)
    if not path.is_file():
        raise ArgumentTypeError(f"there is no file {path}")
    return path


def new_file(text: str) -> Path:
    """Where a file can be written: in a folder that is there."""
    path = Path(text)
    if not path.parent.is_dir():
        raise ArgumentTypeError(f"there is no folder {path.parent}")
    if path.is_dir():
        raise ArgumentTypeError(f"{path} is a folder: name a file in it")
    return path
