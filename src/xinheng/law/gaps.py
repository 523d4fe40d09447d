"""What does an invariant or function ask that does not exist yet?

The tests tell what holds; they cannot tell what nobody has built. Somebody compared each id with the text of its
requirement and wrote here what is missing; an id is done only when nothing is (``None``) *and* its tests say so. A test
fails when an id is missing from this table.
"""

from __future__ import annotations

LATER = ("尚未建成", "not built yet")

# id -> what is missing (Chinese, English); None: compared with the text, nothing is missing
GAPS: dict[str, tuple[str, str] | None] = {
    "INV-1": (
        "评价、分级监管尚未建成，届时由数据库拒绝对自然人的评价",
        "evaluation and graded supervision are not built; the database will refuse a person's",
    ),
    "INV-2": (
        "信访举报、承诺和市场信息尚无入口；文书被撤销时没有单位操作的页面",
        "no doors yet for reports, commitments and market information, nor a page on which an organ withdraws",
    ),
    "INV-3": None,
    "INV-4": (
        "没有任何个人信息公开；表彰、志愿服务经同意公开的途径尚未建成",
        "nothing about persons is public; the ways by statute and by consent (honours, volunteering) are not built",
    ),
    "INV-5": (
        "同意和意愿的规则在法规包里；登记同意、撤回和市场信息的入口尚未建成",
        "the rules of consent and will stand in the packs; recording and withdrawing them and market information are"
        " not built",
    ),
    "INV-6": (
        "清单和能不能采取的判断已有；由人作出决定、送达和登记的办理尚未建成",
        "lists and the decision whether a row may be applied exist; deciding, serving and recording are not built",
    ),
    "INV-7": (
        "记录终止即停止公示、共享和使用；依它而来的措施尚未建成",
        "an ended record leaves publicity, sharing and use; the measures that would rest on it are not built",
    ),
    "INV-8": (
        "一个决定的键被换成另一个的，核验看不出；备份到期销毁和查询日志个人内容的保存期限尚未建成",
        "two decisions' keys exchanged are not found; destruction in backups and a term of personal content in the log"
        " of queries are not built",
    ),
    "INV-9": (
        "等待复核的行，后来才封存的内容在复核前仍保存，登记了的次日前由清理任务删除；禁止采集的信息按目录项的用语审查，"
        "条文未逐字核对",
        "what came to be sealed in a row that waits for review stays until then; if it is registered, the sweep erases"
        " it by the next day; forbidden data is judged by the words of an item, by articles that were not read word by"
        " word",
    ),
    "SUB-1": (
        "监护人、近亲属办理和死亡登记没有页面；更名只随报送记入",
        "no pages for guardians, relatives and a subject's death; names change only by what is reported",
    ),
    "SUB-2": ("市场信息尚未归集", "market information is not taken in yet"),
    "ORG-1": (
        "单位、职权和账号由法规包的演示数据和命令建立，没有办理页面；行业工作台尚未建成",
        "organisations, powers and accounts come from the pack's demo and commands, without pages; no sector workspace",
    ),
    "CAT-1": (
        "国家级只有两项，省补充目录尚未取得；市级各项是草案，按编制程序办理后生效",
        "two national items only, the provincial supplement was not obtained; items of the city are drafts until they"
        " have gone through the procedure",
    ),
    "CAT-2": (
        "行业和职业记录的目录项是草案，待市政府批准；所列依据未逐字核对",
        "items of sectors and professions are drafts until the city government approves; their basis was not read word"
        " by word",
    ),
    "CAT-3": None,
    "INT-1": (
        "只收双公示格式的CSV文件；表格、接口和交换尚未建成",
        "only CSV files in the dual-publicity format; workbooks, API and exchange are not built",
    ),
    "INT-2": ("报送质量尚未计量和提醒", "quality is not measured, nobody is reminded"),
    "INT-3": LATER,
    "QRY-1": (
        "只能查生效的目录项；按文件批量查单位只有命令行",
        "items in force only; organisations by file only on the command line",
    ),
    "QRY-2": (
        "等待复核的行只说明有这一行，不显示内容；更正和删除的办理尚未建成",
        "a waiting row about the subject is told, its content is not shown; ways to correct and erase are not built",
    ),
    "QRY-3": LATER,
    "QRY-4": ("只有网页；移动端和服务窗口尚未建成", "pages only; mobile and service window are not built"),
    "QRY-5": (
        "日志保存期限和异常查询的核查尚未建成",
        "the term of the log's personal content and the review of unusual querying are not built",
    ),
    "QRY-6": LATER,
    "PUB-1": (
        "授权和依法查询的披露只有规则，没有入口",
        "disclosure by authorisation and by statute has rules and no door",
    ),
    "PUB-2": (
        "有双公示、目录、清单、征求意见、法规和台账；名单、案例和知识尚未建成",
        "dual publicity, catalog, lists, consultations, law and ledger; blacklists, cases and knowledge are not built",
    ),
    "MKT-1": LATER,
    "EVA-1": LATER,
    "EVA-2": LATER,
    "INC-1": (
        "清单和判断已有；采取激励、登记表彰和同意的办理尚未建成",
        "list and decision exist; applying an incentive and recording honour and consent are not built",
    ),
    "PUN-1": (
        "清单已公布在平台上；国家和省级清单未逐字核对，市补充清单的编制和批准尚未建成",
        "lists stand on the site; national and provincial lists are unverified, drafting a city list is not built",
    ),
    "PUN-2": (
        "清单和判断已有；对个案采取、送达、停止措施的办理尚未建成",
        "list and decision exist; applying, serving and stopping a measure in a case are not built",
    ),
    "SER-1": (
        "类别、要件、步骤和领域已有，依据未核对的停用；认定的办理尚未建成",
        "categories, elements, steps and fields exist, unverified ones are off; the procedure is not built",
    ),
    "JNT-1": LATER,
    "OBJ-1": ("只有期限的计算，异议的办理尚未建成", "deadlines are counted; objections cannot be made yet"),
    "REP-1": (
        "只有公示期和可以申请修复的日期，修复的办理尚未建成",
        "periods and dates are judged; repair cannot be asked for yet",
    ),
    "CNS-1": LATER,
    "CMT-1": LATER,
    "GOV-1": LATER,
    "SVC-1": LATER,
    "FIN-1": LATER,
    "PIP-1": (
        "有本人查询和复制，新目录项有影响评估；告知、对新措施的评估、审计和泄露通知尚未建成",
        "own file, copy and an impact assessment of new items exist; notices, assessment of new measures, audit and"
        " breach notice are not built",
    ),
    "SEC-1": (
        "有登录、锁定和职责分离；应急预案、事件登记和等级保护备案尚未建成",
        "sign-in, lock-out and separated roles exist; emergency plan, incident log and filing are not built",
    ),
    "ACC-1": (
        "查询和报送留痕；逾期和违法办理的提示尚未建成",
        "queries and reports leave traces; nothing is surfaced yet",
    ),
    "IOP-1": ("只有双公示格式的文件", "files in the dual-publicity format only"),
    "STA-1": LATER,
}
