// Bundles src/ into publisher/web/static: the query editor and the script of pictures, each with the licences of what
// is bundled beside it. The banner carries a hash of the sources, which tests/test_workbench.py compares with them.
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";

const out = process.argv[2] ?? "../publisher/web/static";
const sources = ["build.mjs", "package-lock.json", ...readdirSync("src").sort().map((name) => `src/${name}`)];
const hash = createHash("sha256");
for (const file of sources) hash.update(readFileSync(file));
const built = hash.digest("hex");
for (const [script, entry] of [["workbench", "src/main.js"], ["pictures", "src/pictures.js"]]) {
  const result = await build({
    entryPoints: [entry],
    outfile: `${out}/${script}.js`,
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    legalComments: "none",
    metafile: true,
    banner: { js: `// Built by 'make editor' from workbench/, sources ${built}; licences: ${script}.licences.txt` },
  });
  const folders = new Set(
    Object.keys(result.metafile.inputs).flatMap((file) => file.match(/^node_modules\/(?:@[^/]+\/)?[^/]+/)?.[0] ?? []),
  );
  const licences = [...folders].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(`${folder}/package.json`, "utf8"));
    return `${name} ${version} (${license})\n\n${readFileSync(`${folder}/LICENSE`, "utf8").trim()}\n`;
  });
  writeFileSync(`${out}/${script}.licences.txt`, licences.join(`\n${"-".repeat(80)}\n\n`));
}
