// The prefixes, classes and properties of the graph, as the service tells them; loaded when first asked for.
import { base, lang, root } from "./page.js";

let asked = null;
const index = ({ prefixes, classes, properties }) => ({ prefixes, classes, properties,
  spaces: Object.entries(prefixes).sort((a, b) => b[1].length - a[1].length),
  terms: new Map([...properties, ...classes].map((word) => [word.iri, word])) });
const none = index({ prefixes: {}, classes: [], properties: [] });

async function load() {
  const chosen = new URLSearchParams({ lang });
  const response = await fetch(`${root}/sparql/terms?${chosen}`);
  return response.ok ? index(await response.json()) : none;
}

// Without them the editor still works: a failure is no more than nothing to offer, and is tried again.
export function words() {
  asked ??= load().catch(() => none).then((found) => {
    if (found === none) asked = null;
    return found;
  });
  return asked;
}

export const declared = (text) =>
  Object.fromEntries([...text.matchAll(/\bPREFIX\s+([\w.-]*):\s*<([^<>]*)>/gi)].map(([, prefix, iri]) => [prefix, iri]));

// An IRI as a query writes it, by what is declared first: {text, prefix} with the prefix that has to be declared.
export function written(iri, own, { spaces }) {
  const fits = ([, space]) => iri.startsWith(space) && /^[\w-]+$/.test(iri.slice(space.length));
  const mine = Object.entries(own).find(fits), known = spaces.find(fits);
  const [prefix, space] = mine ?? known ?? [];
  if (space === undefined || (!mine && prefix in own)) return { text: `<${iri}>` };
  return { text: `${prefix}:${iri.slice(space.length)}`, prefix: mine ? undefined : prefix };
}

// The IRI that a piece of a query stands for; null for none.
export function meant(piece, own, { prefixes }) {
  if (piece.startsWith("<")) return new URL(piece.slice(1, -1), base).href;
  const [, prefix, local] = piece.match(/^([\w.-]*):([\w.-]*)$/) ?? [];
  const space = own[prefix] ?? prefixes[prefix];
  return space === undefined || prefix === undefined ? null : space + local;
}
