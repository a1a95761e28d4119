// Errors while one types: the service reads the text with the parser that will answer it, and asks nothing.
import { linter } from "@codemirror/lint";
import { part, sentence, service, texts } from "./page.js";
import { placed } from "./problem.js";
import { send } from "./run.js";
import { declared, meant, words } from "./words.js";

const PAUSE_MS = 400;
const PIECE = /"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|<[^<>\s]*>|#[^\n]*|[\w.-]*:[\w-]+/g;

// Names of our own classes and properties that the graph does not have: the query is valid, and finds nothing.
async function unknown(text) {
  const known = await words(), own = declared(text), space = known.prefixes.ctl;
  if (!space || !known.terms.size) return [];
  return [...text.matchAll(PIECE)].filter(([piece]) => {
    const iri = /^[\w.-]*:/.test(piece) ? meant(piece, own, known) : null;
    return iri?.startsWith(space) && !known.terms.has(iri);
  }).map(({ 0: piece, index }) => ({ from: index, to: index + piece.length, severity: "warning",
    message: texts.unknown.replace("{name}", piece) }));
}

// Columns that stand nowhere else: the query is valid, and they stay empty.
function empty(text) {
  const bare = text.replace(PIECE, (piece) => "_".repeat(piece.length));
  const head = bare.match(/\bSELECT\b([^{]*?)(?:\bWHERE\b|\{)/i);
  if (!head || /\bSELECT\s*[^{]*\bFROM\b/i.test(head[0])) return [];
  const start = head.index + head[0].indexOf(head[1]), plain = head[1].replace(/\([^]*?\bAS\b[^)]*\)/gi, (piece) => " ".repeat(piece.length));
  return [...plain.matchAll(/[?$](\w+)/g)].filter(([, name]) => bare.match(new RegExp(`[?$]${name}\\b`, "g")).length === 1)
    .map(({ 0: name, index }) => ({ from: start + index, to: start + index + name.length, severity: "warning",
      message: texts.empty_column.replace("{name}", name) }));
}

// Without an answer there is no error to show: the query can be sent all the same.
async function source(view) {
  const text = view.state.doc.toString();
  if (!text.trim()) return [];
  const response = await send(text, "application/json", {}, `${service}/check`).catch(() => null);
  const { problem } = response?.ok ? await response.json() : {};
  const doubts = problem ? [] : [...empty(text), ...(await unknown(text))];
  const told = problem?.detail ?? doubts[0]?.message;
  part("check").textContent = told ? sentence(told) : "";
  return problem ? placed(problem, view.state.doc) : doubts;
}

export const checking = linter(source, { delay: PAUSE_MS });
