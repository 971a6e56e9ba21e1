"""Wheels of pure-Python packages made from what is installed, so that a build needs no network."""

from __future__ import annotations

import base64
import hashlib
from importlib.metadata import distribution
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

EPOCH = (1980, 1, 1, 0, 0, 0)


def pack(name: str, folder: Path) -> Path:
    """Write the wheel of an installed package to `folder`; scripts and data outside site-packages are left out.

    Raises ValueError for a package that is not pure Python or was not installed from a wheel.
    """
    package = distribution(name)
    files = {str(file): Path(str(file.locate())) for file in package.files or [] if _belongs(str(file))}
    tags = [line for line in (package.read_text("WHEEL") or "").split("\n") if line.startswith("Tag:")]
    if not any("py3-none-any" in tag for tag in tags):
        raise ValueError(f"{name} is not a pure-Python wheel")
    info = next(file.split("/")[0] for file in files if file.split("/")[0].endswith(".dist-info"))
    path = folder / f"{info.removesuffix('.dist-info')}-py3-none-any.whl"
    record = []
    with ZipFile(path, "w", ZIP_DEFLATED) as wheel:
        for inside, file in sorted(files.items()):
            data = file.read_bytes()
            wheel.writestr(ZipInfo(inside, EPOCH), data, ZIP_DEFLATED)
            digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
            record.append(f"{inside},sha256={digest},{len(data)}")
        record.append(f"{info}/RECORD,,")
        wheel.writestr(ZipInfo(f"{info}/RECORD", EPOCH), "\n".join(record) + "\n", ZIP_DEFLATED)
    return path


def _belongs(file: str) -> bool:
    unwanted = ("../", "/RECORD", "/INSTALLER", "/REQUESTED", "/direct_url.json", ".pyc")
    return not any(part in file for part in unwanted) and "/tests/" not in file
