"""May this question be asked at all?

The first half of the decision (INV-3): one of a closed list of grounds, or a refusal with its article. Default deny.
"""

from __future__ import annotations

from datetime import date

from xinheng.disclosure.rules.facts import Asker, Channel, Ground, SubjectFacts
from xinheng.disclosure.rules.parties import case_words
from xinheng.disclosure.rules.reasons import Reason, article
from xinheng.law.decision import Allowed, Refused
from xinheng.law.enums import SubjectKind
from xinheng.law.errors import NoValueInForce
from xinheng.law.lookup import matter as matter_in_force
from xinheng.law.pack import Matter, Pack
from xinheng.law.statutes import founded_by

Decision = Allowed | Refused


def admit(asker: Asker, ground: Ground, subject: SubjectFacts, day: date, pack: Pack) -> Decision:
    """Whether ``asker`` may ask about ``subject`` on ``ground`` on the legal ``day``.

    Refuses a person whose file is frozen (SUB-1), then by ground: an official question without organisation, listed
    matter, power, case number, cited statute, or about a person who is no party of the stated case (ZY-34, 35; SP-10,
    28); a file that is not one's own (ZY-44; SP-24); an authorisation that is missing or ended. A public question may
    always be asked: what it may see is decided for each record.
    """
    if subject.frozen and not _kept_right(asker, ground, subject):
        return _refused(pack, Reason.SUBJECT_FROZEN, day)
    match ground.channel:
        case Channel.PUBLIC:
            return Allowed()
        case Channel.OFFICIAL:
            return official_ground(asker, ground, day, pack) and _official_subject(ground, subject, day, pack)
        case Channel.OWN:
            own = subject.subject_id == asker.subject_id or subject.subject_id in asker.acts_for
            return Allowed() if own and asker.account_id is not None else _refused(pack, Reason.NOT_OWN, day)
        case Channel.AUTHORISED:
            return _authorised(asker, ground, subject, day, pack)
        case Channel.STATUTE:
            staff = asker.account_id is not None and asker.organisation_id is not None
            known = staff and bool(ground.statute) and ground.statute in asker.powers
            return Allowed() if known else _refused(pack, Reason.STATUTE_UNKNOWN, day)


def official_ground(asker: Asker, ground: Ground, day: date, pack: Pack) -> Decision:
    """Whether the asker's organisation may use the stated matter at all, whoever is asked about (QRY-1)."""
    if asker.account_id is None or asker.organisation_id is None:
        return _refused(pack, Reason.GROUND_MISSING, day)
    matter = listed_matter(ground, day, pack)
    if matter is None:
        return _refused(pack, Reason.MATTER_NOT_LISTED, day)
    if asker.organisation_kind not in matter.askers:
        return _refused(pack, Reason.MATTER_NOT_FOR_YOU, day)
    if (matter.powers or matter.register_entry) and not matter.powers & asker.powers:
        return _refused(pack, Reason.POWER_MISSING, day)
    if matter.case_number == "required" and not case_words(ground.case_number or ""):
        return _refused(pack, Reason.CASE_MISSING, day)
    if matter.statute == "must_cite" and not (ground.statute or "").strip():
        return _refused(pack, Reason.STATUTE_MISSING, day)
    if matter.statute == "must_cite" and founded_by(pack, matter, ground.statute or "", day) is None:
        return _refused(pack, Reason.STATUTE_UNKNOWN, day)
    return Allowed()


def listed_matter(ground: Ground, day: date, pack: Pack) -> Matter | None:
    """The matter in force that the ground names, or None."""
    if not ground.matter:
        return None
    try:
        return matter_in_force(pack, ground.matter, day)
    except NoValueInForce:
        return None


def offered(asker: Asker, matter: Matter) -> bool:
    """Whether the matter is offered to the asker's organisation: of a kind the law names, with a power it needs."""
    return asker.organisation_kind in matter.askers and (not matter.powers or bool(matter.powers & asker.powers))


def _official_subject(ground: Ground, subject: SubjectFacts, day: date, pack: Pack) -> Decision:
    """Persons only as listed parties of the case, and no more of a case than the pack allows; organisations in bulk
    (INV-3).
    """
    if subject.kind is not SubjectKind.NATURAL_PERSON:
        return Allowed()
    matter = matter_in_force(pack, ground.matter or "", day)
    if not matter.persons_admitted:
        return _refused(pack, Reason.BATCH_OF_PERSONS, day)
    if subject.subject_id in ground.beyond:
        return _refused(pack, Reason.TOO_MANY_PERSONS, day)
    if subject.subject_id not in ground.parties:
        return _refused(pack, Reason.PERSON_NOT_PARTY, day)
    if len(ground.parties) > matter.max_persons:
        return _refused(pack, Reason.TOO_MANY_PERSONS, day)
    return Allowed()


def _authorised(asker: Asker, ground: Ground, subject: SubjectFacts, day: date, pack: Pack) -> Decision:
    given = ground.authorisation
    if given is None or given.subject_id != subject.subject_id or asker.account_id is None:
        return _refused(pack, Reason.AUTHORISATION_MISSING, day)
    to_organisation = given.recipient_organisation_id is not None and (
        given.recipient_organisation_id == asker.organisation_id
    )
    if not to_organisation and given.recipient_account_id != asker.account_id:
        return _refused(pack, Reason.AUTHORISATION_MISSING, day)
    if given.withdrawn or not given.period.holds(day):
        return _refused(pack, Reason.AUTHORISATION_ENDED, day)
    return Allowed()


def _kept_right(asker: Asker, ground: Ground, subject: SubjectFacts) -> bool:
    """Guardians and close relatives keep their right to the file; organisations are never frozen (SUB-1)."""
    if subject.kind is not SubjectKind.NATURAL_PERSON:
        return True
    return ground.channel is Channel.OWN and subject.subject_id in asker.acts_for


def _refused(pack: Pack, reason: Reason, day: date) -> Refused:
    return Refused(reason, article(pack, reason, day))
