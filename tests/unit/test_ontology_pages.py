"""Terms with what is known of their use: counts, ties, examples, rules, questions; and their drawings."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest

from ctlgraph.catalogue import Catalogue, read
from ctlgraph.charts.relations import Arrow, Box, relations
from ctlgraph.charts.tree import Branch, tree
from ctlgraph.vocabulary import expand
from ctlgraph.web.site import terms
from ctlgraph.web.site.facts import Ask, Thing, path_of_term
from ctlgraph.web.site.model import PLACES, model
from ctlgraph.web.site.rules import Rule
from ctlgraph.web.site.term import Used, names, used

ONTOLOGY = """<https://w3id.org/ctlgraph/ontology> {
    ctl:Cluster a owl:Class ; rdfs:label "cluster"@it . ctl:TechnologyCluster a owl:Class ;
        rdfs:subClassOf ctl:Cluster ; rdfs:label "cluster tecnologico"@it .
    ctl:inNetwork a owl:ObjectProperty ; rdfs:label "nella rete"@it . ctl:Network a owl:Class }
d003:1-2 { cluster:a a ctl:Cluster ; ctl:inNetwork network:n , network:m ; ctl:acronym "A" .
    cluster:b a ctl:Cluster ; ctl:inNetwork network:n . network:n a ctl:Network . network:m a ctl:Network }
d003:5-6 { cluster:a a ctl:Cluster }
"""


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return read(Path(__file__).parents[2])


def used_of(ask: Ask, name: str, catalogue: Catalogue, *rules: Rule) -> Used:
    async def asked() -> Used:
        groups = await terms.groups(ask, "it")
        [found] = [each for group in groups for each in group.terms if each.name == name]
        return await used(ask, found, rules, catalogue, "it")

    return asyncio.run(asked())


def test_a_class_says_what_is_said_of_its_things(made: Callable[[str], Ask], catalogue: Catalogue) -> None:
    """Each thing once, however many sources name it; what leads to a class counts the things that do."""
    ask = made(ONTOLOGY)
    cluster = used_of(ask, "ctl:Cluster", catalogue)
    assert cluster.term.uses == 2
    assert [(str(tie.property), str(tie.other), tie.count) for tie in cluster.out] == [
        ("nella rete", "ctl:Network", 2),
        ("ctl:acronym", "None", 1),
    ]
    assert [str(each) for each in cluster.below] == ["cluster tecnologico"]
    assert [(str(each.thing), len(each.sources)) for each in cluster.examples] == [
        ("cluster:a", 2),
        ("cluster:b", 1),
    ]
    network = used_of(ask, "ctl:Network", catalogue)
    assert [(str(tie.other), tie.count) for tie in network.into] == [("cluster", 2)]


def test_a_property_says_from_where_to_where_it_leads(
    made: Callable[[str], Ask], catalogue: Catalogue
) -> None:
    """Classes on both sides with how many things, and statements as examples."""
    found = used_of(made(ONTOLOGY), "ctl:inNetwork", catalogue)
    assert found.term.uses == 3
    assert [(str(tie.other), tie.count) for tie in found.out] == [("cluster", 2)]
    assert [(str(tie.other), tie.count) for tie in found.into] == [("ctl:Network", 2)]
    assert len(found.examples) == 3


def test_rules_and_questions_that_name_a_term(made: Callable[[str], Ask], catalogue: Catalogue) -> None:
    """A rule that binds it; a question whose query names it, not one whose default or heading does."""
    bound = Rule("urn:r", "r", "r", "", (), (), frozenset({expand("ctl:inNetwork")}))
    other = Rule("urn:s", "s", "s", "", (), (), frozenset({expand("ctl:Cluster")}))
    found = used_of(made(ONTOLOGY), "ctl:inNetwork", catalogue, bound, other)
    assert found.rules == (bound,)
    asking = {saved.name for saved in found.questions}
    assert {"networks-of", "roles-in-network"} <= asking
    assert "member-counts" not in asking
    named = names(catalogue["networks-of"])
    assert expand("ctl:inNetwork") in named
    assert expand("cluster:clm") not in named
    assert expand("prov:wasDerivedFrom") in named


def test_a_question_about_the_properties_of_a_class_uses_it(
    made: Callable[[str], Ask], catalogue: Catalogue
) -> None:
    """A query need not say what its things are: what the rules require of them alone tells it."""

    def rule(name: str, *properties: str) -> Rule:
        iri, binds = expand(name), {expand(name), *map(expand, properties)}
        return Rule(name, name, name, "", (Thing(iri, name),), (), frozenset(binds), "class")

    rules = [
        rule("ctl:Network", "ctl:inNetwork", "ctl:acronym", "skos:prefLabel"),
        rule("ctl:Cluster", "ctl:acronym", "skos:prefLabel"),
    ]
    network = used_of(made(ONTOLOGY), "ctl:Network", catalogue, *rules)
    assert [each.iri for each in network.own] == [expand("ctl:inNetwork")]
    naming = {saved.name for saved in catalogue.values() if expand("ctl:inNetwork") in names(saved)}
    assert naming <= {saved.name for saved in network.questions} < set(catalogue)
    assert used_of(made(ONTOLOGY), "ctl:inNetwork", catalogue, *rules).own == ()


def test_a_term_that_only_the_data_use_has_a_page_too(made: Callable[[str], Ask]) -> None:
    """Of files that bring no ontology, or of terms of others that it does not name; of nothing else."""
    ask = made(ONTOLOGY)
    for name, kind, uses in (("ctl:acronym", "ObjectProperty", 1), ("ctl:Network", "Class", 2)):
        found = asyncio.run(terms.defined(ask, expand(name), "it"))
        assert found is not None
        assert (found.kind, found.uses) == (kind, uses)
    assert asyncio.run(terms.defined(ask, expand("cluster:a"), "it")) is None


def test_a_term_is_found_by_what_its_vocabulary_is_about(made: Callable[[str], Ask]) -> None:
    """Those that are taken from it, and those that are a kind of one that is."""
    ask = made(
        """<https://w3id.org/ctlgraph/ontology> { prov:wasDerivedFrom a owl:ObjectProperty .
        prov:Entity a owl:Class . ctl:Passage a owl:Class ; rdfs:subClassOf prov:Entity .
        ctl:Event a owl:Class }"""
    )
    for lang, word in (("it", "provenienza"), ("en", "provenance"), ("en", "PROV")):
        every = asyncio.run(terms.groups(ask, lang))
        found = {each.name for group in terms.having(every, word) for each in group.terms}
        assert found == {"prov:wasDerivedFrom", "prov:Entity", "ctl:Passage"}
        assert [(prefix, count) for prefix, _, count in terms.reused(every, lang)] == [("prov", 2)]


def test_every_vocabulary_that_terms_are_taken_from_has_a_subject(asked: Ask) -> None:
    """So that none is missing from the list of the page."""
    every = asyncio.run(terms.groups(asked, "en"))
    prefixes = {each.name.partition(":")[0] for group in every for each in group.terms}
    assert prefixes - {"ctl"} == set(terms.VOCABULARIES)
    assert sum(count for *_, count in terms.reused(every, "en")) > 60


def test_a_term_has_an_address_by_its_name() -> None:
    """With its prefix; one without has none."""
    assert path_of_term(expand("ctl:Cluster")) == "/ontology/terms/ctl:Cluster"
    assert path_of_term("https://example.org/x/y/z?a") == ""


@pytest.mark.parametrize("columns", [1, 2])
def test_a_tree_keeps_its_branches_apart_and_together(columns: int) -> None:
    """Every name once, a tie for each that is below another, nothing over another, trees in one column."""
    roots = [
        Branch(
            "radice <1>",
            "(3)",
            "/a",
            [Branch("sotto", "(1)", "/b", [Branch("in fondo", "", "")]), Branch("due", "", "/d")],
        ),
        *(Branch(f"altra {n}", "", f"/x{n}") for n in range(6)),
    ]
    svg = "{http://www.w3.org/2000/svg}"
    root = ElementTree.fromstring(tree(roots, "Tutto & di più", columns=columns))
    lines = [line for text in root.iter(f"{svg}text") for line in text]
    places = [(float(line.attrib["x"]), float(line.attrib["y"])) for line in lines]
    assert len(set(places)) == len(places) == 10
    assert {x // 344 for x, _ in places} == set(range(columns))
    assert len(list(root.iter(f"{svg}path"))) == 3
    assert len(list(root.iter(f"{svg}a"))) == 9
    _, _, wide, high = map(float, root.attrib["viewBox"].split())
    assert all(0 < x < wide and 0 < y < high for x, y in places)


def test_arrows_are_drawn_where_no_box_is_in_their_way() -> None:
    """Between neighbours, also across a corner, and below the last row; names are links and no markup."""
    boxes = {(x, y): Box(f"<{x}{y}>", f"/b/{x}{y}") for x in range(3) for y in range(2)}
    ways = [((0, 0), (1, 0)), ((0, 0), (1, 1)), ((2, 1), (0, 1)), ((0, 0), (2, 0)), ((0, 0), (0, 0))]
    arrows = [Arrow(start, end, f"p{n} & q", f"/p/{n}") for n, (start, end) in enumerate(ways)]
    drawing = ElementTree.fromstring(relations(boxes, arrows, "a & b"))
    space = "{http://www.w3.org/2000/svg}"
    addresses = [link.get("href") for link in drawing.iter(f"{space}a")]
    assert addresses == ["/p/0", "/p/1", "/p/2", *(f"/b/{x}{y}" for y in range(2) for x in range(3))]
    assert len(list(drawing.iter(f"{space}polygon"))) == 3
    assert "<00>" in "".join(drawing.itertext())
    _, _, across, down = map(float, drawing.attrib["viewBox"].split())
    spots = [(float(each.attrib["x"]), float(each.attrib["y"])) for each in drawing.iter(f"{space}tspan")]
    assert all(0 < x < across and 0 < y < down for x, y in spots)
    assert relations(boxes, arrows[3:], "nothing") == ""


def test_the_main_classes_hang_together_as_the_data_say(made: Callable[[str], Ask]) -> None:
    """Of how many things each property is said; a cluster is no other organisation, a short cut nothing."""
    ask = made(
        """<https://w3id.org/ctlgraph/graph/derived> { cluster:a a org:FormalOrganization ; ctl:participatesIn
        project:p . cluster:b a org:FormalOrganization } d003:1-2 { cluster:a a ctl:TechnologyCluster .
        cluster:b a ctl:TechnologyCluster . organisation:o a org:FormalOrganization .
        project:p a ctl:Project .
        participation:1 a ctl:Participation ; ctl:participant cluster:a ; ctl:inProject project:p .
        participation:2 a ctl:Participation ; ctl:participant cluster:b ; ctl:inProject project:p .
        participation:3 a ctl:Participation ; ctl:participant organisation:o }"""
    )
    found = asyncio.run(model(ask, "en", str))
    assert found is not None
    assert [(tie.property.iri, tie.end.iri, tie.count) for tie in found.ties] == [
        (expand("ctl:inProject"), expand("ctl:Project"), 2),
        (expand("ctl:participant"), expand("ctl:TechnologyCluster"), 2),
        (expand("ctl:participant"), expand("org:FormalOrganization"), 1),
    ]
    wide, narrow = found.drawings
    assert wide.count("<polygon") == 2  # what is said once is in the table alone
    assert narrow.count("<a ") == 3
    assert asyncio.run(model(made("cluster:a ctl:acronym 'A' ."), "en", str)) is None


def test_every_main_class_of_the_release_is_tied_to_another(asked: Ask) -> None:
    """And what the drawing leaves out is in the table."""
    found = asyncio.run(model(asked, "it", str))
    assert found is not None
    assert {each.iri for tie in found.ties for each in (tie.start, tie.end)} == set(map(expand, PLACES))
    assert found.drawings[0].count("<polygon") > 12
