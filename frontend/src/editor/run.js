// Sends a query, and stops it: the service ends its work when it is told to, and also when nobody waits any more.
import { lang, running, service } from "./page.js";

const RESULTS = "application/sparql-results+json, text/turtle;q=0.9, application/problem+json;q=0.8";
const FORMATS = { select: ["csv", "tsv", "json", "xml"], ask: ["json", "xml"], graph: ["ttl", "jsonld", "nt", "rdf", "trig", "nq"] };

function identifier() {
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function send(query, accept, more = {}, address = service) {
  return fetch(address, { method: "POST", body: query, ...more,
    headers: { Accept: accept, "Accept-Language": lang, "Content-Type": "application/sparql-query", ...more.headers } });
}

// A query that runs: {answer} as JSON, {text} of a graph, or {problem} as the service words it for the reader.
export function run(query) {
  const id = identifier(), leaving = new AbortController();
  return {
    async stop() {
      await fetch(running + id, { method: "DELETE" }).finally(() => leaving.abort());
    },
    outcome: (async () => {
      const response = await send(query, RESULTS, { signal: leaving.signal, headers: { "X-Request-Id": id } });
      if (!response.ok) return { problem: await response.json() };
      if (response.headers.get("Content-Type").includes("json")) return { answer: await response.json() };
      return { text: await response.text() };
    })(),
  };
}

export const formats = ({ answer, text }) => FORMATS[text !== undefined ? "graph" : answer.results ? "select" : "ask"];

// A file for the reader to keep.
export function save(blob, name) {
  const address = URL.createObjectURL(blob);
  Object.assign(document.createElement("a"), { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}

// The whole answer as a file, whatever the length of the query. Returns a problem, or undefined.
export async function download(query, format) {
  const response = await send(query, "*/*", {}, `${service}?format=${format}`);
  if (!response.ok) return response.json();
  save(await response.blob(), `answer.${format}`);
}
