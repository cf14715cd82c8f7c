// Requests written as the SDKs of other languages write theirs: the order of the pairs in
// Authorization, headers, nonces and JSON. The SDKs themselves do not run here. Each does a round of
// the contract.
import assert from 'node:assert/strict';
import { createSign, randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { after, before, describe, test } from 'node:test';

import * as sdk from '../sdks/axios-plugin.mjs';
import { checkAnswer, order, refundOf, trustedKeys } from '../shop.mjs';
import { CERTIFICATE, MODES, PUBLIC_KEY, openWorld } from '../world.mjs';

const ascii = (json) => json.replace(/[\u0080-\uffff]/g,
  (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
const html = (json) => json.replace(/[<>&]/g, (c) => `\\u00${c.charCodeAt(0).toString(16)}`);
const slashes = (json) => json.replaceAll('/', '\\/');
// As Python writes it; the texts of these tests have no such characters of their own.
const spaced = (json) => json.replaceAll('","', '", "').replaceAll('":', '": ')
  .replaceAll('},"', '}, "').replaceAll(/(\d),"/g, '$1, "');
const alphanumerics = () => randomBytes(16).toString('hex');

const GO_JAVA = ['mchid', 'nonce_str', 'timestamp', 'serial_no', 'signature'];
const PHP_NODE = ['mchid', 'serial_no', 'timestamp', 'nonce_str', 'signature'];
const PYTHON = ['mchid', 'nonce_str', 'signature', 'timestamp', 'serial_no'];

const CLIENTS = [
  { name: 'Go', pairs: GO_JAVA, nonce: alphanumerics, write: (json) => `${html(json)}\n`,
    headers: { 'Accept': '*/*', 'Content-Type': 'application/json',
      'User-Agent': 'WechatPay-Go/0.2.21 (linux) GO/go1.19', 'Accept-Encoding': 'gzip' },
    named: true },
  { name: 'Java', pairs: GO_JAVA, nonce: alphanumerics, write: html,
    headers: { 'Accept': 'application/json', 'Content-Type': 'application/json; charset=utf-8',
      'User-Agent': 'WechatPay-Java/0.2.17 (Linux/6.1) Java/17 Credential/Rsa Validator/Rsa okhttp3',
      'Connection': 'Keep-Alive', 'Accept-Encoding': 'gzip' },
    named: true, certificates: '?algorithm_type=RSA', downloadSerial: '' },
  { name: 'PHP', pairs: PHP_NODE, nonce: alphanumerics, write: (json) => ascii(slashes(json)),
    headers: { 'Accept': 'application/json, text/plain, application/x-gzip, application/pdf, '
        + 'image/png, image/*;q=0.5', 'Content-Type': 'application/json; charset=utf-8',
      'User-Agent': 'wechatpay-php/1.4.12 GuzzleHttp/7 curl/7.88.1 (Linux/6.1) PHP/8.2',
      'Expect': '100-continue' } },
  { name: 'Python', pairs: PYTHON, nonce: () => randomBytes(16).toString('hex').toUpperCase(),
    write: (json) => ascii(spaced(json)),
    headers: { 'Accept': 'application/json', 'Content-Type': 'application/json',
      'User-Agent': 'wechatpay v3 api python sdk(https://example.com)',
      'Accept-Encoding': 'gzip, deflate' } },
  { name: 'Postman', pairs: GO_JAVA, between: ', ', nonce: randomUUID, headers: {},
    write: (json) => JSON.stringify(JSON.parse(json), null, 4).replaceAll('\n', '\r\n') },
];

let world;
let verifier;
before(async () => {
  world = await openWorld();
  const platform = Object.assign({}, ...MODES.map((mode) => trustedKeys(world, mode)));
  verifier = sdk.connect(
    { baseURL: world.server.merchant, merchant: world.merchants[CERTIFICATE], platform });
});
after(() => world?.close());

// The answer as it came over the wire, once it is checked.
async function call(client, mode, method, target, { members, serial } = {}) {
  const { mchid, serial: own, privateKey } = world.merchants[mode];
  const body = members ? client.write(JSON.stringify(members)) : '';
  const said = { mchid, nonce_str: client.nonce(), serial_no: own,
    timestamp: `${Math.floor(Date.now() / 1000)}` };
  said.signature = createSign('RSA-SHA256')
    .update(`${method}\n${target}\n${said.timestamp}\n${said.nonce_str}\n${body}\n`)
    .sign(privateKey, 'base64');
  const pairs = client.pairs.map((name) => `${name}="${said[name]}"`).join(client.between ?? ',');
  const { hostname, port } = new URL(world.server.merchant);
  const { Expect, ...headers } = client.headers;
  const asked = httpRequest({ hostname, port, method, path: target, agent: false, headers: {
    ...headers,
    ...(serial === undefined ? {} : { 'Wechatpay-Serial': serial }),
    ...(body && Expect ? { Expect } : {}),
    ...(body ? { 'Content-Length': Buffer.byteLength(body) } : {}),
    Authorization: `WECHATPAY2-SHA256-RSA2048 ${pairs}`,
  } });
  if (body && Expect) {
    asked.flushHeaders();
    await once(asked, 'continue');
  }
  asked.end(body);
  const [answer] = await once(asked, 'response');
  const chunks = [];
  for await (const chunk of answer) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  const { statusCode: status, rawHeaders, headers: got } = answer;
  await checkAnswer(verifier, { status, rawHeaders, headers: got, body: bytes });
  if (serial) assert.equal(got['wechatpay-serial'], serial);
  return { status, data: bytes.length ? JSON.parse(bytes) : undefined };
}

for (const client of CLIENTS) {
  for (const mode of MODES) {
    describe(`${client.name} in ${mode} mode`, () => {
      const key = () => (client.named ? Object.keys(trustedKeys(world, mode))[0] : undefined);
      const ask = async (status, method, target, members) => {
        const answer = await call(client, mode, method, target, { members, serial: key() });
        assert.equal(answer.status, status, JSON.stringify(answer.data));
        return answer.data;
      };
      const TRANSACTIONS = '/v3/pay/transactions';

      test('orders, is paid, queries, refunds, closes', async () => {
        const { mchid, appid } = world.merchants[mode];
        const wish = order({ appid, mchid, attach: 'a|b @/?', support_fapiao: false,
          time_expire: new Date(Date.now() + 3_600_000).toISOString() });
        const { code_url: code } = await ask(200, 'POST', `${TRANSACTIONS}/native`, wish);
        assert.deepEqual((await world.user.resolve(code)).body.order.description, wish.description);
        assert.equal((await world.user.pay(code)).body.state, 'COMPLETED');
        const at = `${TRANSACTIONS}/out-trade-no/${wish.out_trade_no}`;
        const paid = await ask(200, 'GET', `${at}?mchid=${mchid}`);
        assert.deepEqual([paid.trade_state, paid.attach], ['SUCCESS', wish.attach]);
        const { code: refused } = await ask(400, 'POST', `${at}/close`, { mchid });
        assert.equal(refused, 'ORDER_PAID');

        const refund = refundOf(paid, 40, { out_refund_no: `r_-|*@${wish.out_trade_no}` });
        const made = await ask(200, 'POST', '/v3/refund/domestic/refunds', refund);
        const escaped = encodeURIComponent(refund.out_refund_no);
        const found = await ask(200, 'GET', `/v3/refund/domestic/refunds/${escaped}`);
        assert.deepEqual(found, made);

        const other = order({ appid, mchid });
        await ask(200, 'POST', `${TRANSACTIONS}/app`, other);
        await ask(204, 'POST', `${TRANSACTIONS}/out-trade-no/${other.out_trade_no}/close`,
          { mchid });
        await ask(400, 'POST', `${TRANSACTIONS}/app`, other);
      });

      test('certificates', async () => {
        const target = `/v3/certificates${client.certificates ?? ''}`;
        const answer = await call(client, mode, 'GET', target, { serial: client.downloadSerial });
        assert.equal(answer.status, mode === PUBLIC_KEY ? 404 : 200);
        if (mode === PUBLIC_KEY) return assert.equal(answer.data.code, 'RESOURCE_NOT_EXISTS');
        return assert.deepEqual(answer.data.data.map((item) => item.serial_no),
          world.platform.certificates.map((item) => item.serial_no));
      });
    });
  }
}
