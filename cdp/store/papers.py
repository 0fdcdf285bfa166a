"""A process of its own: PDFs people bring, written anew without what says who made them, where and with what.

Taken out: the Info dictionary (author, program, dates), XMP metadata of the paper, its pages and pictures, private
data of programs (PieceInfo), file identifiers, embedded files, scripts and actions that run by themselves, and the
Exif and XMP segments of JPEG pictures inside. What stands on the pages stays as it is.
A paper that carries a digital signature is kept byte for byte: writing it anew would break what its signer signed,
name and day included.
Source: ISO 32000-2, 12.8 (signatures), 12.6.2 (triggers), 14.3 (metadata), 14.5 (page-piece dictionaries),
7.11.4 (embedded files).
"""

import io
import resource
import struct
import sys
from typing import Any

from pypdf import PdfReader, PdfWriter
from pypdf.errors import FileNotDecryptedError, WrongPasswordError

TRACES = ("/Metadata", "/PieceInfo", "/LastModified", "/AA", "/OpenAction", "/JS")
"""Keys that are taken out of every dictionary of a paper."""

MOST_OBJECTS = 20_000
"""A paper made of more pieces is refused: reading it would hold up everybody else."""


SECONDS, MEMORY = 20, 1024 * 1024 * 1024
"""What the process that reads a paper may take; a paper that asks for more is refused."""

LOCKED, BROKEN = 3, 4
"""How the process ends when it refuses."""


class Locked(Exception):
    """A paper behind a password."""


class Broken(Exception):
    """A paper that cannot be read whole, and so could not be cleaned."""


def rewritten(data: bytes) -> bytes:
    """The same pages without metadata; Locked or Broken where that cannot be done."""
    try:
        return _rewritten(data)
    except (Locked, FileNotDecryptedError, WrongPasswordError) as error:
        raise Locked from error
    except Exception as error:
        raise Broken from error


def _rewritten(data: bytes) -> bytes:
    reader = PdfReader(io.BytesIO(data))
    if reader.is_encrypted:
        raise Locked
    if sum(map(len, reader.xref.values())) + len(reader.xref_objStm) > MOST_OBJECTS or not reader.pages:
        raise Broken
    if _is_signed(reader):
        return data
    writer = PdfWriter(clone_from=reader)
    for thing in writer._objects:
        _bare(thing)
    _without_hidden_parts(writer.root_object)
    return _written(PdfWriter(clone_from=PdfReader(io.BytesIO(_written(writer)))))


def _written(writer: Any) -> bytes:
    """The bytes of a paper without Info and identifier; a copy of them holds only what its pages still reach."""
    writer.metadata = writer._ID = None
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _is_signed(reader: Any) -> bool:
    form = reader.root_object.get("/AcroForm")
    return form is not None and bool(int(form.get_object().get("/SigFlags", 0)) & 1)


def _bare(thing: Any) -> None:
    """Take the traces out of one piece, however deep, and the Exif out of a JPEG picture."""
    if isinstance(thing, dict):
        for key in TRACES:
            if key in thing:
                del thing[key]
        for value in thing.values():
            _bare(value)
        if thing.get("/Filter") in ("/DCTDecode", ["/DCTDecode"]):
            thing._data = clean_jpeg(thing._data)  # type: ignore[attr-defined]
    elif isinstance(thing, list):
        for value in thing:
            _bare(value)


def _without_hidden_parts(root: Any) -> None:
    """Embedded files and named scripts hang on the root's names; forms of programs on its own keys."""
    for key in ("/AF", "/Collection", "/SpiderInfo"):
        if key in root:
            del root[key]
    names = root.get("/Names")
    names = names.get_object() if names is not None else {}
    for key in ("/EmbeddedFiles", "/JavaScript"):
        if key in names:
            del names[key]


KEPT_SEGMENTS = frozenset({0xE0, 0xE2, 0xEE})
"""Application segments a decoder needs: JFIF, colour profile, Adobe's colour transform."""


def clean_jpeg(data: bytes) -> bytes:
    """A JPEG without its comments and application segments (Exif, XMP, IPTC); what is no JPEG comes back as it is.

    Source: ITU-T T.81, B.1.1.4: segments stand before the first scan, each with its length in two bytes.
    """
    if not data.startswith(b"\xff\xd8"):
        return data
    kept, at = bytearray(b"\xff\xd8"), 2
    while at + 4 <= len(data) and data[at] == 0xFF and data[at + 1] != 0xDA:
        mark = data[at + 1]
        end = at + 2 + struct.unpack(">H", data[at + 2 : at + 4])[0]
        is_trace = mark == 0xFE or (0xE0 <= mark <= 0xEF and mark not in KEPT_SEGMENTS)
        if not is_trace:
            kept += data[at:end]
        at = end
    return bytes(kept + data[at:])


def main() -> int:
    """Read a paper from the standard input and write it anew to the output, within the limits."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    try:
        clean = rewritten(sys.stdin.buffer.read())
    except Locked:
        return LOCKED
    except (Broken, MemoryError):
        return BROKEN
    sys.stdout.buffer.write(clean)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
