"""How does a person walk through the site? By the words on the page: reads them, clicks them, types beside a label.

A walk is written with the Chinese words of the templates; in an English window the same words are looked up in the
catalogue, so that one journey proves both languages. After every page `Walk.look` looks at what nobody may meet: a
second language, a page that scrolls sideways, a control without a label, two pages under one title, a message of the
console or the policy. The first page is the only one whose address is typed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from django.utils import translation
from playwright.sync_api import Locator, Page

from tests.architecture.test_pages import CHINESE, flaws, read
from tests.browser.conftest import DESKTOP, PHONE, Eyes
from tests.world import World
from xinheng.accounts.services import DEMO_PASSWORD
from xinheng.law.pack import Bilingual
from xinheng.ui import wording

LOADED = "Failed to load resource: the server responded with a status of"  # what Chromium says of every refusal
ENGLISH = re.compile(r"[A-Za-z]{2,} [a-z]{2,} [a-z]{2,}")
COMMAND = re.compile("“xinheng [a-z ]+”")  # what is typed on the machine is the same in every language
CONTROLS = """() => {
  const found = [];
  const named = e => (e.getAttribute('aria-label') || e.getAttribute('aria-labelledby') || '').trim();
  for (const e of document.querySelectorAll('input:not([type=hidden]):not([hidden]), select, textarea'))
    if (!named(e) && ![...(e.labels || [])].some(l => l.textContent.trim())) found.push('no label: ' + e.outerHTML.slice(0, 80));
  for (const e of document.querySelectorAll('a[href], button, summary'))
    if (!named(e) && !e.textContent.trim()) found.push('no name: ' + e.outerHTML.slice(0, 80));
  for (const e of document.querySelectorAll('[tabindex]'))
    if (e.tabIndex > 0) found.push('order of focus: ' + e.outerHTML.slice(0, 80));
  const ids = [...document.querySelectorAll('[id]')].map(e => e.id);
  for (const id of new Set(ids.filter((one, n) => ids.indexOf(one) !== n))) found.push('twice: #' + id);
  for (const e of document.querySelectorAll('a[href^="#"]'))
    if (e.hash.length > 1 && !document.getElementById(decodeURIComponent(e.hash.slice(1)))) found.push('leads nowhere: ' + e.hash);
  for (const e of document.querySelectorAll('[aria-describedby], [aria-labelledby]'))
    for (const id of ((e.getAttribute('aria-describedby') || '') + ' ' + (e.getAttribute('aria-labelledby') || '')).split(' '))
      if (id && !document.getElementById(id)) found.push('described by nothing: ' + id);
  return found;
}"""  # noqa: E501


@dataclass(frozen=True, slots=True)
class Window:
    """A language and a width."""

    language: str
    width: int

    def __str__(self) -> str:
        return f"{self.language[:2]}-{self.width}"

    @property
    def size(self) -> dict[str, int]:
        """The window of this width."""
        return PHONE if self.width == PHONE["width"] else DESKTOP


@dataclass
class Walk:
    """One person at one window."""

    world: World
    eyes: Eyes
    window: Window
    who: str
    titles: dict[str, str] = field(default_factory=dict)
    typed: set[str] = field(default_factory=set)  # what the person wrote is no word of the house
    seen: int = 0

    @property
    def page(self) -> Page:
        """The page in front of the person."""
        return self.eyes.page

    # Words ---------------------------------------------------------------------------------------------------------

    def word(self, zh: str, count: int | None = None, /, *, context: str = "", **values: object) -> str:
        """The words of the house in the language of this window; ``count`` chooses singular or plural."""
        with translation.override(self.window.language):
            if context:
                said = translation.pgettext(context, zh)
            else:
                said = translation.gettext(zh) if count is None else translation.ngettext(zh, zh, count)
        filled = {**values, **({} if count is None else {"n": count})}
        return said % filled if filled else said

    def said(self, code: str, **values: str) -> str:
        """The sentence of a code, up to its first place that is filled only when it is shown."""
        with translation.override(self.window.language):
            return wording.say(code, values)

    def label(self, both: Bilingual) -> str:
        """A word of the law in the language of this window."""
        return both.get(self.window.language)

    def own(self, zh: str, en: str) -> str:
        """What the person types: Chinese or English."""
        return zh if self.window.language == "zh-hans" else en

    # Looking -------------------------------------------------------------------------------------------------------

    def look(self, name: str) -> None:
        """Look at the page as it stands and keep its picture; fails with all that is wrong with it."""
        self.seen += 1
        html, place = self.page.content(), self.page.url.partition("?")[0].partition("#")[0]
        wrong = flaws(html, self.window.language, self)  # type: ignore[arg-type]
        if self.window.language == "zh-hans":
            wrong += [f"English: {said}" for said in read(html).said if ENGLISH.search(COMMAND.sub("", said))]
        wrong += self.page.evaluate(CONTROLS)
        wrong += [f"sideways {one}" for one in self.eyes.sideways()]
        wrong += [one for one in self.eyes.messages if not one.startswith(LOADED)] + self.eyes.foreign
        title = self.page.title()
        if self.titles.setdefault(title, place) != place:
            wrong.append(f"the title {title} stands on {place} and on {self.titles[title]}")
        self.eyes.messages.clear()
        self.eyes.requests.clear()
        self.eyes.shoot(f"{self.who}-{self.seen:02}-{name}-{self.window}")
        assert not wrong, f"{self.who}, {name}: {wrong}"

    def without_data(self, words: str) -> str:
        """``words`` without what the city holds and what the person typed."""
        untyped = words
        for text in sorted(self.typed, key=len, reverse=True):
            untyped = untyped.replace(text, "")
        left = (self.world.without_data(words), self.world.without_data(untyped))  # either may cut the other's names
        return min(left, key=lambda one: len(CHINESE.findall(one)))

    def reads(self, *words: str) -> None:
        """The words stand in the page and can be seen; a part of a sentence is enough."""
        for word in words:
            shown = self.page.locator("main").get_by_text(word).locator("visible=true")
            assert shown.count(), f"{self.who} does not read {word!r} on {self.page.url}:\n{self.told[:1500]}"

    def lacks(self, *words: str) -> None:
        """The words stand nowhere in the page, not even hidden."""
        told = self.page.locator("main").text_content() or ""
        for word in words:
            assert word not in told, f"{self.who} reads {word!r} on {self.page.url}"

    def heads(self, words: str) -> None:
        """The first heading of the page."""
        assert self.page.locator("h1").inner_text() == words, self.told[:1500]

    @property
    def told(self) -> str:
        """What the page says."""
        return self.page.locator("main").inner_text()

    def cites(self) -> None:
        """An article stands beside what the law demands."""
        assert self.page.locator("main .xh-art").count(), f"no article on {self.page.url}"

    def at(self, path: str, name: str, heading: str = "") -> None:
        """Arrived: the path, the heading, and the page in order."""
        assert re.fullmatch(path, self.page.url.removeprefix(self.eyes.base).partition("?")[0].partition("#")[0]), (
            f"{self.who} is on {self.page.url}: {self.told[:800]}"
        )
        if heading:
            self.heads(heading)
        self.look(name)

    # Acting --------------------------------------------------------------------------------------------------------

    def start(self, path: str = "/") -> None:
        """Type the first address."""
        self.eyes.open(path)

    def _go(self, what: Locator) -> None:
        with self.page.expect_navigation():
            what.click()

    def click(self, words: str, *, within: str = "body", exact: bool = True, nth: int = 0) -> None:
        """Click a link by its words."""
        found = self.page.locator(within).get_by_role("link", name=words, exact=exact)
        self._go(found.nth(nth))

    def nav(self, words: str) -> None:
        """Click an entry of the head."""
        self.click(words, within=".xh-nav")

    def press(self, words: str, *, within: str = "main", exact: bool = True, nth: int = 0) -> None:
        """Press a button by its words."""
        self._go(self.page.locator(within).get_by_role("button", name=words, exact=exact).nth(nth))

    def fill(self, label: str, text: str, *, within: str = "main") -> None:
        """Type into the field with this label."""
        self.typed |= {text} if CHINESE.search(text) else set()
        self.page.locator(within).get_by_label(label, exact=True).fill(text)

    def choose(self, label: str, option: str, *, within: str = "main") -> None:
        """Choose from a list by its words; the beginning of a long one is enough."""
        found = self.page.locator(within).get_by_label(label, exact=True)
        words = [one.strip() for one in found.locator("option").all_inner_texts()]
        found.select_option(index=next(n for n, one in enumerate(words) if one.startswith(option)))

    def tick(self, label: str, *, within: str = "main", nth: int = 0) -> None:
        """Tick a box or a choice by its words."""
        self.page.locator(within).get_by_label(label, exact=True).nth(nth).check()

    def attach(self, label: str, name: str, data: bytes) -> None:
        """Choose a file from the disk."""
        file = {"name": name, "mimeType": "text/csv", "buffer": data}
        self.page.locator("main").get_by_label(label, exact=True).set_input_files(file)  # type: ignore[arg-type]

    def unfold(self, words: str, *, nth: int = 0) -> None:
        """Open what is folded away."""
        self.page.locator("main summary").filter(has_text=words).nth(nth).click()

    def download(self, words: str, *, within: str = "main", exact: bool = True) -> bytes:
        """Click a link that gives a file; what is in it."""
        link = self.page.locator(within).get_by_role("link", name=words, exact=exact).first
        with self.page.expect_download() as coming:
            link.click()
        file = coming.value
        self.eyes.messages[:] = [one for one in self.eyes.messages if not one.startswith("failed")]  # it left the page
        return Path(file.path()).read_bytes()

    # Errors --------------------------------------------------------------------------------------------------------

    def errs(self, name: str, *messages: str) -> None:
        """The form came back: the title says so, each message stands above with a way to its field and beside it."""
        assert self.page.title().startswith(self.word("错误：")), self.page.title()
        summary = self.page.locator(".govuk-error-summary")
        for message in messages:
            assert message in summary.inner_text(), f"{message!r} is not in {summary.inner_text()!r}"
        link = summary.locator("a")
        if link.count():
            target = (link.first.get_attribute("href") or "").removeprefix("#")
            link.first.click()
            assert self.page.evaluate("document.activeElement.id") == target, f"the focus is not on {target}"
            assert self.page.locator(".govuk-error-message:visible").count() >= link.count()
        self.look(name)

    # Coming and going ----------------------------------------------------------------------------------------------

    def sign_in(self, username: str, password: str = DEMO_PASSWORD) -> None:
        """From the home page to the own first page; the form of sign-in stands open."""
        self.fill(self.word("用户名"), username)
        self.fill(self.word("密码"), password)
        self.press(self.word("登录"))

    def come_in(self, username: str, password: str = DEMO_PASSWORD) -> None:
        """Type the first address, mistype the password, sign in."""
        self.start()
        self.click(self.word("登录"), within=".xh-tools")
        self.sign_in(username, "mistyped-password")
        self.errs("mistyped", self.said("sign_in_failed"))
        self.sign_in(username, password)

    def sign_out(self) -> None:
        """Leave by the button in the head."""
        self.press(self.word("退出"), within=".xh-tools")
        assert self.page.url.removeprefix(self.eyes.base) == "/"
