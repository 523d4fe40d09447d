"""What people type into forms, each word a mark: case numbers, parts in a case, reasons, reviews, opinions."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.journeys.marked_city import COMPANY, PERSON, SHOP, MarkedCity
from tests.journeys.marks import Mark
from xinheng.demo.supplement import draft_supplement
from xinheng.disclosure import services as disclosure
from xinheng.disclosure.models import AskedQuestion
from xinheng.disclosure.rules import Channel, Ground
from xinheng.disclosure.tasks import read_query_log
from xinheng.ledger.services import seal
from xinheng.lib import clock
from xinheng.norms import services as norms
from xinheng.records.services import propose_withdrawal

ASKED = (COMPANY, SHOP, PERSON)


@dataclass
class Spoken:
    """The words, by what they are. ``entries``: official questions that were asked; ``norm``: a draft out for opinions,
    1 where the city makes none.
    """

    city: MarkedCity
    bureau: str = ""
    entries: list[str] = field(default_factory=list)
    norm: str = "1"
    cases: set[Mark] = field(default_factory=set)
    roles: set[Mark] = field(default_factory=set)
    reviews: set[Mark] = field(default_factory=set)
    withdrawals: set[Mark] = field(default_factory=set)
    opinions: set[Mark] = field(default_factory=set)

    def of(self, body: str) -> set[Mark]:
        """The cases and parts that an organisation stated itself."""
        return self.cases | self.roles if body == self.bureau else set()

    def about(self, subject: str) -> set[Mark]:
        """The case in which a subject was asked about, and its part in it."""
        return self.cases | {mark for mark in self.roles if subject == PERSON} if subject in ASKED else set()

    def word(self, what: str, kept: set[Mark]) -> str:
        """A word that is typed; it is kept where it belongs."""
        kept.add(Mark("话", what))
        return self.city.marks.word("话", what)


def spoken_in(city: MarkedCity) -> Spoken:
    """Ask, review, propose and object, as people do."""
    said = Spoken(city, bureau=city.cast.bureau)
    _ask(said)
    _review(said)
    batch = city.batches[said.bureau][-1]
    reason = said.word("withdrawal", said.withdrawals)
    propose_withdrawal(
        batch_id=batch, reason=f"整批{reason}报错了", clerk=city.accounts["holder/collector"].id, at=clock.now()
    )
    _object(said)
    return said


def _ask(said: Spoken) -> None:
    city, at = said.city, clock.now()
    asker, officer = disclosure.officer_of(city.accounts["holder/querier"].id)
    matter = city.cast.matter.code
    case, role = said.word("case", said.cases), said.word("part in the case", said.roles)
    ground = Ground(Channel.OFFICIAL, matter, f"〔2026〕{case}号", None, None)
    for subject in ASKED:
        part = f"申请人{role}" if subject == PERSON else ""
        (answer,) = disclosure.official_query(
            asker=asker,
            officer=officer,
            ground=ground,
            identifiers=[disclosure.Identifier(1, "", city.code(subject), "", role=part)],
            channel_name="web",
            at=at,
            pack=city.cast.pack,
        )
        said.entries.append(answer.entry)
    seal(at=at)
    read_query_log(at=at)
    assert AskedQuestion.objects.exists()


def _review(said: Spoken) -> None:
    account = said.city.accounts["holder/auditor"]
    assert account.organisation is not None
    disclosure.review_line(
        reader=disclosure.Reader(account.id, account.organisation.code),
        entry_id=int(said.entries[0]),
        words=f"已经{said.word('review', said.reviews)}核对",
        at=clock.now(),
        pack=said.city.cast.pack,
    )


def _object(said: Spoken) -> None:
    """An opinion about the draft of a supplement, with the name of who has it."""
    cast = said.city.cast
    number = draft_supplement(pack=cast.pack, people=cast.people, at=clock.now())
    if number is None:
        return
    said.norm = str(number)
    norms.receive_opinion(
        norm_id=number,
        group="public",
        text=f"意见{said.word('opinion', said.opinions)}",
        name=said.word("name of who has an opinion", said.opinions),
        at=clock.now(),
        pack=cast.pack,
    )
