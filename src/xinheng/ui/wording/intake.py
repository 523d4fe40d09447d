"""Sentences about files and rows that providers send: what is wrong, and what a clerk does about it."""

from __future__ import annotations

import re

from xinheng.lib.codes.verdict import WORDS as CODES


def _(sentence: str) -> str:
    """Mark a msgid; Django's own marker asks for settings, which the command line does without."""
    return sentence


# A file that is returned whole.
FILES = {
    "file_empty": _("文件是空的，没有收下。请重新导出后报送。"),
    "file_infected": _("查毒程序在这份文件里发现了病毒，没有收下。请在报送单位查杀后重新导出。"),
    "file_not_scanned": _("这份文件没有查成病毒，暂时不能收下。请稍后再报；一直不行请告诉平台的管理员。"),
    "file_no_rows": _("文件里只有表头，没有数据行，没有收下。"),
    "file_not_text": _("这是%(kind)s文件，不是表格。请把内容放进模板，或另存为xlsx、CSV后报送。"),
    "file_encoding": _("第%(line)s行起的文字编码读不懂。请另存为“CSV UTF-8”后报送。"),
    "file_too_large": _("文件超过%(limit)s，没有收下。请分成几份报送。"),
    "file_too_many_records": _("文件超过%(limit)s条，没有收下。请分成几份报送。"),
    "workbook_not": _("这个文件的内容不是工作簿。请用表格软件打开，另存为“Excel工作簿(*.xlsx)”后报送。"),
    "workbook_not_but": _("这个文件的内容是%(kind)s，不是工作簿。请选对文件，或另存为“Excel工作簿(*.xlsx)”后报送。"),
    "workbook_other_kind": _("这是%(kind)s格式的工作簿，本平台不读。请另存为“Excel工作簿(*.xlsx)”后报送。"),
    "workbook_is_page": _(
        "这个文件的内容是网页，只是名字像工作簿。请用表格软件打开，另存为“Excel工作簿(*.xlsx)”后报送。"
    ),
    "workbook_password": _("工作簿有密码，打不开。请取消密码后报送。"),
    "workbook_damaged": _("工作簿已损坏或不完整，打不开。请用表格软件打开，重新另存后报送。"),
    "workbook_unsafe": _("工作簿里有表格软件不会写入的内容（%(part)s），没有打开。请用表格软件重新另存后报送。"),
    "workbook_bomb": _("工作簿里的“%(part)s”展开后大得异常，没有打开。请用表格软件重新另存后报送。"),
    "workbook_too_large": _("工作簿展开后超过%(limit)s，没有收下。请分成几份，或另存为CSV后报送。"),
    "workbook_too_many_parts": _("工作簿由超过%(limit)s个部分组成，没有打开。请把数据复制到新的工作簿后报送。"),
    "workbook_too_many_sheets": _("工作簿有%(count)s张工作表，最多%(limit)s张。请删去不报送的工作表，或分成几份报送。"),
    "workbook_too_many_rows": _("工作簿的数据到第%(row)s行，各表合计最多%(limit)s行。请分成几份，或另存为CSV后报送。"),
    "workbook_too_many_columns": _("工作表的内容到%(column)s列，最多%(limit)s列。请删去右侧多余的内容后报送。"),
    "workbook_too_many_cells": _("工作簿里有内容的单元格超过%(limit)s个，没有收下。请分成几份，或另存为CSV后报送。"),
    "workbook_error_cell": _("单元格%(cell)s里是公式错误“%(value)s”，整本读不出。请改正这一格，或粘贴为数值后报送。"),
    "workbook_memory": _("读这本工作簿要用的内存超过%(limit)s，没有收下。请分成几份，或另存为CSV后报送。"),
    "workbook_time": _("读这本工作簿超过%(limit)s秒还没有读完，没有收下。请分成几份，或另存为CSV后报送。"),
    "workbook_all_hidden": _("有内容的工作表都隐藏了：%(sheets)s。请取消隐藏后报送。"),
    "lines_none": _('文件里没有一行是JSON对象，没有收下。请每行写一个对象，例如{"CF_WSH": "…"}。'),
    "lines_too_many_names": _("文件里的字段名超过%(limit)s种，没有收下。请每行使用相同的字段名。"),
    "lines_too_many_faults": _("从第%(first)s行起有太多行读不出，没有收下。请检查导出程序。"),
    "lines_array_broken": _(
        "第%(record)s个元素之后的JSON读不下去，整份没有收下。请检查括号和逗号，或改为每行一个对象。"
    ),
    "header_missing": _("前30行里找不到“%(item)s”的表头。请使用模板，保留字段代码或中文列名。"),
    "header_changes": _(
        "第%(row)s行又是表头，列的顺序与前面的不同，分不清后面各行的列，没有收下。请统一列的顺序，或分成几份报送。"
    ),
    "column_doubled": _("列“%(column)s”出现了两次，无法判断以哪一列为准。请删去多余的一列。"),
    "column_missing": _("缺少必填的列：%(columns)s。请补上后报送。"),
    "provider_kind_may_not_report": _("“%(organisation)s”不属于可以提供这类信息的单位，整份文件没有收下。"),
    "provider_without_power": _("“%(organisation)s”没有登记提供公共信用信息的职权，整份文件没有收下。"),
    "provider_not_of_item": _("目录没有把“%(organisation)s”列为“%(item)s”的归集来源，整份文件没有收下。"),
    "item_not_in_force": _("目录项“%(item)s”今天不生效，不能报送。"),
}
# One row, or one cell of it.
ROWS = {
    "required_missing": _("“%(field)s”必填，这一行没有填写。请补填。"),
    "document_missing": _("“%(field)s”没有填写：不利信息必须有生效的法律文书为据。这一行退回，内容不留存。"),
    "document_without_number": _(
        "“%(field)s”的“%(value)s”里没有号码：不利信息必须有生效的法律文书为据。这一行退回，内容不留存。"
    ),
    "number_without_figures": _("“%(field)s”的“%(value)s”里没有号码。请填写文书上的完整文号。"),
    "record_too_long": _(
        "第%(row)s条超过%(limit)s，多半是少了一个引号，后面的行都连在了一起，没有收下。请补齐引号后报送。"
    ),
    "row_too_short": _("这一行只有%(cells)s格，表头有%(columns)s列，各列可能错位。请补齐空格后再报。"),
    "row_too_long": _("这一行有%(cells)s格，表头只有%(columns)s列，多半是内容里有逗号没有加引号。请改正后再报。"),
    "stray_quote": _("这一行有一个没有配对的引号，分不清各格的边界。请删去或补齐引号。"),
    "sheet_header_missing": _("工作表“%(sheet)s”没有表头，不知道各列是什么，这一行没有收下。请补上表头后报送。"),
    "sheet_hidden": _("工作表“%(sheet)s”是隐藏的，没有读取。其中如有要报送的行，请取消隐藏后再报。"),
    "cell_too_long": _("“%(column)s”列的文字超过%(limit)s个字，这一行读不出。请缩短。"),
    "cell_null": _("“%(column)s”列里有看不见的空字符，这一行读不出。请重新输入这一格。"),
    "line_not_json": _("这一行不是完整的JSON，读不出。请检查引号、逗号和括号。"),
    "line_not_object": _('这一行不是JSON对象。请写成{"字段代码": "内容"}的样子。'),
    "line_nested": _("“%(field)s”的内容又是对象或列表。每个字段只能是文字、数字或空。请改正。"),
    "line_name_doubled": _("这一行里“%(field)s”出现了两次，无法判断以哪一个为准。请删去一个。"),
    "line_unicode": _("这一行里有不成字的编码，读不出。请以UTF-8重新导出。"),
    "line_too_long": _("这一行超过%(limit)s，读不出。请检查是否缺少换行。"),
    "too_long": _("“%(field)s”有%(length)s个字，最多%(longest)s个字。请缩短。"),
    "cell_error": _("“%(field)s”显示为“%(value)s”，是表格软件算不出的值。请在原表中改成确定的文字后重报。"),
    "cell_formula": _("“%(field)s”以等号开头，是公式，不是内容本身。请粘贴为数值后重报。"),
    "character_lost": _("“%(field)s”里有丢失的字（显示为�）。请从原系统重新导出，或手工补上这个字。"),
    "name_character": _("“%(field)s”里有“%(character)s”，名称中不应出现；多半是生僻字丢失或被遮盖。请填写全名。"),
    "enum_unknown": _("“%(field)s”的“%(value)s”不在可选值中。可选：%(values)s。"),
    "date_unreadable": _("“%(field)s”的“%(value)s”不是日期。请写成2024/05/01的样子。"),
    "date_ambiguous": _("“%(field)s”的“%(value)s”可以有两种读法。请写成四位年份：2024/05/01。"),
    "date_not_real": _("“%(field)s”的“%(value)s”在日历上不存在。请核对。"),
    "date_weekday": _("“%(field)s”的“%(value)s”日期和星期对不上。请核对。"),
    "date_without_end": _("“%(field)s”的“%(value)s”是没有期限的意思，不能用在这里。请填写具体日期。"),
    "date_implausible": _("“%(field)s”的%(value)s不可信。请核对年份。"),
    "date_serial": _("“%(field)s”的%(was)s是表格软件的日期序号，已读作%(now)s。请核对。"),
    "decimal_unreadable": _("“%(field)s”的“%(value)s”不是金额。请只写数字，单位为万元。"),
    "decimal_unit_unclear": _("“%(field)s”的“%(value)s”看不出单位是元还是万元。请只写数字，单位为万元。"),
    "decimal_scientific": _("“%(field)s”的“%(value)s”是科学计数法，可能已丢失数字。请写出完整数字。"),
    "decimal_places": _("“%(field)s”的“%(value)s”小数超过%(places)s位。单位是万元，请核对。"),
    "decimal_too_large": _("“%(field)s”的“%(value)s”整数超过%(digits)s位。单位是万元，请核对。"),
    "decimal_negative": _("“%(field)s”的“%(value)s”是负数。请核对。"),
    "fine_unit_suspected": _(
        "“%(field)s”填了%(value)s万元，而处罚内容写的是%(stated)s元；疑应填%(proposed)s。请核对。"
    ),
    "fine_zero": _("处罚类别里有罚款，而“%(field)s”是0。请核对；没有罚款就不要写这一类。"),
    "uscc_length": _("统一社会信用代码应为18位，这里有%(length)s位。请核对。"),
    "org_length": _("组织机构代码应为9位，这里有%(length)s位。请核对。"),
    "id_form": _("身份证号码应为18位（旧号码15位）数字，末位可以是X，这里有%(length)s位。请核对。"),
    "document_number_form": _("“%(field)s”不像证件号码，只应有字母和数字。请核对。"),
    "code_for_person": _("类别是自然人，却填了“%(field)s”。请删去代码；这个代码的主体应是“%(kind)s”。"),
    "subject_unidentified": _("这一行没有可用的主体代码或证件号码，不知道是谁的信息。请补填。"),
    "kind_does_not_fit_code": _("代码以92开头，应是“%(kind)s”，与“%(field)s”不符。请核对。"),
    "individual_business_code_not_92": _("类别是个体工商户，而“%(field)s”不以92开头。请核对类别。"),
    "code_placeholder": _("“%(field)s”填的是“暂无代码”的占位。请补填真实代码。"),
    "decided_in_future": _("“%(field)s”%(value)s晚于今天%(today)s。请核对。"),
    "valid_until_before_from": _("“%(field)s”%(value)s早于“%(other)s”%(other_value)s。请核对两个日期。"),
    "valid_until_before_decision": _("“%(field)s”%(value)s早于“%(other)s”%(other_value)s。请核对两个日期。"),
    "publicity_end_before_decision": _("“%(field)s”%(value)s早于“%(other)s”%(other_value)s。请核对两个日期。"),
    "publicity_end_too_late": _(
        "“%(field)s”%(value)s晚于最长公示期的末日%(latest)s。平台按法定期限公示；由另一人核对后再登记。"
    ),
    "personal_in_text": _("“%(field)s”里有%(kinds)s，对外展示时会遮盖。请在原文书中也避免写入。"),
    "normalised": _("“%(field)s”已由“%(was)s”规范为“%(now)s”。"),
    "filled_in": _("旧格式没有“%(field)s”列，已按本行其他内容填为“%(now)s”。请核对。"),
    "absent_in_old_layout": _("旧格式没有“%(field)s”，这一项留空。"),
    "old_status_unknown": _("旧格式的状态“%(value)s”不认识。请填0正常、1撤销、2异议、3其他。"),
    "old_status_revoked": _("这一行的状态是“%(value)s”，不再登记；平台上有这份文书的记录时，收到后当即撤下。"),
    "old_status_refused": _("这一行的状态是“%(value)s”，不登记。"),
    "status_revoked": _("“%(field)s”是“%(value)s”：失效的决定不登记；平台上有这份文书的记录时，收到后当即撤下。"),
    "record_withdrawn": _("决定已经失效：这份文书的记录已当即撤下，不再公示、共享和使用。"),
    "ended_before": _("决定已经失效，这份文书的记录此前已经撤下，没有别的要办。"),
    "revoked_of_another": _("决定已经失效，而这份文书的记录是别的单位报送的；由另一人核对后办理。"),
    "revoked_in_file": _("同一份文件说这份文书已经失效，这一行没有登记。请核对以哪一行为准。"),
    "old_status_open": _("这一行的状态是“%(value)s”，需要人工核对后再登记。"),
    "unchanged": _("与已登记的记录完全相同，不重复登记。"),
    "unchanged_in_file": _("与本文件第%(first)s条完全相同，不重复登记。"),
    "waits_already": _("与第%(batch)s号批次第%(row)s条完全相同，那一条正等候另一人核对，不重复等候。"),
    "differs_from_record": _("同一文书、同一主体已有登记，但内容不同；由另一人核对后作为更正处理。"),
    "operator_differs": _("这家个体工商户已登记的经营者与这一行不同；由另一人核对是否更换经营者或者填错后再登记。"),
    "differs_in_file": _("与本文件第%(first)s条是同一文书、同一主体，但内容不同。请核对以哪一条为准。"),
    "sealed": _("涉及自然人的治安违法记录依法封存，不归集。这一行退回，内容不留存。"),
    "sealed_suspected": _("可能涉及依法封存的治安违法记录，由人工核对后再登记。"),
    "minor_adverse": _("行为时未满十八周岁，不利记录不归集。这一行退回，内容不留存。"),
    "authority_is_another": _("“%(field)s”%(value)s不是报送单位“%(sender)s”的代码，按转报登记，请核对。"),
    "authority_is_not_the_sender": _("“%(field)s”%(value)s不是报送单位“%(sender)s”的代码，由另一人核对后再登记。"),
    "age_unknown": _("证件上看不出出生日期，行为时是否已满十八周岁，由人工核对后再登记。"),
    "conduct_as_minor_suspected": _("文书所述日期当事人可能未满十八周岁，由人工核对后再登记。"),
    "capacity_missing": _("行为时不具有完全民事行为能力，不属于本市的信用主体。这一行退回，内容不留存。"),
    "capacity_unclear": _("已满十六未满十八周岁，是否以自己的劳动收入为主要生活来源，由人工核对。"),
    "born_after_decision": _("证件号码中的出生日期晚于决定日期。请核对。"),
    "kind_not_collected": _("目录项不归集这类主体的信息。这一行退回，内容不留存。"),
    "mending_unchanged": _("第%(row)s条没有改动，仍在等候另一人核对，没有提交。"),
    "second_person_needed": _("报送人不能核对自己报送的行，请由另一人处理。"),
    "row_not_waiting": _("这一行已经处理过了。"),
    "row_unknown": _("没有这一行，或者它的内容没有留存。"),
    "row_not_accepted": _("这一行不是已通过的行，没有登记。"),
    "row_without_record": _("批次里有通过的行没有登记，整批没有完成。"),
    "batch_closed": _("这个批次已经办结。"),
    "batch_unknown": _("没有这个批次。"),
}
# The sentences of the code checks, with the places written as everywhere else in the house.
_CODE_SENTENCES = {code: re.sub(r"\{(\w+)\}", r"%(\1)s", sentence) for code, sentence in CODES.items()}

WORDS = {**_CODE_SENTENCES, **FILES, **ROWS}
