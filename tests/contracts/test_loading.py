"""Fee schedules: what becomes a price, what is refused and where, and how a load is taken back."""

import io
import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from openpyxl import Workbook

from tests.factories import organization, payer
from upstream.contracts import queries, services
from upstream.contracts.loading import load_file, set_price, undo_load
from upstream.contracts.models import Contract, Load, Rate
from upstream.core import tenancy
from upstream.core.errors import Conflict, Invalid, Unreadable

HEAD = "procedure_code,modifiers,place_of_service,price,percent_of_billed,effective_from,effective_to"
ACTOR = "command:test"


def contract(name: str = "Summit 2026", of: str = "Summit Mutual") -> Contract:
    return services.add_contract(payer=payer(of), name=name, effective_from=date(2026, 1, 1), actor=ACTOR)


def load(into: Contract, *rows: str) -> Load:
    return load_file(into, ["\n".join([HEAD, *rows]).encode()], actor=ACTOR)


def counts(done: Load) -> tuple[int, int, int, int]:
    return done.added, done.replaced, done.same, done.refused


def standing(of: Contract) -> list[str]:
    return [",".join(row) for row in list(queries.table_of(of))[1:]]


def test_a_fee_schedule_is_loaded_once_and_told_as_it_is(practice: int) -> None:
    made = contract()
    rows = ["29881,,facility,812.50,,2026-01-01,", "73721,26,,95.00,,2026-01-01,2026-06-30", "J1885,,,,80,2026-01-01,"]
    assert counts(load(made, *rows)) == (3, 0, 0, 0)
    assert standing(made) == rows
    assert counts(load(made, *reversed(rows))) == (0, 0, 3, 0)
    assert Rate.objects.count() == 3


def test_bad_rows_are_named_and_good_ones_load(practice: int) -> None:
    made = contract()
    done = load(
        made, "29881,,,800.00,,,", ",,,1.00,,,", "29882,ABC,,1.00,,,", "29883,,home,1.00,,,", "29884,,,abc,,,",
        "29885,,,1.00,80,,", "29886,,,,,,", "29887,,,1.00,,31.01.2026,", "29888,,,1.00,,2026-02-01,2026-01-01",
        '29889,"26,,1.00,,,', "29881,,,900.00,,2026-01-01,",
    )  # fmt: skip
    assert counts(done) == (1, 0, 0, 10)
    assert [(row["line"], row["field"]) for row in done.faults] == [
        (3, "procedure_code"), (4, "modifiers"), (5, "place_of_service"), (6, "price"), (7, "price"), (8, "price"),
        (9, "effective_from"), (10, "effective_to"), (11, "row"), (12, "price"),
    ]  # fmt: skip
    assert standing(made) == ["29881,,,800.00,,2026-01-01,"]


def test_a_price_without_an_end_makes_room_and_one_with_an_end_does_not(practice: int) -> None:
    made = contract()
    load(made, "29881,,,800.00,,2026-01-01,", "29882,,,500.00,,2026-01-01,2026-12-31")
    done = load(made, "29881,,,825.00,,2026-07-01,", "29882,,,525.00,,2026-07-01,")
    assert counts(done) == (1, 0, 0, 1)
    assert done.faults == [
        {"line": 3, "field": "effective_from", "words": "overlaps the price from 2026-01-01 to 2026-12-31"}
    ]


def test_a_correction_takes_the_place_of_a_price_until_it_is_taken_back(practice: int) -> None:
    made = contract()
    first = load(made, "29881,,,800.00,,2026-01-01,")
    done = load(made, "29881,,,810.00,,2026-01-01,", "29882,,,500.00,,2026-01-01,")
    assert counts(done) == (1, 1, 0, 0)
    with pytest.raises(Conflict, match="take those back first"), transaction.atomic():
        undo_load(first, actor=ACTOR)
    undo_load(done, actor=ACTOR)
    assert standing(made) == ["29881,,,800.00,,2026-01-01,"]
    with pytest.raises(Conflict, match="already"), transaction.atomic():
        undo_load(done, actor=ACTOR)
    assert counts(load(made, "29881,,,810.00,,2026-01-01,")) == (0, 1, 0, 0)


def test_a_workbook_reads_like_a_csv_and_something_else_not_at_all(practice: int) -> None:
    made, book, data = contract(), Workbook(), io.BytesIO()
    sheet = book.active
    sheet.append(["Fees of 2026"])
    sheet.append(["Procedure code", "Price", "Effective from"])
    sheet.append([29881, 812.5, date(2026, 1, 1)])
    book.save(data)
    assert counts(load_file(made, [data.getvalue()], actor=ACTOR)) == (1, 0, 0, 0)
    assert standing(made) == ["29881,,,812.50,,2026-01-01,"]
    with pytest.raises(Unreadable, match="procedure_code"), transaction.atomic():
        load_file(made, [b"name,amount\nA,1\n"], actor=ACTOR)


def test_one_price_by_hand(practice: int) -> None:
    made = contract()
    set_price(made, {"procedure_code": "29881", "price": "800"}, actor=ACTOR)
    assert standing(made) == ["29881,,,800.00,,2026-01-01,"]
    with pytest.raises(Invalid) as refused, transaction.atomic():
        set_price(made, {"procedure_code": "29881", "price": "-1"}, actor=ACTOR)
    assert (refused.value.code, Load.objects.count()) == ("price", 1)


def test_contracts_of_one_payer_do_not_overlap_and_edits_overwrite_nobody(practice: int) -> None:
    made = contract()
    with pytest.raises(Invalid, match="Summit 2026"), transaction.atomic():
        services.add_contract(payer=made.payer, name="Other", effective_from=date(2026, 6, 1), actor=ACTOR)
    changed = services.change_contract(made, version=1, effective_to=date(2026, 5, 31))
    other = services.add_contract(payer=made.payer, name="Other", effective_from=date(2026, 6, 1), actor=ACTOR)
    with pytest.raises(Conflict), transaction.atomic():
        services.change_contract(made, version=1, effective_to=None)
    back = services.take_back(other, version=1)
    longer = services.change_contract(changed, version=2, effective_to=None)
    with pytest.raises(Invalid, match="Summit 2026"), transaction.atomic():
        services.put_back(back, version=2)
    services.take_back(longer, version=3)
    assert services.put_back(back, version=2).taken_back_at is None


def test_a_modifier_is_said_and_unsaid(practice: int) -> None:
    made = contract()
    first = services.set_modifier(made, code="50", percent=Decimal(150), actor=ACTOR)
    second = services.set_modifier(made, code="50", percent=Decimal(200), actor=ACTOR)
    services.take_modifier_back(second, actor=ACTOR)
    assert [(row.code, row.percent) for row in queries.modifiers_of(made) if row.code == "50"] == [("50", Decimal(150))]
    services.take_modifier_back(first, actor=ACTOR)
    assert [row.percent for row in queries.modifiers_of(made) if row.code == "50"] == [None]


def test_the_command_names_what_it_refuses(db: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    org = organization("lakeside")
    with tenancy.bind(org.pk), transaction.atomic():
        contract()
    file = tmp_path / "fees.csv"
    file.write_text(f"{HEAD}\n29881,,,800.00,,,\n29882,,,x,,,\n")
    ask = ["import_rates", "--tenant", "lakeside", "--payer", "summit mutual", str(file)]
    with pytest.raises(CommandError, match="1 rows were refused"):
        call_command(*ask)
    assert "line 3, price: not an amount in dollars and cents" in capsys.readouterr().out
    file.write_text(f"{HEAD}\n29881,,,800.00,,,\n")
    call_command(*ask, "--json")
    assert json.loads(capsys.readouterr().out)["same"] == 1
    call_command(
        "export_rates", "--tenant", "lakeside", "--payer", "Summit Mutual", "--output", str(tmp_path / "out.csv")
    )
    assert (tmp_path / "out.csv").read_text().splitlines() == [HEAD, "29881,,,800.00,,2026-01-01,"]
    with pytest.raises(CommandError, match="no payer"):
        call_command("import_rates", "--tenant", "lakeside", "--payer", "Nobody", str(file))
