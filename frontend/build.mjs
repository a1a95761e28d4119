// Builds the front end into the folder named on the command line: styles, script, fonts and icons under
// names that carry their content's hash, each also compressed, and manifest.json from name to file.
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import esbuild from "esbuild";
import * as sass from "sass";

const italia = "node_modules/bootstrap-italia/dist";
const out = process.argv[2];
const manifest = {};

function emit(name, contents) {
  const data = Buffer.from(contents);
  const hash = createHash("sha256").update(data).digest("hex").slice(0, 12);
  const file = name.replace(/(\.\w+)$/, `-${hash}$1`);
  writeFileSync(join(out, file), data);
  if (!name.endsWith(".woff2")) {
    writeFileSync(join(out, `${file}.gz`), gzipSync(data, { level: 9 }));
    writeFileSync(join(out, `${file}.br`), brotliCompressSync(data, {
      params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: data.length },
    }));
  }
  manifest[name] = file;
  return file;
}

// The icons of src/icons.txt, cut out of the sprite of Bootstrap Italia, and our own mark.
function sprite() {
  const all = readFileSync(`${italia}/svg/sprites.svg`, "utf8");
  const symbols = readFileSync("src/icons.txt", "utf8").trim().split("\n").map((name) => {
    const found = all.match(new RegExp(`<symbol[^>]*\\bid="${name}"[^>]*>.*?</symbol>`, "s"));
    if (!found) throw new Error(`no icon is called ${name}`);
    return found[0];
  });
  const own = readFileSync("src/mark.svg", "utf8").match(/<symbol.*<\/symbol>/s)[0];
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}${own}</svg>`.replace(/>\s+</g, "><");
}

function styles(file, fonts = "") {
  const scss = readFileSync(`src/${file}`, "utf8");
  const { css } = sass.compileString(fonts + scss, {
    loadPaths: ["node_modules", "src"], quietDeps: true,
    silenceDeprecations: ["import", "global-builtin", "color-functions", "if-function", "slash-div"],
  });
  const small = esbuild.transformSync(drawn(css), { loader: "css", minify: true, target: "es2022" }).code;
  const data = small.match(/[^{}]*\{[^{}]*data:[^{}]{0,60}/);
  if (data) throw new Error(`the styles use a data: URL, which the CSP refuses: ${data[0]}`);
  return small;
}

// Drawings inside Swagger UI's styles become files, for the CSP refuses them there; its rasters, which serve only
// its authors, are left out.
function drawn(css) {
  const files = new Map();
  return css.replace(/url\((["'])data:image\/svg\+xml;charset=utf-8,((?:\\.|(?!\1).)*)\1\)/g, (_, quote, text) => {
    const svg = decodeURIComponent(text.replace(/\\(.)/g, "$1"));
    if (!files.has(svg)) files.set(svg, emit(`drawing-${files.size + 1}.svg`, svg));
    return `url("${files.get(svg)}")`;
  }).replace(/url\(data:image\/(?:png|jpeg);base64,[\w+/=]*\)/g, "none");
}

function script(file) {
  const built = esbuild.buildSync({ entryPoints: [`src/${file}`], bundle: true, minify: true, write: false,
    format: "iife", target: "es2022", legalComments: "none" });
  return built.outputFiles[0].contents;
}

mkdirSync(out, { recursive: true });
const faces = ["regular", "600", "700"].map((weight) => {
  const file = emit(`titillium-${weight}.woff2`,
    readFileSync(`${italia}/fonts/Titillium_Web/titillium-web-v10-latin-ext_latin-${weight}.woff2`));
  return `@font-face { font-family: "Titillium Web"; font-weight: ${weight === "regular" ? 400 : weight};
    font-display: swap; src: url("${file}") format("woff2"); }\n`;
});
// The same face as files that a program can read which draws charts.
mkdirSync(join(out, "fonts"), { recursive: true });
for (const weight of ["regular", "700"]) {
  cpSync(`${italia}/fonts/Titillium_Web/titillium-web-v10-latin-ext_latin-${weight}.ttf`, join(out, "fonts", `titillium-${weight}.ttf`));
}
emit("main.css", styles("main.scss", faces.join("")));
emit("main.js", script("main.js"));
emit("graph.js", script("graph.js"));
emit("editor.js", script("editor/editor.js"));
emit("docs.css", styles("docs.scss"));
emit("docs.js", script("docs.js"));
emit("icons.svg", sprite());
mkdirSync(join(out, "licences"), { recursive: true });
const own = ["bootstrap-italia", "cytoscape", "htmx.org", "codemirror-lang-sparql", "@codemirror/view", "@lezer/lr", "style-mod", "w3c-keyname", "crelt"];
for (const [folder, licence] of [...own.map((folder) => [folder, "LICENSE"]),
  ["bootstrap-italia/dist/fonts/Titillium_Web", "OFL.txt"], ["swagger-ui-dist", "LICENSE"], ["swagger-ui-dist", "NOTICE"],
  ["swagger-ui-dist", "swagger-ui-bundle.js.LICENSE.txt"]]) {
  const name = `${folder.replace(/^@(\w+)\/.*/, "$1").split("/")[0]}-${licence}.txt`.replace(".txt.txt", ".txt");
  cpSync(`node_modules/${folder}/${licence}`, join(out, "licences", name));
}
writeFileSync(join(out, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
