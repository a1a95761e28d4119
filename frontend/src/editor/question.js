// What the service makes of the query beside its answer: a question to save, a chart, why there is no row.
import { element, lang, part, say, service } from "./page.js";
import { save, send } from "./run.js";

async function told(response) {
  if (!response.ok) return say((await response.json()).detail, true);
  return response;
}

const asked = (query, path, accept) => send(query, accept, {}, `${service}/${path}`).then(told);

export function saving(query) {
  const form = part("question").querySelector("form");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    form.elements.query.value = query();
    const response = await told(await fetch(`${service}/question`, { method: "POST", headers: { "Accept-Language": lang }, body: new URLSearchParams(new FormData(form)) }));
    const name = response?.headers.get("Content-Disposition").match(/filename="([^"]+)"/)[1];
    if (response) save(await response.blob(), name);
  });
}

// Whether it is there. The drawing stands in the page itself, whose content security policy lets no picture come from elsewhere.
export async function chart(query, place) {
  const response = await asked(query, "chart", "image/svg+xml");
  if (!response) return;
  const text = await response.text(), drawn = new DOMParser().parseFromString(text, "image/svg+xml").documentElement;
  const button = element("button", { type: "button", className: "btn btn-outline-primary btn-sm", textContent: "SVG" });
  button.addEventListener("click", () => save(new Blob([text], { type: "image/svg+xml" }), "chart.svg"));
  place.replaceChildren(element("figure", { className: "chart drawn" }, document.importNode(drawn, true)), button);
  return true;
}

// Whether it is there.
export async function why(query, place) {
  const response = await asked(query, "why", "application/json");
  if (!response) return;
  const { reasons } = await response.json();
  place.replaceChildren(...reasons.map(({ text, parts }) => element("div", {}, element("p", { textContent: text[0].toUpperCase() + text.slice(1) }),
    element("ul", {}, ...parts.map((each) => element("li", {}, element("code", { textContent: each })))))));
  return true;
}
