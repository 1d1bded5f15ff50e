"""Whether a statement is one SELECT over the facts, of functions that are known to be harmless. Pure.

It judges DuckDB's own parse of the statement (json_serialize_sql), so that comments, quoting and odd letters make no
difference. Everything is refused that is not named here.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

NODES = frozenset({"SELECT_NODE", "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE", "CTE_NODE"})
SOURCES = frozenset({"BASE_TABLE", "SUBQUERY", "JOIN", "TABLE_FUNCTION", "EXPRESSION_LIST", "EMPTY"})
TABLE_FUNCTIONS = frozenset({"range", "generate_series", "unnest"})
OPERATORS = "+ - * / // % ** ^ || ~~ !~~ ~~* !~~* ~~~ = <> != < > <= >= ~ !~ ! & | << >>"
NAMES = """
abs any_value approx_count_distinct approx_quantile arg_max arg_min argmax argmin avg bool_and bool_or
cbrt ceil ceiling char_length coalesce concat concat_ws contains corr count count_if count_star countif covar_pop
covar_samp cume_dist date_add date_diff date_part date_sub date_trunc datediff datepart datetrunc day dayname dayofmonth
dayofweek dayofyear days_in_month dense_rank ends_with entropy exp extract favg fdiv first first_value floor fmod fsum
geomean greatest hour if ifnull instr isfinite isinf isnan isodow isoyear kurtosis lag last last_day last_value lcase
lead least left len length like_escape ln log log10 log2 lower lpad ltrim mad make_date max max_by md5 mean median min
min_by minute mod mode month monthname not_like_escape nth_value ntile nullif percent_rank pi position pow power product
quantile quantile_cont quantile_disc quarter radians random rank regexp_matches regexp_extract regexp_replace
regr_intercept regr_r2 regr_slope replace reverse right round row_number rpad rtrim second sem sign skewness split_part
sqrt starts_with stddev stddev_pop stddev_samp strftime string_agg strip_accents strlen strpos substr substring sum
to_centuries to_days to_decades to_hours to_minutes to_months to_quarters to_weeks to_years trim trunc ucase upper
var_pop var_samp variance week weekday weekofyear year yearweek list_value struct_pack unnest row grouping cast
"""
FUNCTIONS = frozenset(OPERATORS.split()) | frozenset(NAMES.split())
LONGEST = 20_000


class Refused(Exception):
    """The statement may not run: a stable code and plain words."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(words)
        self.code, self.words = code, words


def judge(parsed: Mapping[str, Any], tables: frozenset[str]) -> None:
    """Refused unless the parsed statement reads these tables alone, and nothing else does anything."""
    if parsed.get("error"):
        raise Refused("not_a_select", "Only one SELECT can be asked here.")
    known = tables | {name.lower() for name in _named_parts(parsed)}
    for node in _nodes(parsed):
        _judge_node(node, known)


def _judge_node(node: Mapping[str, Any], known: frozenset[str]) -> None:
    kind = str(node.get("type", ""))
    if kind.endswith("_NODE") and kind not in NODES:
        raise Refused("not_a_select", "Only a SELECT can be asked here: nothing can be changed.")
    if kind == "BASE_TABLE":
        _judge_table(node, known)
    elif kind == "TABLE_FUNCTION":
        _judge_name(node["function"], TABLE_FUNCTIONS)
    elif "sample" in node and "alias" in node and kind not in SOURCES:
        raise Refused("not_allowed", "DESCRIBE, SHOW, SUMMARIZE and PIVOT are not available: the columns stand below.")
    elif "function_name" in node and not _of_a_source(node):
        _judge_name(node, FUNCTIONS)


def _of_a_source(node: Mapping[str, Any]) -> bool:
    """A function that a source named, and that was judged with it."""
    return str(node["function_name"]).lower() in TABLE_FUNCTIONS


def _judge_table(node: Mapping[str, Any], known: frozenset[str]) -> None:
    path = [str(part).lower() for part in node.get("qualified_name", {}).get("path", [node["table_name"]])]
    if len(path) != 1 or path[0] not in known or node.get("at_clause"):
        raise Refused("no_such_table", "There is no such table here: the tables stand below.")


def _judge_name(function: Mapping[str, Any], allowed: frozenset[str]) -> None:
    path = function.get("qualified_name", {}).get("path", [function["function_name"]])
    name = str(path[-1]).lower()
    if len(path) != 1 or name not in allowed:
        shown = name if re.fullmatch(r"[a-z_0-9]{1,40}", name) else "this one"
        raise Refused("not_allowed", f"The function {shown} is not available here.")


def _named_parts(parsed: Any) -> Iterator[str]:
    """Names that WITH gives to parts of the statement."""
    for node in _nodes(parsed):
        for entry in (node.get("cte_map") or {}).get("map", ()):
            yield str(entry["key"])


def _nodes(part: Any) -> Iterator[Mapping[str, Any]]:
    waiting = [part]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            yield one
            waiting.extend(one.values())
        elif isinstance(one, list):
            waiting.extend(one)
