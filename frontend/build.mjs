// Bundles style, scripts and charts of the office into src/doudi/office/ui/static/ui/build, with a manifest of hashed names.
// Each file lies there plain, .gz and .br, so that the office serves it compressed without doing so itself.

import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";
import esbuild from "esbuild";

const here = path.dirname(fileURLToPath(import.meta.url));
const office = path.join(here, "..", "src", "doudi", "office", "ui");
const out = path.join(office, "static", "ui", "build");
const target = ["chrome108", "edge108", "firefox115", "safari16"];

async function stylesheet() {
  const sheets = ["tokens", "base", "layout", "gallery"].map((name) => path.join(here, "css", `${name}.css`));
  const components = path.join(office, "components");
  for (const name of (await readdir(components)).sort()) sheets.push(path.join(components, name, `${name}.css`));
  const texts = await Promise.all(sheets.map((sheet) => readFile(sheet, "utf8").catch((error) => {
    if (error.code === "ENOENT") return ""; // a component may live by the style of others
    throw error;
  })));
  return withBreakpoints(texts.join("\n"));
}

// `@custom-media --name (…)` names a breakpoint once; browsers do not know it yet and variables do not reach media queries.
function withBreakpoints(css) {
  const named = new Map();
  const rest = css.replace(/@custom-media\s+(--[\w-]+)\s+([^;]+);/g, (_, name, query) => (named.set(name, query.trim()), ""));
  return rest.replace(/@media \((--[\w-]+)\)/g, (_, name) => {
    if (!named.has(name)) throw new Error(`no breakpoint ${name}`);
    return `@media ${named.get(name)}`;
  });
}

async function bundled() {
  const common = { bundle: true, minify: true, write: false, target, legalComments: "none", charset: "utf8", logLevel: "warning" };
  const scripts = await esbuild.build({
    ...common, entryPoints: ["app", "charts"].map((name) => path.join(here, "js", `${name}.js`)), format: "iife", outdir: out,
  });
  const style = await esbuild.transform(await stylesheet(), { loader: "css", minify: true, target, charset: "utf8" });
  const files = scripts.outputFiles.map((file) => [path.basename(file.path), Buffer.from(file.contents)]);
  files.push(["app.css", Buffer.from(style.code)]);
  files.push(["counties.json", await readFile(path.join(here, "data", "counties.json"))]);
  return files;
}

// Names say the content, so nothing is ever overwritten; the files of the build before stay for a site that still runs on it.
async function main() {
  await mkdir(out, { recursive: true });
  const before = await readFile(path.join(out, "manifest.json"), "utf8").then(JSON.parse, () => ({}));
  const manifest = {};
  for (const [name, bytes] of await bundled()) {
    const { name: stem, ext } = path.parse(name);
    const hashed = `${stem}-${createHash("sha256").update(bytes).digest("hex").slice(0, 10)}${ext}`;
    manifest[name] = hashed;
    await put(hashed, bytes);
    await put(`${hashed}.gz`, gzipSync(bytes, { level: 9 }));
    await put(`${hashed}.br`, brotliCompressSync(bytes));
  }
  await put("manifest.json", `${JSON.stringify(manifest, null, 2)}\n`);
  const kept = [...Object.values(before), ...Object.values(manifest)];
  for (const name of await readdir(out)) {
    if (name !== "manifest.json" && !kept.some((each) => name.startsWith(each))) await rm(path.join(out, name), { force: true });
  }
  console.log(`front end built: ${Object.values(manifest).join(", ")}`);
}

// Moved into place whole: whoever serves meanwhile finds the file before or the file after.
async function put(name, bytes) {
  const beside = path.join(out, `.${name}.${process.pid}`);
  await writeFile(beside, bytes);
  await rename(beside, path.join(out, name));
}

await main();
