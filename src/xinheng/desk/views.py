"""Doors of the desks: one start page for every role."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from xinheng.accounts.access import asker_of, needs_role
from xinheng.accounts.rules import Role
from xinheng.desk import selectors
from xinheng.desk.rules import ordered, waiting
from xinheng.ui import city

STAFF = (
    Role.COLLECTOR,
    Role.REVIEWER,
    Role.QUERIER,
    Role.OPERATOR,
    Role.AUDITOR,
    Role.ADMINISTRATOR,
    Role.SUPERVISOR,
)


@never_cache
@require_safe
@needs_role(*STAFF)
def home(request: HttpRequest) -> HttpResponse:
    """What must I do now? One card for each thing a role of this account can do."""
    facts, pack, today = asker_of(request), city.pack(), city.today()
    tasks = ordered(selectors.tasks(facts))
    page = {
        "tasks": tasks,
        "waiting": waiting(tasks),
        "roles": [role.value for role in Role if role in facts.roles],
        "matters": selectors.matters(facts, today, pack),
        "checkpoint": selectors.checkpoint(),
    }
    return render(request, "desk/home.html", page)
