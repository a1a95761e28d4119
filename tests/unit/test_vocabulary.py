"""Names are short for people and full for machines, and nothing is lost between."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctlgraph.release import Release
from ctlgraph.vocabulary import BASE, PREFIXES, compact, expand, nearest, passage

SLUGS = st.from_regex(r"[a-z0-9]+(-[a-z0-9]+)*", fullmatch=True)


@given(prefix=st.sampled_from(sorted(PREFIXES)), slug=SLUGS)
def test_a_compact_name_expands_to_the_iri_it_came_from(prefix: str, slug: str) -> None:
    """What a report shows can be typed back."""
    iri = PREFIXES[prefix] + slug
    assert expand(compact(iri)) == iri


def test_no_two_prefixes_mean_the_same() -> None:
    """A name has one compact form."""
    assert len(set(PREFIXES.values())) == len(PREFIXES)


@pytest.mark.parametrize(
    ("iri", "short"),
    [
        (BASE + "id/cluster/afil", "cluster:afil"),
        (BASE + "vocab/legal-form/foundation", "legalform:foundation"),
        (BASE + "vocab/legal-form", "vocab:legal-form"),
        (BASE + "graph/doc-003/152-154", "d003:152-154"),
        (BASE + "graph/derived", "graph:derived"),
        (BASE + "shapes#ClusterShape", "ctlsh:ClusterShape"),
        (BASE + "ontology#", BASE + "ontology#"),
        (BASE + "id/dragon/smaug", BASE + "id/dragon/smaug"),
        ("http://example.org/a b", "http://example.org/a b"),
    ],
)
def test_the_longest_namespace_gives_the_name(iri: str, short: str) -> None:
    """`d003:152-154`, not `graph:doc-003/152-154`; an IRI of no namespace stays as it is."""
    assert compact(iri) == short


@pytest.mark.parametrize("name", ["cluster:afil", "id/cluster/afil", BASE + "id/cluster/afil"])
def test_every_way_to_name_a_node_gives_one_iri(name: str) -> None:
    """A parameter takes `cluster:afil`, the path of its page, or the IRI with angle brackets or without."""
    assert expand(name) == expand(f"<{name}>") == BASE + "id/cluster/afil"


def test_an_unknown_prefix_is_no_name() -> None:
    """A typo must not become an IRI."""
    with pytest.raises(KeyError, match="clutser"):
        expand("clutser:afil")


def test_a_passage_tells_its_document_and_lines() -> None:
    """The IRI of a passage is its citation."""
    assert passage(BASE + "graph/doc-003/152-154") == ("doc-003", 152, 154)
    assert passage(BASE + "graph/doc-003/154-152") == ("doc-003", 154, 152)
    assert passage(BASE + "graph/curated/labels") is None
    assert passage(BASE + "graph/doc-003/152") is None


def test_the_nearest_name_is_offered_only_if_it_is_near() -> None:
    """A wrong hint is worse than none."""
    assert nearest("ctl:memberCuont", {"ctl:memberCount", "ctl:member"}) == "ctl:memberCount"
    assert nearest("ctl:memberCount", {"skos:broader"}) is None


def test_every_type_and_scheme_of_the_data_has_a_prefix(release: Release) -> None:
    """What the data name, a report can show in short."""
    text = (release.path / "ctlgraph.nq").read_text("utf-8")
    spaces = set(re.findall(rf"<({re.escape(BASE)}(?:id|vocab)/[^/>]+/)[^>]+>", text))
    assert spaces <= set(PREFIXES.values())
