"""How far is each instrument, what does its text say, and what happened on the way?"""

from xinheng.norms.selectors.asking import (
    ended_with_opinions,
    norm,
    norms,
    on_its_way,
    open_opinion,
    opinion_place,
    opinions,
    waiting,
)
from xinheng.norms.selectors.reading import ROUND, view
from xinheng.norms.selectors.shapes import Answer, Department, NormView, Opinion, Step

__all__ = [
    "ROUND",
    "Answer",
    "Department",
    "NormView",
    "Opinion",
    "Step",
    "ended_with_opinions",
    "norm",
    "norms",
    "on_its_way",
    "open_opinion",
    "opinion_place",
    "opinions",
    "view",
    "waiting",
]
