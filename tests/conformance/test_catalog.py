"""The catalogue and VoID say what is true, in the form that harvesters ask for."""

import gzip
import hashlib
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from pyshacl import validate
from rdflib import DCAT, DCTERMS, FOAF, RDF, RDFS, SH, VOID, XSD, Graph, Namespace, URIRef
from rdflib.term import Node

from ctlgraph.catalogue import as_turtle, read
from ctlgraph.errors import ReleaseError
from ctlgraph.export.about import LICENCE
from ctlgraph.export.authorities import BOUNDS, FILE_TYPES
from ctlgraph.export.forms import FORMS
from ctlgraph.release import Release, open_release
from ctlgraph.release.kept import triples as counted
from ctlgraph.store import canonical, triples
from ctlgraph.vocabulary import BASE
from ctlgraph.web.site.history import statements

from .conftest import Serve, reader

SHAPES = Path(__file__).resolve().parents[3] / "shared" / "checks" / "dcat-ap-3.0.1" / "shacl"
CATALOG = URIRef(f"{BASE}catalog")
SPDX = Namespace("http://spdx.org/rdf/terms#")
VERSION = URIRef(f"{DCAT}version")  # which rdflib does not know
CONTACT = "errors@example.org"
QUADS = "ctlgraph.nq.gz"

FILES = ("shapes", "range", "shapes_recommended", "mdr-vocabularies.shape")
NOT_OURS = {
    ("mdr-vocabularies.shape", "Warning", "publisher"): (
        "it warns of every publisher that is no body of the European Union, which the project is not"
    )
}
"""Warnings that are borne, and why; one that is given no more fails the run."""


@pytest.fixture(scope="module")
def client(serve: Serve, release: Release) -> Iterator[httpx.Client]:
    """A client of a service that has a contact."""
    with serve("--release", release.path, "--contact", CONTACT) as (_, address), reader(address) as client:
        yield client


@pytest.fixture(scope="module")
def catalog(client: httpx.Client) -> Graph:
    """The catalogue as rdflib reads it."""
    return Graph().parse(data=client.get("/catalog.ttl").content, format="turtle")


@pytest.fixture(scope="module")
def void(client: httpx.Client) -> Graph:
    """VoID as rdflib reads it."""
    return Graph().parse(data=client.get("/.well-known/void").content, format="turtle")


def findings(described: Graph) -> Counter[tuple[str, str, str]]:
    """File of the shapes, severity and property of each result of DCAT-AP's own shapes."""
    if not SHAPES.is_dir():
        pytest.skip("../shared/checks/dcat-ap-3.0.1 is absent: the shapes of DCAT-AP cannot be run")
    data = described + Graph().parse(Path(__file__).with_name("authorities.ttl"))
    found: Counter[tuple[str, str, str]] = Counter()
    for name in FILES:
        _, report, _ = validate(data, shacl_graph=Graph().parse(SHAPES / f"{name}.ttl"))
        for result in report.objects(None, SH.result):
            severity, path = (
                re.split("[#/]", str(report.value(result, each)))[-1]
                for each in (SH.resultSeverity, SH.resultPath)
            )
            found[name, severity, path] += 1
    return found


def test_it_passes_the_shapes_of_dcat_ap(catalog: Graph) -> None:
    """Shapes, ranges, recommendations and vocabularies: no violation, no warning but those listed."""
    assert findings(catalog).keys() == NOT_OURS.keys()


def test_the_shapes_would_notice(catalog: Graph) -> None:
    """A catalogue that is spoilt does not pass."""
    spoilt = Graph() + catalog
    spoilt.remove((CATALOG, DCTERMS.title, None))
    spoilt.remove((None, DCTERMS.accrualPeriodicity, None))
    spoilt.add((URIRef(f"{CATALOG}#graph"), DCTERMS.accrualPeriodicity, URIRef("https://example.org/often")))
    missed = findings(spoilt).keys() - NOT_OURS.keys()
    assert {(file, path) for file, severity, path in missed if severity == "Violation"} == {
        ("shapes", "title"),
        ("range", "accrualPeriodicity"),
        ("mdr-vocabularies.shape", "accrualPeriodicity"),
    }


def test_without_a_contact_none_is_named(serve: Serve, release: Release) -> None:
    """Only the recommendations miss it, at the five datasets and the service; no page names one either."""
    with serve("--release", release.path) as (_, address), reader(address) as client:
        described = Graph().parse(data=client.get("/catalog.ttl").content, format="turtle")
        assert "mailto:" not in client.get("/catalog").text
    found = findings(described)
    assert found.keys() - NOT_OURS.keys() == {("shapes_recommended", "Warning", "contactPoint")}
    assert found["shapes_recommended", "Warning", "contactPoint"] == 6


def test_it_has_what_the_italian_profile_asks_for(catalog: Graph) -> None:
    """Of each dataset, beyond what DCAT-AP does."""
    datasets = list(catalog.objects(CATALOG, DCAT.dataset))
    assert len(datasets) == 5
    for dataset in datasets:
        for name in ("identifier", "rightsHolder", "accrualPeriodicity", "modified", "publisher", "title"):
            assert (dataset, DCTERMS[name], None) in catalog, name
        assert (dataset, DCAT.theme, None) in catalog


def test_the_rules_are_published_and_the_graph_conforms_to_them(catalog: Graph) -> None:
    """As a dataset with files; every dataset has the licence that VoID and the releases name."""
    graph, shapes = (URIRef(f"{CATALOG}#{name}") for name in ("graph", "shapes"))
    assert (CATALOG, DCAT.dataset, shapes) in catalog
    files = set(map(str, catalog.objects(shapes, DCAT.distribution)))
    assert files == {f"{shapes}-shapes.{form}" for form in ("ttl", "rdf", "jsonld", "nt")}
    standards = set(map(str, catalog.objects(graph, DCTERMS.conformsTo)))
    assert standards == {f"{BASE}ontology", f"{BASE}shapes"}
    for dataset in catalog.objects(CATALOG, DCAT.dataset):
        assert list(map(str, catalog.objects(dataset, DCTERMS.license))) == [LICENCE]


def test_the_publisher_is_the_project(catalog: Graph) -> None:
    """And never the Region, nor anybody else."""
    publishers = set(catalog.objects(None, DCTERMS.publisher))
    assert publishers == {URIRef(f"{BASE}id/agent/ctlgraph")}
    assert {str(name) for name in catalog.objects(publishers.pop(), FOAF.name)} == {
        "Progetto ctlgraph",
        "The ctlgraph project",
    }


def test_it_says_what_the_release_says(catalog: Graph, release: Release) -> None:
    """Version, dates, themes, keywords and the years that the data tell of are read off the release."""
    found = triples((release.path / "ctlgraph.nq").read_bytes())
    header = [(p, o.value) for s, p, o in found if s.value == f"{BASE}ontology"]
    dataset = URIRef(f"{CATALOG}#graph")
    for name in (DCAT.keyword, DCAT.theme, DCTERMS.modified):
        said = {value for predicate, value in header if predicate == str(name)}
        assert {str(value) for value in catalog.objects(dataset, name)} == said, name
    assert str(catalog.value(dataset, VERSION)) == release.version
    text = (release.path / "ctlgraph.nq").read_text("utf-8")
    dated = r"(?:ontology#(?:refPeriod|startDate|endDate)|terms/date)> \"(\d{4})"
    years = re.findall(dated, text)
    period = catalog.value(dataset, DCTERMS.temporal)
    covered = [str(catalog.value(period, DCAT[name])) for name in ("startDate", "endDate")]
    assert covered == [min(years), max(years)]


def test_statements_are_counted_in_one_way(
    client: httpx.Client, catalog: Graph, void: Graph, release: Release
) -> None:
    """Quads where readers are told of statements, distinct triples where VoID is spoken; both have names."""
    lines = (release.path / "ctlgraph.nq").read_text("utf-8").splitlines()
    triples = len({line.rsplit(" ", 2)[0] for line in lines})
    assert triples < len(lines)
    dataset, version = URIRef(f"{CATALOG}#graph"), URIRef(f"{BASE}releases/{release.version}")
    listed = Graph().parse(data=client.get("/releases", headers={"accept": "text/turtle"}).text)
    for graph, subject in ((catalog, dataset), (void, dataset), (listed, version)):
        assert [int(str(each)) for each in graph.objects(subject, VOID.triples)] == [triples]
    told = client.get(f"/releases/{release.version}", headers={"accept": "application/json"}).json()
    assert (told["counts"]["quads"], told["counts"]["triples"]) == (len(lines), triples)
    read = sum(bool(re.search(r"/graph/doc-\d+/\d+-\d+> \.$", line)) for line in lines)
    for lang, separator in (("it", "."), ("en", ",")):
        page = client.get("/catalog", params={"lang": lang}, headers={"accept": "text/html"}).text
        for number, times in ((len(lines), 3), (triples, 1), (read, 1)):
            assert page.count(f"{number:,}".replace(",", separator)) == times, (lang, number)
            assert str(number) not in page
        said = next(each for each in catalog.objects(dataset, DCTERMS.description) if f"@{lang}" in each.n3())
        assert f"{len(lines):,}".replace(",", separator) in str(said)


def test_a_damaged_release_is_counted_for_nobody(tmp_path: Path, project: Path) -> None:
    """What cannot be read has no number; what can has the one that its lines give."""
    kept = open_release(project / "releases" / "0.1.0")
    assert counted(kept) == len(
        {line.rsplit(b" ", 2)[0] for line in gzip.decompress((kept.path / QUADS).read_bytes()).splitlines()}
    )
    spoilt = open_release(Path(shutil.copytree(kept.path, tmp_path / "0.1.0")))
    (spoilt.path / QUADS).write_bytes(gzip.compress(b"<x:a> <x:b> <x:c> <x:d> .\n"))
    with pytest.raises(ReleaseError, match="not what was released"):
        counted(spoilt)
    assert b"triples" not in statements([spoilt])


def test_a_harvester_that_knows_the_root_ends_with_a_verified_dump(
    client: httpx.Client, release: Release
) -> None:
    """By Accept, redirections and what the catalogue says; nothing else is known to it."""
    found = client.get("/", headers={"accept": "text/turtle"}, follow_redirects=True)
    graph = Graph().parse(data=found.content, format="turtle")
    nquads = URIRef("https://www.iana.org/assignments/media-types/application/n-quads")
    (packed,) = (
        file for file in graph.subjects(DCAT.mediaType, nquads) if (file, DCAT.compressFormat, None) in graph
    )
    data = client.get(str(graph.value(packed, DCAT.downloadURL))).content
    assert str(len(data)) == str(graph.value(packed, DCAT.byteSize))
    total = graph.value(graph.value(packed, SPDX.checksum), SPDX.checksumValue)
    assert hashlib.sha256(data).hexdigest().upper() == str(total).upper()
    assert hashlib.sha256(canonical(gzip.decompress(data))).hexdigest() == release.manifest["rdfc10"]


def test_every_file_is_as_the_catalogue_says(client: httpx.Client, catalog: Graph) -> None:
    """Size, sum and media type of what is downloaded; the page of each is there."""
    files = list(catalog.subjects(DCAT.downloadURL, None))
    named = {str(catalog.value(file, DCAT.downloadURL)).rpartition("/")[2] for file in files}
    assert {name for form in FORMS.values() for name in form.files} <= named
    for file in files:
        answer = client.get(str(catalog.value(file, DCAT.downloadURL)))
        assert answer.status_code == 200, file
        assert str(len(answer.content)) == str(catalog.value(file, DCAT.byteSize)), file
        total = catalog.value(catalog.value(file, SPDX.checksum), SPDX.checksumValue)
        assert hashlib.sha256(answer.content).hexdigest().upper() == str(total).upper(), file
    for page in {*catalog.objects(None, DCAT.accessURL), *catalog.objects(None, DCAT.landingPage)}:
        assert client.get(str(page), headers={"accept": "text/html"}).status_code == 200, page


def test_earlier_releases_are_named_and_answer(
    client: httpx.Client, catalog: Graph, release: Release
) -> None:
    """Named with this one; each has a page, and a catalogue of its own files below its own path."""
    named = set(catalog.objects(URIRef(f"{CATALOG}#graph"), URIRef(f"{DCAT}hasVersion")))
    assert {URIRef(f"{BASE}releases/{version}") for version in ("0.1.0", "0.4.0", release.version)} <= named
    for iri in named:
        path = str(iri).removeprefix(BASE.rstrip("/"))
        assert client.get(path, headers={"accept": "text/html"}).status_code == 200, iri
    earlier = Graph().parse(data=client.get("/releases/0.4.0/catalog.ttl").content, format="turtle")
    (version,) = earlier.objects(URIRef(f"{CATALOG}#graph"), VERSION)
    assert str(version) == "0.4.0"
    file = next(iter(earlier.objects(URIRef(f"{CATALOG}#graph-ctlgraph.nq.gz"), DCAT.downloadURL)))
    assert client.head(str(file)).status_code == 200


def test_every_form_has_its_authority_code() -> None:
    """One table for the forms of a release, one code for each."""
    assert FORMS.keys() <= FILE_TYPES.keys()


def test_the_place_is_that_of_the_map(project: Path) -> None:
    """The bounds that the catalogue gives are those of the provinces."""
    (path,) = (project / "src").rglob("lombardia-province.geojson")
    numbers = re.findall(r"\[(-?\d+\.\d+), ?(-?\d+\.\d+)\]", path.read_text("utf-8"))
    xs, ys = ([float(pair[at]) for pair in numbers] for at in (0, 1))
    assert (min(xs), min(ys), max(xs), max(ys)) == BOUNDS


def test_the_questions_are_those_of_the_project(catalog: Graph, project: Path) -> None:
    """The file of saved queries is what `/queries.ttl` sends."""
    file = URIRef(f"{CATALOG}#queries-queries.ttl")
    assert str(catalog.value(file, DCAT.byteSize)) == str(len(as_turtle(read(project))))


@pytest.mark.parametrize("path", ["/catalog", "/.well-known/void"])
def test_a_description_comes_in_every_form(client: httpx.Client, path: str) -> None:
    """With the same meaning; VoID has no page."""
    turtle = Graph().parse(data=client.get(f"{path}.ttl").content, format="turtle")
    lines = client.get(f"{path}.nt").content
    assert len(turtle) == len(lines.splitlines())
    assert len(Graph().parse(data=client.get(f"{path}.rdf").content, format="xml")) == len(turtle)
    assert client.get(f"{path}.nq").content == lines
    assert client.get(f"{path}.jsonld").json()["@graph"]
    page = client.get(path, headers={"accept": "text/html"})
    assert page.status_code == (200 if path == "/catalog" else 406)
    answer = client.get(path, headers={"accept": "text/turtle"})
    again = client.get(path, headers={"accept": "text/turtle", "if-none-match": answer.headers["etag"]})
    assert again.status_code == 304


def test_addresses_are_those_of_this_host(catalog: Graph, client: httpx.Client) -> None:
    """Names are the project's, addresses the service's."""
    addresses = {
        urlsplit(str(value)).netloc
        for name in ("downloadURL", "accessURL", "endpointURL", "endpointDescription", "landingPage")
        for value in catalog.objects(None, DCAT[name])
    }
    assert addresses == {client.base_url.netloc.decode()}


def test_what_is_no_release_has_no_catalogue(serve: Serve, tmp_path: Path) -> None:
    """But it is counted."""
    data = tmp_path / "data.ttl"
    data.write_text("<x:a> a <x:C> ; <x:p> 1 , 2 . <x:b> a <x:C> .", "utf-8")
    with serve("--data", data) as (_, address), reader(address) as client:
        assert client.get("/catalog").status_code == 404
        counted = Graph().parse(data=client.get("/.well-known/void").content, format="turtle")
    dataset = URIRef(f"{CATALOG}#graph")
    assert int(str(counted.value(dataset, VOID.triples))) == 4
    (partition,) = counted.objects(dataset, VOID.classPartition)
    assert int(str(counted.value(partition, VOID.entities))) == 2


def test_void_counts_what_there_is(void: Graph, release: Release) -> None:
    """Each number is counted again from the file of the release."""
    found = triples((release.path / "ctlgraph.nq").read_bytes())
    dataset = URIRef(f"{CATALOG}#graph")

    def number(subject: Node, name: str) -> int:
        return int(str(void.value(subject, VOID[name])))

    assert number(dataset, "triples") == len(found)
    assert number(dataset, "distinctSubjects") == len({s for s, _, _ in found})
    assert number(dataset, "distinctObjects") == len({o for _, _, o in found})
    assert number(dataset, "entities") == len({s.value for s, _, _ in found if s.value.startswith(BASE)})
    classes: dict[str, set[object]] = {}
    for s, p, o in found:
        if p == str(RDF.type):
            classes.setdefault(o.value, set()).add(s)
    said = {
        str(void.value(part, VOID["class"])): number(part, "entities")
        for part in void.objects(dataset, VOID.classPartition)
    }
    assert said == {name: len(things) for name, things in classes.items()}
    assert number(dataset, "classes") == len(said)
    properties = Counter(p for _, p, _ in found)
    together = {
        (str(void.value(of, VOID["class"])), str(void.value(part, VOID.property))): number(part, "triples")
        for of in void.objects(dataset, VOID.classPartition)
        for part in void.objects(of, VOID.propertyPartition)
    }
    assert together == Counter((name, p) for s, p, _ in found for name in classes if s in classes[name])
    parts = list(void.objects(dataset, VOID.propertyPartition))
    assert {str(void.value(part, VOID.property)): number(part, "triples") for part in parts} == properties
    assert number(dataset, "properties") == len(properties)


def test_void_names_links_vocabularies_examples_and_dumps(
    void: Graph, client: httpx.Client, release: Release
) -> None:
    """What leads to others is counted again; examples and dumps answer."""
    dataset = URIRef(f"{CATALOG}#graph")
    nuts = "http://data.europa.eu/nuts/code/"
    found = triples((release.path / "ctlgraph.nq").read_bytes())
    (linkset,) = (
        each
        for each in void.objects(dataset, VOID.subset)
        if str(void.value(void.value(each, VOID.objectsTarget), VOID.uriSpace)) == nuts
    )
    links = sum(p.endswith("exactMatch") and o.value.startswith(nuts) for _, p, o in found)
    assert int(str(void.value(linkset, VOID.triples))) == links > 0
    assert URIRef(f"{BASE}ontology#") in set(void.objects(dataset, VOID.vocabulary))
    examples = list(void.objects(dataset, VOID.exampleResource))
    assert len(examples) > 20
    for example in (examples[0], examples[-1]):
        path = str(example).removeprefix(BASE.rstrip("/"))
        assert client.get(path, follow_redirects=True).status_code == 200
    dumps = list(void.objects(dataset, VOID.dataDump))
    assert len(dumps) == 10
    assert {client.head(str(dump)).status_code for dump in dumps} == {200}
    assert void.value(dataset, VOID.sparqlEndpoint) == URIRef(
        f"{client.base_url}/sparql".replace("//s", "/s")
    )


def test_the_service_description_and_the_home_page_lead_there(client: httpx.Client) -> None:
    """Whoever finds one finds the others."""
    described = Graph().parse(data=client.get("/sparql").content, format="turtle")
    leads = {urlsplit(str(each)).path for each in described.objects(None, RDFS.seeAlso)}
    assert leads == {"/.well-known/void", "/catalog"}
    beside = client.get("/", headers={"accept": "text/html"}).headers["link"]
    assert "/catalog>" in beside
    assert "/.well-known/void>" in beside


def test_sizes_are_numbers(catalog: Graph) -> None:
    """Of the datatype that DCAT wants."""
    sizes = list(catalog.objects(None, DCAT.byteSize))
    assert {size.datatype for size in sizes} == {XSD.nonNegativeInteger}  # type: ignore[attr-defined]
