# ruff: noqa: E402 (its analytics are switched off before it is read)
"""Great Expectations on pandas: one suite, whole columns, the check characters as expectations of our own.

python -m bench.peers.gx_pandas FILE OUT
"""

from __future__ import annotations

import os
import sys
import time
import warnings

os.environ["GX_ANALYTICS_ENABLED"] = "False"
warnings.filterwarnings("ignore")

import great_expectations as gx
import pandas as pd
from great_expectations import expectations as gxe
from great_expectations.execution_engine import PandasExecutionEngine
from great_expectations.expectations.expectation import ColumnMapExpectation
from great_expectations.expectations.metrics.map_metric_provider import (
    ColumnMapMetricProvider,
    column_condition_partial,
)

from bench.peers import rules
from bench.peers.columns import codes_fit, identities_fit
from bench.peers.told import tell


class CodesFit(ColumnMapMetricProvider):
    condition_metric_name = "column_values.code_fits"

    @column_condition_partial(engine=PandasExecutionEngine)
    def _pandas(cls, column, **kwargs):
        return pd.Series(codes_fit(column.tolist()), index=column.index)


class ExpectCodesToFit(ColumnMapExpectation):
    map_metric = "column_values.code_fits"


class IdentitiesFit(ColumnMapMetricProvider):
    condition_metric_name = "column_values.identity_fits"

    @column_condition_partial(engine=PandasExecutionEngine)
    def _pandas(cls, column, **kwargs):
        return pd.Series(identities_fit(column.tolist()), index=column.index)


class ExpectIdentitiesToFit(ColumnMapExpectation):
    map_metric = "column_values.identity_fits"


class DaysReal(ColumnMapMetricProvider):
    condition_metric_name = "column_values.day_real"

    @column_condition_partial(engine=PandasExecutionEngine)
    def _pandas(cls, column, **kwargs):
        return pd.to_datetime(column, format="%Y/%m/%d", errors="coerce").notna()


class ExpectDaysToBeReal(ColumnMapExpectation):
    map_metric = "column_values.day_real"


class DaysPast(ColumnMapMetricProvider):
    condition_metric_name = "column_values.day_past"

    @column_condition_partial(engine=PandasExecutionEngine)
    def _pandas(cls, column, **kwargs):
        return column <= rules.TODAY


class ExpectDaysToBePast(ColumnMapExpectation):
    map_metric = "column_values.day_past"


def suite():
    """The rules in the words of Great Expectations; dates compare as text, for they are written with all digits."""
    found = []
    for name in rules.COLUMNS:
        if name in rules.REQUIRED:
            found.append(gxe.ExpectColumnValuesToNotBeNull(column=name))
        if name in rules.PATTERNS:
            found.append(gxe.ExpectColumnValuesToMatchRegex(column=name, regex=rules.PATTERNS[name]))
        if name in rules.LENGTHS:
            found.append(gxe.ExpectColumnValueLengthsToBeBetween(column=name, max_value=rules.LENGTHS[name]))
        if name in rules.ENUMS:
            found.append(gxe.ExpectColumnValuesToBeInSet(column=name, value_set=list(rules.ENUMS[name])))
        if name in ("CF_CFJGDM", "CF_SJLYDM"):
            found.append(gxe.ExpectColumnValuesToBeInSet(column=name, value_set=[rules.SENDER]))
        if name in rules.CODES:
            found.append(ExpectCodesToFit(column=name))
        if name in rules.IDENTITIES:
            found.append(ExpectIdentitiesToFit(column=name))
        if name in rules.DATES:
            found.append(ExpectDaysToBeReal(column=name))
    found.append(ExpectDaysToBePast(column="CF_JDRQ"))
    found += [
        gxe.ExpectColumnPairValuesAToBeGreaterThanB(
            column_A=later, column_B="CF_JDRQ", or_equal=True, ignore_row_if="either_value_is_missing"
        )
        for later in ("CF_YXQ", "CF_GSJZQ")
    ]
    for name, (other, pattern) in rules.REQUIRED_WHEN.items():
        found.append(gxe.ExpectColumnValuesToNotBeNull(column=name, **_when(other, pattern)))
    found.append(gxe.ExpectCompoundColumnsToBeUnique(column_list=list(rules.UNIQUE), ignore_row_if="never"))
    return found


def _when(other, pattern):
    """A condition on rows as pandas takes it."""
    return {"row_condition": f'{other}.str.contains("{pattern}", na=False)', "condition_parser": "pandas"}


def main(file: str, out: str) -> None:
    """Read, validate, tell. The index of the frame is what a result names."""
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    wanted = suite()
    start = time.perf_counter()
    frame = pd.read_csv(file, dtype=str, keep_default_na=False, na_values=[""])
    batch = context.data_sources.add_pandas("p").add_dataframe_asset("a").add_batch_definition_whole_dataframe("b")
    checked = context.suites.add(gx.ExpectationSuite(name="s", expectations=wanted))
    definition = gx.ValidationDefinition(name="v", data=batch, suite=checked)
    results = definition.run(batch_parameters={"dataframe": frame}, result_format="COMPLETE")
    found, broken = [], []
    for result in results.results:
        config = result.expectation_config
        column = config.kwargs.get("column") or config.kwargs.get("column_A") or ""
        if result.exception_info.get("raised_exception") or any(
            isinstance(v, dict) and v.get("raised_exception") for v in result.exception_info.values()
        ):
            broken.append(f"{config.type} {column}")
        rows = result.result.get("unexpected_index_list") or []
        found += [[int(at) + 2, column, config.type] for at in rows]
    tell(out, rows=len(frame), seconds=time.perf_counter() - start, found=found, broken=broken)


if __name__ == "__main__":
    main(*sys.argv[1:])
