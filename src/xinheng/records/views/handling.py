"""What do the pages of a batch say: its rows to mend, its receipt, its withdrawal?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from xinheng.accounts.rules import AskerFacts, Role
from xinheng.intake import selectors as received
from xinheng.intake.rules import RowState
from xinheng.law.items import Field, ItemVersion
from xinheng.ledger import selectors as ledger
from xinheng.ledger.rules import Receipt
from xinheng.ledger.services import promise
from xinheng.lib import clock
from xinheng.lib.errors import Conflict, NotAllowed
from xinheng.lib.freetext import guarded
from xinheng.records import services
from xinheng.records.forms import DROP, LATER, OWN, SUGGESTED, DecideWithdrawalForm, MendForm, WithdrawalForm
from xinheng.ui import language, wording

CLOSED = "closed"
ALL = "suggest_all"  # the button that chooses every suggestion of the page; nothing is sent by it
_MARKS = {
    RowState.RETURNED: "returned",
    RowState.WAITING: "waiting",
    RowState.REGISTERED: "accepted",
    RowState.MENDED: "mended",
    RowState.DROPPED: "dropped",
    RowState.WITHDREW: "record_ended",
}
Part = tuple[bool, str]  # whether it differs, the text


@dataclass(frozen=True, slots=True)
class CellShown:
    """A faulty cell as the page prints it: what was sent and what is suggested, part by part."""

    field: Field
    label: str
    sent: Sequence[Part]
    suggested: Sequence[Part] | None
    says: Sequence[str]
    rule: str
    input: Any


# Mending -----------------------------------------------------------------------------------------------------------


def form_of(
    request: HttpRequest, facts: AskerFacts, batch: received.BatchView, cards: Sequence[received.Card]
) -> MendForm | None:
    """The form of the page; None for who may not mend. Raises NotAllowed when such a one sends it."""
    if Role.COLLECTOR not in facts.roles or batch.state != CLOSED:
        if request.method == "POST":
            raise NotAllowed("role_missing") if Role.COLLECTOR not in facts.roles else Conflict("batch_taken_back")
        return None
    own = batch.uploaded_by == facts.account_id
    if request.method != "POST":
        return MendForm(cards=cards, own=own)
    if ALL not in request.POST:
        return MendForm(request.POST, cards=cards, own=own)
    return MendForm(cards=cards, own=own, initial=_all_suggested(request, cards))


def _all_suggested(request: HttpRequest, cards: Sequence[received.Card]) -> dict[str, str]:
    """What was filled in so far, with the suggestion chosen wherever nothing was."""
    given = {name: str(value) for name, value in request.POST.items()}
    for card in cards:
        name = f"how_{card.row.row}"
        if card.whole and given.get(name, LATER) == LATER:
            given[name] = SUGGESTED
    return given


def carried_out(form: MendForm, batch: received.BatchView, facts: AskerFacts) -> bool:
    """Carry out what the form says; False, with the faults in the form, when it can't be."""
    if not form.is_valid():
        return False
    try:
        services.mend(
            batch_id=batch.batch_id,
            changes=form.changes,
            drops=form.drops,
            clerk=facts.account_id,
            at=clock.now(),
        )
    except services.WrongAgain as wrong:
        item = received.item_of(batch.batch_id)
        numbers = {card.row.row: card.number for card in form.cards}
        for row, findings in wrong.rows.items():
            for found in findings:
                name = f"cell_{row}_{found.field}"
                where = name if name in form.fields and form.how(row) == OWN else f"how_{row}"
                says = _("第%(row)s行：%(says)s") % {"row": numbers[row], "says": _worded(found, item)}
                form.add_error(where, says)
        return False
    return True


def page_of(batch: received.BatchView, cards: Sequence[received.Card], form: MendForm | None) -> dict[str, Any]:
    """All that the page of a batch prints."""
    item = received.item_of(batch.batch_id)
    counts = received.handled(batch.batch_id)
    left = 0 if batch.state != CLOSED else counts[RowState.RETURNED] + counts[RowState.WAITING]
    mendable = form is not None and any(card.whole for card in form.cards)
    return {
        "batch": batch,
        "item": item,
        "entry": ledger.entry(batch.entry_id) if batch.entry_id else None,
        "left": left,
        "gone": batch.state != CLOSED,
        "listed": sum(counts.values()),
        "cards": [_shown(card, item, form) for card in cards],
        "form": form if form is not None and form.cards else None,
        "suggesting": mendable,
        "figures": _figures(batch, counts, left),
        "sheets": received.parts_to_mend(batch.batch_id),
        "mended": received.mended_by(batch.batch_id),
        "proposal": received.withdrawal(batch.batch_id),
    }


def _figures(batch: received.BatchView, counts: Mapping[RowState, int], left: int) -> list[dict[str, Any]]:
    known = _("另有%(n)s行与已有相同") % {"n": batch.unchanged} if batch.unchanged else ""
    ended = _("撤下%(n)s条失效的记录") % {"n": batch.ended} if batch.ended else ""
    open_rows = _("%(a)s行未接收，%(b)s行等复核") % {"a": counts[RowState.RETURNED], "b": counts[RowState.WAITING]}
    done = _("%(a)s行已改正，%(b)s行不报") % {"a": counts[RowState.MENDED], "b": counts[RowState.DROPPED]}
    return [
        {"label": _("已接收"), "value": batch.accepted, "unit": _("行"), "note": _both(known, ended)},
        {"label": _("等处理"), "value": left, "unit": _("行"), "note": open_rows if left else done},
    ]


def _both(*parts: str) -> str:
    return _("；").join(part for part in parts if part)


def _shown(card: received.Card, item: ItemVersion, form: MendForm | None) -> dict[str, Any]:
    row = card.row.row
    cells = [_cell(cell, item, form, row) for cell in card.cells]
    first = cells[0] if cells else None
    where = _("“%(sheet)s”表") % {"sheet": card.sheet} if card.sheet else ""
    title = where + _("第%(row)s行") % {"row": card.number}
    named = first is not None and first.says
    return {
        "card": card,
        "id": f"row{row}",
        "title": title,
        "code": first.field.code if first is not None and named else "",
        "label": first.label if first is not None and named else "",
        "mark": _MARKS.get(card.row.state, "unchanged"),
        "whose": _("　").join(card.whose),
        "says": list(dict.fromkeys(_worded(one, item) for one in card.told)),
        "article": next((one.article for one in card.row.findings if one.article), ""),
        "cells": [cell for cell in cells if cell.says],
        "inputs": [cell.input for cell in cells if cell.input is not None],
        "how": form[f"how_{row}"] if form is not None and f"how_{row}" in form.fields else None,
        "why": form[f"why_{row}"] if form is not None and f"why_{row}" in form.fields else None,
        "why_not": _why_not(card),
    }


def _why_not(card: received.Card) -> str:
    """Why a returned row can't be mended on the page; empty when it can, or nobody has to."""
    if card.row.state is not RowState.RETURNED or card.mendable:
        return ""
    if not card.kept:
        return _("依法不得留存这一行的内容，平台上没有原文，不能在这里改。请在原文件里改好，另行报送。")
    return _("这一行的各格分不清或者不止一格有关，不能逐格改。请在原文件里改好，另行报送。")


def _cell(cell: received.FaultyCell, item: ItemVersion, form: MendForm | None, row: int) -> CellShown:
    name = f"cell_{row}_{cell.field.code}"
    before, after = (cell.shown, cell.suggested) if cell.suggested is not None else (cell.shown, None)
    sent, meant = differences(before, after) if after is not None else ([(bool(before), before)], None)
    rule = cell.field.rule.get(language.current()) if cell.field.rule else ""
    return CellShown(
        field=cell.field,
        label=cell.field.label.get(language.current()),
        sent=sent,
        suggested=meant,
        says=list(dict.fromkeys(_worded(one, item) for one in cell.findings)),
        rule=rule,
        input=form[name] if form is not None and name in form.fields else None,
    )


def differences(before: str, after: str) -> tuple[list[Part], list[Part]]:
    """Both texts in parts that are equal and parts that differ, character by character."""
    steps = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    old = [(tag != "equal", before[a:b]) for tag, a, b, _from, _until in steps if a < b]
    new = [(tag != "equal", after[a:b]) for tag, _from, _until, a, b in steps if a < b]
    return old, new


def _worded(found: Any, item: ItemVersion) -> str:
    """A finding in the language of the page; columns it names are called by their label in that language."""
    labels = {field.label.zh: field.label.get(language.current()) for field in item.fields}
    return guarded(wording.say(found.code, {name: labels.get(text, text) for name, text in found.params.items()}))


# The receipt -------------------------------------------------------------------------------------------------------


def receipt_of(batch: received.BatchView) -> dict[str, Any]:
    """All that the receipt prints; the promise is signed anew over the same entry."""
    assert batch.entry_id is not None
    entry = ledger.entry(batch.entry_id)
    bound = Receipt(entry_id=entry.entry_id, leaf=entry.leaf, at=entry.at, act=entry.act, law=entry.law)
    gone = ledger.entry(batch.withdrawn_entry_id) if batch.withdrawn_entry_id else None
    return {
        "batch": batch,
        "item": received.item_of(batch.batch_id),
        "entry": entry,
        "promise": promise(bound),
        "counts": received.handled(batch.batch_id),
        "mended": received.mended_by(batch.batch_id),
        "states": [(_named(state), n) for state, n in received.handled(batch.batch_id).items() if n],
        "gone": gone,
        "proposal": received.withdrawal(batch.batch_id),
    }


def _named(state: RowState) -> str:
    return _MARKS.get(state, "unchanged")


# Withdrawal --------------------------------------------------------------------------------------------------------


def withdrawal_form(request: HttpRequest, facts: AskerFacts, batch: received.BatchView) -> WithdrawalForm | None:
    """The form for whoever may do the next step; None for all others. Raises NotAllowed when one of these sends it."""
    proposal = _open(batch)
    data = request.POST if request.method == "POST" else None
    if proposal is None and batch.state == CLOSED and Role.COLLECTOR in facts.roles:
        return WithdrawalForm(data)
    if proposal is not None and Role.REVIEWER in facts.roles and proposal.proposed_by != facts.account_id:
        return DecideWithdrawalForm(data)
    if data is not None:
        mine = proposal is not None and proposal.proposed_by == facts.account_id
        raise NotAllowed("second_person_needed" if mine else "role_missing")
    return None


def _open(batch: received.BatchView) -> received.Withdrawal | None:
    found = received.withdrawal(batch.batch_id)
    return found if found is not None and found.state == "proposed" else None


def withdraw(form: WithdrawalForm, facts: AskerFacts, batch: received.BatchView) -> None:
    """Carry out the step that a valid form says."""
    reason, at = form.cleaned_data["reason"], clock.now()
    if not isinstance(form, DecideWithdrawalForm):
        services.propose_withdrawal(batch_id=batch.batch_id, reason=reason, clerk=facts.account_id, at=at)
    elif form.cleaned_data["outcome"] == "confirm":
        services.withdraw_batch(batch_id=batch.batch_id, reason=reason, reviewer=facts.account_id, at=at)
    else:
        services.refuse_withdrawal(batch_id=batch.batch_id, reason=reason, reviewer=facts.account_id, at=at)


def reach_of(batch: received.BatchView, facts: AskerFacts) -> dict[str, Any]:
    """What the withdrawal would touch, in figures, and the proposal."""
    proposal = received.withdrawal(batch.batch_id)
    told = services.reach(batch.batch_id) if batch.state == CLOSED else None
    left = _left_alone(told) if told is not None else []
    return {
        "proposal": proposal,
        "open": proposal is not None and proposal.state == "proposed",
        "mine": proposal is not None and proposal.proposed_by == facts.account_id,
        "live": len(told.live) if told is not None else 0,
        "waiting": received.open_rows(batch.batch_id),
        "left_alone": left,
        "mended": received.mended_by(batch.batch_id),
        "gone": batch.state != CLOSED,
        "drop": DROP,
    }


def _left_alone(told: services.Reach) -> Iterable[str]:
    parts = (
        (told.ended, ngettext("%(n)s条早已结束的，不再动", "%(n)s条早已结束的，不再动", told.ended)),
        (
            told.corrected,
            ngettext(
                "%(n)s条后来由另一批更正，内容已是那一批的，不动",
                "%(n)s条后来由另一批更正，内容已是那一批的，不动",
                told.corrected,
            ),
        ),
        (
            told.corrections,
            ngettext(
                "这一批更正过的%(n)s条别批的记录保留更正，要改回请再报一次更正",
                "这一批更正过的%(n)s条别批的记录保留更正，要改回请再报一次更正",
                told.corrections,
            ),
        ),
    )
    return [text % {"n": n} for n, text in parts if n]
