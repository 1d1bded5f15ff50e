"""LibreOffice as people have it, without a window: it opens our documents and prints them."""

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

PACKAGES = "libreoffice-writer-nogui libreoffice-calc-nogui"


def converted(files: Mapping[str, bytes], to: str, folder: Path) -> dict[str, bytes]:
    """These files as LibreOffice writes them in another format, by the same names; each must be opened and written.

    The test fails, and names the packages, where LibreOffice is not installed: `make test` installs it.
    """
    program = shutil.which("soffice")
    if program is None:
        pytest.fail(f"LibreOffice is missing: apt-get install --no-install-recommends {PACKAGES}")
    given, made = folder / "given", folder / "made"
    given.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (given / name).write_bytes(content)
    command = [
        program, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--norestore",
        "--convert-to", to, "--outdir", str(made), *(str(given / name) for name in files),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, timeout=180, check=False)
    kind = to.partition(":")[0]
    found = {name: made / f"{Path(name).stem}.{kind}" for name in files}
    missing = [name for name, path in found.items() if not path.exists()]
    assert not missing, f"LibreOffice could not write {missing}: {done.stderr[-500:]} ({PACKAGES})"
    return {name: path.read_bytes() for name, path in found.items()}
