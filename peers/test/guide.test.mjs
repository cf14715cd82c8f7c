// docs/merchant.md is true: its commands register a merchant, its programs pay and get the notice.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { PROGRAM } from '../server.mjs';
import { PASSWORD, openWorld } from '../world.mjs';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const run = promisify(execFile);
const LINE_MS = 20_000;

let world;
let folder;
let blocks;
before(async () => {
  world = await openWorld();
  folder = await mkdtemp(join(tmpdir(), 'huitong-guide-'));
  await symlink(here('../node_modules'), join(folder, 'node_modules'));
  const guide = await readFile(here('../../docs/merchant.md'), 'utf8');
  blocks = [...guide.matchAll(/^```(\w+)\n(.*?)^```/gms)].map(([, kind, code]) => ({ kind, code }));
});
after(async () => {
  if (folder) await rm(folder, { recursive: true, force: true });
  await world?.close();
});

// Every placeholder of the guide must be there to be filled in.
function filled(code, values) {
  return Object.entries(values).reduce((text, [from, to]) => {
    assert.ok(text.includes(from), `the guide says ${from}`);
    return text.replaceAll(from, to);
  }, code);
}

async function freePort() {
  const server = createServer();
  await new Promise((done) => { server.listen(0, '127.0.0.1', done); });
  const { port } = server.address();
  await new Promise((done) => { server.close(done); });
  return port;
}

// Runs a program of the guide; `line(pattern)` waits for what it prints.
async function start(name, code) {
  await writeFile(join(folder, name), code);
  const child = spawn(process.execPath, [name], { cwd: folder });
  const printed = [];
  let look = () => {};
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (text) => { printed.push(text); look(); });
  }
  const line = (pattern) => new Promise((done, fail) => {
    const late = () => fail(new Error(`no ${pattern} in:\n${printed.join('\n')}`));
    const timer = setTimeout(late, LINE_MS);
    look = () => {
      const found = printed.find((text) => pattern.test(text));
      if (found === undefined) return;
      clearTimeout(timer);
      done(found);
    };
    look();
  });
  return { line, stop: () => child.kill() };
}

const pay = async (code) => assert.equal((await world.user.pay(code)).body.state, 'COMPLETED');

test('the guide, command by command and program by program', { timeout: 120_000 }, async () => {
  const [{ code: shell }, { code: axiosPlugin }, { code: nodeV3 }] = blocks;
  const commands = shell.split('\n').filter((text) => /^(openssl|\$huitong) /.test(text));
  assert.equal(commands.length, 4);
  const said = [];
  for (const command of commands) {
    const text = command.replace(/^\$huitong (.*)/, `"$huitong" $1 --url '${world.server.portal}'`);
    const { stdout } = await run('bash', ['-c', text], { cwd: folder,
      env: { ...process.env, huitong: PROGRAM, HUITONG_OPERATOR_PASSWORD: PASSWORD } });
    said.push(stdout);
  }
  const [, merchant, key, platform] = said.map((text) => (text.trim() ? JSON.parse(text) : null));
  const { public_key_id: id, public_key_pem: pem } = platform.public_key;
  await writeFile(join(folder, 'platform.pem'), pem);

  const port = await freePort();
  const first = await start('axios-plugin.js', filled(axiosPlugin, {
    "apiv3Key = '…'": `apiv3Key = '${merchant.apiv3_key}'`,
    "serial = '…'": `serial = '${key.serial_no}'`,
    'PUB_KEY_ID_…': id,
    'http://127.0.0.1:8480': world.server.merchant,
    'listen(3000)': `listen(${port})`,
    'http://127.0.0.1:3000': `http://127.0.0.1:${port}`,
  }));
  try {
    await pay(await first.line(/^weixin:/));
    assert.match(await first.line(/^TRANSACTION\.SUCCESS/), /"trade_state":"SUCCESS"/);
  } finally {
    first.stop();
  }

  const second = await start('node-v3.js', `
    const { readFileSync } = require('fs');
    const BASE = '${world.server.merchant}', appid = 'wx1234567890abcdef', mchid = '1900000200';
    const apiv3Key = '${merchant.apiv3_key}', platformId = '${id}';
    ${nodeV3}
    pay.transactions_native({ description: 'Tea', out_trade_no: 'tea-node-v3',
      notify_url: 'http://127.0.0.1:9/', amount: { total: 100 } })
      .then(({ data, error }) => console.log(error ?? data.code_url));`);
  try {
    await pay(await second.line(/^weixin:/));
  } finally {
    second.stop();
  }
});
