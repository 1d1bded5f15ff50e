"""The X12 envelope: routes each ST..SE to its reader and reports counts and control numbers that do not agree.

Totals are wrong in a third of real files, so nothing here rejects anything: every disagreement is a Notice.
"""

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping

from upstream.core.errors import Unreadable
from upstream.ingestion.formats.tokenizer import BLOCK_BYTES, Block, Delimiters, blocks
from upstream.ingestion.formats.transaction import Opening, ReaderType, TransactionReader, at
from upstream.ingestion.records import Notice, Record

FEW = 12  # records held back: more would leave the processor's cache before anybody has looked at them
LOOP = "CLP"  # opens the only loop that comes by the hundred thousand
BETWEEN = frozenset({"TA3"})  # allowed outside a transaction


def read_transactions(chunks: Iterable[bytes], kinds: Mapping[str, ReaderType]) -> Iterator[Record]:
    """Records of every transaction whose ST01 is in `kinds`, in file order; Notices for everything else.

    Notice codes: skipped_transaction_type, wrong_count, wrong_control_number, missing_trailer, truncated,
    isa_width, no_component_separator, outside_transaction. Raises Unreadable as `tokenizer.blocks` does.
    """
    envelope = _Envelope(kinds)
    try:
        for block in blocks(chunks):
            yield from envelope.take(block)
    except Unreadable as exc:
        envelope.release()
        yield from envelope.out  # what was whole before the place that cannot be read
        exc.line = exc.line or (envelope.last and envelope.last + 1)
        raise
    envelope.end_file()
    yield from envelope.out


class _Envelope:
    """What is open (interchange, group, transaction), with the control numbers and counts to compare at the end."""

    def __init__(self, kinds: Mapping[str, ReaderType]) -> None:
        self.kinds = kinds
        self.out: list[Record] = []
        self.idle = TransactionReader(self.out, 0, Delimiters("*", ":", "~"))
        self.reader = self.idle
        self.delimiters = self.idle.delimiters
        self.held = ""
        self.isa: list[str] = []
        self.gs: list[str] = []
        self.interchange: str | None = None
        self.group: str | None = None
        self.transaction: str | None = None
        self.groups = self.transactions = self.st_position = self.last = 0
        self.stray_reported = False

    def take(self, block: Block) -> Iterator[Record]:
        """Every segment of the block goes to the handler of the loop that it stands in; the records of that.

        Loops that open with LOOP are first offered whole; the last one of a block waits, as the next may go on with it.
        """
        if block.faults or block.delimiters != self.delimiters:
            self.release()
        self.delimiters = block.delimiters
        start, out = self.last + 1, self.out
        element, _, terminator = block.delimiters
        text, self.held = f"{self.held}{terminator}{block.text}", ""
        mark = f"{terminator}{LOOP}{element}"
        end = text.find(mark)
        self._each(text[:end] if end >= 0 else text)
        while end >= 0:
            end = yield from self._loops(text, end, mark)
        for code in block.faults:
            self._notice(start, "ISA", code)
        if block.unfinished is not None:
            self.release()
            self._unfinished(block.unfinished, self.last + 1)
        yield from out
        out.clear()

    def _loops(self, text: str, start: int, mark: str) -> Generator[Record, None, int]:
        """The records of the loops from here on, up to one that is not read whole, and of what follows it.

        Returns where the next loop opens, -1 if none does.
        """
        out, terminator, size = self.out, mark[0], len(text)
        reader, last = self.reader, self.last
        for loop in reader.at_once(text, start):
            whole = loop[0]
            end = start + len(whole)
            if not whole or end == size:
                break
            if reader.whole(loop, last + 1):
                last += whole.count(terminator)
            else:
                self.last = last
                self._each(whole)
                last = self.last
            start = end
            if len(out) > FEW:
                yield from out
                out.clear()
        self.last = last
        opens = text.startswith(mark, start)
        end = text.find(mark, start + 1)
        if opens and end < 0 and size - start < BLOCK_BYTES:
            self.held = text[start:]
        else:
            self._each(text[start:end] if end >= 0 else text[start:])
        return end

    def release(self) -> None:
        """The loop that waited for more is read as it stands."""
        text, self.held = self.held, ""
        self._each(text)

    def _each(self, text: str) -> None:
        """Each segment goes to its handler."""
        separator = self.delimiters.element
        reader = self.reader
        number = self.last + 1
        for raw in text.split(self.delimiters.segment):
            if not raw:
                continue
            segment = raw.split(separator)
            handler = reader.table.get(segment[0])
            if handler is not None:
                handler(reader, segment, number)
            else:
                self._other(segment, number)
                reader = self.reader
            number += 1
        self.last = number - 1

    def end_file(self) -> None:
        """Whatever is still open is closed as incomplete, with a Notice for each missing end."""
        self.release()
        self._end_interchange(self.last)

    def _other(self, segment: list[str], number: int) -> None:
        """Envelope segments, and ids in small letters or with blanks around them."""
        name = segment[0].strip().upper()
        if name in ENVELOPE_TABLE:
            ENVELOPE_TABLE[name](self, segment, number)
        elif name in self.reader.table:
            self.reader.table[name](self.reader, segment, number)
        elif self.transaction is not None:
            self.reader.pass_over(segment, number)
        elif self.interchange is not None and name not in BETWEEN:
            self._stray(number)

    def _stray(self, number: int) -> None:
        if not self.stray_reported:
            self._notice(number, "ST", "outside_transaction")
            self.stray_reported = True

    def _unfinished(self, segment: list[str], number: int) -> None:
        """A last segment without its terminator: fine for the IEA, else it is cut and only ends what it follows."""
        name = segment[0].strip().upper()
        if name == "IEA":
            self._iea(segment, number)
        elif self.transaction is not None and name in self.reader.closes and len(segment) > 1:
            self.reader.settle()

    def _isa(self, segment: list[str], number: int) -> None:
        self._end_interchange(number)
        self.isa, self.gs = segment, []
        self.interchange = at(segment, 13)
        self.groups = 0
        self.stray_reported = False

    def _gs(self, segment: list[str], number: int) -> None:
        self._end_group(number)
        self.gs = segment
        self.group = at(segment, 6)
        self.groups += 1
        self.transactions = 0

    def _st(self, segment: list[str], number: int) -> None:
        self._end_transaction(number, whole=True)
        self.transaction = at(segment, 2)
        self.transactions += 1
        self.st_position = number
        self.stray_reported = False
        kind = self.kinds.get(at(segment, 1))
        if kind is None:
            self._notice(number, "ST01", "skipped_transaction_type")
        else:
            self.reader = kind(self.out, number, self.delimiters)
            self.reader.begin(Opening(self.isa, self.gs, segment))

    def _ta1(self, segment: list[str], number: int) -> None:
        """An answer to a whole interchange: one segment outside any transaction, read where `kinds` names a reader."""
        kind = self.kinds.get("TA1")
        if kind is not None and self.transaction is None:
            reader = kind(self.out, number, self.delimiters)
            reader.begin(Opening(self.isa, self.gs, []))
            reader.table["TA1"](reader, segment, number)

    def _se(self, segment: list[str], number: int) -> None:
        if self.transaction is None:
            self._stray(number)
            return
        self.reader.settle()
        self._compare(number, "SE01", at(segment, 1), number - self.st_position + 1)
        self._same(number, "SE02", at(segment, 2), self.transaction)
        self.reader.finish(complete=True)
        self._forget_transaction()

    def _ge(self, segment: list[str], number: int) -> None:
        self._end_transaction(number, whole=True)
        if self.group is not None:
            self._compare(number, "GE01", at(segment, 1), self.transactions)
            self._same(number, "GE02", at(segment, 2), self.group)
        self.group = None

    def _iea(self, segment: list[str], number: int) -> None:
        if self.transaction is not None:
            self._end_transaction(number, whole=True)
        self._end_group(number)
        if self.interchange is not None:
            self._compare(number, "IEA01", at(segment, 1), self.groups)
            self._same(number, "IEA02", at(segment, 2), self.interchange)
        self.interchange = None

    def _end_interchange(self, number: int) -> None:
        self._end_transaction(number, whole=False)
        self._end_group(number)
        if self.interchange is not None:
            self._notice(number, "IEA", "missing_trailer")
        self.interchange = None

    def _end_group(self, number: int) -> None:
        self._end_transaction(number, whole=True)
        if self.group is not None:
            self._notice(number, "GE", "missing_trailer")
        self.group = None

    def _end_transaction(self, number: int, *, whole: bool) -> None:
        """Closes a transaction that had no SE; `whole` when another part of the envelope follows its last segment."""
        if self.transaction is None:
            return
        if whole:
            self.reader.settle()
        self._notice(number, "SE", "missing_trailer" if whole else "truncated")
        self.reader.finish(complete=False)
        self._forget_transaction()

    def _forget_transaction(self) -> None:
        self.transaction = None
        self.reader = self.idle

    def _compare(self, number: int, field: str, stated: str, counted: int) -> None:
        if not (stated.isdecimal() and len(stated) <= 10 and int(stated) == counted):
            self._notice(number, field, "wrong_count")

    def _same(self, number: int, field: str, stated: str, opened: str) -> None:
        if stated != opened:
            self._notice(number, field, "wrong_control_number")

    def _notice(self, number: int, field: str, code: str) -> None:
        self.out.append(Notice(number, field, code))


ENVELOPE_TABLE: Mapping[str, Callable[[_Envelope, list[str], int], None]] = {
    "ISA": _Envelope._isa,
    "GS": _Envelope._gs,
    "TA1": _Envelope._ta1,
    "ST": _Envelope._st,
    "SE": _Envelope._se,
    "GE": _Envelope._ge,
    "IEA": _Envelope._iea,
}
