"""A city's law and organisations in an empty database: `python -m bench.founded accounts OUT`."""

from __future__ import annotations

import sys

from bench.peers.told import tell
from bench.world import LAW


def main(_: str, out: str) -> None:
    """Publish the law and load the demonstration organisations."""
    from xinheng.start import prepare

    prepare(LAW)
    from django.conf import settings

    from xinheng.accounts.services import load_demo_accounts
    from xinheng.law.loader import load
    from xinheng.lib import clock

    people = load_demo_accounts(pack=load(settings.XINHENG_LAW, root=settings.XINHENG_LAWPACKS), at=clock.now())
    tell(out, rows=len(people), seconds=1)


if __name__ == "__main__":
    main(*sys.argv[1:])
