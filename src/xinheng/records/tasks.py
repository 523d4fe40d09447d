"""What of the records falls due by itself?"""

from __future__ import annotations

from xinheng.records.services import expire, remove_sealed, spell_earlier_names

SWEEPS = (expire, remove_sealed, spell_earlier_names)
