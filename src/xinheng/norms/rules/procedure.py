"""Which step may follow which in making an instrument of the city, and who may take it? (ZY-32; SP-8)

A draft is made with the departments concerned on a cited basis, opinions are asked of every group that the law names
and each one is answered, the city government approves, and only what was approved is published. Nothing is edited in
place: a published text is followed by a new version or retired, by the same road.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from xinheng.accounts.rules import HOUSE, AskerFacts, Role
from xinheng.law.decision import Allowed, Refused
from xinheng.law.norms import Procedure


class Change(StrEnum):
    """What an instrument does: makes something new, a new version of it, or ends it."""

    ENACT = "enact"
    AMEND = "amend"
    RETIRE = "retire"


class State(StrEnum):
    """How far an instrument has come."""

    DRAFT = "draft"
    CONSULTING = "consulting"
    ANSWERING = "answering"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    PUBLISHED = "published"
    ABANDONED = "abandoned"


class Act(StrEnum):
    """A step of the procedure."""

    DRAFTED = "drafted"
    REVISED = "revised"
    COSIGNED = "cosigned"
    CONSULTED = "consulted"
    HEARD = "heard"
    OPINION_RECEIVED = "opinion_received"
    OPINION_ANSWERED = "opinion_answered"
    OPINION_ERASED = "opinion_erased"
    CLOSED = "closed"
    REOPENED = "reopened"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"
    PUBLISHED = "published"
    ABANDONED = "abandoned"


class Outcome(StrEnum):
    """What becomes of an opinion."""

    ADOPTED = "adopted"
    PARTLY = "partly"
    DECLINED = "declined"


UNFINISHED = (State.DRAFT, State.CONSULTING, State.ANSWERING, State.SUBMITTED, State.APPROVED)

# act -> state before -> state after. A step that stands in no row here is impossible.
TRANSITIONS: Mapping[Act, Mapping[State | None, State]] = {
    Act.DRAFTED: {None: State.DRAFT},
    Act.REVISED: {State.DRAFT: State.DRAFT, State.ANSWERING: State.ANSWERING},
    Act.COSIGNED: {State.DRAFT: State.DRAFT, State.ANSWERING: State.ANSWERING},
    Act.CONSULTED: {State.DRAFT: State.CONSULTING},
    Act.HEARD: {State.CONSULTING: State.CONSULTING},
    Act.OPINION_RECEIVED: {State.CONSULTING: State.CONSULTING},
    Act.OPINION_ANSWERED: {State.CONSULTING: State.CONSULTING, State.ANSWERING: State.ANSWERING},
    Act.OPINION_ERASED: {state: state for state in State},
    Act.CLOSED: {State.CONSULTING: State.ANSWERING},
    Act.REOPENED: {State.ANSWERING: State.DRAFT},
    Act.SUBMITTED: {State.ANSWERING: State.SUBMITTED, State.DRAFT: State.SUBMITTED},
    Act.RETURNED: {State.SUBMITTED: State.ANSWERING},
    Act.APPROVED: {State.SUBMITTED: State.APPROVED},
    Act.PUBLISHED: {State.APPROVED: State.PUBLISHED},
    Act.ABANDONED: dict.fromkeys(UNFINISHED, State.ABANDONED),
}
# the steps that lead on, in the order of the road
ONWARD = (
    Act.COSIGNED, Act.CONSULTED, Act.HEARD, Act.OPINION_ANSWERED,
    Act.CLOSED, Act.SUBMITTED, Act.APPROVED, Act.PUBLISHED,
)  # fmt: skip
ENDED = frozenset({State.PUBLISHED, State.ABANDONED})

# who takes a step; what stands in no row the public or the platform does
ROLES: Mapping[Act, frozenset[Role]] = {
    Act.DRAFTED: frozenset({Role.OPERATOR}),
    Act.REVISED: frozenset({Role.OPERATOR}),
    Act.COSIGNED: frozenset({Role.REVIEWER}),
    Act.CONSULTED: frozenset({Role.OPERATOR}),
    Act.HEARD: frozenset({Role.OPERATOR}),
    Act.OPINION_ANSWERED: frozenset({Role.OPERATOR}),
    Act.OPINION_ERASED: frozenset({Role.OPERATOR}),
    Act.CLOSED: frozenset({Role.OPERATOR}),
    Act.REOPENED: frozenset({Role.OPERATOR}),
    Act.SUBMITTED: frozenset({Role.OPERATOR}),
    Act.RETURNED: frozenset({Role.OPERATOR}),
    Act.APPROVED: frozenset({Role.OPERATOR}),
    Act.PUBLISHED: frozenset({Role.OPERATOR}),
    Act.ABANDONED: frozenset({Role.OPERATOR}),
}
# another person than whoever drafted or revised: nobody approves his own text (house rule)
SECOND_PERSON = frozenset({Act.RETURNED, Act.APPROVED, Act.PUBLISHED})


@dataclass(frozen=True, slots=True)
class NormFacts:
    """An instrument on its way, as the rules see it.

    ``authors``: accounts that wrote any of its texts. ``departments``: organisation -> agreed, objected or None (asked)
    about the present text. ``heard``: groups whose opinion was asked. ``unanswered``: opinions without answer.
    ``due_on``: the last day for opinions, None before they are asked. ``faults``: what the law room finds wrong with
    the present text. ``persons``: the text is about natural persons. ``assessed``: an impact assessment stands with it.
    ``beyond``: the present text goes beyond the one that opinions were asked about. ``unheard``: sources of the item
    (powers) that no department named here has.
    """

    id: int
    kind: str
    code: str
    change: Change
    state: State
    organisation_id: int
    authors: frozenset[int] = frozenset()
    departments: Mapping[int, bool | None] = field(default_factory=dict)
    heard: frozenset[str] = frozenset()
    unanswered: int = 0
    due_on: date | None = None
    faults: int = 0
    persons: bool = False
    assessed: bool = False
    beyond: bool = False
    unheard: frozenset[str] = frozenset()


def may_draft(asker: AskerFacts, procedure: Procedure) -> Allowed | Refused:
    """May this account begin an instrument of this kind? Where the law knows none, its article refuses (SP-8)."""
    if not procedure.provided:
        return Refused("norm_not_provided", procedure.article)
    return _may_act(Act.DRAFTED, asker, procedure)


def may(act: Act, norm: NormFacts, asker: AskerFacts, procedure: Procedure, *, today: date) -> Allowed | Refused:
    """May this account take this step now? Every refusal has its article, a house rule ``H``."""
    if norm.state not in TRANSITIONS[act]:
        return Refused("norm_step_impossible", procedure.article)
    if act is Act.COSIGNED:
        return _may_cosign(norm, asker, procedure)
    if norm.organisation_id != asker.organisation_id:
        return Refused("norm_of_another_organ", procedure.article)
    if act is Act.OPINION_ANSWERED and not norm.unanswered:
        return Refused("norm_opinion_answered", HOUSE)
    for refused in (_may_act(act, asker, procedure), _complete(act, norm, procedure, today=today)):
        if not refused:
            return refused
    if act in SECOND_PERSON and asker.account_id in norm.authors:
        return Refused("norm_own_text", HOUSE)
    return Allowed()


def may_comment(norm: NormFacts, procedure: Procedure, *, today: date) -> Allowed | Refused:
    """May anybody send an opinion now? The last day counts in full."""
    if norm.state is not State.CONSULTING or norm.due_on is None or today > norm.due_on:
        return Refused("norm_opinions_closed", procedure.article)
    return Allowed()


def may_publish_on(effective_from: date, procedure: Procedure, *, today: date) -> Allowed | Refused:
    """From which day may a published text hold? From the next day at the earliest, so that everyone can know it, and
    not so late that nobody could change the item for years.
    """
    if effective_from <= today:
        return Refused("norm_effective_too_early", HOUSE)
    if procedure.within is not None and effective_from > procedure.within.after(today):
        return Refused("norm_effective_too_late", HOUSE)
    return Allowed()


def concerns(norm: NormFacts, asker: AskerFacts) -> bool:
    """Is the instrument drafted by the asker's organ, or is that organ named for it?"""
    return asker.organisation_id in {norm.organisation_id, *norm.departments}


def waits_for(norm: NormFacts, asker: AskerFacts, procedure: Procedure, *, today: date) -> bool:
    """Is the next step on the road this account's? What leads off the road is no work that waits."""
    done = {
        act for act, said in ((Act.COSIGNED, norm.departments.get(asker.organisation_id or 0)),) if said is not None
    }
    if not groups_missing(norm, procedure):
        done.add(Act.HEARD)
    return any(may(act, norm, asker, procedure, today=today) for act in ONWARD if act not in done)


def groups_missing(norm: NormFacts, procedure: Procedure) -> tuple[str, ...]:
    """The groups that the law names and that were not asked yet; the public is asked by the page itself."""
    return tuple(group for group in procedure.consult if group not in norm.heard | {"public"})


def cosigners_missing(norm: NormFacts) -> tuple[int, ...]:
    """The departments that have not agreed to the present text."""
    return tuple(body for body, agreed in norm.departments.items() if agreed is not True)


def state_after(acts: Sequence[Act]) -> State | None:
    """The state that a history ends in; None when a step of it was impossible."""
    state: State | None = None
    for act in acts:
        if state not in TRANSITIONS[act]:
            return None
        state = TRANSITIONS[act][state]
    return state


def _may_act(act: Act, asker: AskerFacts, procedure: Procedure) -> Allowed | Refused:
    if procedure.drafter not in asker.powers:
        return Refused("norm_power_missing", procedure.article)
    if not asker.roles & ROLES.get(act, frozenset()):
        return Refused("norm_role_missing", HOUSE)
    return Allowed()


def _may_cosign(norm: NormFacts, asker: AskerFacts, procedure: Procedure) -> Allowed | Refused:
    if asker.organisation_id not in norm.departments:
        return Refused("norm_not_a_department", procedure.article)
    if not asker.roles & ROLES[Act.COSIGNED]:
        return Refused("norm_role_missing", HOUSE)
    return Allowed()


def _complete(act: Act, norm: NormFacts, procedure: Procedure, *, today: date) -> Allowed | Refused:
    """Is everything done that must stand before this step?"""
    if act in {Act.CONSULTED, Act.SUBMITTED}:
        for refused in (_text_ready(norm, procedure), _road_kept(act, norm, procedure)):
            if not refused:
                return refused
    if act is Act.CLOSED:
        if norm.due_on is None or today <= norm.due_on:
            return Refused("norm_consultation_running", HOUSE)
        if groups_missing(norm, procedure):
            return Refused("norm_group_not_heard", procedure.article)
    return Allowed()


def _text_ready(norm: NormFacts, procedure: Procedure) -> Allowed | Refused:
    if norm.change is not Change.RETIRE:  # what a newer law finds faulty can still be ended
        if norm.faults:
            return Refused("norm_text_faulty", procedure.article)
        if norm.persons and not norm.assessed:
            return Refused("norm_assessment_missing", "CN-PIPL-55")
        if procedure.joint and norm.unheard:
            return Refused("norm_source_not_along", procedure.article)
    if procedure.joint and (not norm.departments or cosigners_missing(norm)):
        return Refused("norm_department_missing", procedure.article)
    return Allowed()


def _road_kept(act: Act, norm: NormFacts, procedure: Procedure) -> Allowed | Refused:
    """Opinions are asked for whatever is drafted, not for an ending; every one is answered before the submission."""
    if act is Act.CONSULTED and norm.change is Change.RETIRE:
        return Refused("norm_step_impossible", procedure.article)
    if act is Act.SUBMITTED and norm.state is State.DRAFT and norm.change is not Change.RETIRE:
        return Refused("norm_not_consulted", procedure.article)
    if act is Act.SUBMITTED and norm.unanswered:
        return Refused("norm_opinion_unanswered", HOUSE)
    if act is Act.SUBMITTED and norm.beyond:
        return Refused("norm_beyond_what_was_asked", procedure.article)
    return Allowed()
