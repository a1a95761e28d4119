// Names of IRIs in the reader's language, asked of the same graph that the answer comes from.
import { lang } from "./page.js";
import { send } from "./run.js";

const MOST = 3000; // IRIs: more would make the question longer than the service reads
const PROPERTIES = ["http://www.w3.org/2004/02/skos/core#prefLabel", "http://www.w3.org/2000/01/rdf-schema#label",
  "http://purl.org/dc/terms/title", "http://www.w3.org/ns/locn#fullAddress"];
const known = new Map();

const rank = (term) => (term["xml:lang"] === lang ? 0 : term["xml:lang"] ? 2 : 1);

// From each IRI that has a name to {value, lang}; lang only if it is not the reader's.
export async function names(iris) {
  const wanted = [...new Set(iris)].filter((iri) => !known.has(iri) && !/[<>"{}|^`\\\s]/.test(iri)).slice(0, MOST);
  if (wanted.length) {
    const query = `SELECT ?x ?v { VALUES ?x { ${wanted.map((iri) => `<${iri}>`).join(" ")} } ?x ?p ?v
      FILTER(?p IN (${PROPERTIES.map((iri) => `<${iri}>`).join(", ")})) } ORDER BY ?x ?v`;
    const response = await send(query, "application/sparql-results+json");
    if (!response.ok) return known; // names are a help: without them the IRIs stay
    for (const { x, v } of (await response.json()).results.bindings) {
      const before = known.get(x.value);
      if (!before || rank(v) < before.rank) known.set(x.value, { value: v.value, lang: v["xml:lang"], rank: rank(v) });
    }
  }
  return known;
}
