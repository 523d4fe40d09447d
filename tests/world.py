"""A filled city to open pages in: every role with an account, an organisation with records, a batch."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from django.test import Client

from xinheng.accounts import selectors as accounts
from xinheng.accounts.models import Organisation
from xinheng.accounts.rules import Scope
from xinheng.accounts.services import DemoAccount
from xinheng.demo.fill import fill
from xinheng.disclosure import services as disclosure
from xinheng.disclosure.rules import Channel, Ground
from xinheng.disclosure.tasks import read_query_log
from xinheng.intake import selectors as intake
from xinheng.law.pack import Pack
from xinheng.ledger.services import seal
from xinheng.lib import clock
from xinheng.norms import selectors as norms
from xinheng.ui.pages import Page


@dataclass
class World:
    """The demo of a pack, as the database holds it."""

    pack: Pack
    people: tuple[DemoAccount, ...]
    clients: dict[str, Client] = field(default_factory=dict)

    @cached_property
    def batch(self) -> intake.BatchView:
        """A received batch of an organisation that has a collector and a reviewer."""
        return next(
            one
            for one in intake.batches()
            if {role for person in self.of(one.provider_id) for role in person.roles} >= {"collector", "reviewer"}
        )

    def of(self, organisation_id: int) -> list[DemoAccount]:
        """The accounts of an organisation."""
        return [
            one
            for one in self.people
            if accounts.account_asker(accounts.account_by_username(one.username)).organisation_id == organisation_id
        ]

    @cached_property
    def places(self) -> Mapping[str, str]:
        """What stands for ``{organisation}`` and the like in the addresses of the registry."""
        listed = disclosure.public_list(item="CF", at=clock.now(), pack=self.pack, limit=1).rows[0]
        norm = str(self.norm.facts.id) if self.norm else "0"
        field = self.norm.text.item["fields"][0]["code"] if self.norm else "NONE"
        return {
            "organisation": listed.subject_code,
            "record": str(listed.record.record_id),
            "account": str(accounts.account_by_username("scjgj.querier").id),
            "batch": str(self.batch.batch_id),
            "receipt": self.receipt,
            "format": "csv",
            "norm": norm,
            "consultation": norm,
            "field": field,
            "query": self.query,
        }

    @cached_property
    def query(self) -> str:
        """The entry of an official question that was asked, refused and read into the log of queries."""
        asker, officer = disclosure.officer_of(accounts.account_by_username(self.person("querier").username).id)
        ground = Ground(Channel.OFFICIAL, "none_of_the_law", "〔2026〕1号", None, None)
        (answer,) = disclosure.official_query(
            asker=asker,
            officer=officer,
            ground=ground,
            identifiers=[disclosure.Identifier(1, "", "91620798MA90000116")],
            channel_name="cli",
            at=clock.now(),
            pack=self.pack,
        )
        seal(at=clock.now())
        read_query_log(at=clock.now())
        return answer.entry

    @cached_property
    def receipt(self) -> str:
        """A question that the first querier's organisation asked."""
        body = accounts.account_asker(accounts.account_by_username(self.person("querier").username)).organisation_id
        asked = disclosure.questions(
            organisation_id=body or 0, wanted=disclosure.QuestionFilter(), after="", pack=self.pack
        )
        return str(asked[0].id)

    @cached_property
    def norm(self) -> norms.NormView | None:
        """The draft of the supplement that the demo has put out for opinions; None where the city makes none."""
        return next(iter(norms.norms(pack=self.pack, today=clock.today(self.pack.zone))), None)

    @property
    def roles(self) -> set[str]:
        """Every role that an account of the demo holds."""
        return {role for person in self.people for role in person.roles}

    def address(self, example: str) -> str:
        """An example of the registry with its places filled."""
        return example.format(**self.places)

    def person(self, role: str, page: Page | None = None) -> DemoAccount:
        """An account with ``role``; for a batch the account whose organisation reported it."""
        example = page.example if page is not None else ""
        among = self.of(self.batch.provider_id) if "{batch}" in example else []
        if "{norm}" in example and self.norm:
            named = (self.norm.facts.organisation_id, *self.norm.facts.departments)
            among = [person for body in named for person in self.of(body)]
        return next(person for person in (*among, *self.people) if role in person.roles)

    def has_any(self, role: str, page: Page) -> bool:
        """True when the account that stands for ``role`` on a page also holds one of the roles of the page."""
        return bool(set(self.person(role, page).roles) & set(page.roles))

    def client(self, role: str, page: Page | None = None) -> Client:
        """A browser in which an account of ``role`` is signed in; a visitor's for the empty role; for a scope the
        system of the organisation that reported the batch.
        """
        if not role:
            return Client()
        if role in set(Scope):
            return machine(accounts.organisation(self.batch.provider_id), Scope(role))
        person = self.person(role, page)
        if person.username not in self.clients:
            client = Client()
            client.force_login(accounts.account_by_username(person.username))
            self.clients[person.username] = client
        return self.clients[person.username]

    def without_data(self, words: str) -> str:
        """``words`` without names and contents that the city itself holds: these stay Chinese on an English page."""
        for name in self.names_longest_first:
            words = words.replace(name, "")
        return re.sub(r"\w*〔\d{4}〕\w*号", "", words)  # numbers of documents and cases are Chinese in every language

    @cached_property
    def names_longest_first(self) -> list[str]:
        """The names in the order in which they are taken out."""
        return sorted(self.names, key=len, reverse=True)

    @cached_property
    def names(self) -> set[str]:
        """Chinese names of accounts, departments and windows in the demo, and titles cited by their Chinese name."""
        found: set[str] = set()

        def walk(tree: object) -> None:
            if isinstance(tree, str) and re.search(r"[一-鿿]", tree):
                found.add(tree)
            elif isinstance(tree, Mapping):
                for inner in tree.values():
                    walk(inner)
            elif isinstance(tree, tuple):
                for inner in tree:
                    walk(inner)

        walk(self.pack.demo)
        for path in sorted((self.pack.folder / "demo").glob("*.csv")):
            data = path.read_bytes()
            text = data.decode("utf-8-sig") if _is_utf8(data) else data.decode("gb18030")
            found.update(cell for row in csv.reader(io.StringIO(text)) for cell in row if re.search(r"[一-鿿]", cell))
        return found


def machine(body: Organisation, *scopes: Scope) -> Client:
    """A system of ``body`` that shows a token with these scopes."""
    from tests.accounts.machines import client_of, token_of

    return Client(headers={"Authorization": f"Bearer {token_of(client_of(body, *scopes))}"})


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def filled(pack: Pack) -> World:
    """Fill the database of this test with the demo of ``pack``."""
    done = fill(pack=pack, at=clock.now(), whole=False)  # pages need no more than the four files
    return World(pack=pack, people=done.accounts)
