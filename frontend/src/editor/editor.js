// The SPARQL editor: takes the place of the plain form's text field and buttons, which serve without a script.
// It lives in a shadow root because CodeMirror's styles are constructed sheets there, which the content security
// policy allows; in the document they would be style elements, which it refuses.
import { acceptCompletion } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { bracketMatching } from "@codemirror/language";
import { lintKeymap, setDiagnostics } from "@codemirror/lint";
import { EditorState } from "@codemirror/state";
import { EditorView, highlightSpecialChars, keymap, lineNumbers } from "@codemirror/view";
import { sparql } from "codemirror-lang-sparql";
import { clear, show } from "./answer.js";
import { checking } from "./check.js";
import { codes } from "./code.js";
import { completing, completionKeymap } from "./complete.js";
import { examples } from "./examples.js";
import { hovering } from "./hover.js";
import { history as keeping } from "./kept.js";
import { fragment, linked } from "./link.js";
import { look } from "./look.js";
import { field, form, part, say, seconds, texts } from "./page.js";
import { placed } from "./problem.js";
import { saving } from "./question.js";
import { run } from "./run.js";
import { typing } from "./typing.js";

const TICK_MS = 100;
const accept = { key: "Tab", run: acceptCompletion };
const host = document.createElement("div");
let running = null;

function working(since) {
  part("cancel").hidden = false;
  part("run").disabled = true;
  clear();
  say(texts.running);
  const ticking = setInterval(() => (part("clock").textContent = seconds(since)), TICK_MS);
  return () => {
    clearInterval(ticking);
    part("clock").textContent = "";
    part("run").disabled = false;
    if (document.activeElement === part("cancel")) part("run").focus();
    part("cancel").hidden = true;
    running = null;
  };
}

async function start() {
  if (running) return;
  const query = text(), since = performance.now(), done = working(since);
  running = run(query);
  keep(query);
  try {
    window.history.replaceState(null, "", await fragment(query));
    const outcome = await running.outcome, { problem } = outcome;
    view.dispatch(setDiagnostics(view.state, placed(problem, view.state.doc)));
    part("check").textContent = ""; // said below
    if (!problem) show(query, outcome, since);
    else say(problem.type.endsWith("/query-cancelled") ? texts.cancelled : problem.detail, true);
  } catch (error) {
    if (error.name === "AbortError") say(texts.cancelled, true);
    else if (error instanceof TypeError) say(texts.unreachable, true);
    else throw error;
  } finally {
    done();
  }
}

const text = () => view.state.doc.toString();

function put(query) {
  view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: query } });
}

function open(query) {
  put(query);
  view.focus();
}

async function follow(hash) {
  const query = await linked(hash);
  if (query !== null) put(query);
}

host.className = "editor no-print";
const root = host.attachShadow({ mode: "open" });
const view = new EditorView({
  root, parent: root,
  state: EditorState.create({ doc: field.value, extensions: [
    keymap.of([{ key: "Mod-Enter", run: () => (start(), true) }, ...completionKeymap, ...defaultKeymap, ...historyKeymap, ...lintKeymap, accept, indentWithTab]),
    lineNumbers(), highlightSpecialChars(), history(), bracketMatching(), sparql(), look, typing, checking, completing, hovering, EditorView.lineWrapping,
    EditorView.contentAttributes.of({ "aria-label": form.querySelector("label").textContent, "aria-description": part("hint").textContent }),
    EditorView.updateListener.of(({ docChanged }) => docChanged && changed()),
  ] }),
});
const code = codes(text), keep = keeping(open);
function changed() {
  field.value = text();
  code();
}

form.hidden = true;
form.before(host);
part("tools").hidden = false;
part("more").hidden = false;
part("run").addEventListener("click", start);
part("cancel").addEventListener("click", () => running?.stop());
examples(open);
saving(text);
if (new URLSearchParams(location.search).has("query") && !location.hash) start(); // an address that asks
window.addEventListener("hashchange", () => follow(location.hash));
follow(location.hash);
