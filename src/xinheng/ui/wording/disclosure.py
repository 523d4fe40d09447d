"""Reasons of the disclosure decision: refusals, records not shown, fields withheld, masked or shown."""

from __future__ import annotations


def _(text: str) -> str:
    """Mark a msgid; looked up when it is shown, so that this module needs no settings."""
    return text


WORDS = {
    "too_many_refusals": _("不予受理的查询太多，这样的查询暂时不再接收，还有%(minutes)s分钟。"),
    "refusals_summed": _("一段时间内多次不予受理的查询，合成一条。"),
    # the question may not be asked
    "ground_missing": _("没有说明查询依据，没有显示任何内容"),
    "matter_not_listed": _("填写的事项不是法律允许的查询事项，没有显示任何内容"),
    "matter_not_for_you": _("这个事项不向您这类单位开放，没有显示任何内容"),
    "power_missing": _("您单位没有办理这个事项的职权，没有显示任何内容"),
    "case_missing": _("没有填写案件或项目编号，没有显示任何内容"),
    "statute_missing": _("没有写明依据哪部法律、法规或国家规定，没有显示任何内容"),
    "batch_of_persons": _("这个事项不能查询个人，没有显示任何内容"),
    "person_not_party": _("个人只能作为所办案件的当事人查询，没有显示任何内容"),
    "too_many_persons": _("本案列出的当事人超过了规定的人数，没有显示任何内容"),
    "subject_frozen": _("这份档案已经停止披露"),
    "not_own": _("这不是您本人的档案"),
    "no_own_file": _("您的账号还没有关联本人或本单位的档案"),
    "authorisation_missing": _("没有本人的书面授权"),
    "authorisation_ended": _("本人的授权已经到期或撤回"),
    "statute_unknown": _("写明的法律依据不在法规包列出的条文里，没有显示任何内容"),
    "name_differs": _("填写的名称与代码不是同一个单位，没有显示任何内容"),
    "list_words_short": _("名称里的字至少写两个"),
    "list_filter_unreadable": _("筛选条件有填得不对的，没有导出"),
    "identifier_unreadable": _("代码读不懂，请核对各位"),
    "too_many_identifiers": _("一次最多查%(most)s个，您填了%(given)s个"),
    "json_not_texts": _("发来的JSON应当是一个对象，每个值都是文字；没有查询。"),
    "json_unreadable": _("发来的内容不是JSON，没有查询。"),
    "ground_holds_identifier": _("这里有身份证号、电话或者卡号，没有查询；台账不记个人的号码，请用案卷编号和条文。"),
    # a record is not shown
    "not_linked": _("与办理的事项无关"),
    "not_shared": _("不在共享范围内"),
    "person_not_public": _("个人信用信息不公开"),
    "publicity_not_running": _("不在公示期内"),
    "use_ended": _("已过最后使用日，停止共享和使用"),
    "repaired": _("已修复，停止公示、共享和使用"),
    "withdrawn": _("原决定已撤销，停止公示、共享和使用"),
    "expired": _("保存期限已满，停止公示、共享和使用"),
    "consent_missing": _("没有本人的同意"),
    # a field is withheld
    "not_public": _("不属于公开内容"),
    "operator_private": _("经营者的个人信息不公开"),
    "representative_document": _("法定代表人的证件信息不公开"),
    "not_needed": _("本事项不需要"),
    "third_person": _("涉及他人"),
    "erased": _("内容已依法删除"),
    # a field is shown
    "masked_personal": _("个人信息部分隐去"),
    "granted_public": _("公开"),
    "granted_official": _("本事项可以查询"),
    "granted_own": _("本人有权知晓"),
    "granted_authorised": _("凭本人授权"),
    "granted_statute": _("依照法律规定"),
    # files
    "nothing_public": _("查询期内无相关信息"),
    "record_not_public": _("这条信息现在不公开"),
    "item_unknown": _("没有这个目录项"),
    "format_unknown": _("不提供%(format)s格式，请选CSV或JSON"),
    "ids_file_unreadable": _("名单读不懂：第一行应当是identifier,kind,name，或者代码,类型,名称"),
    "ids_kind_unknown": _("类型应当是uscc、id、org或者空着"),
    "ids_row_unreadable": _("列数或者引号不对"),
    "ids_identifier_missing": _("没有代码"),
    "ids_role_unreadable": _("身份里有号码，或者太长"),
    "receipt_unreadable": _("没有认得出的回执：要有入账承诺，或者台账条目号和叶值"),
    "role_needed": _("用户%(username)s没有查询岗位"),
}

INSTEAD = {
    "too_many_refusals": _("核对岗位、事项和名单再查；符合规定的查询不受影响。这段时间的次数合成一条记入台账。"),
    "ground_missing": _("写明事项和案件编号，用本单位的账号再查一次。"),
    "matter_not_for_you": _("换一个向您这类单位开放的事项；只看公开信息的，到公开查询。"),
    "statute_missing": _("写明哪部法律、法规或国家规定的哪一条，再查一次。"),
    "statute_unknown": _("照填写说明列出的条文写；确有别的依据，请主管部门报请增列。"),
    "batch_of_persons": _("要查个人的，换成您在办、可以查个人的事项，逐案查询。"),
    "authorisation_missing": _("请本人自己取报告给您；法律允许授权的，由本人在平台上授权。"),
    "authorisation_ended": _("请本人重新授权，或者由本人自己取报告给您。"),
    "identifier_unreadable": _("照证照原样抄写：统一社会信用代码和身份证号都是18位。"),
    "ground_holds_identifier": _("把号码换成案卷编号或者条文，再查一次。"),
    "json_not_texts": _("照接口说明的样子改好，再发一次。"),
    "json_unreadable": _("照接口说明的样子改好，再发一次。"),
    "nothing_public": _("核对代码；没有公开的信息，不等于好，也不等于不好。"),
    "item_unknown": _("到信用信息目录看有哪些目录项。"),
    "format_unknown": _("把网址的结尾改成csv或者json。"),
    "matter_not_listed": _("确实在办法律列出的事项：重新填写事项和案件编号。"),
    "power_missing": _("单位职权由主管部门登记；登记有误请联系本单位管理员。"),
    "case_missing": _("把案卷上的编号填上，再查一次。"),
    "person_not_party": _("把本案当事人写进“本案当事人名单”，再查一次。"),
    "too_many_persons": _("一个案号下先后查的个人合在一起算；每件案件只列它自己的当事人。"),
    "name_differs": _("核对名称和代码；拿不准时只填代码。"),
    "no_own_file": _("带上证件到服务窗口核对身份，当场关联。"),
    "not_own": _("请用本人的账号登录。"),
    "subject_frozen": _("监护人和近亲属请到服务窗口办理。"),
    "too_many_identifiers": _("分成几份再查。"),
    "record_not_public": _(
        "公示期满、已修复或被撤销的信息到期自动停止公开，网址仍归这条信息。本单位登录后在自己的档案里看；别人用单位名称或18位代码再查。"
    ),
    "ids_file_unreadable": _("用页上的示例改好第一行再上传；编码不限，xlsx也可以。"),
    "list_words_short": _("再加一个字；按代码查，用“查询”。"),
    "review_without_words": _("写一句看过之后的结论再提交。"),
}
