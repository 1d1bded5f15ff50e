"""From the names in files to payers: each new name is held against those that are known, and finds one or opens one."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.db.models import Value
from django.db.models.functions import Concat, Left

from upstream.claims.choices import Decided, How, PayerType, Tie
from upstream.claims.models import Payer, PayerAlias, PayerDoubt, PayerMove, PayerOrg, Product, RawPayer
from upstream.claims.payer_names import PayerName, best_name, identifier_key, read_name, text_key
from upstream.claims.payer_registry import Entry, Registry
from upstream.claims.payer_ties import Raw
from upstream.core import clock
from upstream.core.stages import nudge

UNNAMED = "Unnamed payer"
SYSTEM = "system"
HOW = {Tie.IDENTIFIER: How.IDENTIFIER, Tie.NAME: How.NAME, Tie.LIKENESS: How.LIKENESS, None: How.FIRST}
CONFIDENCE = {How.FIRST: 1.0, How.IDENTIFIER: 1.0, How.NAME: 0.98, How.LIKENESS: 0.92, How.PERSON: 1.0}
Key = tuple[str, str]


class Named(NamedTuple):
    """Ids of the payer that a claim counts for, and of the raw name that led there."""

    payer: int
    raw: int


def named_payers(names: Iterable[tuple[str, str]], source: str = "") -> dict[tuple[str, str], Named]:
    """Payer and raw name for each (name, identifier) of a file from a kind of source; new ones are entered.

    One query for names met before. Called inside a transaction, one load of the tenant at a time.
    """
    keys = {pair: (text_key(pair[0]), identifier_key(pair[1])) for pair in names}
    spelled: dict[Key, dict[str, str]] = {}
    for (name, identifier), key in keys.items():
        spelled.setdefault(key, {})[" ".join(name.split())[:200]] = identifier.strip()[:80]
    best = {key: (word := best_name(list(words)), words[word]) for key, words in spelled.items()}
    found, standing = _known(source, set(best))
    if missing := {key: pair for key, pair in best.items() if key not in found}:
        found |= _enter(source, missing)
    _spell({found[key].raw: best[key][0] for key, kept in standing.items() if best_name([kept, best[key][0]]) != kept})
    return {pair: found[key] for pair, key in keys.items()}


def payer_ids(names: Iterable[tuple[str, str]], source: str = "") -> dict[tuple[str, str], int]:
    """Payer id alone for each (name, identifier)."""
    return {pair: named.payer for pair, named in named_payers(names, source).items()}


def source_of(file_format: str) -> str:
    """Whose identifiers a file of this format uses: one list in X12 files, another in tables, and so on."""
    return "x12" if file_format.startswith("x12") else {"xlsx": "csv"}.get(file_format, file_format[:20])


def _known(source: str, keys: set[Key]) -> tuple[dict[Key, Named], dict[Key, str]]:
    """Those of the keys that were met before, and how they were spelled."""
    rows = PayerAlias.objects.filter(
        valid_until=None, raw__source_system=source, raw__name_key__in={name for name, _ in keys}
    ).values_list("raw__name_key", "raw__id_key", "raw__raw_name", "payer_id", "raw_id")
    found = {(name, key): (Named(payer, raw), words) for name, key, words, payer, raw in rows if (name, key) in keys}
    return {key: named for key, (named, _) in found.items()}, {key: words for key, (_, words) in found.items()}


def _spell(better: dict[int, str]) -> None:
    """Raw names that a file now spells better, and their payers."""
    if not better:
        return
    raws = list(RawPayer.objects.filter(pk__in=better))
    for raw in raws:
        raw.raw_name = better[raw.pk]
    RawPayer.objects.bulk_update(raws, ["raw_name"])
    book = registry()
    _respell(book, {book.entries[raw].payer for raw in better})


def name_of(raw: RawPayer) -> PayerName:
    """The name taken apart, or the identifier where there is no name."""
    return read_name(shown(raw))


def shown(raw: RawPayer) -> str:
    """The name as it was spelled first, the identifier where there is none."""
    return raw.raw_name or raw.raw_id or UNNAMED


def entry_of(raw: RawPayer, payer: int = 0, *, confirmed: bool = False) -> Entry:
    """The raw name as the registry holds it."""
    return Entry(Raw(raw.source_system, name_of(raw), raw.id_key), raw.pk, shown(raw), payer, confirmed)


def registry() -> Registry:
    """Every raw name of the bound practice with its payer, and what people keep apart or were asked."""
    adopt_payers()
    rows = PayerAlias.objects.filter(valid_until=None).select_related("raw").order_by("raw_id")
    asked = PayerDoubt.objects.values_list("first_id", "second_id")
    return Registry.of(
        (entry_of(row.raw, row.payer_id, confirmed=row.how == How.PERSON) for row in rows),
        asked.filter(answer=Decided.OWN),
        asked.filter(answer=""),
    )


def adopt_payers() -> None:
    """Payers that no name leads to, as older versions and imports leave them, are known by their own name."""
    nameless = list(Payer.objects.filter(counted_with=None).exclude(pk__in=PayerAlias.objects.values("payer_id")))
    now = clock.now()
    raws = [RawPayer(raw_name=payer.name, name_key=text_key(payer.name), first_seen=now) for payer in nameless]
    RawPayer.objects.bulk_create(raws)
    _alias(zip(raws, (payer.pk for payer in nameless), (None for _ in raws), strict=True), now)


def _enter(source: str, missing: dict[Key, tuple[str, str]]) -> dict[Key, Named]:
    """Raw names, payers, aliases, questions and united payers for keys never met."""
    now = clock.now()
    book = registry()
    raws = {
        key: RawPayer(
            source_system=source, raw_name=name, raw_id=identifier, name_key=key[0], id_key=key[1], first_seen=now
        )
        for key, (name, identifier) in sorted(missing.items())
    }  # fmt: skip
    RawPayer.objects.bulk_create(raws.values())
    entries = {key: book.add(entry_of(raw)) for key, raw in raws.items()}
    labels = {entry.payer for entry in entries.values()}
    payers = {label: label for label in labels if label > 0} | _open_payers(book, {n for n in labels if n < 0})
    _respell(book, {label for label in labels if label > 0})
    _unite(book, now)
    _alias(((raw, payers[entries[key].payer], entries[key].tie) for key, raw in raws.items()), now)
    PayerDoubt.objects.bulk_create(
        PayerDoubt(first_id=asked.first, second_id=asked.second, reason=asked.reason, raised_at=now)
        for asked in book.questions
    )
    return {key: Named(payers[entry.payer], entry.number) for key, entry in entries.items()}


def _open_payers(book: Registry, labels: set[int]) -> dict[int, int]:
    """A payer for each of these labels; its id by label."""
    spelled = {n: {entry.spelled: entry.raw.name for entry in book.members(n)} for n in sorted(labels, reverse=True)}
    best = {label: best_name(list(names)) for label, names in spelled.items()}
    orgs = _orgs(spelled[label][words] for label, words in best.items())
    taken = set(Payer.objects.values_list("name_key", flat=True)) if labels else set()
    made = {}
    for label, words in best.items():
        name = spelled[label][words]
        made[label] = payer_named(free_name(words, taken), name, orgs[org_words(name)])
    Payer.objects.bulk_create(made.values())
    return {label: payer.pk for label, payer in made.items()}


def payer_named(words: str, name: PayerName, org: int) -> Payer:
    """An unsaved payer under these words, of the kind that the name tells."""
    known = name.payer_type is not PayerType.UNKNOWN
    return Payer(
        name=words, name_key=text_key(words) or UNNAMED.upper(), org_id=org, state=name.state,
        product_class=name.product, payer_type=name.payer_type, type_from="name" if known else "",
    )  # fmt: skip


def free_name(words: str, taken: set[str]) -> str:
    """The words, with a number behind them where another payer has them; taken from then on."""
    for number in range(1, len(taken) + 2):
        tried = words if number == 1 else f"{words[:190]} ({number})"
        if text_key(tried) not in taken:
            taken.add(text_key(tried))
            return tried
    return words


def org_words(name: PayerName) -> str:
    """What the company behind a payer is called: the name without state and product."""
    return " ".join(name.base).title() or name.product.label


def _orgs(names: Iterable[PayerName]) -> dict[str, int]:
    """Ids of the companies behind these names, made where there are none."""
    wanted = {org_words(name) for name in names}
    known = dict(PayerOrg.objects.filter(name_key__in={w.upper() for w in wanted}).values_list("name_key", "pk"))
    new = [PayerOrg(name=w, name_key=w.upper()) for w in sorted(wanted) if w.upper() not in known]
    known |= {org.name_key: org.pk for org in PayerOrg.objects.bulk_create(new)}
    return {words: known[words.upper()] for words in wanted}


def org_named(words: str) -> int:
    """Id of the company of this name, made when there is none."""
    org, _ = PayerOrg.objects.get_or_create(name_key=words.upper(), defaults={"name": words})
    return int(org.pk)


def _respell(book: Registry, payers: set[int]) -> None:
    """Payers that no person named are shown by the best spelled of their names, whichever came first."""
    for payer in Payer.objects.filter(pk__in=payers, named_by_person=False):
        entries = {entry.spelled: entry for entry in book.members(payer.pk)}
        best = best_name(list(entries))
        if best != payer.name and not Payer.objects.filter(name_key=text_key(best)).exclude(pk=payer.pk).exists():
            name = entries[best].raw.name
            payer.name, payer.name_key, payer.state = best, text_key(best) or UNNAMED.upper(), name.state
            payer.org_id = _orgs([name])[org_words(name)]
            payer.save(update_fields=["name", "name_key", "state", "org"])


def _unite(book: Registry, now: datetime) -> None:
    """Known payers that a new name showed to be one; their claims are moved by the stage of payers."""
    for union in book.unions:
        raws = list(union.raws)
        remap(raws, union.target, How.NAME, now)
        retire(union.source, union.target)
        PayerMove.objects.create(
            decided=Decided.UNITED, source_id=union.source, target_id=union.target, raws=raws, actor=SYSTEM, at=now
        )
    if book.unions:
        nudge()


def retire(payer: int, counted_with: int) -> None:
    """The payer is counted with another one from now on, and leaves its name to it."""
    name_key = Concat(Left("name_key", 180), Value(f" #{payer}"))
    Payer.objects.filter(pk=payer).update(counted_with=counted_with, name_key=name_key)


def remap(raws: list[int], payer: int, how: How, now: datetime, *, by: str = "") -> None:
    """These raw names belong to the payer from now on: the standing rows are closed, others opened."""
    standing = PayerAlias.objects.filter(raw_id__in=raws, valid_until=None).exclude(payer_id=payer)
    moved = list(RawPayer.objects.filter(pk__in=standing.values("raw_id")))
    standing.update(valid_until=now)
    _open(((raw, payer, how) for raw in moved), now, by)


def _alias(rows: Iterable[tuple[RawPayer, int, Tie | None]], now: datetime) -> None:
    _open(((raw, payer, HOW[tie]) for raw, payer, tie in rows), now, "")


def _open(rows: Iterable[tuple[RawPayer, int, How]], now: datetime, by: str) -> None:
    """Mapping rows from now on, with the product that each name tells."""
    found = [(raw, payer, how, name_of(raw).plan) for raw, payer, how in rows]
    wanted = {(payer, plan) for _, payer, _, plan in found if plan}
    Product.objects.bulk_create((Product(payer_id=p, name=plan) for p, plan in wanted), ignore_conflicts=True)
    plans = Product.objects.filter(payer_id__in={payer for payer, _ in wanted}) if wanted else ()
    products = {(product.payer_id, product.name): product.pk for product in plans}
    PayerAlias.objects.bulk_create(
        PayerAlias(
            raw=raw, payer_id=payer, product_id=products.get((payer, plan)), valid_from=now, how=how,
            confidence=CONFIDENCE[how], confirmed_by=by, confirmed_at=now if by else None,
        )
        for raw, payer, how, plan in found
    )  # fmt: skip
