"""The store: what a query sees, what comes back, and in which bytes."""

import gzip
import io
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ctlgraph.errors import (
    ParameterError,
    QueryError,
    QueryLimitError,
    QueryRefusedError,
    QuerySyntaxError,
    SourceError,
)
from ctlgraph.release import Release
from ctlgraph.store import (
    GRAPH_FORMATS,
    RESULT_FORMATS,
    Files,
    Store,
    canonical,
    count_rows,
    disk_folder,
    dump,
    size,
)
from ctlgraph.vocabulary import BASE

G = BASE + "graph/doc-003/"
XSD = "http://www.w3.org/2001/XMLSchema#"
DATA = f"""\
<{BASE}id/cluster/afil> <http://www.w3.org/2004/02/skos/core#prefLabel> "AFIL"@it <{G}1-2> .
<{BASE}id/cluster/afil> <http://www.w3.org/2004/02/skos/core#prefLabel> "AFIL"@it <{G}8-9> .
<{BASE}id/cluster/afil> <{BASE}ontology#memberCount> "144"^^<{XSD}integer> <{G}1-2> .
_:b <{BASE}ontology#memberCount> _:c <{BASE}ontology> .
""".encode()
QUADS = canonical(DATA)


@pytest.fixture(scope="module")
def store() -> Store:
    return Store.from_nquads(DATA)


def rows(store: Store, query: str, **options: Any) -> list[str]:
    return store.query(query, **options).serialize("csv").decode().split("\r\n")[1:-1]


def test_a_fact_of_two_passages_counts_once(store: Store) -> None:
    """The default graph is the merge of all graphs, a set of triples."""
    assert rows(store, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }") == ["3"]


def test_what_is_added_is_as_if_it_had_been_there() -> None:
    """In its graph, and once in the merge, whatever says it already."""
    lines = [line for line in DATA.splitlines(keepends=True) if b"_:" not in line]
    store = Store.from_nquads(lines[0])
    for line in lines[1:]:
        store.add(line)
    assert rows(store, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }") == ["2"]
    assert rows(store, "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }") == ["3"]


def test_each_passage_shows_in_its_own_graph(store: Store) -> None:
    """`GRAPH ?g` gives the source of a fact, one row for each passage."""
    assert rows(store, "SELECT ?g { GRAPH ?g { ?s ?p 'AFIL'@it } } ORDER BY ?g") == [f"{G}1-2", f"{G}8-9"]


def test_from_narrows_the_default_graph(store: Store) -> None:
    """`FROM` chooses the graphs that a query sees."""
    assert rows(store, f"SELECT (COUNT(*) AS ?n) FROM <{G}8-9> {{ ?s ?p ?o }}") == ["1"]


def test_the_protocol_may_name_the_dataset(store: Store) -> None:
    """A default graph named by the protocol replaces the union; named graphs are then only those named."""
    count = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    named = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
    assert rows(store, count, default_graphs=(f"{G}1-2",)) == ["2"]
    assert rows(store, named, default_graphs=(f"{G}1-2",)) == ["0"]
    assert rows(store, named, named_graphs=(f"{G}8-9",)) == ["1"]


def test_several_default_graphs_are_merged(store: Store) -> None:
    """SPARQL 1.1, section 13.2: a triple of two graphs counts once; the engine alone would count it twice."""
    query = "SELECT (COUNT(*) AS ?n) {} {{ ?s ?p ?o }}"
    both = (f"{G}1-2", f"{G}8-9")
    assert rows(store, query.format("", ""), default_graphs=both) == ["2"]
    assert rows(store, query.format("", ""), default_graphs=both[:1] * 2) == ["2"]
    clauses = "".join(f" FROM <{iri}>" for iri in both) + f" FROM NAMED <{G}8-9>"
    graph = "SELECT ?g ?o" + clauses + " { GRAPH ?g { ?s ?p ?o } FILTER EXISTS { ?s ?p ?o } }"
    assert rows(store, query.format(clauses, "")) == ["2"]
    assert rows(store, graph) == [f"{G}8-9,AFIL"]


@pytest.mark.parametrize("clause", ["FROM", "FROM NAMED"])
def test_a_graph_that_is_not_there_is_refused(store: Store, clause: str) -> None:
    """No file and no address is ever read for it: it is named in the refusal, however it was asked for."""
    assert store.graphs == {f"{G}1-2", f"{G}8-9", f"{BASE}ontology"}
    with pytest.raises(QueryRefusedError, match="FROM <file:///etc/passwd>"):
        store.query(f"ASK {clause} <file:///etc/passwd> {{ }}")
    unknown = ("http://127.0.0.1/",)
    with pytest.raises(QueryRefusedError, match="http://127"):
        store.query("ASK { }", default_graphs=unknown)
    with pytest.raises(QueryRefusedError, match="http://127"):
        store.query("ASK { }", named_graphs=unknown)


def test_what_a_query_may_not_ask_is_refused_here_too(store: Store) -> None:
    """Whoever calls: SERVICE, updates, nesting without end."""
    for query in ("ASK { SERVICE <http://127.0.0.1/> { } }", "LOAD <http://127.0.0.1/>"):
        with pytest.raises(QueryRefusedError):
            store.query(query)
    with pytest.raises(QueryLimitError):
        store.query("ASK " + "{" * 200 + "}" * 200)


def test_relative_iris_are_resolved_against_the_base_that_is_given(store: Store) -> None:
    """As the protocol has it, that of the request."""
    assert rows(store, "SELECT (<a> AS ?x) { }", base="http://h/b/c") == ["http://h/b/a"]
    assert rows(store, "ASK FROM <ontology> { }".replace("ASK", "SELECT *"), base=BASE) == [""]


def test_escapes_of_code_points_stand_anywhere(store: Store) -> None:
    """SPARQL replaces them before it parses; the engine alone knows only those in strings and IRIs."""
    assert rows(store, r"SEL\u0045CT (STRLEN('\u00e9\u0022') AS ?\u006e) { }") == ["2"]


@pytest.mark.parametrize(
    ("query", "kind"),
    [
        ("SELECT * { }", "select"),
        ("ASK { }", "ask"),
        ("CONSTRUCT { } WHERE { }", "construct"),
        ("DESCRIBE <x:y>", "construct"),
    ],
)
def test_every_format_offered_is_possible(store: Store, query: str, kind: str) -> None:
    """An answer serializes in each format that it names, and says which when asked for another."""
    answer = store.query(query)
    assert answer.kind == kind
    for name in answer.formats:
        assert isinstance(store.query(query).serialize(name), bytes)
    with pytest.raises(ParameterError) as caught:
        answer.serialize("xlsx")
    assert answer.formats[0] in str(caught.value)


def test_ask_has_no_csv(store: Store) -> None:
    """The CSV and TSV formats are defined for SELECT only."""
    assert store.query("ASK { }").formats == ("json", "xml")


def test_constructed_triples_are_sorted_and_unique(store: Store) -> None:
    """The engine gives a triple once for each solution, in an order of its own."""
    lines = store.construct(f"CONSTRUCT {{ ?s a <{BASE}x> }} WHERE {{ ?s ?p ?o }}").splitlines()
    assert lines == sorted(set(lines))
    assert len(lines) == 2


def test_turtle_has_only_prefixes_in_use(store: Store) -> None:
    """A short answer has a short head."""
    text = store.query(f"CONSTRUCT WHERE {{ ?s <{BASE}ontology#memberCount> 144 }}").serialize("ttl").decode()
    assert text.count("@prefix") == 3
    assert "cluster:afil ctl:memberCount 144" in text


@pytest.mark.parametrize(
    ("query", "line", "column", "words"),
    [
        ("ASK {", 1, 6, "expected"),
        ("SELECT *\nWHERE { ?s ctlx:x ?o }", 2, 12, "add PREFIX ctlx: <…>"),
        ("ASK { ?s ctl:x ?o }", 1, 10, f"add PREFIX ctl: <{BASE}ontology#>"),
        ("ASK { ?s :x ?o", 1, 10, "prefix : is not declared"),
        ("PREFIX a: <x:>\nSELECT ?s { VALUES ?s { a:b c:d } }", 2, 29, "prefix c: is not declared"),
        ("SELECT * { ?s ?p 'a }", 1, 22, 'expected "\'"'),
        ("ASK { <relative> ?p ?o }", 1, 17, "relative"),
        ("SELECT ?s (COUNT(?o) AS ?n) { ?s ?p ?o }", 1, 41, "GROUP BY"),
        ("", 1, 1, "too early"),
        ("progetto", 1, 1, "“progetto” begins no query"),
        ("PREFIX a: <x:> # SELECT\n SELCT * { ?s ?p ?o }", 2, 2, "“SELCT” begins no query"),
        ("SELECT ?a WHERE { ?a ?b }", 1, 25, "“}” does not fit here"),
        ("SELECT * {\n  # 🧪\n ?a ?b '🧪' , , ?c .\n ?d ?e ?f\n}", 3, 14, "“,” does not fit"),
        ("SELECT * { ?a ?b ?c\n FILTER(?c > ) }\nORDER BY ?a", 2, 14, "“)” does not fit"),
        ("SELECT * { ?a ?b ?c } ORDR BY ?a", 1, 23, "“ORDR” does not fit"),
        ("SELECT * { ?a ?b ?c . OPTONAL { ?d ?e ?f } }", 1, 23, "“OPTONAL” does not fit"),
        ("SELECT * { ?a ?b ?c \n", 2, 1, 'expected "}"'),
    ],
)
def test_syntax_errors_say_where(store: Store, query: str, line: int, column: int, words: str) -> None:
    """Line and column count from 1; the words are for people."""
    with pytest.raises(QuerySyntaxError) as caught:
        store.query(query)
    assert (caught.value.line, caught.value.column) == (line, column)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_long_list_of_what_might_come_is_not_told(store: Store) -> None:
    """Of twenty signs that would fit, the one that closes the bracket helps; the others are noise."""
    with pytest.raises(QuerySyntaxError) as caught:
        store.query("ASK {")
    assert str(caught.value).endswith('expected "}", among other things')


def test_names_in_strings_and_comments_want_no_prefix(store: Store) -> None:
    """Only what the engine would read as a name."""
    with pytest.raises(QuerySyntaxError) as caught:
        store.query("# x:y\nASK { _:b ?p 'x:y' , <x:y> ")
    assert "prefix" not in str(caught.value)


def test_a_syntax_error_is_told_in_the_language_of_its_reader(store: Store) -> None:
    """All of it; the signs that would fit stay as they are, and no keyword is named that would not help."""
    with pytest.raises(QuerySyntaxError) as caught:
        store.query("SELECT *\nWHERE { ?s ?p 'a ")
    english, italian = caught.value.text("en"), caught.value.text("it")
    assert re.search(r"line 2, column \d+: expected \"'\"", english)
    assert re.search(r"riga 2, colonna \d+: ci si aspettava \"'\"", italian)
    assert "OPTIONAL" not in english


def test_a_failure_of_the_engine_is_a_query_error(store: Store) -> None:
    """An unknown function is found only when the query runs."""
    with pytest.raises(QueryError, match="function"):
        store.query("SELECT * { FILTER(<x:f>(1)) }").serialize("json")


def test_canonical_form_ignores_order_and_labels() -> None:
    """RDFC-1.0: the same dataset has the same bytes, whatever the names of its blank nodes."""
    shuffled = b"".join(sorted(DATA.splitlines(keepends=True), reverse=True)).replace(b"_:b", b"_:zz")
    quads = canonical(DATA)
    assert quads == canonical(shuffled)
    assert quads.splitlines() == sorted(quads.splitlines())
    assert b"_:c14n0" in quads


@pytest.mark.parametrize("name", GRAPH_FORMATS)
def test_dumps_are_the_same_bytes_in_another_process(name: str) -> None:
    """No order of a set or of the engine's hashes shows in a dump."""
    script = f"from ctlgraph.store import dump; sys.stdout.buffer.write(dump({QUADS!r}, {name!r}))"
    for seed in ("1", "2"):
        run = subprocess.run(
            [sys.executable, "-c", f"import sys; {script}"],
            capture_output=True,
            check=True,
            env={"PYTHONHASHSEED": seed},
        )
        assert run.stdout == dump(QUADS, name)


def test_dumps_keep_or_merge_the_graphs() -> None:
    """nq, trig and jsonld keep the graphs; ttl and nt hold each triple once."""
    assert dump(QUADS, "nq") == QUADS
    assert len(dump(QUADS, "nt").splitlines()) == 3
    assert dump(QUADS, "trig").count(b"d003:1-2 {") == 1
    graphs = {entry["@id"] for entry in json.loads(dump(QUADS, "jsonld")) if "@graph" in entry}
    assert graphs == {f"{G}1-2", f"{G}8-9", f"{BASE}ontology"}


def test_one_graph_or_a_family_of_graphs_can_be_dumped() -> None:
    """An IRI is that graph; one that ends in a slash is every graph under it."""
    assert len(dump(QUADS, "nq", f"{G}8-9").splitlines()) == 1
    assert len(dump(QUADS, "nq", G).splitlines()) == 3
    assert dump(QUADS, "nq", f"{G}8") == b""


def test_an_unknown_dump_format_is_refused() -> None:
    """The error names the formats there are."""
    with pytest.raises(ParameterError, match="jsonld"):
        dump(QUADS, "xlsx")


def test_damaged_nquads_are_a_source_error() -> None:
    """With the line."""
    with pytest.raises(SourceError) as caught:
        Store.from_nquads(DATA + b"oops\n")
    assert caught.value.line == 5


def test_a_missing_release_is_a_source_error(tmp_path: Path) -> None:
    """With the path."""
    with pytest.raises(SourceError, match=r"ctlgraph\.nq"):
        Store.open(tmp_path)


def test_a_long_answer_is_written_as_it_is_found() -> None:
    """A thousand triples and more come in the engine's order; every format holds them all."""
    store = Store.from_nquads(b"".join(b"<x:a> <x:b> <x:%d> .\n" % n for n in range(1500)))
    for name in GRAPH_FORMATS:
        file = io.BytesIO()
        store.query("CONSTRUCT WHERE { ?s ?p ?o }").write(name, file)
        assert {f"x:{n}" for n in range(1500)} <= set(re.findall(r"x:\d+", file.getvalue().decode()))


def test_an_error_of_the_file_is_no_error_of_the_query(store: Store) -> None:
    """A full disk keeps its number; what the engine cannot write is a QueryError."""
    with Path("/dev/full").open("wb", buffering=0) as full, pytest.raises(OSError, match="No space"):
        store.query("SELECT * { ?s ?p ?o }").write("json", full)
    with pytest.raises(QueryError, match="JSON-LD"):
        store.query("CONSTRUCT { <x:s> <x:p> <<( <x:a> <x:b> 1 )>> } WHERE { }").serialize("jsonld")


AWKWARD = r"""VALUES (?a ?b) {
    ("},{" "<result>") ("a\nb,\"c\"" UNDEF) (UNDEF "\r\n") (UNDEF UNDEF) ("[]" "\t")
}"""


@pytest.mark.parametrize("name", RESULT_FORMATS)
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (f"SELECT * {{ {AWKWARD} }}", 5),
        (f"SELECT ?a {{ {AWKWARD} }}", 5),
        ("SELECT * { }", 1),
        ("SELECT ?x { }", 1),
        ("SELECT ?x { VALUES ?x { } }", 0),
        ("SELECT ?x { VALUES ?x { ':[]}}' } }", 1),
        ("SELECT ?x { VALUES ?x { <<( <x:a> <x:b> 'c' )>> <<( <x:a> <x:b> <<( <x:a> <x:b> 1 )>> )>> } }", 2),
    ],
)
def test_rows_are_counted_in_the_bytes(store: Store, name: str, query: str, expected: int) -> None:
    """Whatever the values look like."""
    assert count_rows(name, store.query(query).serialize(name)) == expected


def test_a_json_answer_that_is_surely_within_the_limit_is_not_counted(store: Store) -> None:
    """The number may then be too high, never over the limit."""
    data = store.query("SELECT ('},{' AS ?x) { }").serialize("json")
    assert (count_rows("json", data, limit=2), count_rows("json", data, limit=1)) == (2, 1)


NUMBERS = b'<x:a> <x:b> "%s"^^<http://www.w3.org/2001/XMLSchema#%s> .\n'


@pytest.mark.parametrize(("text", "kind"), [(b"01", b"integer"), (b"5", b"int"), (b"1.50", b"decimal")])
def test_dumps_keep_values_as_they_are_written(text: bytes, kind: bytes) -> None:
    """The engine keeps such a value and forgets how it was written: what is published does not."""
    data = NUMBERS % (text, kind)
    assert canonical(data) == dump(data, "nt") == data
    assert Store.from_nquads(data).construct("CONSTRUCT WHERE { ?s ?p ?o }") != data


def test_every_value_of_the_release_comes_out_as_it_went_in(release: Release) -> None:
    """Our data hold no value that the engine writes in another way: service and files say the same."""
    store = Store.open(release.path)
    quads = (release.path / "ctlgraph.nq").read_bytes()
    literals = "CONSTRUCT { <x:s> <x:p> ?o } WHERE { ?s ?p ?o FILTER isLiteral(?o) }"
    written = re.findall(rb'("(?:[^"\\]|\\.)*"\S*) \.\n', dump(quads, "nt"))
    assert {line.split(b" ", 2)[2][:-3] for line in store.construct(literals).splitlines(True)} == set(
        written
    )


TRIG = "PREFIX : <x:> :a :b 1 . _:n :b 2 . :g { :a :b 1, 3 }"
TURTLE = "PREFIX : <x:> :a :b 1 . _:n :b 4 ."
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A TriG and a Turtle file; the second also packed."""
    (tmp_path / "a.trig").write_text(TRIG)
    (tmp_path / "b.ttl").write_text(TURTLE)
    (tmp_path / "b.ttl.gz").write_bytes(gzip.compress(TURTLE.encode(), mtime=0))
    return tmp_path


def test_files_keep_the_graphs_that_they_name(files: Path) -> None:
    """Triples outside every graph are the default graph; blank nodes of two files are two."""
    store = Store.open(Files((files / "a.trig", files / "b.ttl")))
    assert rows(store, COUNT) == ["3"]
    assert store.graphs == {"x:g"}
    assert rows(store, "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s ?p ?o FILTER isBlank(?s) }") == ["2"]


def test_files_may_be_named_graphs_and_merged(files: Path) -> None:
    """Relative IRIs are then those of the graph; the merge counts a triple once."""
    (files / "c.ttl").write_text("<#me> <x:b> 5 .")
    named = (("http://h/b", files / "b.ttl.gz"), ("http://h/c", files / "c.ttl"))
    store = Store.open(Files((files / "a.trig",), named, union=True))
    assert rows(store, COUNT) == ["5"]
    assert rows(store, "SELECT ?s { GRAPH <http://h/c> { ?s ?p ?o } }") == ["http://h/c#me"]
    assert rows(Store.open(Files((), named)), COUNT) == ["0"]


@pytest.mark.parametrize(
    ("name", "data", "line", "words"),
    [
        ("a.ttl", b"<x:a> <x:b> <x:c> .\n<x:d> nonsense", 2, "nonsense"),
        ("a.ttl", b"\n\n<a> <x:b> <x:c> .", 3, "relative"),
        ("a.nq", b"<x:a> <x:b> 'c' .", 1, ""),
        ("a.nt.gz", gzip.compress(b"<x:a> <x:b> <x:c> .\noops", mtime=0), 2, ""),
        ("a.trig", b"<x:g> {\n<x:a> <x:b> " + b"[ <x:b> " * 200, 2, "128"),
        ("a.nt", b"<x:a> <x:b> " + b"<<( <x:a> <x:b> " * 200, 1, "128"),
        ("a.jsonld", b'{"@id":\n\n' + b"[" * 200, 3, "128"),
        ("a.rdf", b"<rdf:RDF", None, ""),
        ("a.ttl.gz", b"not packed", None, "gzip"),
        ("a.ttl.gz", gzip.compress(TURTLE.encode(), mtime=0)[:-9], None, ""),
        ("a.docx", b"", None, "name ends in"),
        ("none.ttl", None, None, "No such file"),
    ],
)
def test_a_damaged_file_is_named_with_its_line(
    tmp_path: Path, name: str, data: bytes | None, line: int | None, words: str
) -> None:
    """In one line, without a word of Python."""
    path = tmp_path / name
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(SourceError) as caught:
        Store.open(Files((path,)))
    assert (caught.value.path, caught.value.line) == (str(path), line)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)
    assert "arser error" not in str(caught.value)


@pytest.mark.parametrize("extension", ["ttl", "trig", "nt", "nq", "jsonld", "rdf", "xml", "owl"])
def test_the_extension_says_the_format(tmp_path: Path, extension: str) -> None:
    """What the store writes it can read."""
    path = tmp_path / f"data.{extension}"
    name = "rdf" if extension in ("xml", "owl") else extension
    path.write_bytes(dump(b"<x:a> <x:b> <x:c> .", name))
    assert rows(Store.open(Files((path,))), COUNT) == ["1"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that looks like a release."""
    folder = tmp_path_factory.mktemp("releases") / "1.0.0"
    folder.mkdir()
    (folder / "ctlgraph.nq").write_bytes(DATA)
    return folder


def test_a_store_on_disk_answers_as_one_in_memory(folder: Path, tmp_path: Path) -> None:
    """The merge, the graphs and what FROM names."""
    place = tmp_path / "disk" / "one"
    Store.on_disk(folder, place)
    disk, memory = Store.read_only(place), Store.open(folder)
    assert disk.graphs == memory.graphs
    for query in (
        COUNT,
        f"{COUNT[:23]} FROM <{G}1-2> FROM <{G}8-9> {{ ?s ?p ?o }}",
        "SELECT ?g { GRAPH ?g { } }",
    ):
        assert sorted(rows(disk, query)) == sorted(rows(memory, query))
    assert [path.name for path in (tmp_path / "disk").iterdir()] == ["one"]


def test_what_is_on_disk_is_not_written_again(folder: Path, tmp_path: Path) -> None:
    """Another process may be reading it."""
    place = tmp_path / "one"
    place.mkdir()
    Store.on_disk(folder, place)
    assert list(place.iterdir()) == []


def test_a_store_that_cannot_be_written_leaves_nothing(files: Path, tmp_path: Path) -> None:
    """The next attempt begins anew."""
    (files / "a.trig").write_text("nonsense")
    with pytest.raises(SourceError, match=r"a\.trig"):
        Store.on_disk(Files((files / "a.trig",)), tmp_path / "disk" / "one")
    assert list((tmp_path / "disk").iterdir()) == []
    with pytest.raises(SourceError, match="DISK_MIB"):
        Store.on_disk(Files((files / "b.ttl",)), Path("/proc/none/one"))


def test_other_content_has_another_place_on_disk(
    folder: Path, files: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A release beside itself, files in the user's cache; new bytes or another merge are another place."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert disk_folder(folder).parent == folder.parent / ".disk"
    path = files / "b.ttl"
    first = disk_folder(Files((path,)))
    assert first.is_relative_to(tmp_path / "cache")
    assert disk_folder(Files((path,))) == first
    path.write_text(TURTLE + TURTLE)
    places = {first, disk_folder(Files((path,))), disk_folder(Files((path,), union=True))}
    assert len(places | {disk_folder(Files((), (("x:g", path),)))}) == 4


def test_the_size_is_that_of_the_files(folder: Path, files: Path) -> None:
    """In bytes; a packed file is reckoned ten times as large, one that is missing not at all."""
    assert size(folder) == len(DATA)
    packed = files / "b.ttl.gz"
    assert size(Files((packed,), (("x:g", files / "none.ttl"),))) == 10 * packed.stat().st_size
