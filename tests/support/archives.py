"""Archives of submissions as learning platforms write them, and as nobody should."""

from __future__ import annotations

import stat
import struct
import zipfile
import zlib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path


def write_zip(path: Path, files: Mapping[str, bytes], time: datetime = datetime(2026, 3, 2, 10)) -> Path:
    """Write a zip archive of the given files, all of one time."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(entry(name, time), data)
    return path


def entry(name: str, time: datetime = datetime(2026, 3, 2, 10), **attributes: object) -> zipfile.ZipInfo:
    """Return the header of a file, with any of its fields as given."""
    info = zipfile.ZipInfo(name, time.timetuple()[:6])
    info.compress_type = zipfile.ZIP_DEFLATED
    for field, value in attributes.items():
        setattr(info, field, value)
    return info


def mode(kind: int) -> dict[str, object]:
    """Return the fields of a header that make an entry a link, a pipe or a device."""
    return {"create_system": 3, "external_attr": (kind | 0o644) << 16}


LINK = mode(stat.S_IFLNK)
PIPE = mode(stat.S_IFIFO)


def patched(data: bytes, name: bytes, offset: int, format: str, value: int) -> bytes:
    """Change a field of every central header (offset from `PK\\1\\2`) of the files with a name."""
    result, place = bytearray(data), data.find(b"PK\x01\x02")
    while place >= 0:
        length = struct.unpack_from("<H", data, place + 28)[0]
        if data[place + 46 : place + 46 + length] == name:
            struct.pack_into(format, result, place + offset, value)
        place = data.find(b"PK\x01\x02", place + 4)
    return bytes(result)


def overlapping(path: Path, good: Mapping[str, bytes], copies: int) -> Path:
    """Write the archive `good` with many names for one and the same packed megabyte."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = packer.compress(bytes(10 << 20)) + packer.flush()
    write_zip(path, good)
    with zipfile.ZipFile(path, "a") as archive:
        info = entry("bomb_900_9000_00-double.ipynb")
        archive.writestr(info, bytes(10 << 20))
        for number in range(1, copies):
            double = entry(f"bomb{number}_9{number:02}_9000_00-double.ipynb")
            double.header_offset, double.CRC = info.header_offset, info.CRC
            double.file_size, double.compress_size = 10 << 20, len(body)
            archive.filelist.append(double)
            archive.NameToInfo[double.filename] = double
    return path
