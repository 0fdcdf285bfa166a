"""Answers in fewer bytes: brotli, else gzip, for text that is worth it; static files keep for a year."""

import gzip
import re
from functools import lru_cache

import brotli
from flask import Flask, Response, request

SMALLEST = 600
"""Bytes; what is smaller is not worth the work."""

TEXT = re.compile(r"text/|application/(json|xml|atom\+xml|javascript|geo\+json)|image/svg")

QUICK, THOROUGH = 4, 11
"""Brotli levels: for pages made anew each time, and for files kept by their content."""


def shorten(data: bytes, coding: str, level: int) -> bytes:
    """Bytes in a content coding, ``br`` or ``gzip``."""
    return brotli.compress(data, quality=level) if coding == "br" else gzip.compress(data, min(level, 9))


@lru_cache(maxsize=128)
def _kept(data: bytes, coding: str) -> bytes:
    return shorten(data, coding, THOROUGH)


def compress(response: Response) -> Response:
    """The answer in the shortest form the reader takes."""
    is_file = request.endpoint == "static"
    if is_file and "v" in request.args:
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    if response.status_code != 200 or "Content-Encoding" in response.headers or not TEXT.match(response.mimetype or ""):
        return response
    if response.direct_passthrough and not is_file:
        return response
    response.vary.add("Accept-Encoding")
    accepted = request.accept_encodings
    coding = "br" if accepted["br"] else "gzip" if accepted["gzip"] else ""
    data = _whole(response)
    if coding and len(data) >= SMALLEST:
        response.set_data(_kept(data, coding) if is_file else shorten(data, coding, QUICK))
        response.headers["Content-Encoding"] = coding
        if etag := response.get_etag()[0]:
            response.set_etag(etag, weak=True)
    return response


def _whole(response: Response) -> bytes:
    """All bytes of an answer; the file they come from is closed."""
    source = response.response
    response.direct_passthrough = False
    data = response.get_data()
    if hasattr(source, "close"):
        source.close()
    return data


def init_app(app: Flask) -> None:
    """Compress answers."""
    app.after_request(compress)
