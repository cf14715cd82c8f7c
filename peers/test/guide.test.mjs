// docs/merchant.md is true: its commands register a merchant, its programs pay and get the notice.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { createSign } from 'node:crypto';
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

// What a test must have otherwise than the guide says: ports.
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

// A client that writes its JSON anew for signing.
async function signedWithoutSpaces() {
  const serial = JSON.parse(await readFile(join(folder, 'key.json'))).serial_no;
  const key = await readFile(join(folder, 'key.pem'));
  const time = Math.floor(Date.now() / 1000);
  const signature = createSign('RSA-SHA256')
    .update(`POST\n/v3/pay/transactions/native\n${time}\nnonce\n{"description":"Tea"}\n`)
    .sign(key, 'base64');
  return `WECHATPAY2-SHA256-RSA2048 mchid="1900000200",nonce_str="nonce",timestamp="${time}",`
    + `serial_no="${serial}",signature="${signature}"\n`;
}

const pay = async (code) => assert.equal((await world.user.pay(code)).body.state, 'COMPLETED');

test('the guide, command by command and program by program', { timeout: 120_000 }, async () => {
  const [{ code: shell }, { code: axiosPlugin }, { code: nodeV3 }, { code: national },
    { code: explain }] = blocks;
  const commands = shell.split('\n').filter((text) => /^(openssl|\$huitong) /.test(text));
  assert.equal(commands.length, 4);
  const env = { ...process.env, huitong: PROGRAM, HUITONG_OPERATOR_PASSWORD: PASSWORD };
  for (const command of commands) {
    const text = command.replace(/^\$huitong (.*)/, `"$huitong" $1 --url '${world.server.portal}'`);
    await run('bash', ['-c', text], { cwd: folder, env });
  }

  const port = await freePort();
  const first = await start('axios-plugin.js', filled(axiosPlugin, {
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
    const { apiv3_key: apiv3Key } = require('./merchant.json');
    const { public_key_id: platformId, public_key_pem: platform } =
      require('./platform.json').public_key;
    ${nodeV3}
    pay.transactions_native({ description: 'Tea', out_trade_no: 'tea-node-v3',
      notify_url: 'http://127.0.0.1:9/', amount: { total: 100 } })
      .then(({ data, error }) => console.log(error ?? data.code_url));`);
  try {
    await pay(await second.line(/^weixin:/));
  } finally {
    second.stop();
  }

  const answered = await run('bash', ['-c', national
    .replace(/\$huitong merchant (add-key|add) /g, `"$huitong" merchant $1 --url '${world.server.portal}' `)
    .replace('http://127.0.0.1:8480', world.server.merchant)], { cwd: folder, env });
  assert.match(answered.stdout, /Wechatpay-Signature-Type: WECHATPAY2-SM2-WITH-SM3[^]*"code_url":"weixin:/);

  await writeFile(join(folder, 'body.json'), '{"description": "Tea"}');
  await writeFile(join(folder, 'authorization.txt'), await signedWithoutSpaces());
  const why = await run('bash', ['-c', explain], { cwd: folder, env }).catch((error) => error);
  assert.equal(why.code, 1);
  assert.match(why.stdout, /signed without the spaces that were sent/);
});
