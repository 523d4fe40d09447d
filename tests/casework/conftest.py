"""A copy of the law packs into which a notice can be read, and a clock that reaches over the year."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tests.conftest import ROOT
from xinheng.casework import services
from xinheng.casework.rules import ClockFacts
from xinheng.law.commands import law
from xinheng.law.loader import load
from xinheng.law.pack import Pack
from xinheng.ledger.models import LawVersion
from xinheng.start import publish_law

CHINA = timezone(timedelta(hours=8))
RECEIVED = datetime(2026, 12, 28, 10, 0, tzinfo=CHINA)
NOTICE = """\
国务院办公厅关于2027年部分节假日安排的通知
国办发明电〔2026〕9号
一、元旦：1月1日（周五）至3日（周日）放假，共3天。
二、春节：2月5日（农历除夕、周五）至11日（周四）放假调休，共7天。2月13日（周六）上班。
三、清明节：4月3日（周六）至5日（周一）放假，共3天。
四、劳动节：5月1日（周六）至5日（周三）放假调休，共5天。5月8日（周六）上班。
五、端午节：6月9日（周三）放假1天，不调休。
六、中秋节：9月15日（周三）放假1天，不调休。
七、国庆节：10月1日（周五）至7日（周四）放假调休，共7天。9月26日（周日）、10月9日（周六）上班。
"""
NUMBER = "国办发明电〔2026〕9号"


class City:
    """A city whose law packs can change under it."""

    def __init__(self, settings: Any, folder: Path, name: str) -> None:
        self.folder, self.name = folder, name
        self._settings = settings
        settings.XINHENG_LAW = name
        self.use(folder)

    def use(self, folder: Path) -> None:
        """Put the packs of ``folder`` in force, as a start of the platform does."""
        self._settings.XINHENG_LAWPACKS = folder
        self.folder = folder
        publish_law()

    @property
    def pack(self) -> Pack:
        return load(self.name, root=self.folder)

    @property
    def law_version(self) -> LawVersion:
        return LawVersion.objects.get(label=self.pack.label)

    def open(self, case_id: int = 1, *, deadline: str = "objection.decide", at: datetime = RECEIVED) -> ClockFacts:
        return services.open_clock(
            case_kind="objection",
            case_id=case_id,
            deadline=deadline,
            received_at=at,
            pack=self.pack,
            law_version=self.law_version,
            at=at,
        )


_announced: dict[tuple[str, str], dict[str, bytes]] = {}


def announce(folder: Path, text: str = NOTICE) -> None:
    """Read a notice for 2027 into the packs of ``folder``; what it wrote into the same packs before is written again,
    since the command judges every pack before and after and that takes seconds.
    """
    before = _files(folder)
    asked = hashlib.sha256(repr(sorted(before.items())).encode()).hexdigest(), text
    if asked not in _announced:
        file = folder.parent / "notice.txt"
        file.write_text(text, encoding="utf-8")
        done = CliRunner(env={"XINHENG_LAWPACKS": str(folder)}).invoke(
            law, ["notice", str(file), "--year", "2027", "--source", NUMBER, "--law", "zhangye", "--replace"]
        )
        assert done.exit_code == 0, done.output
        _announced[asked] = {name: data for name, data in _files(folder).items() if before.get(name) != data}
    for name, data in _announced[asked].items():
        (folder / name).write_bytes(data)


def _files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def packs(tmp_path: Path) -> Callable[[str], Path]:
    """Makes a copy of the packs of the house under a name."""

    def copy(name: str) -> Path:
        shutil.copytree(ROOT / "lawpacks", tmp_path / name / "lawpacks")
        return tmp_path / name / "lawpacks"

    return copy


@pytest.fixture(params=["zhangye", "siping", "demo-city"])
def city(request: pytest.FixtureRequest, settings: Any, packs: Callable[[str], Path], db: None) -> City:
    """Each law in turn."""
    return City(settings, packs("first"), request.param)


@pytest.fixture
def zhangye(settings: Any, packs: Callable[[str], Path], db: None) -> City:
    """Seven working days for an objection (ZY-46)."""
    return City(settings, packs("first"), "zhangye")
