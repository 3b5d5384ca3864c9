// A language server as a child, and what an editor says to it.

import { spawn } from 'node:child_process';

const PATIENCE = 20000;
// The server may publish once more when its settings have arrived.
const SILENCE = 300;

// Line and column of an offset, from 0, as the protocol counts.
export function position(text, offset) {
  if (offset < 0) throw new Error('the case is stale: its place is not in the text');
  const before = text.slice(0, offset).split('\n');
  return { line: before.length - 1, character: before.at(-1).length };
}

// One server, and the part of the language server protocol that is needed.
export class Server {
  constructor(program, words = ['--stdio'], language = 'yaml') {
    this.child = spawn(program, words, { stdio: ['pipe', 'pipe', 'ignore'] });
    this.language = language;
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

  // The diagnostics of a document, as the client has them once the server is silent.
  async open(uri, text) {
    const textDocument = { uri, languageId: this.language, version: 1, text };
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
