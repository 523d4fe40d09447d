"""Which closed vocabularies does the law of every city share?

A pack chooses a subset of these words; it can't add one, because code reasons about each.
"""

from __future__ import annotations

from enum import StrEnum


class SubjectKind(StrEnum):
    """Kinds of credit subjects; a pack names those it knows (ZY-3, SP-3)."""

    NATURAL_PERSON = "natural_person"
    LEGAL_PERSON = "legal_person"
    UNINCORPORATED = "unincorporated"
    INDIVIDUAL_BUSINESS = "individual_business"


class Level(StrEnum):
    """Level of a catalog, list or organ."""

    NATIONAL = "national"
    PROVINCIAL = "provincial"
    CITY = "city"


class Rank(StrEnum):
    """Rank of a value: in conflict the higher one wins (ZY-2, SP-39)."""

    NATIONAL = "national"
    PROVINCIAL = "provincial"
    CITY = "city"

    @property
    def height(self) -> int:
        """2 for national, 1 for provincial, 0 for city."""
        return {"national": 2, "provincial": 1, "city": 0}[self.value]


class Attribute(StrEnum):
    """Publicity attribute of an item, or of an item for one kind of subject (ZY-32)."""

    PUBLIC = "public"
    BY_MATTER = "by_matter"
    NONE = "none"


class ReleaseWord(StrEnum):
    """How much of a field a channel may see."""

    FULL = "full"
    MASKED = "masked"
    WITHHELD = "withheld"


class ChannelName(StrEnum):
    """Channels of disclosure that a field of a catalog speaks about."""

    PUBLIC = "public"
    GOVERNMENT = "government"
    AUTHORISED = "authorised"
    OWN = "own"


class MaskName(StrEnum):
    """Ways of masking, carried out by the room `disclosure` on the server.

    ``free_text`` replaces identity, phone and card numbers, ``free_text_names`` also the names in name fields of the
    record; ``operator_in_name`` replaces the operator's name inside the name of an individual business.
    """

    NONE = "none"
    ID_TAIL = "id_tail"
    FREE_TEXT = "free_text"
    FREE_TEXT_NAMES = "free_text_names"
    OPERATOR_IN_NAME = "operator_in_name"
    SURNAME = "surname"


class FieldType(StrEnum):
    """Types of a field of a catalog item."""

    STRING = "string"
    TEXT = "text"
    DATE = "date"
    DECIMAL = "decimal"
    ENUM = "enum"
    MULTI_ENUM = "multi_enum"
    USCC = "uscc"
    ORG_CODE = "org_code"
    IDNUMBER = "idnumber"


class Unit(StrEnum):
    """Units in which the law counts time."""

    WORKING_DAY = "working_day"
    CALENDAR_DAY = "calendar_day"
    MONTH = "month"
    YEAR = "year"
