"""A bundle taken apart and checked by the script inside it, as anybody would who has nothing but Python."""

import io
import subprocess
import sys
import zipfile
from pathlib import Path

from upstream.alerts.bundle import bundle_of
from upstream.alerts.models import Incident


def unpacked(content: bytes, folder: Path) -> Path:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        archive.extractall(folder)
    return folder


def checked(folder: Path) -> tuple[int, str]:
    """Exit status of the verifier and what it printed."""
    found = subprocess.run([sys.executable, "-I", folder / "verify.py"], capture_output=True, text=True, check=False)
    assert found.stderr == ""
    return found.returncode, found.stdout


def worked_out_again(incident: Incident, folder: Path) -> set[str]:
    """The numbers that the verifier worked out from the inputs and found as told, once everything holds."""
    content = bundle_of(incident, actor="user:x", practice="Lakeside")
    code, said = checked(unpacked(content, folder))
    assert (code, said.splitlines()[-1]) == (0, "everything holds"), said
    assert "ok     the claims behind it are those that it describes" in said
    assert "left   evidence" in said
    return {line.split()[1] for line in said.splitlines() if ", again " in line}
