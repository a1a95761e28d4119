"""Each shape reports what its fixtures say and nothing else, and none of its constraints is idle.

A fixture is `<Shape>/good-*.ttl` or `<Shape>/bad-*.ttl`; a bad one says in lines such as

    # expect: violation ctlsh:Labels sh:MinCountConstraintComponent skos:prefLabel 1

which findings there are: severity, rule, component, path ("-" for none) and how many.
"""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pyshacl
import pytest
from rdflib import OWL, RDF, SH, SKOS, Dataset, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from ctlgraph.errors import SourceError
from ctlgraph.sources import Sources, collect, extras, read
from ctlgraph.validation import validate
from ctlgraph.validation.engines import ENGINES
from ctlgraph.validation.report import name
from ctlgraph.vocabulary import PREFIXES, TYPES, expand

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
SHACL_SHACL = ROOT.parent / "shared" / "checks" / "shacl" / "shacl-shacl.ttl"
CTLSH = PREFIXES["ctlsh"]

Findings = Counter[tuple[str, ...]]

LEADS_OUT_OR_IS_DERIVED = (
    "ctl:memberOfNetwork", "ctl:participatesIn",
    "foaf:homepage", "foaf:mbox", "foaf:phone", "skos:exactMatch",
)  # fmt: skip
"""Properties whose values no shape looks at: a rule makes the first two, the others lead to the outside."""

LISTS = {SH["or"], SH["in"], SH.languageIn, SH.alternativePath}
IDLE = {SH.path, SH.name, SH.description, SH.message, SKOS.editorialNote, SH.inversePath, SH.prefixes}
"""What says of a constraint where it holds, what it is called or how it reads: there is nothing to delete."""


@cache
def shapes() -> Graph:
    graph = Graph()
    for path in sorted((ROOT / "shapes").glob("*.ttl")):
        graph.parse(path)
    return graph


def named(kind: URIRef) -> list[str]:
    return sorted(str(shape).removeprefix(CTLSH) for shape in shapes().subjects(RDF.type, kind))


NODE_SHAPES = named(SH.NodeShape)
FIXTURES = sorted(HERE.glob("*/*.ttl"))


@cache
def alone(shape: str) -> Graph:
    """A shape with the named property shapes and the prefixes that it refers to."""
    own = shapes().cbd(URIRef(CTLSH + shape))
    for referred in [*own.objects(None, SH.property), *own.objects(None, SH.prefixes)]:
        if isinstance(referred, URIRef):
            own += shapes().cbd(referred)
    return own


@cache
def data(fixture: Path) -> Dataset:
    dataset = Dataset(default_union=True)
    dataset.graph(URIRef(fixture.as_uri())).parse(fixture)
    return dataset


def found(fixture: Path, rules: Graph, engine: str = "turbo") -> Findings:
    report = validate(Sources(data(fixture), rules, {}, (), (), "", "", ""), engine=engine)
    return Counter(
        (f.severity, name(f.rule), name(f.component), "-" if f.path is None else name(f.path))
        for f in report.findings
    )


@cache
def expected(fixture: Path) -> Findings:
    lines = fixture.read_text("utf-8").splitlines()
    expectations = [line.split()[2:] for line in lines if line.startswith("# expect:")]
    return Counter({tuple(facts): int(count) for *facts, count in expectations})


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_shape_reports_what_its_fixture_says_and_nothing_else(fixture: Path, engine: str) -> None:
    assert found(fixture, alone(fixture.parent.name), engine) == expected(fixture)
    assert bool(expected(fixture)) == fixture.name.startswith("bad-")


@pytest.mark.parametrize("shape", NODE_SHAPES)
def test_a_shape_has_a_good_and_a_bad_fixture(shape: str) -> None:
    assert list((HERE / shape).glob("good-*.ttl"))
    assert list((HERE / shape).glob("bad-*.ttl"))


def test_a_fixture_belongs_to_a_shape() -> None:
    assert {fixture.parent.name for fixture in FIXTURES} == set(NODE_SHAPES)
    assert {fixture.name.split("-")[0] for fixture in FIXTURES} == {"good", "bad"}


def test_a_fixture_is_written_in_declared_terms() -> None:
    """A term with a slip in it would make a fixture say nothing."""
    try:
        read(ROOT, {**collect(ROOT), **extras(HERE, FIXTURES)})
    except SourceError as problem:
        pytest.fail("\n".join(map(str, [problem, *problem.others])))


def deletions(graph: Graph, own: Graph) -> Iterator[tuple[str, Graph]]:
    """Each constraint and target of a shape, and each member of its lists, with what remains without it."""
    for subject, predicate, value in own:
        if not name(predicate).startswith("sh:") or predicate in IDLE:
            continue
        where = next((name(path) for path in own.objects(subject, SH.path) if isinstance(path, URIRef)), "")
        what = f"{where} {name(predicate)}"
        if predicate in LISTS:
            for member in (members := list(Collection(own, value))):
                without = copy(graph)
                Collection(without, value).clear()  # type: ignore[no-untyped-call]
                others = [other for other in members if other != member]
                Collection(without, value, others if len(others) > 1 else others * 2)  # a path wants two
                yield f"{what} {described(own, member)}", without
        if predicate == SH.select:
            for line in filter(stands_alone, str(value).splitlines()):
                without = copy(graph).remove((subject, predicate, value))
                without.add((subject, predicate, Literal(str(value).replace(f"{line}\n", "", 1))))
                yield line.strip(), without
            continue
        if predicate == SH.severity and value == SH.Violation:
            continue  # what holds anyway
        if predicate == SH.property and not isinstance(value, URIRef):
            continue  # its constraints are deleted one by one
        if predicate != SH.alternativePath:
            yield f"{what} {described(own, value)}", copy(graph).remove((subject, predicate, value))


def stands_alone(line: str) -> bool:
    """True for a condition or an alternative that a query can do without."""
    opened = all(line.count(one) == line.count(other) for one, other in ("()", "{}"))
    return opened and line.lstrip().startswith(("FILTER", "UNION"))


def copy(graph: Graph) -> Graph:
    copied = Graph()
    copied += graph
    return copied


def described(graph: Graph, node: Node) -> str:
    inner = [value for value in graph.objects(node) if isinstance(value, URIRef)]
    return " ".join(map(name, inner)) if inner else name(node)


def survivors(shape: str, part: URIRef) -> set[str]:
    """What can be deleted from a part of a shape while its fixtures still find what they expect."""
    fixtures = sorted((HERE / shape).glob("*.ttl"))
    mutants = deletions(alone(shape), shapes().cbd(part))
    return {what for what, mutant in mutants if not killed(fixtures, mutant)}


def killed(fixtures: list[Path], mutant: Graph) -> bool:
    """True if a fixture no longer finds what it expects, or what is left is no shape."""
    try:
        return any(found(fixture, mutant) != expected(fixture) for fixture in fixtures)
    except SourceError:
        return True


@pytest.mark.slow
@pytest.mark.parametrize("shape", NODE_SHAPES)
def test_no_constraint_can_be_deleted_unnoticed(shape: str) -> None:
    assert survivors(shape, URIRef(CTLSH + shape)) == set()


@pytest.mark.slow
@pytest.mark.parametrize("shape", named(SH.PropertyShape))
def test_no_constraint_that_shapes_share_can_be_deleted_unnoticed(shape: str) -> None:
    """The fixtures of one of the shapes that share it are enough."""
    shared = URIRef(CTLSH + shape)
    users = sorted(str(user).removeprefix(CTLSH) for user in shapes().subjects(SH.property, shared))
    assert set.intersection(*(survivors(user, shared) for user in users)) == set()


def texts(node: Node, predicate: URIRef) -> dict[str | None, str]:
    return {
        text.language: str(text) for text in shapes().objects(node, predicate) if isinstance(text, Literal)
    }


@pytest.mark.parametrize("shape", NODE_SHAPES)
def test_a_shape_says_its_rule_and_what_to_do_in_both_languages(shape: str) -> None:
    """With the same values filled in."""
    node = URIRef(CTLSH + shape)
    assert set(texts(node, SH.description)) == {"it", "en"}
    for part in [*shapes().objects(node, SH.property), *shapes().objects(node, SH.sparql)]:
        messages = texts(part, SH.message)
        assert set(messages) == {"it", "en"}
        assert set(texts(part, SKOS.editorialNote)) in (set(), {"it", "en"})
        assert len({frozenset(re.findall(r"{[^}]*}", message)) for message in messages.values()}) == 1


def test_a_message_says_the_rule_and_a_note_where_to_mend_it() -> None:
    """The public reads messages, on the pages of rules and terms: files are for those who run a check."""
    files = re.compile(r"\w\.(ttl|trig|csv)\b")
    said = [str(text) for _, text in shapes().subject_objects(SH.message)]
    assert [text for text in said if files.search(text)] == []
    notes = list(shapes().subject_objects(SKOS.editorialNote))
    assert notes
    assert all(files.search(str(text)) for _, text in notes)
    assert {node for node, _ in notes} <= set(shapes().subjects(SH.message))


def test_a_class_of_ours_has_a_shape() -> None:
    targets = set(shapes().objects(None, SH.targetClass))
    assert {term for term in ontology(OWL.Class) if name(term).startswith("ctl:")} <= targets


def test_the_class_of_each_kind_of_thing_is_known() -> None:
    patterns = map(str, alone("TypeShape").objects(None, SH.pattern))
    assert {f"/id/{kind}/" for kind in TYPES} <= set(patterns)


def test_what_a_property_leads_to_is_looked_at() -> None:
    """By kind of thing, or at least that it is something."""
    looked_at = {
        path
        for kind in (SH["class"], SH["or"], SH.node, SH["in"], SH.hasValue)
        for shape in shapes().subjects(kind)
        for path in shapes().objects(shape, SH.path)
    }
    assert ontology(OWL.ObjectProperty) - looked_at == set(map(URIRef, map(expand, LEADS_OUT_OR_IS_DERIVED)))


def ontology(kind: URIRef) -> set[Node]:
    """What the chapters declare; the alignments declare what is only compared with."""
    graph = Graph()
    for path in sorted((ROOT / "ontology").glob("*.ttl")):
        if path.stem != "alignments":
            graph.parse(path)
    return set(graph.subjects(RDF.type, kind))


@pytest.mark.slow
def test_the_shapes_are_shapes() -> None:
    """They pass SHACL-SHACL, the shapes that W3C gives for shapes."""
    if not SHACL_SHACL.is_file():
        pytest.skip("../shared/checks/shacl/shacl-shacl.ttl is absent: the shapes cannot be checked")
    conforms, _, text = pyshacl.validate(shapes(), shacl_graph=Graph().parse(SHACL_SHACL))
    assert conforms, text
