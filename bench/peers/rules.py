"""The rules of the file as the peers are told them: what each of them can say is said in its own words beside this.

The same for all: cells are text as sent. Columns, lengths, enumerations and conditions are those of item CF.
"""

from __future__ import annotations

TODAY = "2026/11/20"
SENDER = "11620798990000025R"
PERSON, BODY, BUSINESS = "自然人", "法人及非法人组织", "个体工商户"

COLUMNS = (
    *("CF_XDR_MC", "CF_XDR_LB", "CF_XDR_SHXYM", "CF_XDR_GSZC", "CF_XDR_ZZJG", "CF_XDR_SWDJ", "CF_XDR_SYDW"),
    *("CF_XDR_SHZZ", "CF_FRDB", "CF_FR_ZJLX", "CF_FR_ZJHM", "CF_XDR_ZJLX", "CF_XDR_ZJHM", "CF_WSH", "CF_WFXW"),
    *("CF_SY", "CF_YJ", "CF_CFLB", "CF_NR", "CF_NR_FK", "CF_NR_WFFF", "CF_NR_ZKDX", "CF_JDRQ", "CF_YXQ", "CF_GSJZQ"),
    *("CF_CFJG", "CF_CFJGDM", "CF_SJLY", "CF_SJLYDM", "BZ"),
)
LENGTHS = {
    "CF_XDR_MC": 200,
    "CF_XDR_GSZC": 50,
    "CF_XDR_SWDJ": 15,
    "CF_XDR_SYDW": 12,
    "CF_XDR_SHZZ": 50,
    "CF_FRDB": 50,
    "CF_WSH": 64,
    "CF_WFXW": 2000,
    "CF_SY": 5000,
    "CF_YJ": 2048,
    "CF_CFLB": 256,
    "CF_NR": 4000,
    "CF_NR_ZKDX": 200,
    "CF_CFJG": 200,
    "CF_SJLY": 200,
    "BZ": 4000,
}
REQUIRED = (
    *("CF_XDR_MC", "CF_XDR_LB", "CF_WSH", "CF_WFXW", "CF_SY", "CF_YJ", "CF_CFLB", "CF_NR", "CF_JDRQ", "CF_YXQ"),
    *("CF_CFJG", "CF_CFJGDM", "CF_SJLY", "CF_SJLYDM"),
)
# column -> (the column that decides, a pattern of its text): then the first must be filled
REQUIRED_WHEN = {
    "CF_XDR_SHXYM": ("CF_XDR_LB", f"{BODY}|{BUSINESS}"),
    "CF_FRDB": ("CF_XDR_LB", f"{BODY}|{BUSINESS}"),
    "CF_XDR_ZJLX": ("CF_XDR_LB", PERSON),
    "CF_XDR_ZJHM": ("CF_XDR_LB", PERSON),
    "CF_NR_FK": ("CF_CFLB", "罚款"),
    "CF_NR_WFFF": ("CF_CFLB", "没收"),
    "CF_NR_ZKDX": ("CF_CFLB", "暂扣许可证件|吊销许可证件"),
}
_DOCUMENTS = (
    *("身份证", "护照号", "港澳居民来往内地通行证", "台湾居民来往大陆通行证", "外国人永久居留身份证"),
    *("港澳居民居住证", "台湾居民居住证"),
)
ENUMS = {"CF_XDR_LB": (BODY, PERSON, BUSINESS), "CF_FR_ZJLX": _DOCUMENTS, "CF_XDR_ZJLX": _DOCUMENTS}
_PENALTIES = "|".join(
    (
        *("警告", "通报批评", "罚款", "没收违法所得", "没收非法财物", "暂扣许可证件", "降低资质等级", "吊销许可证件"),
        *("限制开展生产经营活动", "责令停产停业", "责令关闭", "限制从业", "行政拘留", "其他-[^;]+"),
    )
)
CODES = ("CF_XDR_SHXYM", "CF_CFJGDM", "CF_SJLYDM")
IDENTITIES = ("CF_FR_ZJHM", "CF_XDR_ZJHM")
DATES = ("CF_JDRQ", "CF_YXQ", "CF_GSJZQ")
AMOUNTS = ("CF_NR_FK", "CF_NR_WFFF")
_CODE = "^[1-9ANY][1-59][0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}$"
PATTERNS = {
    **dict.fromkeys(CODES, _CODE),
    **dict.fromkeys(IDENTITIES, "^[0-9]{17}[0-9X]$"),
    **dict.fromkeys(DATES, "^[0-9]{4}/[0-9]{2}/[0-9]{2}$"),
    **dict.fromkeys(AMOUNTS, r"^[0-9]{1,12}(\.[0-9]{1,6})?$"),
    "CF_CFLB": f"^({_PENALTIES})(;({_PENALTIES}))*$",
    "CF_XDR_ZZJG": "^[0-9A-Z]{8}[0-9X]$",
}
UNIQUE = ("CF_WSH", "CF_XDR_SHXYM", "CF_XDR_ZJHM", "CF_CFJGDM")
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def code_fits(text: str) -> bool:
    """Whether the 18 characters pass the check of GB 32100, one at a time; other shapes are for the pattern."""
    if len(text) != 18 or any(c not in ALPHABET for c in text):
        return True
    return (
        sum(ALPHABET.index(c) * pow(3, i, 31) for i, c in enumerate(text[:17])) % 31 == -ALPHABET.index(text[17]) % 31
    )


def identity_fits(text: str) -> bool:
    """Whether the number passes the check of GB 11643; other shapes are for the pattern."""
    if len(text) != 18 or not text[:17].isdigit():
        return True
    return "10X98765432"[sum(int(c) * w for c, w in zip(text, ID_WEIGHTS, strict=False)) % 11] == text[17]
