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

import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';

const PATIENCE = 20000;
// The server may publish once more when its settings have arrived.
const SILENCE = 300;

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

// Line and column of an offset, from 0, as the protocol counts.
function position(text, offset) {
  if (offset < 0) throw new Error('the case is stale: its place is not in the text');
  const before = text.slice(0, offset).split('\n');
  return { line: before.length - 1, character: before.at(-1).length };
}

// One server, and the part of the language server protocol that is needed.
class Server {
  constructor(program) {
    this.child = spawn(program, ['--stdio'], { stdio: ['pipe', 'pipe', 'ignore'] });
    this.bytes = Buffer.alloc(0);
    this.waiting = new Map();
    this.published = new Map();
    this.next = 1;
    this.broken = new Promise((_, fail) => this.child.on('error', fail));
    this.broken.catch(() => {});
    this.child.stdout.on('data', (data) => this.receive(data));
  }

  async begin(root, settings) {
    this.settings = settings;
    await this.ask('initialize', {
      processId: process.pid,
      rootUri: root,
      workspaceFolders: [{ uri: root, name: 'root' }],
      capabilities: {
        workspace: { configuration: true, workspaceFolders: true },
        textDocument: {
          hover: { contentFormat: ['markdown'] },
          completion: { completionItem: { snippetSupport: false } },
          publishDiagnostics: {},
        },
      },
    });
    this.send({ method: 'initialized', params: {} });
  }

  // The diagnostics of a document.
  async open(uri, text) {
    const textDocument = { uri, languageId: 'yaml', version: 1, text };
    this.send({ method: 'textDocument/didOpen', params: { textDocument } });
    const start = Date.now();
    for (;;) {
      const known = this.published.get(uri);
      if (known && Date.now() - known.time > SILENCE) return known.diagnostics;
      if (Date.now() - start > PATIENCE) throw new Error('the server publishes no diagnostics');
      await Promise.race([this.broken, new Promise((done) => setTimeout(done, 20))]);
    }
  }

  ask(method, params) {
    const id = this.next++;
    this.send({ id, method, params });
    const answer = new Promise((done, fail) => {
      this.waiting.set(id, done);
      setTimeout(() => fail(new Error(`no answer to ${method}`)), PATIENCE).unref();
    });
    return Promise.race([this.broken, answer]);
  }

  end() {
    this.child.kill();
  }

  send(message) {
    const body = JSON.stringify({ jsonrpc: '2.0', ...message });
    this.child.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  }

  receive(data) {
    this.bytes = Buffer.concat([this.bytes, data]);
    for (;;) {
      const end = this.bytes.indexOf('\r\n\r\n');
      if (end < 0) return;
      const length = Number(/Content-Length: (\d+)/i.exec(this.bytes.subarray(0, end))[1]);
      if (this.bytes.length < end + 4 + length) return;
      const message = JSON.parse(this.bytes.subarray(end + 4, end + 4 + length));
      this.bytes = this.bytes.subarray(end + 4 + length);
      this.handle(message);
    }
  }

  handle(message) {
    if (message.method === 'workspace/configuration') {
      const result = message.params.items.map((item) => this.settings[item.section] ?? {});
      this.send({ id: message.id, result });
    } else if (message.method === 'textDocument/publishDiagnostics') {
      const { uri, diagnostics } = message.params;
      this.published.set(uri, { diagnostics, time: Date.now() });
    } else if (message.method && message.id !== undefined) {
      this.send({ id: message.id, result: null });
    } else if (message.id !== undefined) {
      this.waiting.get(message.id)?.(message.result);
    }
  }
}

await main();
