// What comes back, shown: rows as a table, a graph as text, yes or no, and the files that hold all of it.
import { count, element, part, say, seconds, texts, told } from "./page.js";
import { chart, why } from "./question.js";
import { download, formats } from "./run.js";
import { isNumber, table } from "./table.js";

const MOST = 1000; // rows shown; the files have all

function files(query, outcome) {
  const list = element("ul", { className: "formats no-print" });
  list.setAttribute("aria-label", texts.files);
  for (const format of formats(outcome)) {
    const button = element("button", { type: "button", className: "btn btn-outline-primary btn-sm", textContent: format.toUpperCase() });
    button.addEventListener("click", async () => {
      const problem = await download(query, format);
      if (problem) say(problem.detail, true);
    });
    list.append(element("li", {}, button));
  }
  return list;
}

// A button, and the place for what it brings.
function further(text, ask) {
  const button = element("button", { type: "button", className: "btn btn-outline-primary btn-sm", textContent: text });
  const place = element("div", { className: "further" });
  place.setAttribute("aria-live", "polite");
  button.addEventListener("click", async () => {
    button.disabled = true;
    place.replaceChildren(texts.wait);
    const done = await ask(place).catch(() => say(texts.unreachable, true));
    if (!done) place.replaceChildren();
    button.disabled = false;
  });
  return [element("p", { className: "no-print" }, button), place];
}

function summary({ answer, text }, time) {
  if (text !== undefined) return told("graph", { time });
  if (!answer.results) return told(answer.boolean ? "yes" : "no", { time });
  const rows = answer.results.bindings.length;
  const cut = rows > MOST ? ` ${told("cut", { most: count(MOST) })}` : "";
  return told(rows === 1 ? "row" : rows ? "rows" : "none", { rows: count(rows), time }) + cut;
}

export function clear() {
  part("answer").replaceChildren();
}

export function show(query, outcome, since) {
  say(summary(outcome, seconds(since)));
  const { answer, text } = outcome, shown = [files(query, outcome)];
  if (text) {
    const graph = element("pre", { textContent: text, tabIndex: 0 });
    graph.setAttribute("role", "region");
    graph.setAttribute("aria-label", texts.caption);
    shown.push(graph);
  }
  const rows = answer?.results?.bindings;
  if (rows && !rows.length) shown.push(...further(texts.why, (place) => why(query, place)));
  if (rows?.some((row) => Object.values(row).some(isNumber))) shown.push(...further(texts.chart, (place) => chart(query, place)));
  if (rows?.length) shown.push(...table(answer, rows.slice(0, MOST), query));
  part("answer").append(...shown);
}
