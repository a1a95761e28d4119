// What a query says up to some place: which part of a triple comes next, and what is said of each subject.
const TOKEN = /"""[^]*?"""|'''[^]*?'''|"(?:\\.|[^"\\\n])*"(?:@[\w-]+)?|'(?:\\.|[^'\\\n])*'(?:@[\w-]+)?|<[^<>"{}|^`\\\s]*>|#[^\n]*|[?$]\w+|[\w.-]*:[\w.-]*[\w-]|[\w.-]*:|\w+|\S/g;
const KEYWORD = /^(?:SELECT|DISTINCT|WHERE|CONSTRUCT|ASK|DESCRIBE|OPTIONAL|UNION|MINUS|GRAPH|FILTER|BIND|AS|VALUES|ORDER|GROUP|BY|HAVING|LIMIT|OFFSET|NOT|EXISTS|PREFIX|BASE|FROM|NAMED|COUNT)$/i;
const SUBJECT = 0, PROPERTY = 1, OBJECT = 2, DONE = 3;
const PATH = new Set(["/", "|", "^", "!", "("]);

// {next, subject, property} at the end of a text, and said: [subject, property, object] of every triple.
export function place(text) {
  const said = [], above = [];
  let next = null, subject = null, property = null, depth = 0, anonymous = 0;
  for (const [token] of text.matchAll(TOKEN)) {
    if (token.startsWith("#")) continue;
    if (depth) depth += (token === "(") - (token === ")");
    else if (token === "(" && next !== PROPERTY) depth = 1;
    else if (token === "{" || token === "}" || token === ".") [next, subject] = [SUBJECT, null];
    else if (token === ";") next = PROPERTY;
    else if (token === ",") next = OBJECT;
    else if (token === "[") {
      const it = `[${(anonymous += 1)}`;
      if (next === OBJECT) said.push([subject, property, it]);
      above.push([next, subject, property]);
      [next, subject] = [PROPERTY, it];
    } else if (token === "]") {
      const [before, ...outer] = above.pop() ?? [SUBJECT, null, null], it = subject;
      [subject, property] = before === SUBJECT ? [it, null] : outer;
      next = before === SUBJECT ? PROPERTY : DONE;
    } else if (next === OBJECT && PATH.has(token)) next = PROPERTY;
    else if (KEYWORD.test(token)) next = null;
    else if (next === SUBJECT) [subject, next] = [token, PROPERTY];
    else if (next === PROPERTY && !PATH.has(token)) [property, next] = [token, OBJECT];
    else if (next === OBJECT && !/^[*+?)]$/.test(token)) {
      said.push([subject, property, token]);
      next = DONE;
    }
  }
  return { next: depth ? null : next, subject, property, said };
}

export { OBJECT, PROPERTY, SUBJECT };
