import pytest

from upstream.core.errors import Unreadable
from upstream.ingestion.formats.tokenizer import Delimiters, blocks

ISA = "ISA*00*          *00*          *ZZ*HARBORADV      *ZZ*LAKESIDE       *250310*1200*^*00501*000000101*0*P*"
BODY = "GS*HP*A*B*20250310*1200*1*X*005010X221A1~ST*835*0001~SE*2*0001~GE*1*1~IEA*1*000000101~"
CUT = BODY[: BODY.index("35*0001")]
SEGMENTS = [
    ["GS", "HP", "A", "B", "20250310", "1200", "1", "X", "005010X221A1"],
    ["ST", "835", "0001"],
    ["SE", "2", "0001"],
    ["GE", "1", "1"],
    ["IEA", "1", "000000101"],
]


def read(data: bytes, **options):
    """All segments but the ISA, the delimiters in force at the end, the codes of odd ISAs, the unfinished segment."""
    segments, faults, delimiters, unfinished = [], [], None, None
    for block in blocks([data], **options):
        segments += [segment for segment in block.segments if segment[0] != "ISA"]
        faults += block.faults
        delimiters, unfinished = block.delimiters, block.unfinished
    return segments, delimiters, faults, unfinished


def test_a_regular_interchange():
    assert read((ISA + ":~" + BODY).encode()) == (SEGMENTS, Delimiters("*", ":", "~"), [], None)


@pytest.mark.parametrize(
    ("element", "component", "terminator"),
    [
        ("|", ">", "\x1e"),
        ("*", ":", "\n"),
        ("*", ":", "\r"),
        ("|", ":", "!"),
        ("~", ":", "\n"),
        ("*", ">", "^"),
        ("\x1d", "\x1f", "\x1c"),
    ],
)
def test_delimiters_are_what_the_isa_says(element, component, terminator):
    text = (ISA.replace("^", "U") + ":~" + BODY).replace("~", "\0")
    text = text.replace("*", element).replace(":", component).replace("\0", terminator)
    segments, delimiters, faults, _ = read(text.encode())
    assert segments == SEGMENTS
    assert delimiters == Delimiters(element, component, terminator)
    assert faults == []


@pytest.mark.parametrize(
    ("after_isa15", "newline", "expected", "faults"),
    [
        ("*:~\r\n", "~\r\n", Delimiters("*", ":", "~"), []),
        ("*:\n", "\n", Delimiters("*", ":", "\n"), []),
        ("*:\r\n", "\r\n", Delimiters("*", ":", "\r"), []),
        ("*\n", "\n", Delimiters("*", "", "\n"), ["no_component_separator"]),
        ("*\r\n", "\r\n", Delimiters("*", "", "\r"), ["no_component_separator"]),
        ("*~", "~", Delimiters("*", "", "~"), ["no_component_separator"]),
        ("*~\n", "~\n", Delimiters("*", "", "~"), ["no_component_separator"]),
        ("*:  ~", "~", Delimiters("*", ":", "~"), []),
        ("\n", "\n", Delimiters("*", "", "\n"), ["isa_width", "no_component_separator"]),
        ("~\n", "~\n", Delimiters("*", "", "~"), ["isa_width", "no_component_separator"]),
    ],
)
def test_line_ends_and_a_missing_isa16(after_isa15, newline, expected, faults):
    text = ISA.removesuffix("*") + after_isa15 + BODY.replace("~", newline)
    assert read(text.encode()) == (SEGMENTS, expected, faults, None)


@pytest.mark.parametrize(
    "isa",
    [
        ISA.replace("HARBORADV      ", "HARBORADV"),
        ISA.replace("LAKESIDE ", "LAKESIDE    "),
        ISA.replace("          ", ""),
    ],
)
def test_wrong_widths_are_counted_around(isa):
    segments, delimiters, faults, _ = read((isa + ":~" + BODY).encode())
    assert (segments, delimiters, faults) == (SEGMENTS, Delimiters("*", ":", "~"), ["isa_width"])


def test_hard_wraps_are_taken_out():
    text = ISA + ":~" + BODY
    wrapped = "\r\n".join(text[start : start + 37] for start in range(0, len(text), 37))
    assert read(wrapped.encode())[0] == SEGMENTS


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig"])
def test_marks_and_wide_encodings(codec):
    assert read((ISA + ":~" + BODY).encode(codec))[0] == SEGMENTS


def test_what_stands_around_the_interchanges_is_left_out():
    text = "--mark\r\nContent-Type: application/EDI-X12 VISA*1\r\n\r\n" + ISA + ":~" + BODY + "\r\n" + "\0" * 3_000_000
    segments, _, faults, unfinished = read(text.encode() + b"\x1a")
    assert (segments, faults, unfinished) == (SEGMENTS, [], None)


def test_delimiters_change_from_one_interchange_to_the_next():
    other = (ISA + ":~" + BODY).replace("*", "|").replace("~", "\n")
    data = ((ISA + ":~" + BODY) + other) * 150
    seen = [block.delimiters.element for block in blocks([data.encode()]) if block.faults == ()]
    assert read(data.encode())[0] == SEGMENTS * 300
    assert set(seen) == {"*", "|"}


def test_blank_segments_are_none():
    data = ((ISA + ":~\n" + BODY.replace("~", "~\n~\n")) * 2).encode()
    assert read(data)[0] == SEGMENTS * 2


def test_a_segment_cut_by_the_end_is_told_apart():
    segments, _, _, unfinished = read((ISA + ":~" + CUT).encode())
    assert (segments, unfinished) == (SEGMENTS[:1], ["ST", "8"])


def test_a_segment_cut_by_the_next_interchange_is_told_apart():
    data = ISA + ":~" + CUT + ISA.replace("*", "|") + ">!" + BODY.replace("*", "|").replace("~", "!")
    found = [(list(block.segments), block.unfinished) for block in blocks([data.encode()])]
    assert found[1] == (SEGMENTS[:1], ["ST", "8"])
    assert found[3] == (SEGMENTS, None)


def test_isa_as_a_name_is_no_interchange():
    names = "NM1*QC*1*ISA*LISA*M***MI*123~DTM*232*20250301~SVC*HC:99213*00501*800*7*7*7*7*7*7*7~"
    segments, _, faults, _ = read((ISA + ":~" + BODY.replace("SE*2", names + "SE*2")).encode())
    assert [segment[0] for segment in segments] == ["GS", "ST", "NM1", "DTM", "SVC", "SE", "GE", "IEA"]
    assert faults == []


@pytest.mark.parametrize("data", [b"", b"\n\n", b"<!DOCTYPE html><html></html>", b"ISA", b"ISA*00*", b'{"error": 1}'])
def test_a_file_without_an_interchange(data):
    with pytest.raises(Unreadable) as caught:
        read(data)
    assert caught.value.code == "no_interchange"


def test_an_endless_segment_is_refused_in_bounded_memory():
    def chunks():
        yield (ISA + ":~").encode()
        for _ in range(10_000):
            yield b"REF*ZZ*" + b"A" * 65_536

    with pytest.raises(Unreadable) as caught:
        for _ in blocks(chunks()):
            pass
    assert caught.value.code == "segment_too_long"
