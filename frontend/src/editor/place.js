// What a query says up to some place: which part of a triple comes next, and what is said of each subject.
const TOKEN = /"""[^]*?"""|'''[^]*?'''|"(?:\\.|[^"\\\n])*"(?:@[\w-]+)?|'(?:\\.|[^'\\\n])*'(?:@[\w-]+)?|<[^<>"{}|^`\\\s]*>|#[^\n]*|[?$]\w+|[\w.-]*:[\w.-]*[\w-]|[\w.-]*:|\w+|\S/g;
const KEYWORD = /^(?:SELECT|DISTINCT|WHERE|CONSTRUCT|ASK|DESCRIBE|OPTIONAL|UNION|MINUS|GRAPH|FILTER|BIND|AS|VALUES|ORDER|GROUP|BY|HAVING|LIMIT|OFFSET|NOT|EXISTS|PREFIX|BASE|FROM|NAMED|COUNT)$/i;
const SUBJECT = 0, PROPERTY = 1, OBJECT = 2, DONE = 3;
const PATH = new Set(["/", "|", "^", "!", "("]);
const BY_PATH = "?path"; // in place of a property: what is at its end is not said of the subject itself

// {next, subject, property} at the end of a text, and said: [subject, property, object] of every triple.
export function place(text) {
  const said = [], above = [];
  let next = null, subject = null, property = null, path = false, depth = 0, anonymous = 0;
  for (const [token] of text.matchAll(TOKEN)) {
    if (token.startsWith("#")) continue;
    if (depth) depth += (token === "(") - (token === ")");
    else if (token === "(" && next !== PROPERTY) depth = 1;
    else if (token === "{" || token === "}" || token === ".") [next, subject, path] = [SUBJECT, null, false];
    else if (token === ";") [next, path] = [PROPERTY, false];
    else if (token === ",") next = OBJECT;
    else if (token === "[") {
      const it = `[${(anonymous += 1)}`;
      if (next === OBJECT) said.push([subject, property, it]);
      above.push([next, subject, property]);
      [next, subject, path] = [PROPERTY, it, false];
    } else if (token === "]") {
      const [before, ...outer] = above.pop() ?? [SUBJECT, null, null], it = subject;
      [subject, property] = before === SUBJECT ? [it, null] : outer;
      next = before === SUBJECT ? PROPERTY : DONE;
    } else if ((next === OBJECT || next === PROPERTY) && PATH.has(token)) [next, path] = [PROPERTY, true];
    else if (KEYWORD.test(token)) next = null;
    else if (next === SUBJECT) [subject, next, path] = [token, PROPERTY, false];
    else if (next === PROPERTY) [property, next] = [path ? BY_PATH : token, OBJECT];
    else if (next === OBJECT && !/^[*+?)]$/.test(token)) {
      said.push([subject, property, token]);
      next = DONE;
    }
  }
  return { next: depth ? null : next, subject: path ? null : subject, property, said };
}

export { OBJECT, PROPERTY, SUBJECT };
