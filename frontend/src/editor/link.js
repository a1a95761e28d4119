// A query in the fragment of the address, which never reaches the server: as it is, or compressed if it is long.
const LONG = 1500; // characters of an address that mail programs and messengers leave whole

async function through(stream, bytes) {
  return new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(stream)).arrayBuffer());
}

async function packed(text) {
  const bytes = await through(new CompressionStream("deflate-raw"), new TextEncoder().encode(text));
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

async function unpacked(code) {
  const binary = atob(code.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
  return new TextDecoder().decode(await through(new DecompressionStream("deflate-raw"), bytes));
}

export async function fragment(query) {
  const plain = `#query=${encodeURIComponent(query)}`;
  return plain.length <= LONG ? plain : `#q=${await packed(query)}`;
}

// The query of a fragment; null if it holds none, or a damaged one.
export async function linked(hash) {
  const [, name, value] = hash.match(/^#(q|query)=(.+)$/s) ?? [];
  try {
    if (name === "query") return decodeURIComponent(value.replaceAll("+", " "));
    return name ? await unpacked(value) : null;
  } catch (error) {
    if (error instanceof DOMException || error instanceof TypeError || error instanceof URIError) return null;
    throw error;
  }
}
