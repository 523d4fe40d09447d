"""A hundred files of three hundred rows through the web, sent by several clerks at once: each page within a second."""

from __future__ import annotations

import http.cookiejar
import re
import statistics
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from bench.line import Line
from bench.made import Made, week
from bench.page import BARE, served
from bench.world import World, fetch

FILES, ROWS, CLERKS = 100, 300, 4
LONGEST = 1.0  # seconds
COLLECTOR = "scjgj.collector"


@dataclass(slots=True)
class Waited:
    """Seconds that clerks waited for the answer to a file, and for the page of its batch."""

    answer: list[float] = field(default_factory=list)
    batch: list[float] = field(default_factory=list)


def line(world: World, *, files: int = FILES, rows: int = ROWS) -> Line:
    """Files a second, against a callable that takes the same uploads and answers as many bytes."""
    with tempfile.TemporaryDirectory(prefix="xinheng-bench-") as folder:
        made = week(Path(folder), files=files, rows=rows)
        clerks = [_signed_in(world) for _ in range(CLERKS)]
        waited = Waited()
        ours = _sent(clerks, made, waited)
        size = len(fetch(f"{world.base}/subjects/{world.codes[0]}"))
        with served("bench.bare:application", BARE, size, world) as bare:
            address = f"{bare}/subjects/{world.codes[0]}"
            floor = _sent([Bare(address) for _ in range(CLERKS)], made, Waited())
    slow = [name for name, times in (("answer", waited.answer), ("batch", waited.batch)) if max(times) > LONGEST]
    return Line(
        name="files by the web",
        unit="files/s",
        ours=[ours],
        floor=[floor],
        floor_is="a bare WSGI callable that takes the same upload and reads one row; then one more page",
        broken=tuple(f"a page of the {name} took more than {LONGEST:.0f} s" for name in slow),
        note=f"{files} files of {rows} rows by {CLERKS} clerks; the answer {said(waited.answer)}; "
        f"the page of the batch {said(waited.batch)}; each at most {LONGEST:.0f} s",
    )


def said(times: Sequence[float]) -> str:
    """Median, 95th percentile and longest."""
    cuts = statistics.quantiles(times, n=100, method="inclusive")
    return f"p50 {cuts[49]:.3f} s, p95 {cuts[94]:.3f} s, longest {max(times):.3f} s"


class _Stay(urllib.request.HTTPRedirectHandler):
    """A redirect is an answer: its target is asked for, and timed, by itself."""

    def redirect_request(self, *_: object) -> None:
        return None


class Clerk:
    """A signed-in collector who sends files and opens the pages of their batches."""

    def __init__(self, base: str, jar: http.cookiejar.CookieJar) -> None:
        self._base = base
        self._opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(jar), _Stay()
        )

    def send(self, made: Made) -> tuple[float, float]:
        """Seconds until the file is answered, and until the page of its batch stands."""
        form = self._open(urllib.request.Request(self._base + "/desk/intake"))[2]
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)
        if token is None:
            raise SystemExit("the page of intake has no form")
        body, kind = upload(made, {"csrfmiddlewaretoken": token[1], "item": "CF"})
        start = time.perf_counter()
        status, target, text = self._open(
            urllib.request.Request(self._base + "/desk/intake", data=body, headers={"Content-Type": kind})
        )
        answered = time.perf_counter()
        if status != 302:
            raise SystemExit(f"{made.path.name} was answered with {status}: {_words(text)}")
        shown = self._open(urllib.request.Request(self._base + target))
        if shown[0] != 200:
            raise SystemExit(f"{target} was answered with {shown[0]}")
        return answered - start, time.perf_counter() - answered

    def _open(self, request: urllib.request.Request) -> tuple[int, str, str]:
        request.add_header("Accept", "text/html")
        try:
            with self._opener.open(request, timeout=60) as answer:
                return answer.status, "", answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.headers.get("Location", ""), error.read().decode()


class Bare:
    """The same two requests to the floor."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def send(self, made: Made) -> tuple[float, float]:
        """Seconds of the upload and of one more page."""
        body, kind = upload(made, {"item": "CF"})
        start = time.perf_counter()
        request = urllib.request.Request(self._address, data=body, headers={"Content-Type": kind})
        self._opener.open(request, timeout=60).read()
        answered = time.perf_counter()
        self._opener.open(self._address, timeout=60).read()
        return answered - start, time.perf_counter() - answered


def upload(made: Made, values: dict[str, str]) -> tuple[bytes, str]:
    """The body of the form with the file."""
    from xinheng.demo.visitor import _multipart

    return _multipart(values, {"file": (made.path.name, made.path.read_bytes())})


def _sent(clerks: Sequence[Clerk | Bare], made: Sequence[Made], waited: Waited) -> float:
    """All files, each clerk one after another; files a second. ``waited`` learns the times."""

    def work(number: int) -> list[tuple[float, float]]:
        return [clerks[number].send(one) for one in made[number :: len(clerks)]]

    start = time.perf_counter()
    with ThreadPoolExecutor(len(clerks)) as pool:
        for times in pool.map(work, range(len(clerks))):
            for answer, batch in times:
                waited.answer.append(answer)
                waited.batch.append(batch)
    return len(made) / (time.perf_counter() - start)


def _signed_in(world: World) -> Clerk:
    """A collector at a browser of its own."""
    from django.conf import settings

    from xinheng.accounts.services import load_demo_accounts
    from xinheng.demo.visitor import Visitor
    from xinheng.law.loader import load
    from xinheng.lib import clock

    pack = load(settings.XINHENG_LAW, root=settings.XINHENG_LAWPACKS)
    people = load_demo_accounts(pack=pack, at=clock.now())
    password = next(person.password for person in people if person.username == COLLECTOR)
    visitor = Visitor(world.base)
    page = visitor.post("/sign-in", {"username": COLLECTOR, "password": password})
    if page.status != 200:
        raise SystemExit(f"the bench could not sign a collector in: {page.status}")
    return Clerk(world.base, visitor.jar)


def _words(source: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", source).split())[:500]
