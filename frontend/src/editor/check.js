// Errors while one types: the service reads the text with the parser that will answer it, and asks nothing.
import { linter } from "@codemirror/lint";
import { part, sentence, service } from "./page.js";
import { placed } from "./problem.js";
import { send } from "./run.js";

const PAUSE_MS = 400;

// Without an answer there is no error to show: the query can be sent all the same.
async function source(view) {
  const text = view.state.doc.toString();
  if (!text.trim()) return [];
  const response = await send(text, "application/json", {}, `${service}/check`).catch(() => null);
  const { problem } = response?.ok ? await response.json() : {};
  part("check").textContent = problem ? sentence(problem.detail) : "";
  return placed(problem, view.state.doc);
}

export const checking = linter(source, { delay: PAUSE_MS });
