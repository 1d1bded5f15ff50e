"""The little language of templates: named fields, `if` on them, `for` over lines and paragraphs. Nothing else.

A template comes from a user. Each one is read as a syntax tree before it is compiled, and refused for anything that is
not on the list; what is left runs in Jinja's sandbox, without globals, filters or tests.
"""

import re
from difflib import get_close_matches
from typing import Any

from jinja2 import StrictUndefined, TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from upstream.appeals.fields import BY_NAME, LISTS
from upstream.core.errors import Invalid

PLAIN = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.If, nodes.Not, nodes.And, nodes.Or, nodes.Const,
)  # fmt: skip
NAME = re.compile(r"\w{1,40}")
MOST_TAGS, DEEPEST = 200, 20


class LetterEnvironment(ImmutableSandboxedEnvironment):
    """Compiles only templates that name nothing but what is offered; Invalid otherwise."""

    def __init__(self) -> None:
        super().__init__(undefined=StrictUndefined, autoescape=True)
        self.globals.clear()
        self.filters.clear()
        self.tests.clear()

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        if source.count("{%") > MOST_TAGS:
            raise Invalid("not_offered", f"a template has at most {MOST_TAGS} tags")
        try:
            tree = super()._parse(source, name, filename)
        except (TemplateSyntaxError, RecursionError) as exc:
            raise Invalid("template_syntax", "braces or tags of the template do not fit together") from exc
        _check(tree, {})
        return tree


def filled(text: str, values: dict[str, Any]) -> str:
    """The text with its fields filled in, as plain text; Invalid for a text that names what is not offered."""
    environment = LetterEnvironment()
    environment.autoescape = False
    return str(environment.from_string(text).render(values))


def check(text: str) -> None:
    """Invalid("unknown_field") names the field, "template_syntax" and "not_offered" what else is wrong."""
    LetterEnvironment().parse(text)


def _check(node: nodes.Node, loops: dict[str, str], depth: int = 0) -> None:
    """`loops` are the names that stand for one item of a list here."""
    if depth > DEEPEST:
        raise Invalid("not_offered", "the template's ifs stand too deep inside one another")
    if isinstance(node, nodes.For):
        _check_loop(node, loops, depth)
        return
    if isinstance(node, nodes.Name):
        if node.name not in BY_NAME and loops.get(node.name) is None:
            raise _unknown(node.name, [*BY_NAME, *loops])
        return
    if isinstance(node, nodes.Getattr):
        _check_part(node, loops)
        return
    if not isinstance(node, PLAIN):
        raise Invalid("not_offered", f"a template holds fields, if and for, and no {type(node).__name__.lower()}")
    for child in node.iter_child_nodes():
        _check(child, loops, depth + 1)


def _check_loop(node: nodes.For, loops: dict[str, str], depth: int) -> None:
    if loops:
        raise Invalid("not_offered", "a for inside another is not offered")
    if not isinstance(node.iter, nodes.Name) or not isinstance(node.target, nodes.Name) or node.recursive or node.test:
        raise Invalid("not_offered", "a for goes over lines or paragraphs, by one name")
    if node.iter.name not in LISTS:
        raise _unknown(node.iter.name, list(LISTS))
    if node.target.name in BY_NAME or node.target.name in LISTS:
        raise Invalid("not_offered", "a for needs a name of its own, not that of a field")
    for child in [*node.body, *node.else_]:
        _check(child, {node.target.name: node.iter.name}, depth + 1)


def _check_part(node: nodes.Getattr, loops: dict[str, str]) -> None:
    base = node.node
    if not isinstance(base, nodes.Name) or loops.get(base.name) is None:
        raise _unknown(f"{getattr(base, 'name', '')}.{node.attr}".lstrip("."), [])
    if node.attr not in LISTS[loops[base.name]]:
        raise _unknown(node.attr, sorted(LISTS[loops[base.name]]))


def _unknown(name: str, known: list[str]) -> Invalid:
    """Names a field only when it looks like one: what else stands between braces may be anything."""
    said = ".".join(NAME.findall(name)[:2]) or "?"
    near = get_close_matches(said, known, n=1)
    hint = f"; did you mean {near[0]}?" if near else ""
    return Invalid("unknown_field", f"there is no field {said}{hint}")
