// An answer as a table: things by their names, with links to their pages; literals with language or datatype.
import { element, lang, pageOf, texts } from "./page.js";
import { names } from "./names.js";

const XSD = "http://www.w3.org/2001/XMLSchema#";
const NUMBERS = new Set(["integer", "decimal", "double", "float", "int", "long", "nonNegativeInteger"].map((name) => XSD + name));
const PLAIN = new Set([...NUMBERS, XSD + "string", XSD + "date", XSD + "gYear", XSD + "boolean"]);

export const isNumber = (term) => NUMBERS.has(term?.datatype);
const isThing = (term) => term?.type === "uri" && /^https?:/.test(term.value);

function note(term) {
  if (term["xml:lang"]) return term["xml:lang"];
  return !term.datatype || PLAIN.has(term.datatype) ? "" : term.datatype.split(/[#/]/).pop();
}

// A term of RDF 1.2 that is a triple, in one line.
function spelled(term) {
  if (term.type !== "triple") return term.type === "bnode" ? `_:${term.value}` : term.value;
  return `<< ${["subject", "predicate", "object"].map((place) => spelled(term.value[place])).join(" ")} >>`;
}

function cell(term, short) {
  if (!term) return element("td");
  if (isThing(term)) {
    const link = element("a", { href: pageOf(term.value), textContent: short(term.value), title: term.value });
    Object.assign(link.dataset, { iri: term.value, short: link.textContent });
    return element("td", {}, link);
  }
  const data = element("td", { className: isNumber(term) ? "number" : "" }, spelled(term));
  if (term["xml:lang"]) data.lang = term["xml:lang"];
  if (note(term)) data.append(element("span", { className: "muted small", textContent: ` ${note(term)}` }));
  return data;
}

// IRIs in short, by the prefixes that the query declares.
export function shortener(query) {
  const declared = [...query.matchAll(/\bPREFIX\s+([\w.-]*:)\s*<([^<>]*)>/gi)].sort((a, b) => b[2].length - a[2].length);
  return (iri) => {
    const found = declared.find(([, , space]) => space && iri.startsWith(space) && /^[\w-]+$/.test(iri.slice(space.length)));
    return found ? found[1] + iri.slice(found[2].length) : iri;
  };
}

// Give each link the name of what it leads to. Returns whether any has one.
async function named(links) {
  const known = await names(links.map((link) => link.dataset.iri));
  for (const link of links) {
    const name = known.get(link.dataset.iri);
    if (name) link.dataset.name = name.value;
    if (name?.lang && name.lang !== lang) link.lang = name.lang;
  }
  return links.some((link) => link.dataset.name);
}

// The switch from names to IRIs, which appears when there are names.
function switched(links) {
  const choice = element("input", { type: "checkbox", id: "as-iris" });
  const label = element("label", { htmlFor: choice.id, textContent: texts.iris });
  const tools = element("p", { className: "as-iris small no-print", hidden: true }, choice, label);
  const show = () => links.forEach((link) => {
    link.textContent = choice.checked ? link.dataset.iri : link.dataset.name ?? link.dataset.short;
  });
  choice.addEventListener("change", show);
  named(links).then((any) => {
    tools.hidden = !any;
    show();
  });
  return tools;
}

// The table, with a switch from names to IRIs; the names follow as soon as they are known.
export function table(answer, rows, query) {
  const columns = answer.head.vars, short = shortener(query);
  const kind = (name) => (rows.some((row) => isNumber(row[name])) ? "number" : "");
  const drawn = element("table", { className: "table" },
    element("caption", { id: "answer-caption", textContent: texts.caption }),
    element("thead", {}, element("tr", {}, ...columns.map((name) => element("th", { scope: "col", textContent: name, className: kind(name) })))),
    element("tbody", {}, ...rows.map((row) => element("tr", {}, ...columns.map((name) => cell(row[name], short))))));
  const frame = element("div", { className: "table-scroll", tabIndex: 0 }, drawn);
  frame.setAttribute("role", "region");
  frame.setAttribute("aria-labelledby", "answer-caption");
  return [switched([...drawn.querySelectorAll("a[data-iri]")]), frame];
}
