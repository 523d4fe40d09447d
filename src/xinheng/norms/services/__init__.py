"""The steps by which the city makes a supplement to its catalog: one verb for each (ZY-32)."""

from xinheng.norms.services.deciding import Published, abandon, approve, publish, return_norm, submit
from xinheng.norms.services.drafting import cosign, draft, revise
from xinheng.norms.services.hearing import (
    answer_opinion,
    close_consultation,
    erase_opinion,
    forget_opinions,
    open_consultation,
    receive_opinion,
    record_hearing,
    reopen,
)

__all__ = [
    "Published",
    "abandon",
    "answer_opinion",
    "approve",
    "close_consultation",
    "cosign",
    "draft",
    "erase_opinion",
    "forget_opinions",
    "open_consultation",
    "publish",
    "receive_opinion",
    "record_hearing",
    "reopen",
    "return_norm",
    "revise",
    "submit",
]
