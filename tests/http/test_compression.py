import gzip

import brotli
import pytest

from tests.browser_of_pages import Browser


@pytest.mark.parametrize(("coding", "open_"), [("br", brotli.decompress), ("gzip", gzip.decompress)])
def test_pages_and_files_come_short(browser: Browser, coding: str, open_: object) -> None:
    for address in ("/ar/", "/static/css/cdp.css?v=1"):
        whole = browser.client.get(address)
        short = browser.client.get(address, headers={"Accept-Encoding": coding})
        assert short.headers["Content-Encoding"] == coding
        assert len(short.data) < len(whole.data) / 2
        assert "Accept-Encoding" in short.headers["Vary"]
        assert b"<html" in open_(short.data) or b"--cdp-ink" in open_(short.data)  # type: ignore[operator]


def test_a_file_under_its_hash_keeps_for_a_year_and_is_not_sent_twice(browser: Browser) -> None:
    first = browser.client.get("/static/css/cdp.css?v=1", headers={"Accept-Encoding": "br"})
    assert "immutable" in first.headers["Cache-Control"]
    plain = browser.client.get("/static/css/cdp.css")
    assert "immutable" not in plain.headers["Cache-Control"]
    again = browser.client.get("/static/css/cdp.css", headers={"If-None-Match": plain.headers["ETag"]})
    assert again.status_code == 304
    again.close()
