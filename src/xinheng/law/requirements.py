"""Which invariants and functions must the platform show? Their ids with a title in both languages.

The ids are those of articles' ``asks`` in the packs and of the marks of tests.
"""

from __future__ import annotations

INVARIANTS: dict[str, tuple[str, str]] = {
    "INV-1": ("不给人打分", "No person is scored"),
    "INV-2": ("没有法律文书，不记失信", "Nothing adverse without a legal document"),
    "INV-3": ("无依据不披露，先记录后披露", "No disclosure without a ground, none before it is logged"),
    "INV-4": ("个人信息不公开", "Persons are not public"),
    "INV-5": ("同意与意愿", "Consent and will"),
    "INV-6": ("措施由人在清单内决定", "A measure is decided by a person within the list"),
    "INV-7": ("依据终止，措施随之终止", "What rests on a record stops with it"),
    "INV-8": ("不可暗中更改", "No silent change"),
    "INV-9": ("封存和受保护的记录不进入平台", "Sealed and protected records stay out"),
}

FUNCTIONS: dict[str, tuple[str, str]] = {
    "SUB-1": ("信用主体", "Credit subjects"),
    "SUB-2": ("公共信用信息和市场信用信息的提供单位", "Providers of public and market information"),
    "ORG-1": ("组织、领域和职权", "Organisations, sectors and powers"),
    "CAT-1": ("目录层级", "Levels of the catalog"),
    "CAT-2": ("目录项的全部属性", "All attributes of an item"),
    "CAT-3": ("市级补充目录程序", "Procedure of the city supplement"),
    "INT-1": ("公共信用信息归集", "Intake of public information"),
    "INT-2": ("报送质量", "Quality of reporting"),
    "INT-3": ("市场信用信息归集", "Intake of market information"),
    "QRY-1": ("法定事项查询", "Official queries for listed matters"),
    "QRY-2": ("本人查询和复制", "Own file, copy and who looked"),
    "QRY-3": ("经授权或者依法查询他人", "Queries about others by authorisation or law"),
    "QRY-4": ("公开查询", "Public query"),
    "QRY-5": ("查询规则和日志", "Rules and log of queries"),
    "QRY-6": ("信用报告", "Credit report"),
    "PUB-1": ("按属性逐字段披露", "Disclosure by attribute, field by field"),
    "PUB-2": ("门户网站", "Portal"),
    "MKT-1": ("市场信用信息披露", "Disclosure of market information"),
    "EVA-1": ("公共信用综合评价", "Comprehensive public credit evaluation"),
    "EVA-2": ("行业评价和分级分类监管", "Sector evaluation and graded supervision"),
    "INC-1": ("守信激励", "Incentives"),
    "PUN-1": ("失信惩戒措施清单", "Lists of measures"),
    "PUN-2": ("惩戒措施", "Measures"),
    "SER-1": ("严重失信行为认定", "Serious dishonesty"),
    "JNT-1": ("联合激励和惩戒", "Joint action"),
    "OBJ-1": ("异议", "Objection"),
    "REP-1": ("信用修复", "Credit repair"),
    "CNS-1": ("守信信息依法或者经同意公开", "Honours public by law or consent"),
    "CMT-1": ("信用承诺", "Credit commitments"),
    "GOV-1": ("政务诚信", "Government integrity"),
    "SVC-1": ("信用服务机构", "Credit service institutions"),
    "FIN-1": ("支持中小企业融资", "Support for small-business credit"),
    "PIP-1": ("个人信息保护", "Duties of personal-information law"),
    "SEC-1": ("安全责任和应急", "Security responsibilities"),
    "ACC-1": ("办理留痕和问责", "Accountability for acts"),
    "IOP-1": ("互联互通", "Interconnection"),
    "STA-1": ("统计", "Statistics"),
}


def order(id: str) -> tuple[int, str]:
    """Sort key: invariants first, then functions in the order of the list."""
    names = [*INVARIANTS, *FUNCTIONS]
    return (names.index(id) if id in names else len(names), id)
