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

const config = (data, portal) => `data = "${join(data, 'store')}"
portal = "${portal}"

[merchant_door]
port = 0

[portal_door]
port = 0

[observability_door]
port = 0

[notices]
private_addresses = true
`;

// Gives {password, merchant, portal, metrics, stop}: the one-time password and where each door is.
// `pages` is the folder of the built web pages; without it there are none.
export async function startServer({ pages } = {}) {
  if (!existsSync(PROGRAM)) {
    throw new Error(`there is no program at ${PROGRAM}: build it, or set HUITONG`);
  }
  const folder = await mkdtemp(join(tmpdir(), 'huitong-peers-'));
  const file = join(folder, 'huitong.toml');
  await writeFile(file, config(folder, pages ?? folder));
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
  const printed = {};
  return new Promise((done, fail) => {
    const timer = setTimeout(() => fail(new Error('the server did not start in time')), START_MS);
    child.once('error', fail);
    child.once('exit', (code, signal) => {
      fail(new Error(`the server ended with ${code ?? signal}`));
    });
    createInterface({ input: child.stdout }).on('line', (line) => {
      for (const [name, pattern] of Object.entries(PRINTED)) {
        const found = pattern.exec(line);
        if (found) [, printed[name]] = found;
      }
      if (Object.keys(PRINTED).every((name) => printed[name])) {
        clearTimeout(timer);
        done(printed);
      }
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
