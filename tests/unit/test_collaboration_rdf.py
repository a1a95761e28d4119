"""What was measured as RDF: the same values as the measure has, in bytes that another machine writes too."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, RdfFormat, parse
from rdflib import SKOS, Graph, URIRef

from ctlgraph.catalogue import drive_now
from ctlgraph.collaboration import MEASURES, Asked, Collaboration, Measured, collaborating, measuring, rdf
from ctlgraph.collaboration.published import PUBLISHED, publishing
from ctlgraph.errors import CtlgraphError, ParameterError
from ctlgraph.messages import LANGUAGES, translate
from ctlgraph.release import Release, check
from ctlgraph.release.kept import find
from ctlgraph.sources import FORMAT
from ctlgraph.store import Store
from ctlgraph.vocabulary import BASE, PREFIXES, expand

Ask = Callable[[str], bytes]
PROLOGUE = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())


def asking(path: Path) -> Ask:
    store = Store.open(path)
    return lambda text: store.query(text).serialize("json")


@pytest.fixture(scope="module")
def ask(release: Release) -> Ask:
    """Answers SPARQL over the release."""
    return asking(release.path)


@pytest.fixture(scope="module")
def graph(ask: Ask, release: Release) -> Collaboration:
    """Clusters by networks."""
    return drive_now(collaborating(Asked(), release=release.version), ask)


@pytest.fixture(scope="module")
def measured(ask: Ask, graph: Collaboration) -> list[Measured]:
    """Three measures of it."""
    return [drive_now(measuring(graph, name), ask) for name in ("degree", "strength", "betweenness")]


@pytest.fixture(scope="module")
def found(graph: Collaboration, measured: list[Measured]) -> Graph:
    """They in Turtle, read again."""
    return Graph().parse(data=rdf.turtle(graph, measured), format="turtle")


def test_every_node_has_the_value_of_its_measure(found: Graph, measured: list[Measured]) -> None:
    for each in measured:
        place = [column.name for column in each.columns].index(each.measure.rank)
        values = found.query(
            PROLOGUE + "SELECT ?node ?value { ?o a qb:Observation ; ctl:measure ?measure ;"
            " ctl:refSubject ?node ; ctl:measuredValue ?value ; prov:wasGeneratedBy/ctl:measure ?measure }",
            initBindings={"measure": URIRef(expand(f"measure:{each.measure.name}"))},
        )
        assert {str(node): float(value) for node, value in values} == {  # type: ignore[misc]
            str(row[0]): pytest.approx(float(row[place]), rel=1e-5) for row in each.rows
        }


def test_a_computation_has_every_parameter(found: Graph, release: Release, measured: list[Measured]) -> None:
    told = found.query(
        PROLOGUE + "SELECT ?name ?value { ?a a prov:Activity ; ctl:measure measure:betweenness ;"
        " ctl:parameter [ schema:name ?name ; schema:value ?value ] }"
    )
    assert {str(name): value.toPython() for name, value in told} == {  # type: ignore[misc, union-attr]
        "of": "clusters",
        "by": "networks",
        "projection": "newman",
        "guests": False,
        "parts": False,
        "samples": 0,
        "seed": 1,
        "engine": measured[2].found.engine,
        "release": release.version,
    }


def test_a_graph_says_what_it_rests_on(found: Graph, graph: Collaboration) -> None:
    """The passages of its ties, and in both languages how much is known."""
    own = URIRef(rdf.named(graph.asked))
    passages = {passage for tie in graph.ties for passage in tie.passages}
    assert {str(each) for each in found.objects(own, URIRef(expand("dct:source")))} == passages
    described = " ".join(map(str, found.objects(own, URIRef(expand("dct:description")))))
    assert all(graph.covers(lang) in described for lang in LANGUAGES)


def test_one_named_graph_without_blank_nodes_or_versions(
    graph: Collaboration, measured: list[Measured]
) -> None:
    quads = rdf.nquads(graph, measured)
    names = {quad.graph_name for quad in parse(quads, format=RdfFormat.N_QUADS)}
    assert names == {NamedNode(expand("graph/collaboration/clusters-by-networks"))}
    assert b"_:" not in quads
    assert quads == rdf.nquads(graph, list(reversed(measured)))
    assert graph.release.encode() not in quads
    assert measured[2].found.engine.encode() not in quads


def test_iris_tell_conditions_apart_and_releases_not(ask: Ask) -> None:
    """Other conditions or parameters, other IRIs; another release, the same."""
    usual = Asked("clusters", "networks")
    others = [
        Asked("clusters", "networks", guests=True),
        Asked("clusters", "networks", roles=("partner",)),
        Asked("clusters", "networks", since=2020),
        Asked("clusters", "networks", backbone=0.05),
    ]
    assert len({rdf.named(asked) for asked in (usual, *others)}) == 5
    graph = drive_now(collaborating(usual, release="0.1.0"), ask)
    one, other = (
        rdf.nquads(graph, [drive_now(measuring(graph, "pagerank", parameters), ask)])
        for parameters in ({}, {"damping": 0.5})
    )
    computation = f"<{expand('computation:clusters-by-networks-pagerank')}> ".encode()
    assert computation in one
    assert computation not in other


def test_turtle_says_the_same_as_the_release(
    project: Path, tmp_path: Path, graph: Collaboration, measured: list[Measured]
) -> None:
    """Beside it, too, each node has one value, and every shape is met."""
    (tmp_path / "measured.ttl").write_bytes(rdf.turtle(graph, measured))
    assert check(project, extra=(tmp_path,)).findings == ()


def test_a_measure_of_pairs_has_no_form(ask: Ask, graph: Collaboration) -> None:
    with pytest.raises(ParameterError, match="a measure of single nodes: degree, strength"):
        rdf.nquads(graph, [drive_now(measuring(graph, "opportunities"), ask)])


def test_a_measure_without_meaning_gives_its_reason_in_its_place(ask: Ask) -> None:
    graph = drive_now(collaborating(Asked(since=1500, until=1501)), ask)
    measured = [drive_now(measuring(graph, "betweenness"), ask)]
    assert rdf.nquads(graph, measured) == b""
    with pytest.raises(CtlgraphError, match="no tie"):
        rdf.turtle(graph, measured)


@pytest.mark.parametrize(
    ("value", "text"), [(0.123456789, "0.123457"), (1234567.0, "1234570"), (0, "0"), (1e-9, "0.000000001")]
)
def test_values_have_six_significant_digits(value: float, text: str) -> None:
    assert rdf._decimal(value).split('"')[1] == text


def test_the_vocabulary_is_that_of_the_program(project: Path) -> None:
    """Each measure of nodes is a concept, with the same label and definition in both languages."""
    scheme = Graph().parse(project / "ontology/vocab/measure.ttl")
    told = {
        (str(concept).removeprefix(PREFIXES["measure"]), name, text.language, str(text))  # type: ignore[attr-defined]
        for name, property in (("label", SKOS.prefLabel), ("definition", SKOS.definition))
        for concept, text in scheme.subject_objects(property)
        if str(concept) != BASE + "vocab/measure"
    }
    assert told == {
        (name, fact, lang, translate(getattr(MEASURES[name], fact), lang))
        for name in rdf.OF_NODES
        for fact in ("label", "definition")
        for lang in LANGUAGES
    }


def test_a_release_has_the_measures_as_they_are_taken_now(ask: Ask, release: Release) -> None:
    """Taken again of the whole release, that is with what the rules derive, they are the same to the byte."""
    start = f"<{BASE}graph/collaboration/".encode()
    lines = (release.path / "ctlgraph.nq").read_bytes().splitlines()
    published = [line for line in lines if line.rsplit(b" ", 2)[1].startswith(start)]
    assert sorted(drive_now(publishing(), ask).splitlines()) == published
    assert len({line.rsplit(b" ", 2)[1] for line in published}) == len(PUBLISHED)


def test_what_is_measured_belongs_to_the_format_of_releases(project: Path, tmp_path: Path) -> None:
    """The files do not tell that the program measures something else, or puts it into other words.

    So when this fails, raise FORMAT in `sources`, and write the new sum here.
    """
    kept = find("0.5.0", project, tmp_path)
    quads = b"".join(sorted(drive_now(publishing(), asking(kept.path)).splitlines(keepends=True)))
    assert (FORMAT, hashlib.sha256(quads).hexdigest()[:16]) == (3, "1f88c3f5b2b4ac69")
