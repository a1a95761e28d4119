"""The shapes as people read them."""

import asyncio
import re
from collections.abc import Callable

from ctlgraph.release import Release
from ctlgraph.store import Store
from ctlgraph.vocabulary import PREFIXES
from ctlgraph.web.site.facts import Ask
from ctlgraph.web.site.rules import PLACES, Rule, chapters, rules

SHAPES = """
ctlsh:SpanShape a sh:NodeShape ; sh:targetClass ctl:Event ; sh:name "durata"@it , "span"@en ;
    sh:sparql _:a .
_:a sh:message "{?path} dura {$days} giorni e {?strange}."@it , "{?path} lasts {$days} days."@en .
ctlsh:NamedShape a sh:NodeShape ; sh:targetSubjectsOf ctl:endDate ;
    sh:property _:b , _:c , ctlsh:Part ; sh:name "n"@it .
_:c sh:path _:d ; sh:message "Un valore o l'altro."@it .
_:d sh:alternativePath ( ctl:value ctl:maximum ) .
_:b sh:path ctl:startDate ; sh:message "Al più un inizio."@it .
ctlsh:Part sh:path ctl:acronym .
ctlsh:ValuesShape a sh:NodeShape ; sh:targetSubjectsOf ctl:acronym .
"""


def read(ask: Ask, lang: str = "it") -> dict[str, Rule]:
    turtle = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())
    triples = Store.from_nquads(b"").query(f"{turtle} CONSTRUCT {{ {SHAPES} }} {{}}").serialize("nt")
    return {rule.anchor: rule for rule in asyncio.run(rules(ask, triples, lang))}


def test_what_a_check_fills_in_is_told_in_words(made: Callable[[str], Ask]) -> None:
    """A message has places for what was found: no variable of a query is left of them."""
    ask = made("")
    assert read(ask)["SpanShape"].messages == ("[proprietà] dura [numero] giorni e [strange].",)
    assert read(ask, "en")["SpanShape"].messages == ("[property] lasts [number] days.",)


def test_each_message_stands_with_the_property_that_it_is_about(made: Callable[[str], Ask]) -> None:
    """Of what a rule is about everything, of a property what is required of it; lists of properties too."""
    found, ours = read(made("")), PREFIXES["ctl"]
    both = {"Al più un inizio.", "Un valore o l'altro."}
    assert set(found["NamedShape"].messages_about(f"{ours}endDate")) == both
    assert found["NamedShape"].messages_about(f"{ours}startDate") == ("Al più un inizio.",)
    assert found["NamedShape"].messages_about(f"{ours}maximum") == ("Un valore o l'altro.",)
    assert found["NamedShape"].messages_about(f"{ours}acronym") == ()


def test_no_rule_is_cut_off(asked: Ask, release: Release) -> None:
    """That every figure cites its source is said with the figure and with the source."""
    every = asyncio.run(rules(asked, (release.path / "shapes.nt").read_bytes(), "en"))
    (rule,) = (each for each in every if each.anchor == "FigureShape")
    cited = "Every figure must cite its source: ctl:refSource."
    assert cited in rule.messages_about(f"{PREFIXES['ctl']}Figure")
    assert rule.messages_about(f"{PREFIXES['ctl']}refSource") == (cited,)
    assert len(rule.messages_about(f"{PREFIXES['ctl']}value")) == 1


def test_every_place_of_our_messages_has_a_word(asked: Ask, release: Release) -> None:
    """Each variable of the shapes' messages has one; none is left on the page."""
    nt = (release.path / "shapes.nt").read_bytes()
    assert set(re.findall(r"\{[?$](\w+)\}", nt.decode())) == set(PLACES)
    texts = [text for rule in asyncio.run(rules(asked, nt, "it")) for text in rule.messages]
    assert [text for text in texts if "{" in text] == []


def test_a_rule_knows_what_it_binds(made: Callable[[str], Ask]) -> None:
    """Classes and properties that it is about, and the properties that its parts require something of."""
    found = read(made(""))
    ours = PREFIXES["ctl"]
    assert found["SpanShape"].binds == {f"{ours}Event"}
    assert found["NamedShape"].binds == {
        f"{ours}{name}" for name in ("endDate", "startDate", "acronym", "value", "maximum")
    }


def test_rules_stand_with_the_class_that_they_are_about(made: Callable[[str], Ask]) -> None:
    """Then those about properties, then the others; one without a name is called by what it is about."""
    every = tuple(read(made("")).values())
    found = chapters(every, "it")
    assert [(chapter.heading, [rule.anchor for rule in chapter.rules]) for chapter in found] == [
        ("ctl:Event", ["SpanShape"]),
        ("Regole sulle proprietà", ["NamedShape", "ValuesShape"]),
        ("Regole su tutto il grafo", ["Part"]),
    ]
    assert {rule.anchor: rule.name for rule in every}["ValuesShape"] == "valori di ctl:acronym"
    assert [rule.anchor for rule in every if rule.has(["durata"])] == ["SpanShape"]
