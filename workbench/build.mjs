// Bundles src/ into publisher/web/static/workbench.js, and the licences of what is bundled beside it.
// The banner carries a hash of the sources, which tests/test_workbench.py compares with them.
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";

const out = process.argv[2] ?? "../publisher/web/static";
const sources = ["build.mjs", "package-lock.json", ...readdirSync("src").sort().map((name) => `src/${name}`)];
const hash = createHash("sha256");
for (const file of sources) hash.update(readFileSync(file));
const result = await build({
  entryPoints: ["src/main.js"],
  outfile: `${out}/workbench.js`,
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  legalComments: "none",
  metafile: true,
  banner: { js: `// Built by 'make editor' from workbench/, sources ${hash.digest("hex")}; licences: workbench.licences.txt` },
});

const folders = new Set(
  Object.keys(result.metafile.inputs).flatMap((file) => file.match(/^node_modules\/(?:@[^/]+\/)?[^/]+/)?.[0] ?? []),
);
const licences = [...folders].sort().map((folder) => {
  const { name, version, license } = JSON.parse(readFileSync(`${folder}/package.json`, "utf8"));
  return `${name} ${version} (${license})\n\n${readFileSync(`${folder}/LICENSE`, "utf8").trim()}\n`;
});
writeFileSync(`${out}/workbench.licences.txt`, licences.join(`\n${"-".repeat(80)}\n\n`));
