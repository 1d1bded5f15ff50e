"""Any order in which names are met gives the same payers and the same questions, and no payer holds two products."""

from hypothesis import given
from hypothesis import strategies as st

from tests.claims.test_payer_names import NAMES, raw
from upstream.claims.choices import Tie
from upstream.claims.payer_registry import Entry, Registry, Union
from upstream.claims.payer_ties import Raw

FIELDS = st.tuples(
    st.sampled_from(NAMES), st.sampled_from(["", "", "DSM01", "DSM02", "OHB01"]), st.sampled_from(["x12", "csv"])
)
Parts = tuple[frozenset[frozenset[int]], frozenset[frozenset[frozenset[int]]]]


def entry(number: int, made: Raw) -> Entry:
    return Entry(made, number, str(number))


def met(order: list[tuple[int, Raw]]) -> Registry:
    book = Registry()
    for number, made in order:
        book.add(entry(number, made))
    return book


def parts(book: Registry) -> Parts:
    """The names of each payer, and the pairs of payers that people are asked about."""
    of = {e.number: frozenset(m.number for m in book.members(e.payer)) for e in book.entries.values()}
    asked = {frozenset((of[q.first], of[q.second])) for q in book.questions}
    return frozenset(of.values()), frozenset(pair for pair in asked if len(pair) == 2)


@given(st.lists(FIELDS, min_size=1, max_size=9, unique=True), st.randoms(use_true_random=False))
def test_any_order_gives_the_same_payers_and_questions(fields, random):
    order = [(number, raw(*values)) for number, values in enumerate(fields, 1)]
    shuffled = random.sample(order, len(order))
    assert parts(met(order)) == parts(met(shuffled))


@given(st.lists(FIELDS, min_size=1, max_size=12, unique=True))
def test_no_payer_holds_two_products(fields):
    book = met([(number, raw(*values)) for number, values in enumerate(fields, 1)])
    payers = {e.payer for e in book.entries.values()}
    assert all(len({e.raw.name.product for e in book.members(payer)}) == 1 for payer in payers)


def known(*names: tuple[int, int, Raw]) -> list[Entry]:
    return [Entry(made, number, str(number), payer=payer) for number, payer, made in names]


def test_a_name_that_leads_to_two_known_payers_unites_them():
    book = Registry.of(known((1, 10, raw("Summit Mutual", "A1")), (2, 20, raw("SM Claims", "B2"))), (), ())
    found = book.add(entry(3, raw("SM Claims", "A1")))
    assert (found.payer, found.tie) == (10, Tie.IDENTIFIER)
    assert book.unions == [Union(source=20, target=10, raws=(2,))]


def test_what_people_keep_apart_stays_apart():
    kept = known((1, 10, raw("Summit Mutual", "A1")), (2, 20, raw("SM Claims", "B2")))
    book = Registry.of(kept, [(1, 2)], ())
    found = book.add(entry(3, raw("SM Claims", "A1")))
    assert (found.payer, book.unions, book.questions) == (10, [], [])


def test_a_name_as_near_to_two_that_are_kept_apart_waits_for_a_person():
    kept = known((1, 10, raw("Summit Mutual", "A1")), (2, 20, raw("Summit Mutual", "B2")))
    book = Registry.of(kept, [(1, 2)], ())
    found = book.add(entry(3, raw("Summit Mutual", "C3")))
    assert found.payer == -1
    assert [(q.first, q.second, q.reason) for q in book.questions] == [(3, 1, "name"), (3, 2, "name")]


def test_a_confirmed_name_comes_before_others_of_the_same_spelling():
    kept = known((1, 10, raw("Summit Mutual", "A1")), (2, 20, raw("Summit Mutual", "B2")))
    kept[1].confirmed = True
    assert Registry.of(kept, [(1, 2)], ()).add(entry(3, raw("Summit Mutual", "C3"))).payer == 20


def test_many_names_are_placed_without_meeting_all_others():
    book = met([(n, raw(f"Local {n} Welfare Fund", f"L{n:05}")) for n in range(1, 3001)])
    assert len({e.payer for e in book.entries.values()}) == 3000
    assert book.questions == []
