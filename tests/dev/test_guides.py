"""The documents for people: links lead somewhere, pictures are there, and pages that they name exist."""

import re
from pathlib import Path

import pytest
from django.urls import resolve

ROOT = Path(__file__).resolve().parents[2]
GUIDES = sorted((ROOT / "docs/guide").glob("*.md"))
DOCUMENTS = [ROOT / "README.md", ROOT / "prometheus/runbook.md", *sorted((ROOT / "docs").rglob("*.md"))]
IMAGES = ROOT / "docs/images"
LINK = re.compile(r"(!?)\[([^\]]*)\]\(([^)\s]+)\)")
PAGE = re.compile(r"`(/(?:portal|admin|api)/[^`?#\s]*)`")
SOME_ID = "00000000-0000-4000-8000-00000000abcd"
MOST_BYTES, MOST_A_PICTURE = 3_000_000, 150_000


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def links(document: Path) -> list[tuple[str, str, str]]:
    """Whether it is a picture, its words, and where it leads; without those to other hosts."""
    found = LINK.findall(document.read_text())
    return [link for link in found if not link[2].startswith(("http://", "https://", "mailto:"))]


def anchors(document: Path) -> set[str]:
    """Of its headings, as they are called on the web."""
    heads = re.findall(r"^#+ (.+)$", document.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("document", DOCUMENTS, ids=named)
def test_links_lead_somewhere(document: Path) -> None:
    lost = []
    for _, _, target in links(document):
        path, _, anchor = target.partition("#")
        leads_to = (document.parent / path).resolve() if path else document
        is_there = leads_to.exists() and leads_to.is_relative_to(ROOT)
        if not is_there or (anchor and leads_to.suffix == ".md" and anchor not in anchors(leads_to)):
            lost.append(target)
    assert lost == []


@pytest.mark.parametrize("guide", GUIDES, ids=named)
def test_guides_show_what_they_tell_and_say_it_in_words_too(guide: Path) -> None:
    pictures = [words for is_picture, words, _ in links(guide) if is_picture]
    assert pictures
    assert [words for words in pictures if len(words) < 15] == []


@pytest.mark.parametrize("guide", GUIDES, ids=named)
def test_pages_that_guides_name_exist(guide: Path) -> None:
    for address in PAGE.findall(guide.read_text()):
        assert resolve(re.sub(r"<[^>]+>|\{[^}]+\}", SOME_ID, address)).view_name, address


def test_pictures_are_small_and_all_shown() -> None:
    shown = {(doc.parent / target).resolve() for doc in DOCUMENTS for _, _, target in links(doc)}
    kept = sorted(IMAGES.iterdir())
    assert [named(path) for path in kept if path not in shown] == []
    sizes = {named(path): path.stat().st_size for path in kept}
    assert {name: size for name, size in sizes.items() if size > MOST_A_PICTURE} == {}
    assert sum(sizes.values()) < MOST_BYTES
