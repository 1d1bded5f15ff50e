"""The rules of the house that no linter knows: sizes, and nothing left for later."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LONGEST_MODULE, LONGEST_FUNCTION = 300, 60
# Written so that this file does not find itself.
FOR_LATER = re.compile("TO[D]O|FIX[M]E|mark.sk[i]p|pytest.sk[i]p|mark.xf[a]il|unittest.mo[c]k")
MODULES = [
    path
    for folder in ("upstream", "tests", "benchmarks")
    for path in sorted((ROOT / folder).rglob("*.py"))
    if "migrations" not in path.parts
]


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_modules_fit_on_a_few_screens() -> None:
    long = {named(path): len(path.read_text().splitlines()) for path in MODULES}
    assert {name: lines for name, lines in long.items() if lines > LONGEST_MODULE} == {}


def test_functions_fit_on_one_screen() -> None:
    long = {
        f"{named(path)}:{node.name}": (node.end_lineno or 0) - node.lineno + 1
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert {name: lines for name, lines in long.items() if lines > LONGEST_FUNCTION} == {}


def test_nothing_is_left_for_later() -> None:
    assert [named(path) for path in MODULES if FOR_LATER.search(path.read_text())] == []


@pytest.mark.parametrize("word", ["utils", "helpers", "misc", "common_functions"])
def test_modules_are_named_by_a_noun_of_their_field(word: str) -> None:
    assert [named(path) for path in MODULES if path.stem == word] == []
