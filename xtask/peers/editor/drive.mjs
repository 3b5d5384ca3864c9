// Opens documents in yaml-language-server, as an editor does, and compares what comes back.
//
// Standard input: {"server": path, "root": folder, "settings": {…}, "cases": [case, …]}, where
// a case is
//
//   claim        what is claimed
//   file         the path of a document below the root
//   replace      [[old, new], …]: what is changed in it before it is opened; each `old` is
//                there exactly once
//   diagnostics  [{at, says}, …]: exactly these, in any order: `at` is a text on the line that
//                is underlined, `says` a part of the message
//   hover        {at, says}: with the pointer on the first letter of `at`
//   completion   {at, offers, refuses}: with the cursor behind `at`; labels that are offered,
//                and labels that are not
//
// Standard output: one {"claim", "fault"} per line. Every case gets a server of its own, so
// that none hears the echo of another.

import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { Server, position } from './server.mjs';

async function main() {
  const job = JSON.parse(readFileSync(0, 'utf8'));
  for (const one of job.cases) {
    const fault = await judge(job, one).then(() => null, (error) => String(error.message ?? error));
    console.log(JSON.stringify({ claim: one.claim, fault }));
  }
}

async function judge(job, one) {
  const text = changed(readFileSync(join(job.root, one.file), 'utf8'), one.replace ?? []);
  const uri = pathToFileURL(join(job.root, one.file)).href;
  const server = new Server(job.server);
  try {
    await server.begin(pathToFileURL(job.root).href, job.settings);
    const diagnostics = await server.open(uri, text);
    if (one.diagnostics) compare(text, diagnostics, one.diagnostics);
    if (one.hover) await hover(server, uri, text, one.hover);
    if (one.completion) await complete(server, uri, text, one.completion);
  } finally {
    server.end();
  }
}

function changed(text, replacements) {
  for (const [old, fresh] of replacements) {
    if (text.split(old).length !== 2) throw new Error(`the case is stale: \`${old}\` is not there once`);
    text = text.replace(old, () => fresh);
  }
  return text;
}

function compare(text, found, expected) {
  const shown = found.map((it) => `line ${it.range.start.line + 1}: ${it.message}`);
  if (found.length !== expected.length) throw new Error(`${found.length} diagnostics: ${shown.join('; ')}`);
  for (const { at, says } of expected) {
    // A line break before a key tells it from the same letters in a comment.
    const { line } = position(text, text.indexOf(at) + (at.startsWith('\n') ? 1 : 0));
    const hit = found.some((it) => it.range.start.line === line && it.message.includes(says));
    if (!hit) throw new Error(`none on line ${line + 1} says \`${says}\`: ${shown.join('; ')}`);
  }
}

async function hover(server, uri, text, { at, says }) {
  const answer = await server.ask('textDocument/hover', {
    textDocument: { uri },
    position: position(text, text.indexOf(at)),
  });
  const content = answer?.contents?.value ?? '';
  for (const part of says) {
    if (!content.includes(part)) throw new Error(`the hover does not say \`${part}\`: ${content}`);
  }
}

async function complete(server, uri, text, { at, offers, refuses = [] }) {
  const answer = await server.ask('textDocument/completion', {
    textDocument: { uri },
    position: position(text, text.indexOf(at) + at.length),
  });
  const labels = (answer?.items ?? answer ?? []).map((item) => item.label);
  for (const label of offers) {
    if (!labels.includes(label)) throw new Error(`\`${label}\` is not offered: ${labels.join(', ')}`);
  }
  for (const label of refuses) {
    if (labels.includes(label)) throw new Error(`\`${label}\` is offered`);
  }
}

await main();
