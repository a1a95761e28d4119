"""Files become statements with file and line; what is wrong in them is said with file, line and remedy."""

import errno
import hashlib
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import RDF, Literal, URIRef

from ctlgraph.errors import SourceError
from ctlgraph.release import build
from ctlgraph.sources import Location, collect, digest, extras, read, root
from ctlgraph.sources.turtle import parse
from ctlgraph.vocabulary import BASE, PREFIXES, expand

AFIL = "data/ttl/doc-000/afil.trig"
LABELS = "data/ttl/curated/labels.trig"

Spoil = Callable[[Path], object]


def replace(path: str, old: str, new: str) -> Spoil:
    """A change of one place in one file."""

    def change(project: Path) -> None:
        text = (project / path).read_text("utf-8")
        assert old in text
        (project / path).write_text(text.replace(old, new, 1), "utf-8")

    return change


def write(path: str, data: bytes) -> Spoil:
    """A new file."""
    return lambda project: (project / path).write_bytes(data)


def looping(path: str) -> Spoil:
    """A file or folder that nobody can open, not even root: a link to itself."""

    def change(project: Path) -> None:
        (project / path).rename(project / "away")
        (project / path).symlink_to(Path(path).name)

    return change


def flatten(path: str) -> Spoil:
    """A file in place of a folder."""

    def change(project: Path) -> None:
        shutil.rmtree(project / path)
        (project / path).write_text("")

    return change


BAD_INPUT = {
    "missing dot": (
        replace(AFIL, '"144 soci" .', '"144 soci"'),
        f"{AFIL}:9: '.' or ';' is missing before 'cluster:afil a ctl:TechnologyCluster ;': close",
        "manca «.» o «;» prima di «cluster:afil a ctl:TechnologyCluster ;»: chiudere l'affermazione",
    ),
    "missing value": (
        replace(AFIL, "ctl:memberCount 144 ;", "ctl:memberCount ;"),
        f"{AFIL}:11: a value is missing before '; ctl:enterpriseCount 116 .': write it after the property",
        "manca un valore prima di «; ctl:enterpriseCount 116 .»: scriverlo dopo la proprietà",
    ),
    "missing brace": (
        replace(AFIL, 'skos:prefLabel "CLM"@it .\n}', 'skos:prefLabel "CLM"@it .\n'),
        f"{AFIL}:15: the file ends too early: close the last statement with '.', a graph with '}}'",
        "il file finisce troppo presto",
    ),
    "open text": (
        replace(AFIL, '"AFIL"@it', '"AFIL'),
        f"{AFIL}:10: a text is not closed at '\"AFIL ;': add its quote",
        'un testo non è chiuso in «"AFIL ;»: aggiungere le virgolette',
    ),
    "property without value or subject": (
        replace(AFIL, 'oa:exact "144 soci" .', "."),
        f"{AFIL}:8: a property is expected at 'd000:3-4 .': write subject, property, value and '.'",
        "manca la proprietà in «d000:3-4 .»",
    ),
    "not Turtle": (
        write(AFIL, b"Dear all,\nplease find the data attached.\n"),
        f"{AFIL}:1: not valid Turtle or TriG at 'Dear all,' (column 1): correct it or remove it",
        "Turtle o TriG non valido in «Dear all,» (colonna 1)",
    ),
    "relative IRI": (
        replace(AFIL, "cluster:afil a", "<afil> a"),
        f"{AFIL}:9: the IRI at '<afil> a ctl:TechnologyCluster ;' is not valid: write it in full",
        "non è valido: scriverlo per intero, senza spazi, o con un prefisso",
    ),
    "literal as subject": (
        replace(AFIL, "cluster:afil a", '"afil" a'),
        f"{AFIL}:9: the statement that ends at 'ctl:TechnologyCluster ;' is not RDF: subject and property",
        "non è RDF: soggetto e proprietà devono essere IRI",
    ),
    "undeclared prefix, a known one": (
        replace(AFIL, "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n", ""),
        f"{AFIL}:9: the prefix 'skos:' is not declared: add  "
        "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .  at the top",
        "il prefisso «skos:» non è dichiarato: aggiungere  @prefix skos:",
    ),
    "undeclared prefix, a misspelt one": (
        replace(AFIL, "cluster:clm", "clutser:clm"),
        f"{AFIL}:15: the prefix 'clutser:' is not declared: did you mean 'cluster:'?",
        "il prefisso «clutser:» non è dichiarato: forse «cluster:»?",
    ),
    "undeclared prefix, a strange one": (
        replace(AFIL, "cluster:clm", "zzzz:clm"),
        f"{AFIL}:15: the prefix 'zzzz:' is not declared: add its @prefix line at the top, or correct it",
        "il prefisso «zzzz:» non è dichiarato: aggiungere la sua riga @prefix",
    ),
    "wrong encoding": (
        write("data/ttl/sources.ttl", "# perché\n# città\n".encode("latin-1")),
        "data/ttl/sources.ttl:1: byte 0xE9 is not UTF-8: save the file again with the encoding UTF-8",
        "il byte 0xE9 non è UTF-8: salvare di nuovo il file con la codifica UTF-8",
    ),
    "encoding of an old editor": (
        write("shapes/core.ttl", "# a\n".encode("utf-16")),
        "shapes/core.ttl:1: byte 0xFF is not UTF-8",
        "il byte 0xFF non è UTF-8",
    ),
    "unknown property": (
        replace(AFIL, "ctl:memberCount 144", "ctl:memberCuont 144"),
        f"{AFIL}:11: unknown term ctl:memberCuont: did you mean ctl:memberCount?",
        "termine sconosciuto ctl:memberCuont: forse ctl:memberCount?",
    ),
    "unknown class": (
        replace(AFIL, "cluster:clm a ctl:TechnologyCluster", "cluster:clm a ctl:TecnologyCluster"),
        f"{AFIL}:15: unknown term ctl:TecnologyCluster: did you mean ctl:TechnologyCluster?",
        "termine sconosciuto ctl:TecnologyCluster: forse ctl:TechnologyCluster?",
    ),
    "unknown term of another vocabulary": (
        replace(AFIL, 'skos:prefLabel "CLM"', 'skos:preferredLabel "CLM"'),
        f"{AFIL}:15: unknown term skos:preferredLabel: did you mean skos:prefLabel?",
        "forse skos:prefLabel?",
    ),
    "unknown term like no other": (
        replace(AFIL, 'skos:prefLabel "CLM"', '<https://example.org/zzz> "CLM"'),
        f"{AFIL}:15: unknown term https://example.org/zzz: declare it in ontology/, or use a declared one",
        "termine sconosciuto https://example.org/zzz: dichiararlo in ontology/",
    ),
    "unknown concept": (
        replace(LABELS, "vocab/certainty/derived", "vocab/certainty/drived"),
        f"{LABELS}:7: unknown term certainty:drived: did you mean certainty:derived?",
        "termine sconosciuto certainty:drived: forse certainty:derived?",
    ),
    "unknown term in a shape": (
        replace("shapes/core.ttl", "sh:path ctl:memberCount", "sh:path ctl:membersCount"),
        "shapes/core.ttl:13: unknown term ctl:membersCount: did you mean ctl:memberCount?",
        "forse ctl:memberCount?",
    ),
    "blank node in the data": (
        replace(AFIL, "cluster:clm a", "_:clm a"),
        f"{AFIL}:15: a blank node: the data has none, give it an IRI of its own",
        "un nodo anonimo: nei dati non ce ne sono, dargli un IRI proprio",
    ),
    "graph of another document": (
        replace(AFIL, "d000:30-30 {", "<https://w3id.org/ctlgraph/graph/doc-001/30-30> {"),
        f"{AFIL}:14: the graph d001:30-30 is outside its folder: here a graph begins with "
        f"{BASE}graph/doc-000/",
        f"il grafo d001:30-30 è fuori dalla sua cartella: qui un grafo comincia con {BASE}graph/doc-000/",
    ),
    "passage that ends before it begins": (
        replace(AFIL, "d000:30-30 {", "d000:30-29 {"),
        f"{AFIL}:14: {BASE}graph/doc-000/30-29 is no passage: write {BASE}graph/doc-000/ and first-last line",
        f"{BASE}graph/doc-000/30-29 non è un passo",
    ),
    "passage of no lines": (
        replace(AFIL, "d000:30-30 {", "d000:afil {"),
        f"{AFIL}:14: {BASE}graph/doc-000/afil is no passage",
        f"{BASE}graph/doc-000/afil non è un passo",
    ),
    "curated graph of no topic": (
        replace(LABELS, "curated:labels {", "<https://w3id.org/ctlgraph/graph/curated/a/b> {"),
        f"{LABELS}:6: {BASE}graph/curated/a/b is no topic: write {BASE}graph/curated/ and one word",
        f"{BASE}graph/curated/a/b non è un tema",
    ),
    "statement outside every graph": (
        replace(AFIL, "d000:30-30 {", 'cluster:x skos:prefLabel "x" .\n\nd000:30-30 {'),
        f"{AFIL}:14: a statement outside every named graph: put it inside a block such as d000:30-32 {{ }}",
        "un'affermazione fuori da ogni grafo con nome: metterla in un blocco come d000:30-32 { }",
    ),
    "statement in the default graph": (
        replace(LABELS, "curated:labels {", "{"),
        f"{LABELS}:7: a statement outside every named graph: put it inside a block such as curated:labels {{",
        "metterla in un blocco come curated:labels { }",
    ),
    "missing folder": (
        lambda project: (project / "shapes").rename(project / "forms"),
        "shapes: is not there: create it, or start from the project's folder",
        "shapes: non c'è: crearlo, oppure partire dalla cartella del progetto",
    ),
    "unreadable folder": (
        looping("data/ttl/doc-000"),
        "data/ttl/doc-000: cannot be read (Too many levels of symbolic links): check the disk and the link",
        "data/ttl/doc-000: non si può leggere",
    ),
    "unreadable file": (looping(AFIL), f"{AFIL}: cannot be read", f"{AFIL}: non si può leggere"),
    "file in place of a folder": (
        flatten("shapes"),
        "shapes: is a file where a folder should be: rename it or remove it",
        "shapes: è un file dove dovrebbe esserci una cartella",
    ),
    "file where none is read": (
        write("data/ttl/doc-000/notes.ttl", b""),
        "data/ttl/doc-000/notes.ttl: stands where no such file is read: see 'Data layout' in CONTRIBUTING.md",
        "si trova dove un file così non viene letto",
    ),
    "no changelog": (
        lambda project: (project / "CHANGELOG.md").unlink(),
        "CHANGELOG.md: is not there",
        "CHANGELOG.md: non c'è",
    ),
    "no dated entry": (
        write("CHANGELOG.md", b"# Changelog\n\n## [Unreleased]\n"),
        "CHANGELOG.md: no dated entry: add a line such as  ## [0.1.0] - 2025-01-31",
        "CHANGELOG.md: nessuna voce con la data",
    ),
    "no such day": (
        write("CHANGELOG.md", b"# Changelog\n\n## [0.0.2] - 2025-02-30\n"),
        "CHANGELOG.md:3: '2025-02-30' is no date: write it as 2025-01-31",
        "CHANGELOG.md:3: «2025-02-30» non è una data",
    ),
    "a rule that is not SPARQL": (
        write("ontology/derived/10-types.rq", b"CONSTRUCT { ?s ?p ?o }\nWHERE { ?s ?p }"),
        "ontology/derived/10-types.rq:2: the query is not valid SPARQL at line 2",
        "l'interrogazione non è SPARQL valido alla riga 2",
    ),
    "a rule that derives nothing": (
        write("ontology/derived/10-types.rq", b"SELECT * { ?s ?p ?o }"),
        "ontology/derived/10-types.rq: the rule must be a CONSTRUCT query",
        "la regola deve essere un'interrogazione CONSTRUCT",
    ),
    "a rule that derives blank nodes": (
        write("ontology/derived/10-types.rq", b"CONSTRUCT { ?s a [] } WHERE { ?s a ?o }"),
        "ontology/derived/10-types.rq: the rule derives blank nodes: add FILTER(isIRI(?...))",
        "la regola deriva nodi anonimi",
    ),
}


@pytest.mark.parametrize(("spoil", "english", "italian"), BAD_INPUT.values(), ids=BAD_INPUT)
def test_bad_input_is_told_with_file_line_and_remedy(
    spoil: Spoil, english: str, italian: str, small: Path, tmp_path: Path
) -> None:
    """One clear line in the reader's language, and nothing is written."""
    spoil(small)
    with pytest.raises(SourceError) as raised:
        build(small, tmp_path / "out")
    assert any(line.startswith(english) for line in str(raised.value).splitlines()), str(raised.value)
    assert italian in raised.value.text("it")
    assert not (tmp_path / "out").exists()


def test_all_broken_files_are_told_at_once(small: Path) -> None:
    """Who mends one file wants to know of the others."""
    replace(AFIL, "ctl:memberCount 144", "ctl:memberCount")(small)
    replace(LABELS, "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n", "")(small)
    with pytest.raises(SourceError) as raised:
        read(small)
    assert [line.split(": ")[0] for line in str(raised.value).splitlines()] == [f"{LABELS}:8", f"{AFIL}:11"]


def test_all_unknown_terms_are_told_at_once_and_once_for_each_file(small: Path) -> None:
    """A misspelt term that is used fifty times is one problem of its file."""
    text = (small / AFIL).read_text("utf-8").replace("TechnologyCluster", "TecnoCluster")
    (small / AFIL).write_text(text.replace("enterpriseCount", "enterprises"), "utf-8")
    with pytest.raises(SourceError) as raised:
        read(small)
    assert [line.split(": ")[0] for line in str(raised.value).splitlines()] == [f"{AFIL}:9", f"{AFIL}:11"]


def test_a_file_without_permission_is_told_with_the_remedy(
    small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The remedy is a permission, not another disk. Root may read everything, so the refusal is played."""

    def refuse(path: Path) -> bytes:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(SourceError, match="may not be read: give your user the permission to read it"):
        read(small)


def test_every_statement_has_the_line_of_its_object(small: Path) -> None:
    """A finding leads to the very line."""
    sources = read(small)
    afil, passage = URIRef(expand("cluster:afil")), URIRef(expand("d000:3-4"))
    count = URIRef(expand("ctl:memberCount"))
    assert sources.locations[afil, RDF.type, URIRef(expand("ctl:TechnologyCluster")), passage] == Location(
        AFIL, 9
    )
    assert str(
        sources.locations[afil, count, Literal("144", datatype=PREFIXES["xsd"] + "integer"), passage]
    ) == (f"{AFIL}:11")
    assert len(sources.locations) == len(list(sources.dataset.quads())) + len(sources.shapes)


def test_lines_are_counted_through_lists_comments_and_long_texts() -> None:
    """Blank nodes, backtracking and line ends of other systems do not move the count."""
    text = (
        '@prefix e: <http://e/> . # "\r\ne:a e:b """x\r\n\r\ny""" ,\r\n'
        "  # c\r\n  e:c ; e:d [ e:e\r\n 1 ; e:f ( 2\r\n 3 ) ] ."
    )
    lines = {str(s.object): s.line for s in parse("x.ttl", text.encode()).statements}
    assert lines["x\r\n\r\ny"] == 2
    assert lines["http://e/c"] == 6
    assert lines["1"] == 7


def test_a_literal_stays_as_it_is_written() -> None:
    """A release repeats its sources: 007 is not 7, and 0.0000001 has no exponent."""
    written = [
        "007",
        "+5",
        "0.10",
        "0.0000001",
        "1e3",
        "true",
        '"01"^^xsd:integer',
        '"x"@it-IT',
        '"no"^^xsd:date',
    ]
    text = f"@prefix xsd: <{PREFIXES['xsd']}> .\n<http://e/a> <http://e/b> {' , '.join(written)} ."
    stored = [str(statement.object) for statement in parse("x.ttl", text.encode()).statements]
    assert stored == ["007", "+5", "0.10", "0.0000001", "1e3", "true", "01", "x", "no"]


@settings(deadline=None)
@given(
    st.text(alphabet=st.sampled_from("@prefix e:<>\"'\\{}[]()._,;#^!a1\n u")),
    st.sampled_from([".ttl", ".trig"]),
)
def test_any_text_is_read_or_refused_with_a_line(text: str, suffix: str) -> None:
    """A crash of the parser would say nothing to the writer."""
    refused = None
    try:
        parse("x" + suffix, text.encode())
    except SourceError as error:
        refused = str(error)
    assert refused is None or re.fullmatch(rf"x\{suffix}:\d+: .+", refused, re.DOTALL)


def test_a_byte_order_mark_is_passed_over(small: Path) -> None:
    """Some editors write one; it says nothing."""
    (small / AFIL).write_bytes(b"\xef\xbb\xbf" + (small / AFIL).read_bytes())
    assert len(read(small).locations) == len(read(small).locations)


def test_each_file_writes_to_its_own_graph(small: Path) -> None:
    """The graph of a statement says which file to open."""
    graphs = {str(graph).removeprefix(BASE) for *_, graph in read(small).dataset.quads()}
    assert graphs == {
        "ontology", "ontology/alignments", "vocab/certainty", "graph/sources", "graph/doc-000/3-4",
        "graph/doc-000/30-30", "graph/curated/labels",
    }  # fmt: skip


def test_the_inputs_have_one_hash_that_follows_each_of_them(small: Path) -> None:
    """Unchanged inputs are not validated again, changed ones always are."""
    before = digest(collect(small))
    assert read(small).inputs == before
    assert dict(read(small).files)[AFIL] == hashlib.sha256((small / AFIL).read_bytes()).hexdigest()
    for path in (AFIL, "shapes/core.ttl", "ontology/derived/10-types.rq"):
        (small / path).write_bytes((small / path).read_bytes() + b"\n")
        assert digest(collect(small)) != before
        before = digest(collect(small))
    replace("CHANGELOG.md", "- Two clusters.", "- Two clusters, and more.")(small)
    (small / "README.md").write_text("Read me.")
    assert digest(collect(small)) == before
    replace("CHANGELOG.md", "2025-02-03", "2025-02-04")(small)
    assert digest(collect(small)) != before


def test_version_and_date_are_those_of_the_last_dated_entry(small: Path) -> None:
    """The clock of the machine says nothing of the data."""
    sources = read(small)
    assert (sources.version, sources.date) == ("0.0.2", "2025-02-03")


def test_hidden_files_are_not_read(small: Path) -> None:
    """Editors leave theirs beside."""
    (small / "data/ttl/doc-000/.afil.trig").write_text("{")
    assert AFIL in collect(small)


def test_extra_files_are_read_with_the_project(small: Path, tmp_path: Path) -> None:
    """A draft is checked before it has its place: blank nodes and plain Turtle are its own affair."""
    draft = tmp_path / "drafts" / "new.ttl"
    draft.parent.mkdir()
    draft.write_text(f"[] a <{expand('ctl:Cluster')}> .")
    more = extras(small, [draft.parent, small / AFIL])
    assert set(more) == {draft.as_posix(), AFIL}
    assert Location(draft.as_posix(), 1) in read(small, {**collect(small), **more}).locations.values()


def test_an_extra_file_that_is_missing_is_told(small: Path) -> None:
    """A misspelt path is no empty file."""
    with pytest.raises(SourceError, match=r"nowhere\.ttl: is not there"):
        extras(small, [Path("nowhere.ttl")])


def test_the_root_is_where_the_ontology_is() -> None:
    """In a clone the files that are edited are those that are read."""
    assert (root() / "ontology").is_dir()
    assert (root() / "CHANGELOG.md").is_file()
