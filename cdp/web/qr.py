"""QR codes as pictures that a page carries itself."""

import io
from base64 import b64encode
from typing import TYPE_CHECKING

from cdp.kernel.late import late

if TYPE_CHECKING:
    import segno
else:
    segno = late("segno")


def picture(text: str, *, scale: int = 5) -> str:
    """Address (``data:``) of an SVG with the QR code of a text, dark on light with its quiet zone."""
    out = io.BytesIO()
    segno.make(text, error="m").save(out, kind="svg", scale=scale, border=4, dark="#1d2a2f", light="#ffffff")
    return "data:image/svg+xml;base64," + b64encode(out.getvalue()).decode()
