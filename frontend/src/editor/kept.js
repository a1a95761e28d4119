// The queries that were run, kept in this browser and nowhere else, the last first.
import { element, lang, part, say, texts } from "./page.js";

const KEY = "ctlgraph.queries", MOST = 50, SHOWN = 80;
const day = new Intl.DateTimeFormat(lang === "en" ? "en-GB" : lang, { dateStyle: "short", timeStyle: "short" });

// A browser may refuse to keep anything, and what it kept may be damaged: then there is nothing.
function stored() {
  try {
    const found = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(found) ? found.filter(({ query, at }) => typeof query === "string" && typeof at === "number") : [];
  } catch (error) {
    if (error instanceof DOMException || error instanceof SyntaxError) return [];
    throw error;
  }
}

function store(queries) {
  try {
    if (queries.length) localStorage.setItem(KEY, JSON.stringify(queries));
    else localStorage.removeItem(KEY);
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
  }
}

// What tells a query from others: its text without the prefixes.
const gist = (query) => query.replace(/^\s*(?:PREFIX|BASE)\b.*$/gim, "").replace(/\s+/g, " ").trim().slice(0, SHOWN);

// The list, with a button for each query. Returns how to keep another.
export function history(open) {
  const panel = part("history"), list = panel.querySelector("ul"), forget = panel.querySelector("button");
  const show = () => {
    const queries = stored();
    forget.hidden = !queries.length;
    list.replaceChildren(...queries.map(({ query, at }) => {
      const button = element("button", { type: "button", className: "kept" }, element("span", { className: "small muted", textContent: `${day.format(at)} ` }), element("code", { textContent: gist(query) }));
      button.addEventListener("click", () => open(query));
      return element("li", {}, button);
    }));
    if (!queries.length) list.append(element("li", { className: "small muted", textContent: texts.empty }));
  };
  forget.addEventListener("click", () => {
    store([]);
    show();
    panel.querySelector("summary").focus();
    say(texts.forgotten);
  });
  panel.addEventListener("toggle", () => panel.open && show());
  return (query) => {
    store([{ query, at: Date.now() }, ...stored().filter((each) => each.query !== query)].slice(0, MOST));
    if (panel.open) show();
  };
}
