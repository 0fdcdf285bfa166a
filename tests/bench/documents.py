"""How soon, how much: ``python -m tests.bench documents``: 120 pages in Arabic, a workbook of 2,000 projects."""

import io
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pypdf
from flask_babel import force_locale

from cdp.app import create_app
from cdp.config import Settings
from cdp.exports import plan_document, plan_sheets, typeset, workbook
from cdp.store.migrations import upgrade
from cdp.transparency.plan_book import PlanBook
from tests.bench.table import Line, show
from tests.exports.plan_books import book_of, large, make_adopted

PDF_SECONDS, PDF_MEGABYTES, XLSX_SECONDS = 3.0, 400, 2.0
RUNS = 3


def main() -> None:
    """Each in a process of its own, so that its memory is its own."""
    for what in ("pdf", "xlsx"):
        subprocess.run([sys.executable, "-m", "tests.bench.documents", what], check=True)


def _measured(what: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Settings(instance=Path(folder)))
        upgrade(app.extensions["store"].engine)
        with app.app_context(), app.extensions["store"].writer() as db, force_locale("ar_MA"):
            made = book_of(db, make_adopted(db))
            _pdf(large(made, 178)) if what == "pdf" else _xlsx(large(made, 2_000))
        app.extensions["store"].dispose()


def _pdf(book: PlanBook) -> None:
    began = time.perf_counter()
    made = typeset.pdf_apart(plan_document.document(book), book.made_at)
    seconds = time.perf_counter() - began
    own, apart = (resource.getrusage(whose).ru_maxrss for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    megabytes = max(own, apart) / 1024
    count = len(pypdf.PdfReader(io.BytesIO(made)).pages)
    show(
        Line(
            "typst",
            f"{count} pages in Arabic",
            f"{seconds:.2f} s",
            f"{PDF_SECONDS} s",
            seconds <= PDF_SECONDS,
        )
    )
    show(
        Line("typst", "memory of its process", f"{megabytes:.0f} MB", f"{PDF_MEGABYTES} MB", megabytes <= PDF_MEGABYTES)
    )


def _xlsx(book: PlanBook) -> None:
    seconds = []
    for _ in range(RUNS):
        began = time.perf_counter()
        workbook.xlsx(plan_sheets.sheets(book), direction="rtl", total="x", made_at=book.made_at, title="x")
        seconds.append(time.perf_counter() - began)
    show(
        Line(
            "xlsx",
            "2,000 projects × 6 years",
            f"{min(seconds):.2f} s",
            f"{XLSX_SECONDS} s",
            min(seconds) <= XLSX_SECONDS,
        )
    )


if __name__ == "__main__":
    _measured(sys.argv[1]) if len(sys.argv) > 1 else main()
