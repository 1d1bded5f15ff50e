from dataclasses import dataclass

from upstream.claims.lines import By, LineMatch, matched_lines


@dataclass
class Line:
    number: int
    procedure_code: str
    billed_cents: int
    control_bidx: bytes | None = None
    billed_code: str = ""


def test_the_practices_own_number_comes_first() -> None:
    billed = [Line(1, "97110", 100, b"a"), Line(2, "97110", 100, b"b")]
    answered = [Line(1, "97110", 100, b"b"), Line(2, "97110", 100, b"a")]
    assert matched_lines(billed, answered) == [LineMatch(2, 1, By.CONTROL), LineMatch(1, 2, By.CONTROL)]


def test_code_and_charge_do_without_it_and_the_billed_code_where_another_was_answered() -> None:
    billed = [Line(1, "99215", 200), Line(2, "36415", 10)]
    answered = [Line(1, "36415", 10), Line(2, "99213", 200, billed_code="99215")]
    assert matched_lines(billed, answered) == [
        LineMatch(2, 1, By.CODE_AND_CHARGE),
        LineMatch(1, 2, By.CODE_AND_CHARGE),
    ]


def test_lines_that_are_all_alike_are_taken_in_turn() -> None:
    alike = [Line(1, "97110", 100), Line(2, "97110", 100)]
    assert [match[:2] for match in matched_lines(alike, alike)] == [(1, 1), (2, 2)]


def test_a_line_split_in_parts_is_put_together() -> None:
    answered = [Line(1, "97110", 60), Line(2, "97110", 40)]
    assert matched_lines([Line(1, "97110", 100)], answered) == [
        LineMatch(1, 1, By.SPLIT),
        LineMatch(1, 2, By.SPLIT),
    ]


def test_what_could_be_several_or_fits_none_stands_apart() -> None:
    billed = [Line(1, "97110", 100), Line(2, "97110", 100)]
    assert matched_lines(billed, [Line(1, "97110", 100)]) == []
    assert matched_lines(billed, [Line(1, "99999", 200)]) == []
