// One merchant's program: an SDK that talks to the server through the man in the middle. Whatever
// it asks, the answer that came over the wire is checked before the test sees what the SDK made of
// it: signature (by the SDK's own functions), header names, content type.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';

import { startMiddle } from './middle.mjs';
import { CERTIFICATE } from './world.mjs';

const SIGNATURE_HEADERS = ['Wechatpay-Timestamp', 'Wechatpay-Nonce', 'Wechatpay-Signature',
  'Wechatpay-Serial', 'Wechatpay-Signature-Type', 'Request-ID'];

// What a merchant of this key mode trusts.
export function trustedKeys(world, mode) {
  if (mode !== CERTIFICATE) {
    return { [world.platform.public_key.public_key_id]: world.platform.public_key.public_key_pem };
  }
  return Object.fromEntries(world.platform.certificates.map(
    (item) => [item.serial_no, item.certificate_pem]));
}

export async function openShop(world, sdk, mode, extra = {}) {
  const middle = await startMiddle(world.server.merchant);
  const merchant = { ...world.merchants[mode], ...extra.merchant };
  const platform = { ...trustedKeys(world, mode), ...extra.platform };
  const raw = sdk.connect({ baseURL: middle.url, merchant, platform, headers: extra.headers });
  let seen;
  const checked = Object.fromEntries(
    ['prepay', 'codepay', 'reverse', 'byOutTradeNo', 'byTransactionId', 'close', 'refund',
      'refundQuery', 'certificates'].map((call) => [call, async (...args) => {
        const outcome = await raw[call](...args);
        seen = middle.last(); // Verifying may download certificates, which is not what was asked.
        await checkAnswer(raw, seen.answer);
        return outcome;
      }]));
  return {
    ...checked,
    invocation: invoker(raw),
    raw, // The SDK without those checks.
    merchant,
    middle,
    seen: () => seen, // The last call as it went over the wire.
    shut: middle.close,
  };
}

export async function checkAnswer(sdk, { status, rawHeaders, headers, body }) {
  // Some SDKs look headers up case-sensitively, so the spelling counts. fetch does not tell it.
  const names = rawHeaders?.filter((_, i) => i % 2 === 0);
  for (const name of names ? SIGNATURE_HEADERS : []) {
    assert.equal(names.filter((n) => n === name).length, 1, `header ${name} of a ${status}`);
  }
  assert.equal(headers['wechatpay-signature-type'], 'WECHATPAY2-SHA256-RSA2048');
  assert.match(headers['request-id'], status < 300 ? /^[0-9A-F]+-0$/ : /^[0-9A-F]+-[1-9][0-9]*$/);
  if (status === 204) assert.equal(body.length, 0);
  else {
    assert.match(headers['content-type'], /^application\/json; ?charset=utf-8$/i);
    // So an answer also verifies for a program that parsed it and wrote it anew.
    assert.equal(JSON.stringify(JSON.parse(body)), body.toString());
  }
  assert.equal(await sdk.verify(signatureOf(headers, body)), true, `signature of a ${status}`);
}

export const signatureOf = (headers, body) => ({
  timestamp: headers['wechatpay-timestamp'],
  nonce: headers['wechatpay-nonce'],
  serial: headers['wechatpay-serial'],
  signature: headers['wechatpay-signature'],
  body: body.toString(),
});

// The signed fields with which a page or an app calls the wallet, made by the SDK.
function invoker(raw) {
  return (kind, prepaid) => prepaid.invocation
    ?? raw[`${kind}Invocation`](prepaid.data.prepay_id);
}

let made = 0;
const unique = randomBytes(4).toString('hex');
export const number = (prefix) => `${prefix}-${unique}-${made += 1}`;

// Nothing listens there: for tests that do not look at notices.
const NOWHERE = 'http://127.0.0.1:9/notify';

export function order(more = {}) {
  const { total = 100, ...rest } = more;
  return {
    description: '拿铁 <中杯> & "热"',
    out_trade_no: number('order'),
    notify_url: NOWHERE,
    amount: { total, currency: 'CNY' },
    ...rest,
  };
}

export function refundOf(transaction, refund, more = {}) {
  return {
    transaction_id: transaction.transaction_id,
    out_refund_no: number('refund'),
    amount: { refund, total: transaction.amount.total, currency: 'CNY' },
    ...more,
  };
}

export function is(outcome, status, code) {
  assert.equal(outcome.status, status, JSON.stringify(outcome.data));
  if (code !== undefined) assert.equal(outcome.data.code, code, JSON.stringify(outcome.data));
  return outcome.data;
}

// What a till asks for; the code is one that a payer shows.
export function charge(code, more = {}) {
  const { total = 100, ...rest } = more;
  return {
    description: '拿铁',
    out_trade_no: number('till'),
    payer: { auth_code: code },
    amount: { total, currency: 'CNY' },
    scene_info: { device_id: 'till-7', device_ip: '192.0.2.7' },
    ...rest,
  };
}

// A native order, paid by the user: gives the transaction as the merchant then sees it.
export async function paidOrder(world, shop, more) {
  const wish = order(more);
  const { code_url: code } = is(await shop.prepay('native', wish), 200);
  const paid = await world.user.pay(code);
  assert.equal(paid.status, 200, JSON.stringify(paid.body));
  assert.equal(paid.body.state, 'COMPLETED');
  return is(await shop.byOutTradeNo(wish.out_trade_no), 200);
}
