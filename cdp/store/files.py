"""Files people bring: judged by content, stripped of metadata, kept under their hash."""

import hashlib
import io
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, Index, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from cdp.kernel.clock import now
from cdp.kernel.errors import RuleBroken
from cdp.kernel.late import late
from cdp.store.base import Base, BigId
from cdp.store.quarantine import clean_paper
from cdp.store.types import UTCDateTime

LARGEST_SIDE = 1600
"""Pixels; larger photos are made smaller."""

LARGEST_PIXELS = 60_000_000
"""A picture with more is refused before it is unpacked."""

if TYPE_CHECKING:
    import PIL
    from PIL import Image, ImageOps
else:
    PIL, ImageOps = late("PIL"), late("PIL.ImageOps")
    Image = late("PIL.Image", MAX_IMAGE_PIXELS=LARGEST_PIXELS)


class StoredFile(Base):
    """A file of a commune; the bytes lie in the instance folder under their SHA-256."""

    __tablename__ = "stored_file"
    __table_args__ = (Index("ix_stored_file_commune", "commune_id", "sha256"),)

    commune_id: Mapped[int] = mapped_column(BigId)
    sha256: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(200))
    size: Mapped[int] = mapped_column(BigInteger)
    width: Mapped[int | None]
    height: Mapped[int | None]
    stored_at: Mapped[datetime] = mapped_column(UTCDateTime)


@dataclass(frozen=True)
class Content:
    """What a file was found to be: its type by content, clean bytes, and the size of a picture."""

    kind: str
    data: bytes
    width: int | None = None
    height: int | None = None


def examine(data: bytes, *, largest: int) -> Content:
    """Photo (JPEG, PNG, WebP; made upright, small, as WebP) or PDF, by content alone, both without metadata.

    RuleBroken: "files.empty", "files.too_large", "files.not_allowed", "files.broken_picture", and those of
    :func:`cdp.store.quarantine.clean_paper`.
    """
    if not data:
        raise RuleBroken("files.empty")
    if len(data) > largest:
        raise RuleBroken("files.too_large", megabytes=largest // (1024 * 1024))
    if data.startswith(b"%PDF-") and b"%%EOF" in data[-2048:]:
        return Content("application/pdf", clean_paper(data))
    return _picture(data)


def _picture(data: bytes) -> Content:
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "WEBP")) as picture:
            upright = ImageOps.exif_transpose(picture)
            upright = upright.convert("RGBA" if "A" in upright.getbands() else "RGB")
            upright.thumbnail((LARGEST_SIDE, LARGEST_SIDE))
            out = io.BytesIO()
            upright.save(out, "WEBP", quality=80, method=4)
            return Content("image/webp", out.getvalue(), upright.width, upright.height)
    except (PIL.UnidentifiedImageError, Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise RuleBroken("files.not_allowed") from error
    except (OSError, ValueError, SyntaxError) as error:
        raise RuleBroken("files.broken_picture") from error


def keep(db: Session, folder: Path, commune_id: int, name: str, content: Content) -> StoredFile:
    """Write the bytes under their hash (once) and the row; flushed, not committed.

    Bytes that lie there already are touched: the sweep leaves alone what was written or asked for lately.
    """
    sha256 = hashlib.sha256(content.data).hexdigest()
    path = path_of(folder, sha256)
    if path.exists():
        _touch(path)
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(".part")
        partial.write_bytes(content.data)
        _touch(partial)
        partial.replace(path)
    stored = StoredFile(
        commune_id=commune_id,
        sha256=sha256,
        kind=content.kind,
        name=Path(name).name[:200] or sha256[:12],
        size=len(content.data),
        width=content.width,
        height=content.height,
        stored_at=now(),
    )
    db.add(stored)
    db.flush()
    return stored


def find(db: Session, commune_id: int, sha256: str) -> StoredFile | None:
    """A file of a commune by its hash, or None."""
    return db.scalar(
        select(StoredFile).where(StoredFile.commune_id == commune_id, StoredFile.sha256 == sha256).limit(1)
    )


def path_of(folder: Path, sha256: str) -> Path:
    """Where the bytes with that hash lie below the instance's file folder."""
    return folder / sha256[:2] / sha256


def _touch(path: Path) -> None:
    moment = now().timestamp()
    os.utime(path, (moment, moment))


def sweep(db: Session, folder: Path, *, before: datetime) -> int:
    """Take bytes off the disk that no row names: of files taken off, refused or never committed; how many.

    ``before``: only what was last written or asked for before that moment, so that an upload under way is left alone.
    """
    gone = 0
    for path in sorted(folder.glob("??/*")):
        if not _is_old(path, before) or _is_named(db, path.name):
            continue
        if _is_old(path, before):
            path.unlink(missing_ok=True)
            gone += 1
    return gone


def _is_named(db: Session, sha256: str) -> bool:
    return db.scalar(select(StoredFile.id).where(StoredFile.sha256 == sha256).limit(1)) is not None


def _is_old(path: Path, before: datetime) -> bool:
    try:
        return path.stat().st_mtime < before.timestamp()
    except FileNotFoundError:
        return False
