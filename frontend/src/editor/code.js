// The query as code to copy: curl, Python, R and JavaScript, each with the address of this service.
import { part, service } from "./page.js";

const LONG = 6000; // characters of an address that every server and proxy takes
const here = () => new URL(service, location.href).href;
const quoted = (text) => JSON.stringify(text);
const kind = (query) => query.replace(/#[^\n]*|<[^<>\s]*>|"[^"]*"/g, " ").match(/\b(SELECT|ASK|CONSTRUCT|DESCRIBE)\b/i)?.[1].toLowerCase();
const FORMATS = { select: "csv", ask: "json", construct: "ttl", describe: "ttl" };
const MEDIA = { csv: "text/csv", json: "application/sparql-results+json", ttl: "text/turtle" };

const python = (query, format) => {
  const text = /'''|\\|'$/.test(query) ? quoted(query) : `'''${query}'''`;
  const body = `urlencode({"query": query, "format": "${format}"})`;
  const long = encodeURIComponent(query).length > LONG;
  const address = long ? `urlopen("${here()}", ${body}.encode())` : `"${here()}?" + ${body}`;
  const opening = long ? "from urllib.request import urlopen\n" : "";
  const parse = { csv: `import pandas\n${opening}from urllib.parse import urlencode\n`, json: `import json\nfrom urllib.parse import urlencode\nfrom urllib.request import urlopen\n`, ttl: `import rdflib\n${opening}from urllib.parse import urlencode\n` };
  const read = { csv: `frame = pandas.read_csv(${address})\nprint(frame)`, ttl: `graph = rdflib.Graph().parse(${address}, format="turtle")\nprint(len(graph))`,
    json: `answer = json.load(urlopen("${here()}", ${body}.encode()))["boolean"]\nprint(answer)` };
  return `${parse[format]}\nquery = ${text}\n${read[format]}`;
};

const r = (query, format) => {
  const address = `paste0("${here()}?format=${format}&query=", URLencode(query, reserved = TRUE))`;
  const read = { csv: `frame <- read.csv(${address})\nprint(frame)`, json: `answer <- readLines(${address})\nprint(answer)`, ttl: `turtle <- readLines(${address})\nwriteLines(turtle)` };
  return `query <- r"---(${query})---"\n${read[format]}`;
};

const javascript = (query, format) => {
  const text = `\`${query.replace(/[\\`]|\$\{/g, "\\$&")}\``;
  const media = MEDIA[format === "csv" ? "json" : format];
  const read = { csv: "const { results } = await answer.json();\nconsole.table(results.bindings.map((row) =>\n  Object.fromEntries(Object.entries(row).map(([name, term]) => [name, term.value]))));",
    json: "console.log((await answer.json()).boolean);", ttl: "console.log(await answer.text());" };
  return `const query = ${text};\nconst answer = await fetch("${here()}", {\n  method: "POST",\n  headers: { "Content-Type": "application/sparql-query", Accept: "${media}" },\n  body: query,\n});\n${read[format]}`;
};

const curl = (query, format) =>
  `curl -s '${here()}' -H 'Accept: ${MEDIA[format]}' --data-urlencode query@- <<'SPARQL'\n${query}\nSPARQL`;

const LANGUAGES = { Python: python, R: r, JavaScript: javascript, curl };

// Keeps the code that is shown that of the query. Returns what to call when the query has changed.
export function codes(query) {
  const panel = part("code"), language = panel.querySelector("select"), shown = panel.querySelector("pre");
  const show = () => {
    const text = query().trim();
    if (panel.open) shown.textContent = LANGUAGES[language.value](text, FORMATS[kind(text)] ?? "csv");
  };
  panel.addEventListener("toggle", show);
  language.addEventListener("change", show);
  return show;
}
