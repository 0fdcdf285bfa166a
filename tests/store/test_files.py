import io
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy.orm import Session

from cdp.kernel.errors import RuleBroken
from cdp.store.files import examine, keep, path_of
from tests.factories import make_commune

LARGEST = 8 * 1024 * 1024


def photo(kind: str = "JPEG", size: tuple[int, int] = (2400, 1200)) -> bytes:
    picture = Image.new("RGB", size, (15, 92, 92))
    exif = Image.Exif()
    exif[0x010F] = "A camera that says where it was"
    out = io.BytesIO()
    picture.save(out, kind, exif=exif)
    return out.getvalue()


def test_a_photo_loses_its_metadata_and_its_excess() -> None:
    content = examine(photo(), largest=LARGEST)
    assert (content.kind, content.width, content.height) == ("image/webp", 1600, 800)
    with Image.open(io.BytesIO(content.data)) as clean:
        assert not clean.getexif()
    assert b"camera" not in content.data


@pytest.mark.parametrize(
    ("data", "key"),
    [
        (b"", "files.empty"),
        (b"x" * 100, "files.not_allowed"),
        (b"<html><script>alert(1)</script>", "files.not_allowed"),
        (b"%PDF-1.7 without an end", "files.not_allowed"),
        (photo()[:2000], "files.broken_picture"),
        (b"GIF89a" + b"\0" * 50, "files.not_allowed"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused(data: bytes, key: str) -> None:
    with pytest.raises(RuleBroken, match=key):
        examine(data, largest=LARGEST)


def test_twenty_megabytes_are_refused_before_they_are_opened() -> None:
    with pytest.raises(RuleBroken, match=r"files\.too_large"):
        examine(b"\0" * (20 * 1024 * 1024), largest=LARGEST)


def test_the_same_content_is_kept_once(db: Session, tmp_path: Path) -> None:
    commune = make_commune(db)
    content = examine(photo("PNG"), largest=LARGEST)
    first = keep(db, tmp_path / "files", commune.id, "../../etc/well.png", content)
    second = keep(db, tmp_path / "files", commune.id, "again.png", content)
    assert first.sha256 == second.sha256
    assert first.name == "well.png"
    assert [p for p in (tmp_path / "files").rglob("*") if p.is_file()] == [path_of(tmp_path / "files", first.sha256)]
