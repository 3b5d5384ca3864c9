// Annotates findings of `kiln --format json` with GitHub's own toolkit, which prints one line for
// each. What belongs on a line is said here a second time, from GitHub's documentation of workflow
// commands: columns only within one line, the last column is that of the last character.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const { core, diagnostics } = JSON.parse(readFileSync(0, "utf8"));
const toolkit = await import(pathToFileURL(core));
const command = { error: toolkit.error, warning: toolkit.warning, info: toolkit.notice };

for (const it of diagnostics) {
  const properties = { title: it.code };
  if (it.file !== null) {
    Object.assign(properties, { file: it.file, startLine: it.line, endLine: it.end_line });
    if (it.line === it.end_line) {
      properties.startColumn = it.column;
      properties.endColumn = Math.max(it.end_column - 1, it.column);
    }
  }
  const label = it.labels.slice(0, 1).map((label) => label.text).filter((text) => text !== "");
  const notes = it.notes.map((note) => `note: ${note}`);
  const help = it.help === null ? [] : [`help: ${it.help}`];
  command[it.severity]([it.message, ...label, ...notes, ...help].join("\n"), properties);
}
