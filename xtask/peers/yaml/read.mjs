// What the `yaml` package of npm reads as YAML 1.2 with the core schema, and merge keys, which
// kiln has, too.
//
// On standard input comes one JSON text a line, which is YAML. For each, one line goes out, as
// read.py writes it.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const YAML = createRequire(process.argv[2] + "/")("yaml");
const options = { version: "1.2", schema: "core", merge: true, intAsBigInt: true, logLevel: "silent" };

class Shown {
  lacks = false;

  none() {
    this.lacks = true;
    return { none: true };
  }

  value(value, around = []) {
    if (value === undefined) return null;
    if (typeof value === "string" && !value.isWellFormed()) throw new Error("half of a surrogate pair");
    if (value === null || typeof value === "boolean" || typeof value === "string") return value;
    if (typeof value === "bigint") return value > -(2n ** 127n) && value < 2n ** 127n ? { int: String(value) } : this.none();
    if (typeof value === "number") return { float: Object.is(value, -0) ? "-0.0" : String(value) };
    if (around.includes(value) || value instanceof Uint8Array) return this.none();
    around = [...around, value];
    if (Array.isArray(value)) return value.map((item) => this.value(item, around));
    const entries = {};
    let special = false;
    for (const [key, item] of value) {
      if (typeof key !== "string") {
        this.lacks = true;
        continue;
      }
      special ||= ["int", "float", "date", "none", "map"].includes(key);
      Object.defineProperty(entries, key, { value: this.value(item, around), enumerable: true });
    }
    return special ? { map: entries } : entries;
  }
}

function read(text) {
  try {
    const documents = YAML.parseAllDocuments(text, options);
    if (documents.length > 1) return { error: null };
    if (documents.length === 0) return { value: null };
    const [document] = documents;
    if (document.errors.length > 0) return { error: null };
    const shown = new Shown();
    const answer = { value: shown.value(document.toJS({ mapAsMap: true, maxAliasCount: -1 })) };
    if (document.warnings.length > 0) return { error: null };
    if (shown.lacks) answer.lacks = true;
    return answer;
  } catch {
    return { error: null };
  }
}

const lines = readFileSync(0, "utf8").split("\n").filter((line) => line !== "");
for (const line of lines) {
  console.log(JSON.stringify(read(JSON.parse(line))));
}
