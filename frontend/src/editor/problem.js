// A problem that names a line and a column, as a mark in the text. Columns count characters, not UTF-16 units.
export function placed(problem, doc) {
  if (!problem?.line) return [];
  const line = doc.line(Math.min(problem.line, doc.lines));
  const before = [...line.text].slice(0, problem.column - 1).join("").length;
  const from = Math.min(line.from + before, line.to);
  const word = doc.sliceString(from, line.to).match(/^(?:[\w:?$@-]+|.)/u)?.[0].length ?? 0;
  // At the end of a line there is nothing to underline but what stands before.
  const [start, end] = word ? [from, from + word] : [Math.max(line.from, from - 1), from];
  return [{ from: start, to: end, severity: "error", message: problem.detail }];
}
