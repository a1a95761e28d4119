// The parts of the page that the editor uses, and what the page says: texts in the reader's language, addresses.
export const form = document.querySelector("form.query");
export const field = form.querySelector("textarea");
export const part = (name) => document.querySelector(`[data-editor="${name}"]`);
export const texts = JSON.parse(part("tools").dataset.texts);
export const { base, root, running } = part("tools").dataset;
export const service = `${root}/sparql`;
export const lang = document.documentElement.lang;
export const told = (name, facts) => texts[name].replace(/\{(\w+)\}/g, (_, fact) => facts[fact]);

const counts = new Intl.NumberFormat(lang);
const times = new Intl.NumberFormat(lang, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
export const count = (number) => counts.format(number);
export const seconds = (since) => `${times.format((performance.now() - since) / 1000)} s`;

export function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

export const sentence = (text) => text.slice(0, 1).toUpperCase() + text.slice(1) + (/[.?!]$/.test(text) ? "" : ".");

export function say(text, bad = false) {
  part("status").textContent = sentence(text);
  part("status").classList.toggle("bad", bad);
}

// The page of an IRI: of ours on this site, in the language that the reader chose; of others where it is.
export function pageOf(iri) {
  if (!iri.startsWith(base)) return iri;
  const path = `/${iri.slice(base.length)}`.replace(/^\/id\//, "/doc/");
  const chosen = new URLSearchParams(location.search).get("lang");
  const [before, after] = path.split("#");
  return root + before + (chosen ? `?lang=${chosen}` : "") + (after === undefined ? "" : `#${after}`);
}
