// Builds bakhong/ui/static/ui from sass/ and scripts/, and writes BUILD.json: what it was built from.
// A pytest without node (bakhong/ui/tests/test_built_files.py) compares BUILD.json with the sources.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import * as sass from "sass";

const HERE = dirname(fileURLToPath(import.meta.url));
const OUT = join(HERE, "../bakhong/ui/static/ui");
const MODULES = join(HERE, "node_modules");
// What Android 6 with a Chrome of 2017 reads.
const TARGET = ["es2017", "chrome60"];

const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");
const packageOf = (name) => JSON.parse(readFileSync(join(MODULES, name, "package.json"), "utf8"));

function css(name) {
  const { css } = sass.compile(join(HERE, "sass", `${name}.scss`), {
    loadPaths: [MODULES],
    style: "compressed",
    charset: false,
  });
  const plain = css
    .replace(/^:root\{--govuk-frontend-version:[^}]*\}/, "") // we record the version in BUILD.json
    .replace(/var\(--govuk-[a-z-]+, (#[0-9a-f]+)\)/g, "$1"); // our colours do not change at run time
  return esbuild.transformSync(plain, { loader: "css", minify: true, target: TARGET, legalComments: "none", charset: "utf8" }).code.trim();
}

function js(path, banner) {
  const source = readFileSync(path, "utf8");
  return esbuild.transformSync(source, { minify: true, format: "iife", target: TARGET, banner, charset: "utf8" }).code;
}

function sources(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? sources(join(folder, entry.name)) : [join(folder, entry.name)]);
}

const htmx = packageOf("htmx.org");
const govuk = packageOf("govuk-frontend");
const built = {
  "portal.css": css("portal"),
  "desk.css": css("desk"),
  // Every script of ours: scripts/x.js becomes x.js.
  ...Object.fromEntries(readdirSync(join(HERE, "scripts")).filter((name) => name.endsWith(".js")).sort()
    .map((name) => [name, js(join(HERE, "scripts", name), "")])),
  "htmx.js": esbuild.transformSync(readFileSync(join(MODULES, "htmx.org/dist/htmx.min.js"), "utf8"), {
    minify: true,
    target: TARGET,
    charset: "utf8",
    banner: `/* htmx ${htmx.version}, ${htmx.license} */`,
  }).code,
};

const inputs = [...sources(join(HERE, "sass")), ...sources(join(HERE, "scripts")), join(HERE, "build.mjs"),
  join(HERE, "package.json"), join(HERE, "package-lock.json")];
built["BUILD.json"] = JSON.stringify({
  sources: Object.fromEntries(inputs.map((path) => [relative(HERE, path), sha256(readFileSync(path))]).sort()),
  built: Object.fromEntries(Object.entries(built).map(([name, text]) => [name, sha256(text)])),
  libraries: {
    "govuk-frontend": { version: govuk.version, license: govuk.license },
    "htmx.org": { version: htmx.version, license: htmx.license },
  },
}, null, 2) + "\n";

if (process.argv.includes("--check")) {
  const stale = Object.keys(built).filter((name) => readFileSync(join(OUT, name), "utf8") !== built[name]);
  console.log(stale.length ? `not what these sources make: ${stale.join(", ")}` : "all files are what these sources make");
  process.exitCode = stale.length ? 1 : 0;
} else {
  mkdirSync(OUT, { recursive: true });
  for (const [name, text] of Object.entries(built)) writeFileSync(join(OUT, name), text);
}
