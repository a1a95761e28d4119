"""The index of names: what a text finds, in which order, and what of it there is."""

import asyncio
import string
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ctlgraph import search
from ctlgraph.errors import QueryError, QueryLimitError
from ctlgraph.release import Release
from ctlgraph.search import Index, Ranking, build, building, index, ranked
from ctlgraph.store import Files, Store
from ctlgraph.vocabulary import BASE, PREFIXES
from ctlgraph.web.names import Names

CLM = f"{BASE}id/cluster/clm"
Made = Callable[[str], Index]


def trig(statements: str) -> str:
    return "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items()) + statements


@pytest.fixture
def made(tmp_path: Path) -> Made:
    """Make an index out of TriG."""

    def made(statements: str) -> Index:
        path = tmp_path / "data.trig"
        path.write_text(trig(statements))
        return Index(build(Store.open(Files((path,), (), union=True))))

    return made


@pytest.fixture(scope="module")
def real(release: Release) -> Index:
    """The names of the release."""
    return Index(build(Store.open(release.path)))


def named(name: str, label: str, *more: str) -> str:
    """A project with a label and further names."""
    further = "".join(f' ; skos:altLabel "{each}"' for each in more)
    return f'd003:1-2 {{ project:{name} a ctl:Project ; skos:prefLabel "{label}"@it {further} }}\n'


def found(names: Index, text: str, kind: str = "") -> list[str]:
    return [hit.thing.iri.rpartition("/")[2] for hit in names.find(text, "it", {"kind": kind}).hits]


@pytest.mark.parametrize("text", ["mobilita", "MOBILITÀ", "mobilita\u0300", "della (co2", "  della   (CO₂) "])
def test_accents_and_case_are_forgiven(made: Made, text: str) -> None:
    """Nobody has to type what a keyboard may not have."""
    names = made('d003:1-2 { cluster:clm a ctl:Cluster ; skos:prefLabel "Mobilità  della (CO₂)"@it }')
    assert [hit.thing.iri for hit in names.find(text, "it").hits] == [CLM]
    assert names.find("della zo", "it").hits == ()


def test_every_word_counts_in_any_order(made: Made) -> None:
    """In one name or in several of the same thing."""
    names = made(named("a", "Politecnico di Milano", "PoliMi") + named("b", "Politecnico di Torino"))
    assert found(names, "milano politecnico") == ["a"]
    assert found(names, "polimi Milano") == ["a"]
    assert found(names, "politecnico roma") == []


@pytest.mark.parametrize("sign", [*string.punctuation, "–", "«", "😀"])
def test_every_sign_stands_for_itself(made: Made, sign: str) -> None:
    """None is an operator of the index, and none ends the query."""
    escaped = sign.replace("\\", "\\\\").replace('"', '\\"')
    names = made(f'd003:1-2 {{ project:a a ctl:Project ; skos:prefLabel "x{escaped}y" ; ctl:acronym "xy" }}')
    assert found(names, f"x{sign}y") == ["a"]
    assert found(names, f"x{sign}{sign}y") == []


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=30))
def test_any_text_may_be_looked_for(real: Index, text: str) -> None:
    """Whatever is typed is looked for and nothing else; what is found has it, or what is most like it."""
    answer = real.find(text, "it", most=5)
    assert (answer.total == 0) == (answer.hits == ())


def test_the_thing_itself_comes_first(made: Made) -> None:
    """What is called so, what begins so, what has a word that begins so, then the rest; short before long."""
    names = made(
        named("rest", "ABCLM")
        + named("word", "Il progetto CLM")
        + named("longer", "CLM e altri ancora")
        + named("begins", "CLM e altri")
        + named("itself", "Cluster", "CLM")
    )
    assert found(names, "clm") == ["itself", "begins", "longer", "word", "rest"]


def test_a_thing_comes_before_what_stands_between_things(made: Made) -> None:
    """A part in a project, or a figure, is called by its ends; who looks for one of these wants it first."""
    part = 'd003:3-4 { participation:p a ctl:Participation ; skos:prefLabel "Il CLM"@it }'
    names = made(named("word", "Il progetto di CLM") + part)
    assert found(names, "clm") == ["word", "p"]


def test_a_slip_is_forgiven_and_said(real: Index) -> None:
    """Where nothing has the words as they are typed; what is looked for instead is said as it is written."""
    answer = real.find("mobilta sostenibile", "it")
    assert answer.corrected == "mobilità sostenibile"
    assert answer.hits[0].thing.iri == f"{BASE}vocab/s3/s3-mobilita-sostenibile"
    assert real.find("vangaurd", "en").hits[0].thing.iri == f"{BASE}id/network/vanguard"
    assert real.find("mobilità", "it").corrected == ""
    assert real.find("xyzzy", "it") == search.Found((), 0, dict.fromkeys(search.FACETS, ()))


def test_a_thing_is_found_by_any_of_its_names(real: Index) -> None:
    """In either language; the name is told if the label does not show it."""
    first = real.find("le2c", "it").hits[0]
    assert (first.thing.iri, first.known_as) == (f"{BASE}id/cluster/le2c", "LE2C")
    assert real.find("Lombardy Mobility Cluster", "it").hits[0].thing.iri == CLM
    assert real.find("cluster lombardo della mobilità", "en").hits[0].thing.iri == CLM


def test_facets_count_under_the_other_choices(made: Made) -> None:
    """Of its own choice a facet is free, so that another can be made; a choice narrows all the others."""
    names = made(
        named("a", "uno")
        + named("b", "uno bis")
        + """d003:3-4 {
            cluster:clm a ctl:Cluster ; skos:prefLabel "uno CLM"@it .
            participation:x a ctl:Participation ; ctl:participant cluster:clm ; ctl:inProject project:a .
            s3:s3-nutrizione skos:inScheme vocab:s3 ; skos:prefLabel "Nutrizione"@it .
            project:b ctl:supportsEcosystem s3:s3-nutrizione }"""
    )
    project, cluster = f"{PREFIXES['ctl']}Project", f"{PREFIXES['ctl']}Cluster"

    def counted(**chosen: str) -> dict[str, dict[str, int]]:
        facets = names.find("uno", "it", chosen).facets
        return {name: {value.iri: count for value, count in values} for name, values in facets.items()}

    assert counted()["kind"] == {project: 2, cluster: 1}
    assert counted()["cluster"] == {CLM: 2}  # itself, and the project that it takes part in
    assert counted()["ecosystem"] == {f"{BASE}vocab/s3/s3-nutrizione": 1}
    assert counted(kind=project)["kind"] == {project: 2, cluster: 1}
    assert counted(kind=project)["cluster"] == {CLM: 1}
    narrowed = names.find("uno", "it", {"kind": project, "cluster": CLM})
    assert [hit.thing.label for hit in narrowed.hits] == ["uno"]
    assert names.find("", "it", {"kind": "https://example.org/none"}).hits == ()


def test_what_only_follows_is_not_offered_as_a_kind(made: Made) -> None:
    """Everything would be an agent; a page that counts the things of such a class still leads to them."""
    names = made(named("a", "uno") + "graph:derived { project:a a ctl:Activity }")
    answer = names.find("uno", "it")
    assert [value.iri for value, _ in answer.facets["kind"]] == [f"{PREFIXES['ctl']}Project"]
    assert [kind.iri for kind in answer.hits[0].kinds] == [f"{PREFIXES['ctl']}Project"]
    assert found(names, "uno", f"{PREFIXES['ctl']}Activity") == ["a"]


def test_kinds_are_whole_and_those_that_matter_come_first(real: Index) -> None:
    """Who chooses clusters gets the nine as well; measured values, the most of all, come last."""
    kinds = {value.iri.rpartition("#")[2]: count for value, count in real.find("", "it").facets["kind"]}
    assert [*kinds][:2] == ["Cluster", "TechnologyCluster"]
    assert kinds["Cluster"] > kinds["TechnologyCluster"] == 9
    assert [*kinds].index("Measurement") > [*kinds].index("Concept") > [*kinds].index("Project")


def test_clusters_come_first_at_an_equal_match(real: Index) -> None:
    """Then whoever and whatever else has a part in things, then concepts; what is measured last."""
    assert real.find("mobil", "it").hits[0].thing.iri == CLM
    kinds = [kind.iri.rpartition("#")[2] for hit in real.find("eusalp", "it").hits for kind in hit.kinds]
    first = [kinds.index(kind) for kind in ("MacroRegionalStrategy", "WorkingGroup", "Participation")]
    assert first == sorted(first)
    assert set(kinds[kinds.index("Measurement") :]) == {"Measurement"}


def test_a_label_that_fits_needs_no_other_name(real: Index) -> None:
    """An Italian reader is not told the English name of what the Italian one shows as well."""
    hits = {hit.thing.label: hit.known_as for hit in real.find("mobil", "it").hits}
    assert (hits["Mobilità"], hits["Cluster Lombardo della Mobilità"]) == ("", "")
    assert hits["MoSoRe@Unibs"]


@pytest.mark.parametrize(
    ("sentence", "first", "rest"),
    [
        ("Quali imprese sono associate ad AFIL?", ["cluster/afil"], "quali imprese sono associate ad ?"),
        ("che cosa lega LE2C e LGCA", ["cluster/le2c", "cluster/lgca"], "che cosa lega e"),
        ("chi è il presidente del cluster mobilità", ["cluster/clm"], None),
        ("progetti dell'AFIL in EUSALP", ["cluster/afil", "network/eusalp"], "progetti dell' in"),
        ("cluster lombardo della mobilita, progetti", ["cluster/clm"], ", progetti"),
        ("il cluster di chi", [], "il cluster di chi"),
        ("", [], ""),
    ],
)
def test_a_sentence_is_searched_for_names(
    real: Index, sentence: str, first: list[str], rest: str | None
) -> None:
    """Those that stand in it whole, the longest, and those that have several of its words."""
    answer = real.recognise(sentence, "it")
    assert [hit.thing.iri.removeprefix(f"{BASE}id/") for hit in answer.hits[: max(len(first), 1)]] == first
    assert rest is None or answer.rest == rest


@given(st.text(max_size=60))
@settings(max_examples=100, deadline=None)
def test_any_sentence_may_be_asked(real: Index, text: str) -> None:
    """Whatever it is, it is looked for and nothing else."""
    assert len(real.recognise(text, "en", most=3).hits) <= 3


def test_labels_are_in_the_readers_language_or_marked(made: Made) -> None:
    """With the language that they are in instead."""
    names = made('d003:1-2 { project:a a ctl:Project ; skos:prefLabel "uno"@it }')
    [hit] = names.find("uno", "en").hits
    assert (hit.thing.label, hit.thing.lang) == ("uno", "it")
    assert names.find("uno", "it").hits[0].thing.lang == ""


def test_a_search_ends_in_time(real: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    """However long the database would go on; the next one is answered."""
    with monkeypatch.context() as patch:
        patch.setattr(index, "_TIME_S", -1)
        patch.setattr(index, "_STEPS", 1)
        with pytest.raises(QueryLimitError):
            real.find("a", "it")
    assert real.find("clm", "it").total


def test_the_same_content_gives_the_same_index(release: Release) -> None:
    """In this process and in another."""
    here = build(Store.open(release.path))
    assert asyncio.run(building(release.path, disk_mib=1000)) == here


def test_an_index_is_made_once_and_again_after_a_failure(tmp_path: Path) -> None:
    """Many who ask at once share it; a content that cannot be read is an error for each, until it can."""

    async def ask() -> None:
        (tmp_path / "data.trig").write_text("spoilt")
        names = Names(Files((tmp_path / "data.trig",), (), union=True), disk_mib=1000)
        failed = await asyncio.gather(names.index(), names.index(), return_exceptions=True)
        assert [type(error) for error in failed] == [QueryError, QueryError]
        (tmp_path / "data.trig").write_text(trig(named("a", "uno")))
        first, second = await asyncio.gather(names.index(), names.index())
        assert first is second is await names.index()
        await names.close()

    asyncio.run(ask())


def test_an_index_that_nobody_waits_for_is_given_up(release: Release) -> None:
    """The process that makes it ends with the service."""

    async def leave() -> float:
        names = Names(release.path, disk_mib=1000)
        waiting = asyncio.ensure_future(names.index())
        await asyncio.sleep(0.05)
        waiting.cancel()
        began = time.monotonic()
        await names.close()
        return time.monotonic() - began

    assert asyncio.run(leave()) < 5


ENTRIES = {
    "a": ("Progetti di un cluster", "Cluster", "I progetti nominati"),
    "b": ("Le reti di un cluster", "Reti", "Dove sono i progetti comuni"),
    "c": ("Chi finanzia", "Fondi", "Da dove vengono i fondi"),
}


@pytest.mark.parametrize(
    ("text", "keys", "unknown"),
    [
        ("progetto", "ab", None),
        ("i PROGETTI di un cluster", "ab", None),
        ("reti di un cluster", "b", None),
        ("cluster", "ab", None),
        ("progetti finanziati", "cab", ()),
        ("chi ha finanziato?", "c", None),
        ("chi ha finanziato FANGHI?", "c", ("FANGHI",)),
        ("chi", "c", None),
        ("zzz", "", ("zzz",)),
        ('" NEAR *', "", ("NEAR",)),
        ("", "abc", None),
        ("?!", "abc", None),
    ],
)
def test_entries_are_ranked_by_the_words_they_have(
    text: str, keys: str, unknown: tuple[str, ...] | None
) -> None:
    assert ranked(text, ENTRIES) == Ranking(tuple(keys), unknown is None, unknown or ())
