"""What the front matter of a saved query is compared with: the parts of its SPARQL, found by their signs.

It knows strings, IRIs and comments from the rest, and brackets; the engine knows the grammar.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

_KEPT = re.compile(
    r'(?P<string>"{3}.*?"{3}|\'{3}.*?\'{3}|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\')'
    r"|(?P<iri><[^<>\"{}|^`\\\s]*>)|(?P<comment>\#[^\n]*)",
    re.DOTALL,
)
_BLOCK = re.compile(r"\bVALUES\s+[?$](?P<name>\w+)\s*\{(?P<value>[^{}]*)\}", re.IGNORECASE)
_FORM = re.compile(r"\b(SELECT|CONSTRUCT|ASK|DESCRIBE)\b", re.IGNORECASE)
_DECLARED = re.compile(r"\b(?:PREFIX\s+[\w.-]*:|BASE)\s*<[^<>\s]*>", re.IGNORECASE)
_DATASET = re.compile(r"\bFROM\s+(?:NAMED\s+)?(?:<[^<>\s]*>|[\w.-]*:[\w.%-]*)", re.IGNORECASE)
_WHERE = re.compile(r"\b(?:WHERE|ASK)\s*\{", re.IGNORECASE)
_KEYWORDS = ("OPTIONAL", "FILTER", "BIND", "VALUES", "GRAPH", "MINUS")
_SIGN = re.compile(
    rf"<[^<>\s]*>|(?<![\w?$:-])(?:{'|'.join(_KEYWORDS)})\b|[{{}}()\[\]]|\.(?=\s|\Z)", re.IGNORECASE
)
_UNION = re.compile(r"\s*UNION\b", re.IGNORECASE)
_SELECTED = re.compile(r"[()]|[?$](\w+)|\*")
_AGGREGATE = re.compile(r"\b(?:COUNT|SUM|AVG|MIN|MAX|SAMPLE|GROUP_CONCAT)\s*\(", re.IGNORECASE)
_RANK = re.compile(r"\bORDER\s+BY\s+(?:DESC|ASC)\s*\(\s*(?:STR\s*\(\s*)?[?$](\w+)\s*\)", re.IGNORECASE)


@dataclass(frozen=True)
class Block:
    """``VALUES ?name { value }``: where the value stands, and whether the block begins its group."""

    name: str
    start: int
    end: int
    first: bool


@dataclass(frozen=True)
class Parts:
    """A query in parts. where: after the bracket that opens its pattern, None if nothing says WHERE."""

    text: str
    masked: str
    kind: str
    where: int | None

    @classmethod
    def of(cls, text: str) -> Parts:
        """The parts of a query; kind is "" for what is none."""
        masked = _KEPT.sub(_mask, text)
        form, where = _FORM.search(masked), _WHERE.search(masked)
        return cls(text, masked, form[1].lower() if form else "", where.end() if where else None)

    @property
    def prologue(self) -> str:
        """The declarations of prefixes and of a base, each in a line."""
        return "".join(f"{each}\n" for each in _DECLARED.findall(self.masked))

    @property
    def dataset(self) -> str:
        """The graphs that it says are asked: its FROM clauses, with a blank behind each."""
        head = self.masked[self._form : self.where]
        return "".join(f"{each} " for each in _DATASET.findall(head))

    @cached_property
    def blocks(self) -> list[Block]:
        """The VALUES blocks of one variable."""
        found: list[Block] = []
        for block in _BLOCK.finditer(self.masked):
            before = self.masked[: block.start()].rstrip()
            another = bool(found) and found[-1].first and len(before) == found[-1].end + 1
            first = before.endswith("{") or another
            found.append(Block(block["name"], block.start("value"), block.end("value"), first))
        return found

    @property
    def columns(self) -> list[str] | None:
        """What SELECT names, in its order; None if it says ``*``."""
        form, where = _FORM.search(self.masked), _WHERE.search(self.masked)
        head = self.masked[form.end() : where.start() if where else None] if form else ""
        depth, last, names = 0, "", []
        for found in _SELECTED.finditer(head):
            match found[0]:
                case "(":
                    depth += 1
                case ")":
                    depth -= 1
                    names += [] if depth else [last]
                case "*" if depth == 0:
                    return None
                case _:
                    last = found[1] or last
                    names += [] if depth else [last]
        return names

    @property
    def rank(self) -> str | None:
        """The variable that the whole query is sorted by first, if it says DESC or ASC of it."""
        end = self.masked.rfind("}")
        found = _RANK.search(self.masked, end + 1)
        return found[1] if found else None

    @property
    def group(self) -> tuple[int, int]:
        """Where the pattern stands, without its brackets."""
        depth, start = 1, self.where or 0
        for found in re.compile(r"[{}]").finditer(self.masked, start):
            depth += 1 if found[0] == "{" else -1
            if not depth:
                return start, found.start()
        return start, len(self.text)

    @property
    def sized(self) -> str:
        """The query that gives the number of rows of the answer; for triples and truths, of solutions."""
        start, end = self.group
        rows = f"SELECT * WHERE {{ {self.text[start:end]} }}"
        if self.kind == "select":
            rows = self.text[self._form :]
        return f"{self.prologue}SELECT (COUNT(*) AS ?n) WHERE {{ {{ {rows} }} }}"

    @property
    def conditions(self) -> list[str]:
        """The conditions of the pattern, each a text of its own, without comments.

        They are the triples up to a full stop, and what begins with a keyword or a bracket of its own.
        """
        start, end = self.group
        found: list[str] = []
        depth, begin, kind = 0, start, ""
        for sign in _SIGN.finditer(self.masked, start, end):
            text = sign[0].upper()  # an IRI is found so that no word in it is taken for a keyword
            if depth == 0 and (text in _KEYWORDS or text == "." or (text == "{" and not kind)):
                begin, kind = self._cut(found, begin, sign), text.strip(".")
            depth += (text in "{([") - (text in "})]")
            closes = (text == "}" and kind) or (text == ")" and kind in ("FILTER", "BIND"))
            if depth == 0 and closes and not _UNION.match(self.masked, sign.end()):
                found.append(self._plain(begin, sign.end()))
                begin, kind = sign.end(), ""
        found.append(self._plain(begin, end))
        return [each for each in found if each.strip(" .\n")]

    def _cut(self, found: list[str], begin: int, sign: re.Match[str]) -> int:
        """End the condition that stands before a sign; where the next one begins."""
        end = sign.end() if sign[0] == "." else sign.start()
        found.append(self._plain(begin, end))
        return end

    def _plain(self, start: int, end: int) -> str:
        """A piece of the text without its comments."""
        text, masked = self.text[start:end], self.masked[start:end]
        return "".join(" " if mask == " " else sign for sign, mask in zip(text, masked, strict=True))

    def counted(self, name: str) -> str:
        """The query that gives each value of a variable and in how many rows of the answer it is."""
        start, end = self.group
        rows = f"SELECT * WHERE {{ {self.text[start:end]} }}"
        if self.kind == "select":
            rows = self._with(name)
        return f"{self.prologue}SELECT ?{name} (COUNT(*) AS ?n) WHERE {{ {{ {rows} }} }} GROUP BY ?{name}"

    @property
    def _form(self) -> int:
        """Where the keyword of the form stands."""
        form = _FORM.search(self.masked)
        return form.start() if form else 0

    def _with(self, name: str) -> str:
        """The SELECT with one variable more, which it groups by if it groups at all."""
        start, end = self.group
        head, group, tail = self.text[self._form : start], self.text[start : end + 1], self.text[end + 1 :]
        if name not in (self.columns or ()):
            head = re.sub(r"(?i)^SELECT(\s+DISTINCT|\s+REDUCED)?", rf"\g<0> ?{name}", head)
        tail = re.sub(r"(?is)\bORDER\s+BY\b.*?(?=\bLIMIT\b|\bOFFSET\b|\Z)", "", tail)
        if re.search(r"(?i)\bGROUP\s+BY\b", tail):
            tail = re.sub(r"(?i)\bGROUP\s+BY\b", rf"\g<0> ?{name}", tail)
        elif _AGGREGATE.search(head):
            tail = f" GROUP BY ?{name}{tail}"
        return head + group + tail


def _mask(found: re.Match[str]) -> str:
    """The same length without what could be taken for something else."""
    text = found[0]
    if found["comment"]:
        return " " * len(text)
    return text if found["iri"] else text[0] + "_" * (len(text) - 2) + text[-1]
