// Completion: prefixes; properties of what the subject is; classes of what has these properties; things by name.
import { autocompletion, completionKeymap } from "@codemirror/autocomplete";
import { count, element, lang, root, told } from "./page.js";
import { OBJECT, place, PROPERTY } from "./place.js";
import { declared, meant, words, written } from "./words.js";

const MOST = 60, THINGS = 8;
const TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";
const folded = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

// Put a word in, and declare its prefix if the query does not.
function apply(text, prefix, prefixes) {
  return (view, _, from, to) => {
    const declaration = prefix === undefined ? "" : `PREFIX ${prefix}: <${prefixes[prefix]}>\n`;
    view.dispatch({ userEvent: "input.complete", scrollIntoView: true,
      changes: [...(declaration ? [{ from: 0, insert: declaration }] : []), { from, to, insert: text }],
      selection: { anchor: from + declaration.length + text.length } });
  };
}

function explained(word) {
  return element("div", {}, element("strong", { textContent: word.label }), element("div", { textContent: word.definition ?? "" }),
    element("div", { textContent: told("uses", { count: count(word.count) }) }));
}

function option(word, own, known, boost, type) {
  const { text, prefix } = written(word.iri, own, known);
  return { label: text, detail: word.label, type, boost, info: () => explained(word), apply: apply(text, prefix, known.prefixes) };
}

// Those that have what is typed in their name or label: at the beginning first, then those used most.
function fitting(options, typed) {
  const text = folded(typed);
  const rank = ({ label, detail }) => {
    const local = folded(label.split(":").pop()), name = folded(label), words = folded(detail ?? "");
    return local.startsWith(text) || name.startsWith(text) ? 3 : words.startsWith(text) ? 2 : name.includes(text) || words.includes(text) ? 1 : 0;
  };
  return options.map((each) => [rank(each), each]).filter(([fits]) => fits || !text)
    .sort(([a, one], [b, other]) => b - a || other.boost - one.boost).slice(0, MOST).map(([, each]) => each);
}

// What the query says of a subject: the classes that it is of, the properties that it has.
function of(subject, { said }, iri) {
  const own = said.filter(([about]) => about === subject);
  const isType = (property) => property === "a" || iri(property) === TYPE;
  return { classes: own.filter(([, p]) => isType(p)).map(([, , o]) => iri(o)).filter(Boolean),
    properties: own.filter(([, p]) => !isType(p)).map(([, p]) => iri(p)).filter(Boolean) };
}

function properties(known, classes) {
  const together = ({ among }) => classes.reduce((sum, iri) => sum + (among[iri] ?? 0), 0);
  const found = known.properties.map((word) => [word, classes.length ? together(word) : word.count]);
  const some = found.filter(([, number]) => number);
  return some.length ? some : known.properties.map((word) => [word, word.count]);
}

function classes(known, having) {
  const with_ = (iri) => having.every((property) => known.terms.get(property)?.among?.[iri] ?? !known.terms.has(property));
  const found = known.classes.filter(({ iri }) => with_(iri));
  return (found.length ? found : known.classes).map((word) => [word, word.count]);
}

// A space of names that is typed lets only what lies in it through.
const within = (space, pairs) => (space === undefined ? pairs : pairs.filter(([{ iri }]) => iri.startsWith(space)));

async function things(typed, space, own, known, context) {
  const asking = new AbortController();
  context.addEventListener("abort", () => asking.abort());
  const query = new URLSearchParams({ q: typed, format: "json", limit: space ? "100" : String(THINGS), lang });
  const answer = await fetch(`${root}/search?${query}`, { signal: asking.signal }).catch(() => null);
  if (!answer?.ok) return [];
  const { results } = await answer.json();
  return results.filter(({ iri }) => !space || iri.startsWith(space)).slice(0, THINGS).map(({ iri, label, knownAs, kinds }) => {
    const { text, prefix } = written(iri, own, known);
    return { label: text, displayLabel: label, detail: [knownAs, kinds[0]?.label].filter(Boolean).join(" · "), type: "constant", apply: apply(text, prefix, known.prefixes) };
  });
}

function prefixes(from, typed, known) {
  const options = Object.entries(known.prefixes).map(([prefix, iri]) => ({ label: `${prefix}:`, detail: iri, type: "namespace", apply: `${prefix}: <${iri}>`, boost: 0 }));
  return { from, options: fitting(options, typed), filter: false };
}

function variables(context, text) {
  const found = new Set(text.match(/\?\w+/g));
  const typed = context.matchBefore(/\?\w*/);
  found.delete(typed.text);
  return { from: typed.from, options: [...found].sort().map((label) => ({ label, type: "variable" })), validFor: /^\?\w*$/ };
}

async function source(context) {
  const { doc } = context.state, text = doc.toString(), before = text.slice(0, context.pos);
  const declaring = before.match(/\bPREFIX\s+([\w-]*)$/i);
  if (declaring) return prefixes(context.pos - declaring[1].length, declaring[1], await words());
  if (/\?\w*$/.test(before)) return variables(context, text);
  const piece = before.match(/(?:([\w-]*):)?[\p{L}\p{N}_-]*$/u), from = context.pos - piece[0].length;
  const at = place(before.slice(0, from)), own = declared(text);
  if (at.next === null || (!piece[0] && !context.explicit)) return null;
  const known = await words(), iri = (name) => meant(name, own, known);
  const typed = piece[0].slice(piece[0].indexOf(":") + 1), space = piece[1] === undefined ? undefined : own[piece[1]] ?? known.prefixes[piece[1]];
  const all = place(text.slice(0, from) + " " + text.slice(context.pos)), isClass = at.next === OBJECT && (at.property === "a" || iri(at.property ?? "") === TYPE);
  const said = of(at.subject, all, iri);
  const pairs = at.next === PROPERTY ? properties(known, said.classes) : isClass ? classes(known, said.properties) : null;
  const options = pairs && fitting(within(space, pairs).map(([word, number]) => option(word, own, known, number, isClass ? "class" : "property")), typed);
  const found = options ?? (typed.length > 1 ? await things(typed, space, own, known, context) : []);
  return found.length ? { from, options: found.map(({ boost, ...rest }) => rest), filter: false } : null;
}

export const completing = [autocompletion({ override: [source], activateOnTypingDelay: 150, icons: false, closeOnBlur: true })];
export { completionKeymap };
