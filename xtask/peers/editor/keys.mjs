// Opens one document after the other in a language server and asks about single keys of them.
//
// Standard input: {"server": path, "words": [argument, …], "language": id, "root": folder,
// "settings": {…}, "documents": [document, …]}, where a document is
//
//   file         its path below the root
//   text         what stands in it
//   flagged      [{about, line, from, to, says}, …]: something on this line that touches these
//                columns is underlined, and the message has one of the parts in `says`
//   unknown      the same, of keys that do not exist
//   right        [{about, line}, …]: nothing on this line is underlined
//   hovers       [{about, line, column, says}, …]: the hover has this text
//   completions  [{about, line, column, offers}, …]: these labels are offered
//
// Lines and columns count from 0. Standard output: one {"claim", "fault"} per line.

import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { Server } from './server.mjs';

const job = JSON.parse(readFileSync(0, 'utf8'));
const server = new Server(job.server, job.words, job.language);
try {
  await server.begin(pathToFileURL(job.root).href, job.settings);
  for (const [index, one] of job.documents.entries()) await judge(one, index);
} finally {
  server.end();
}

async function judge({ file, text, flagged = [], unknown = [], right = [], hovers = [], completions = [] }, index) {
  // What is said of one document must not be taken for what is said of another.
  const uri = pathToFileURL(join(job.root, file.replace('.', `-${index}.`))).href;
  const found = await server.open(uri, text);
  const on = (line) => found.filter((it) => it.range.start.line <= line && line <= it.range.end.line);
  for (const one of [...flagged, ...unknown]) {
    const hits = on(one.line).filter((it) => touches(it.range, one));
    const said = hits.some((it) => one.says.some((part) => it.message.includes(part)));
    say(one.about, said ? null : `line ${one.line + 1}: ${shown(on(one.line))}`);
  }
  for (const one of right) {
    // What is missing elsewhere may be told of the whole document.
    const hits = on(one.line).filter((it) => !it.message.includes('is required'));
    say(one.about, hits.length === 0 ? null : `line ${one.line + 1}: ${shown(hits)}`);
  }
  for (const one of hovers) {
    const place = { line: one.line, character: one.column };
    const answer = await server.ask('textDocument/hover', { textDocument: { uri }, position: place });
    const content = answer?.contents?.value ?? '';
    say(one.about, content.includes(one.says) ? null : `the hover is ${JSON.stringify(content)}`);
  }
  for (const one of completions) {
    const place = { line: one.line, character: one.column };
    const answer = await server.ask('textDocument/completion', { textDocument: { uri }, position: place });
    const items = answer?.items ?? answer ?? [];
    // A text that looks like a number is offered in quotes.
    const labels = items.map((item) => String(item.label).replace(/^"(.*)"$/, '$1'));
    for (const { about, label } of one.offers) {
      say(about, labels.includes(label) ? null : `offered are ${labels.join(', ')}`);
    }
  }
}

function touches({ start, end }, { line, from, to }) {
  const first = start.line < line ? 0 : start.character;
  const last = end.line > line ? Infinity : end.character;
  return first <= to && from <= last;
}

function shown(diagnostics) {
  const one = ({ range, message }) => `${range.start.character}-${range.end.character}: ${message}`;
  return diagnostics.map(one).join('; ') || 'nothing is underlined';
}

function say(claim, fault) {
  console.log(JSON.stringify({ claim, fault }));
}
