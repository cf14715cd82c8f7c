// Starts the server program on an empty data directory with every port chosen by the system, and
// stops it. HUITONG names the program; by default the one that ./test builds.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const START_MS = 60_000; // A first start makes RSA keys; on a busy machine that takes a while.
const STOP_MS = 30_000;

export const PROGRAM = resolve(process.env.HUITONG
  ?? fileURLToPath(new URL('../build/dev/src/apps/huitong', import.meta.url)));

// What the program prints on its standard output before it serves, and under which name we keep it.
const PRINTED = {
  password: /^first start: .*one-time password (\S+)/,
  merchant: /^merchant door\s+(http\S+)/,
  portal: /^wallet\s+(http\S+)\/wallet\/$/,
  metrics: /^metrics\s+(http\S+)\/metrics$/,
};

// What it logs on its standard error, by event: where other institutions ask, and whom they ask.
const LOGGED = {
  serving: ({ institution }) => ({ url: institution }),
  institution_key: ({ code, serial, public_key: key }) => ({ code, serial, key }),
};

const config = (data, { pages = data, code = 'HOUSE', links = '' }) => `data = "${join(data, 'store')}"
portal = "${pages}"

[merchant_door]
port = 0

[portal_door]
port = 0

[observability_door]
port = 0

[institution_door]
port = 0
code = "${code}"

[links]
${links}

[notices]
private_addresses = true
`;

// Gives {password, merchant, portal, metrics, institution, stop}: the one-time password and where
// each door is; of the institution {url, code, serial, key}, as others register it.
// Options: `pages`, the folder of the built web pages (without it there are none); `code`, the
// institution's; `links`, lines of that table of the configuration.
export async function startServer(options = {}) {
  if (!existsSync(PROGRAM)) {
    throw new Error(`there is no program at ${PROGRAM}: build it, or set HUITONG`);
  }
  const folder = await mkdtemp(join(tmpdir(), 'huitong-peers-'));
  const file = join(folder, 'huitong.toml');
  await writeFile(file, config(folder, options));
  const child = spawn(PROGRAM, ['serve', '--config', file], { stdio: ['ignore', 'pipe', 'pipe'] });
  const errors = tail(child.stderr);
  try {
    const printed = await readPrinted(child);
    letGo(child);
    return { ...printed, stop: () => stopServer(child, folder, errors) };
  } catch (error) {
    child.kill('SIGKILL');
    await rm(folder, { recursive: true, force: true });
    throw new Error(`${error.message}\n${errors.text()}`);
  }
}

function readPrinted(child) {
  const printed = { institution: {} };
  const wanted = [...Object.keys(PRINTED), ...Object.keys(LOGGED)];
  const seen = new Set();
  return new Promise((done, fail) => {
    const timer = setTimeout(() => fail(new Error('the server did not start in time')), START_MS);
    child.once('error', fail);
    child.once('exit', (code, signal) => {
      fail(new Error(`the server ended with ${code ?? signal}`));
    });
    const found = (name) => {
      seen.add(name);
      if (!wanted.every((one) => seen.has(one))) return;
      clearTimeout(timer);
      done(printed);
    };
    createInterface({ input: child.stdout }).on('line', (line) => {
      for (const [name, pattern] of Object.entries(PRINTED)) {
        const match = pattern.exec(line);
        if (!match) continue;
        [, printed[name]] = match;
        found(name);
      }
    });
    createInterface({ input: child.stderr }).on('line', (line) => {
      const entry = line.startsWith('{') ? JSON.parse(line) : {};
      if (!LOGGED[entry.event]) return;
      Object.assign(printed.institution, LOGGED[entry.event](entry));
      found(entry.event);
    });
  });
}

// A test that fails before its `after` must neither hang on the server nor leave it behind.
function letGo(child) {
  for (const handle of [child, child.stdout, child.stderr]) handle.unref();
  process.once('exit', () => child.kill('SIGKILL'));
}

async function stopServer(child, folder, errors) {
  const ended = child.exitCode !== null || child.signalCode !== null ? null : once(child, 'exit');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  child.ref();
  child.kill('SIGTERM');
  await ended;
  clearTimeout(timer);
  await rm(folder, { recursive: true, force: true });
  // A server that fell over, or could not drain, is a finding also when every test passed.
  if (child.exitCode !== 0) {
    const end = child.exitCode ?? child.signalCode;
    throw new Error(`the server ended with ${end}\n${errors.text()}`);
  }
}

// The last lines of a log, for the message of a failure.
function tail(stream, lines = 40) {
  const kept = [];
  createInterface({ input: stream }).on('line', (line) => {
    kept.push(line);
    if (kept.length > lines) kept.shift();
  });
  return { text: () => kept.join('\n') };
}
