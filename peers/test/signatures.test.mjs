// Requests that no SDK would send: signed by hand, in the contract's own words.
import assert from 'node:assert/strict';
import { createSign, randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';

import * as sdk from '../sdks/axios-plugin.mjs';
import { checkAnswer, order, trustedKeys } from '../shop.mjs';
import { CERTIFICATE, MODES, PUBLIC_KEY, openWorld } from '../world.mjs';

const NATIVE = '/v3/pay/transactions/native';
const now = () => Math.floor(Date.now() / 1000);

let world;
let verifier;
before(async () => {
  world = await openWorld();
  const merchant = world.merchants[CERTIFICATE];
  const platform = Object.assign({}, ...MODES.map((mode) => trustedKeys(world, mode)));
  verifier = sdk.connect({ baseURL: world.server.merchant, merchant, platform });
});
after(() => world?.close());

// A signed request, any part of which may be given otherwise.
function signed({ method = 'POST', target = NATIVE, body = '', timestamp = now(),
  nonce = randomUUID(), ...other } = {}) {
  const { mchid, serial, privateKey } = { ...world.merchants[CERTIFICATE], ...other };
  const signature = createSign('RSA-SHA256')
    .update(`${method}\n${target}\n${timestamp}\n${nonce}\n${body}\n`)
    .sign(privateKey, 'base64');
  const authorization = `WECHATPAY2-SHA256-RSA2048 mchid="${mchid}",nonce_str="${nonce}",`
    + `timestamp="${timestamp}",serial_no="${serial}",signature="${signature}"`;
  return { method, target, body, authorization };
}

const text = (members) => {
  const { appid, mchid } = world.merchants[CERTIFICATE];
  return JSON.stringify({ appid, mchid, ...order(members) });
};

// Every answer is checked: it must be signed, whatever it says.
async function send({ method, target, body, authorization }) {
  const answer = await fetch(world.server.merchant + target, {
    method,
    headers: {
      Accept: 'application/json',
      'Content-Type': 'application/json',
      ...(authorization === undefined ? {} : { Authorization: authorization }),
    },
    body: method === 'GET' ? undefined : body,
  });
  const bytes = Buffer.from(await answer.arrayBuffer());
  const headers = Object.fromEntries(answer.headers);
  await checkAnswer(verifier, { status: answer.status, headers, body: bytes });
  return { status: answer.status, headers, data: bytes.length ? JSON.parse(bytes) : undefined };
}

function refused(answer, field) {
  assert.deepEqual([answer.status, answer.data.code], [401, 'SIGN_ERROR']);
  assert.equal(answer.data.detail.location, 'authorization');
  assert.equal(answer.data.detail.field, field);
}

for (const [skew, taken] of [[-290, true], [290, true], [-310, false], [310, false]]) {
  test(`a clock that is ${skew} s off is ${taken ? 'taken' : 'refused'}`, async () => {
    const answer = await send(signed({ body: text(), timestamp: now() + skew }));
    if (taken) assert.equal(answer.status, 200, JSON.stringify(answer.data));
    else refused(answer, 'timestamp');
  });
}

test('a byte-identical repeat gets the same answer, freshly signed', async () => {
  const request = signed({ body: text() });
  const first = await send(request);
  const second = await send(request);
  assert.equal(first.status, 200, JSON.stringify(first.data));
  assert.equal(second.status, 200, JSON.stringify(second.data));
  assert.deepEqual(second.data, first.data);
  assert.notEqual(second.headers['wechatpay-nonce'], first.headers['wechatpay-nonce']);
  assert.notEqual(second.headers['wechatpay-signature'], first.headers['wechatpay-signature']);
});

test('a nonce that was used for another request is refused', async () => {
  const nonce = randomUUID();
  assert.equal((await send(signed({ nonce, body: text() }))).status, 200);
  refused(await send(signed({ nonce, body: text() })), 'nonce_str');
  const { mchid } = world.merchants[CERTIFICATE];
  const target = `/v3/pay/transactions/out-trade-no/none-such?mchid=${mchid}`;
  refused(await send(signed({ method: 'GET', nonce, target })), 'nonce_str');
});

test('what was not sent as it was signed is refused, with what was to be signed', async () => {
  const request = signed({ body: text() });
  const answer = await send({ ...request, body: request.body.replace('100', '1') });
  refused(answer, 'signature');
  assert.equal(answer.data.detail.sign_information.method, 'POST');
  assert.equal(answer.data.detail.sign_information.url, NATIVE);
  refused(await send({ ...request, target: `${NATIVE}?a=b` }), 'signature');
});

test('Authorization: missing, malformed, of another scheme, of another merchant', async () => {
  const request = signed({ body: text() });
  for (const authorization of [undefined, 'Bearer token',
    'WECHATPAY2-SHA256-RSA2048 mchid="1"', `${request.authorization},mchid="1"`]) {
    refused(await send({ ...request, authorization }), 'Authorization');
  }
  refused(await send(signed({ body: text(), mchid: '1900009999' })), 'mchid');
  refused(await send(signed({ body: text(), mchid: '1900000102' })), 'serial_no');
});

test('JSON is read as it was sent: escapes, spaces and a last newline are signed too', async () => {
  const wish = text({ description: 'a<b>&c' });
  for (const body of [
    `${text({ description: 'go' })}\n`,
    wish.replace('a<b>&c', 'a\\u003cb\\u003e\\u0026c'),
    JSON.stringify(JSON.parse(text()), null, 2),
  ]) {
    const answer = await send(signed({ body }));
    assert.equal(answer.status, 200, JSON.stringify(answer.data));
  }
});

test('bodies that are no JSON object are PARAM_ERROR', async () => {
  for (const body of ['', '{', 'null', '[]', '{"appid":1}', '{"a":1,"a":2}', '\u0000',
    `{"x":${'['.repeat(5000)}`]) {
    const answer = await send(signed({ body }));
    assert.deepEqual([answer.status, answer.data.code], [400, 'PARAM_ERROR'], body.slice(0, 20));
  }
});

test('an order of another merchant is not there', async () => {
  const { [CERTIFICATE]: own, [PUBLIC_KEY]: other } = world.merchants;
  const wish = JSON.parse(text());
  const made = await send(signed({ ...other,
    body: JSON.stringify({ ...wish, mchid: other.mchid, appid: other.appid }) }));
  assert.equal(made.status, 200, JSON.stringify(made.data));
  const at = (mchid) => `/v3/pay/transactions/out-trade-no/${wish.out_trade_no}?mchid=${mchid}`;
  const get = (mchid, signer) => send(signed({ method: 'GET', target: at(mchid), ...signer }));

  assert.equal((await get(other.mchid, other)).status, 200);
  const asOwn = await get(own.mchid, own);
  assert.deepEqual([asOwn.status, asOwn.data.code], [404, 'ORDER_NOT_EXIST']);
  const asTheirs = await get(other.mchid, own);
  assert.deepEqual([asTheirs.status, asTheirs.data.code], [400, 'PARAM_ERROR']);
  const { field, location } = asTheirs.data.detail;
  assert.deepEqual([field, location], ['/mchid', 'query']);
});

test('no such path is 404, no such method 405', async () => {
  const path = await send(signed({ method: 'GET', target: '/v3/nothing' }));
  assert.deepEqual([path.status, path.data.code], [404, 'RESOURCE_NOT_EXISTS']);
  const method = await send(signed({ method: 'GET', target: NATIVE }));
  assert.deepEqual([method.status, method.data.code], [405, 'INVALID_REQUEST']);
});
