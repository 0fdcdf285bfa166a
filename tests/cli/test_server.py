import os
import subprocess
import sys
from pathlib import Path

from cdp.config import ROOT

LATE = {"pydantic", "webauthn", "cryptography", "psycopg", "numpy", "highspy", "lxml", "PIL", "docx", "segno"}
"""What no ordinary page needs."""


def test_a_worker_begins_without_what_pages_seldom_need(tmp_path: Path) -> None:
    said = {"CDP_INSTANCE": str(tmp_path), "CDP_DATABASE_URL": "sqlite:///cdp", "CDP_SECRET_KEY": "k" * 40}
    code = "import sys; from cdp.cli import server; server.create_app(); print(*sys.modules)"
    told = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=os.environ | said, check=True, capture_output=True, text=True
    )
    assert not LATE & set(told.stdout.split())
