// What a name in the query means: its label and definition in the reader's language.
import { hoverTooltip } from "@codemirror/view";
import { count, element, told } from "./page.js";
import { names } from "./names.js";
import { declared, meant, words } from "./words.js";

const NAME = /<[^<>"{}|^`\\\s]*>|[\w.-]*:[\w.-]*[\w-]/g;

async function tooltip(view, pos) {
  const { from, text } = view.state.doc.lineAt(pos);
  const found = [...text.matchAll(NAME)].find(({ index, 0: name }) => from + index <= pos && pos <= from + index + name.length);
  if (!found || /\bPREFIX\s+$/i.test(text.slice(0, found.index))) return null;
  const known = await words(), iri = meant(found[0], declared(view.state.doc.toString()), known);
  const word = known.terms.get(iri) ?? (iri && await name(iri));
  if (!word) return null;
  const start = from + found.index;
  return { pos: start, end: start + found[0].length, create: () => ({ dom: explained(word, iri) }) };
}

async function name(iri) {
  const found = (await names([iri])).get(iri);
  return found && { label: found.value };
}

function explained(word, iri) {
  const lines = [element("strong", { textContent: word.label }), word.definition, word.count && told("uses", { count: count(word.count) }), iri];
  return element("div", { className: "ctl-told" }, ...lines.filter(Boolean).map((line) => element("div", {}, line)));
}

export const hovering = hoverTooltip(tooltip);
