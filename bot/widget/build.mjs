/** node build.mjs FOLDER: the bundle, the same bytes wherever it is built. The panel's name holds its digest. */

import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const HERE = dirname(fileURLToPath(import.meta.url));
const BUNDLED = ["lit", "lit-html", "lit-element", "@lit/reactive-element", "eventsource-parser"];
const BANNER =
  "/*! Implant clinic assistant, chat widget. Apache-2.0. Licences of what is in it: /widget/LICENSES.txt */";

/** Take comments and runs of blanks out of style sheets. */
const lean = {
  name: "lean",
  setup(build) {
    build.onLoad({ filter: /[/\\]src[/\\][a-z]+\.(css|ts)$/ }, ({ path }) => {
      const text = readFileSync(path, "utf8");
      if (path.endsWith(".css")) return { contents: squeezed(text), loader: "text" };
      return { contents: text.replace(/\bcss`[^`]*`/g, squeezed), loader: "ts" };
    });
  },
};
const squeezed = (text) => text.replace(/\/\*.*?\*\//gs, "").replace(/\s+/g, " ");

async function bundled(entry, options) {
  const result = await build({
    absWorkingDir: HERE,
    entryPoints: [entry],
    bundle: true,
    minify: true,
    write: false,
    target: ["es2021", "safari15"],
    legalComments: "none",
    banner: { js: BANNER },
    charset: "utf8",
    plugins: [lean],
    logLevel: "warning",
    ...options,
  });
  return result.outputFiles[0].contents;
}

const folder = resolve(process.argv[2]);
mkdirSync(folder, { recursive: true });
for (const name of readdirSync(folder)) rmSync(join(folder, name));
const panel = await bundled("src/panel.ts", { format: "esm" });
const name = `panel-${createHash("sha256").update(panel).digest("hex").slice(0, 12)}.js`;
writeFileSync(join(folder, name), panel);
writeFileSync(
  join(folder, "widget.js"),
  await bundled("src/launcher.ts", { format: "iife", define: { PANEL: JSON.stringify(name) } }),
);
const licences = BUNDLED.map((library) => {
  const read = (file) => readFileSync(join(HERE, "node_modules", library, file), "utf8");
  return `${library} ${JSON.parse(read("package.json")).version}\n\n${read("LICENSE").trim()}\n`;
});
writeFileSync(join(folder, "LICENSES.txt"), licences.join(`\n${"-".repeat(80)}\n\n`));
