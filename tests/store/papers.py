"""Papers as people bring them, with all that says who made them."""

import io
from typing import Any

from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    TextStringObject,
)

MAKER = "Zyxwvut"
"""Stands in everything that is metadata, and nowhere on the page."""


def photo_with_traces() -> bytes:
    """A JPEG whose Exif and comment name the maker."""
    picture = Image.new("RGB", (64, 32), (15, 92, 92))
    exif = Image.Exif()
    exif[0x010F] = MAKER
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=exif, comment=MAKER)
    return out.getvalue()


def xmp() -> DecodedStreamObject:
    """A metadata stream that names the maker."""
    stream = DecodedStreamObject()
    stream.set_data(f"<x:xmpmeta><dc:creator>{MAKER}</dc:creator></x:xmpmeta>".encode())
    stream.update({NameObject("/Type"): NameObject("/Metadata"), NameObject("/Subtype"): NameObject("/XML")})
    return stream


def paper(**over: Any) -> bytes:
    """One page with a text and a photo, and the maker in every place a program writes it; ``signed`` adds a flag."""
    writer = PdfWriter()
    page = writer.add_blank_page(200, 100)
    text = DecodedStreamObject()
    text.set_data(b"BT /F1 12 Tf 10 50 Td (A well for the douar) Tj ET q 64 0 0 32 0 0 cm /Im1 Do Q")
    photo = DecodedStreamObject()
    photo.set_data(photo_with_traces())
    shape = {"/Type": "/XObject", "/Subtype": "/Image", "/ColorSpace": "/DeviceRGB", "/Filter": "/DCTDecode"}
    photo.update({NameObject(k): NameObject(v) for k, v in shape.items()})
    numbers = {"/Width": 64, "/Height": 32, "/BitsPerComponent": 8}
    photo.update({NameObject(k): NumberObject(v) for k, v in numbers.items()})
    photo[NameObject("/Metadata")] = writer._add_object(xmp())
    helvetica = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica"}
    font = DictionaryObject({NameObject(k): NameObject(v) for k, v in helvetica.items()})
    page[NameObject("/Contents")] = writer._add_object(text)
    page[NameObject("/Resources")] = DictionaryObject(
        {
            NameObject("/Font"): DictionaryObject({NameObject("/F1"): font}),
            NameObject("/XObject"): DictionaryObject({NameObject("/Im1"): writer._add_object(photo)}),
        }
    )
    page[NameObject("/PieceInfo")] = DictionaryObject({NameObject("/App"): TextStringObject(MAKER)})
    page[NameObject("/Metadata")] = writer._add_object(xmp())
    writer.add_metadata({"/Author": MAKER, "/Creator": MAKER, "/CreationDate": "D:20270101"})
    writer.root_object[NameObject("/Metadata")] = writer._add_object(xmp())
    writer.add_attachment(f"{MAKER}.txt", MAKER.encode())
    script = {"/S": NameObject("/JavaScript"), "/JS": TextStringObject(f"app.alert('{MAKER}')")}
    action = writer._add_object(DictionaryObject({NameObject(k): v for k, v in script.items()}))
    writer.root_object[NameObject("/OpenAction")] = action
    named = DictionaryObject({NameObject("/Names"): ArrayObject([TextStringObject("go"), action])})
    writer.root_object["/Names"].get_object()[NameObject("/JavaScript")] = named
    if over.get("signed"):
        form = {NameObject("/SigFlags"): NumberObject(3), NameObject("/Fields"): ArrayObject()}
        writer.root_object[NameObject("/AcroForm")] = DictionaryObject(form)
    if over.get("word"):
        writer.encrypt(over["word"])
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def everything_in(data: bytes) -> bytes:
    """The bytes of a paper with all its streams unpacked, to look for a word in."""
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(data))
    parts = [data]
    for generation in reader.xref.values():
        for number in generation:
            thing = reader.get_object(number)
            parts.append(repr(thing).encode())
            parts.append(getattr(thing, "_data", b"") or b"")
            if hasattr(thing, "get_data") and thing.get("/Filter") != "/DCTDecode":
                parts.append(thing.get_data())
    return b"\n".join(parts)
