// Names below a search field while one types, and below them the questions that fit: the combobox of the ARIA
// Authoring Practices, whose list follows the field. Without it the form works as it stands.
const PAUSE_MS = 120;
const NAMES = 6;
const QUESTIONS = 3;

export function suggest(input) {
  const form = input.closest("form");
  const list = document.createElement("ul");
  const told = document.createElement("span");
  let asking = null, timer = 0, at = -1;

  Object.assign(list, { id: `${input.id}-list`, className: "suggestions", hidden: true });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", input.dataset.suggest);
  told.className = "visually-hidden";
  told.setAttribute("aria-live", "polite");
  for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list",
    "aria-expanded": "false", "aria-controls": list.id })) input.setAttribute(name, value);
  form.classList.add("suggesting");
  form.append(list, told);

  const options = () => [...list.children];
  function open(state) {
    list.hidden = !state;
    input.setAttribute("aria-expanded", String(state));
    if (!state) move(-1);
  }
  function move(to) {
    at = to;
    options().forEach((option, i) => option.setAttribute("aria-selected", String(i === at)));
    if (at < 0) input.removeAttribute("aria-activedescendant");
    else {
      input.setAttribute("aria-activedescendant", options()[at].id);
      options()[at].scrollIntoView({ block: "nearest" });
    }
  }
  function option({ page, what, beside }, i) {
    const item = document.createElement("li");
    item.id = `${list.id}-${i}`;
    item.dataset.page = page;
    item.setAttribute("role", "option");
    for (const [name, text] of [["what", what], ["small muted", beside.filter(Boolean).join(" · ")]]) {
      const part = document.createElement("span");
      part.className = name;
      part.textContent = text;
      item.append(part);
    }
    return item;
  }
  const name = ({ page, label, knownAs, kinds }) => ({ page, what: label, beside: [knownAs, kinds[0]?.label] });
  const question = ({ page, title, with: things }) =>
    ({ page, what: things.length ? `${title} (${things.join(", ")})` : title, beside: [input.dataset.question] });
  async function ask() {
    asking?.abort();
    const text = input.value.trim();
    if (text.length < 2) return open(false);
    asking = new AbortController();
    const address = new URL(form.action);  // which may say the language already
    address.search = new URLSearchParams({ q: text, limit: "8", format: "json", lang: document.documentElement.lang });
    try {
      const answer = await fetch(address, { signal: asking.signal });
      if (!answer.ok) return open(false);
      const { results, total, named, questions } = await answer.json();
      const names = results.length ? results : named.slice(0, 3);
      const offered = [...names.slice(0, NAMES).map(name), ...questions.slice(0, QUESTIONS).map(question)];
      list.replaceChildren(...offered.map(option));
      told.textContent = input.dataset.found.replace("{count}", String(Math.max(total, offered.length)));
      open(offered.length > 0 && document.activeElement === input);
    } catch (error) {
      if (error.name !== "AbortError") open(false);
    }
  }
  function go(item) {
    const page = new URL(item.dataset.page, location.href);
    const chosen = new URLSearchParams(location.search).get("lang");
    if (chosen) page.searchParams.set("lang", chosen);
    location.assign(page);
  }

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE_MS);
  });
  input.addEventListener("keydown", (event) => {
    const last = options().length - 1;
    if (event.key === "Escape" && !list.hidden) open(false);
    else if (event.key === "ArrowDown" && last >= 0) list.hidden ? open(true) : move(at < last ? at + 1 : 0);
    else if (event.key === "ArrowUp" && !list.hidden) move(at > 0 ? at - 1 : last);
    else if (event.key === "Enter" && at >= 0) go(options()[at]);
    else return;
    event.preventDefault();
  });
  input.addEventListener("blur", () => open(false));
  list.addEventListener("mousedown", (event) => event.preventDefault());  // the field keeps the focus
  list.addEventListener("click", (event) => {
    const item = event.target.closest("[role=option]");
    if (item) go(item);
  });
}
