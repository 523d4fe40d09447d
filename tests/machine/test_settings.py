"""Settings that follow from the law pack."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from django.conf import settings


def test_the_log_bears_the_name_of_the_pack_whatever_its_folder_is_called(tmp_path: Path) -> None:
    """One pack has one database; under another folder's name its checkpoints would not fit the log."""
    copy = tmp_path / "another-name"
    shutil.copytree(Path(settings.XINHENG_LAWPACKS) / "demo-city", copy)
    told = subprocess.run(
        [sys.executable, "-c", "from xinheng import settings as s; print(s.XINHENG_LEDGER_ORIGIN)"],
        env={**os.environ, "XINHENG_LAW": str(copy)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.strip().endswith("demo-city")
