"""What does a difference between two versions of an item mean: is more disclosed, and do old files still fit?

A demanding lawyer looks at disclosure first, a reporter at the files. An attribute without a rule of its own is
`UNCLEAR`, never harmless.
"""

from xinheng.law.judging.disclosure import REACH_OF_FIELD, REACH_OF_ITEM, reach
from xinheng.law.judging.files import FIT_OF_FIELD, FIT_OF_ITEM, fit
from xinheng.law.judging.steps import Fit, Reach, Step

__all__ = ["FIT_OF_FIELD", "FIT_OF_ITEM", "REACH_OF_FIELD", "REACH_OF_ITEM", "Fit", "Reach", "Step", "fit", "reach"]
