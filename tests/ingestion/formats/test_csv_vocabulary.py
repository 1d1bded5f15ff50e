"""Dates, amounts and codes as people and their systems write them."""

from datetime import date

import pytest

from upstream.ingestion.formats.csv_vocabulary import amount_words, birthday_words, day_words, read_day, reason_words


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2025-01-05", "2025-01-05"),
        ("2025/1/5", "2025-01-05"),
        ("20250105", "2025-01-05"),
        ("2025-01-05T16:17:47Z", "2025-01-05"),
        ("2025-01-05 00:00:00.000 +02:00", "2025-01-05"),
        ("1/5/2025", "2025-01-05"),
        ("01-05-25", "2025-01-05"),
        ("01.05.2025", "2025-01-05"),
        ("1/5/2025 12:00 AM", "2025-01-05"),
        ("01/05/69", "2069-01-05"),
        ("01/05/70", "1970-01-05"),
        ("45662", "2025-01-05"),
        ("45662.75", "2025-01-05"),
        ("26-Nov-2015", "2015-11-26"),
        ("5 January 2025", "2025-01-05"),
        ("05JAN25", "2025-01-05"),
        ("Jan 5, 2025", "2025-01-05"),
        ("Sept. 5th 2025", "2025-09-05"),
        (" 2025-01-05 ", "2025-01-05"),
        ("13/05/2025", "13/05/2025"),
        ("02/30/2025", "02/30/2025"),
        ("1/5-2025", "1/5-2025"),
        ("00000000", "00000000"),
        ("99999", "99999"),
        ("123", "123"),
        ("soon", "soon"),
        ("5 Foo 2025", "5 Foo 2025"),
        ("", ""),
        ("1" * 300, "1" * 300),
    ],
)
def test_a_date_is_told_as_an_iso_date_or_left_as_it_stands(text: str, day: str) -> None:
    assert day_words("mdy")(text) == day


def test_the_order_of_day_and_month_is_the_profiles():
    assert (read_day("03/04/2025", "mdy"), read_day("03/04/2025", "dmy")) == (date(2025, 3, 4), date(2025, 4, 3))
    assert read_day("31.12.24", "dmy") == date(2024, 12, 31)


@pytest.mark.parametrize(
    ("text", "served", "born"),
    [
        ("02/29/80", "2025-01-05", "1980-02-29"),
        ("03/01/45", "2025-01-05", "1945-03-01"),
        ("03/01/24", "2025-01-05", "2024-03-01"),
        ("03/01/1945", "2025-01-05", "1945-03-01"),
        ("03/01/45", "", "2045-03-01"),
    ],
)
def test_nobody_is_born_after_the_service(text: str, served: str, born: str) -> None:
    assert birthday_words("mdy")(text, served) == born


@pytest.mark.parametrize(
    ("text", "us", "eu"),
    [
        ("120", "120", "120"),
        ("1,234.50", "1234.50", "?"),
        ("1.234,50", "?", "1234.50"),
        ("$1,234.50", "1234.50", "?"),
        ("€ 1.234,50", "?", "1234.50"),
        ("1 234,50", "?", "1234.50"),
        ("1'234.50 USD", "1234.50", "?"),
        ("(12.00)", "-12.00", "?"),
        ("($12)", "-12", "-12"),
        ("-$12", "-12", "-12"),
        ("$-12", "-12", "-12"),
        ("12-", "-12", "-12"),
        ("1.200", "1.200", "1200"),
        ("1,200", "1200", "1.200"),
        ("300,00", "?", "300.00"),
        ("80.00", "80.00", "?"),
        (".5", ".5", "?"),
        ("-", "", ""),
        ("N/A", "", ""),
        ("", "", ""),
        ("(12", "?", "?"),
        ("-(12)", "?", "?"),
        ("12,34,567", "?", "?"),
        ("1e3", "?", "?"),
        ("+1", "?", "?"),
        ('=HYPERLINK("http://x")', "?", "?"),
        ("9" * 300, "?", "?"),
    ],
)
def test_an_amount_is_told_plainly_or_not_at_all(text: str, us: str, eu: str) -> None:
    assert (amount_words("us")(text), amount_words("eu")(text)) == (us, eu)


@pytest.mark.parametrize(
    ("text", "reasons", "remarks"),
    [
        ("CO-197", "CO-197", ""),
        ("CO45, PR1", "CO-45;PR-1", ""),
        ("CO 45; PR 1", "CO-45;PR-1", ""),
        ("CO45 PR1", "CO-45;PR-1", ""),
        ("co:197/oa 23", "CO-197;OA-23", ""),
        ("45", "-45", ""),
        ("16.0", "-16", ""),
        ("0016", "-16", ""),
        ("97; N130", "-97", "N130"),
        ("CO-16 & MA 130", "CO-16", "MA130"),
        ("CO-197: approval missing, call the payer", "CO-197", ""),
        ("B7 - provider not eligible", "-B7", ""),
        ("N/A", "", ""),
        (" none ", "", ""),
        ("0", "", ""),
        ("", "", ""),
        ("call the payer", "call the payer", ""),
        ("CO-1234", "CO-1234", ""),
    ],
)
def test_denial_codes_are_found_in_their_cell(text: str, reasons: str, remarks: str) -> None:
    assert reason_words(text) == (reasons, remarks)
