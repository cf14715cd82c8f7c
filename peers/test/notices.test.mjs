// Notices as a merchant's web server gets them, verified and decrypted by each SDK's own functions.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import * as axiosPlugin from '../sdks/axios-plugin.mjs';
import * as nodeV3 from '../sdks/node-v3.mjs';
import { startReceiver } from '../receiver.mjs';
import { is, openShop, paidOrder, refundOf } from '../shop.mjs';
import { MODES, openWorld } from '../world.mjs';

const FIRST_DELAY_MS = 15_000; // Of the contract's schedule (wechatpay-v3 9.2).
const SLACK_MS = 10_000;

let world;
before(async () => { world = await openWorld(); });
after(() => world?.close());

function wellFormed(one, event, type) {
  assert.equal(one.error, undefined);
  assert.equal(one.genuine, true, 'the SDK verifies the notice');
  assert.equal(one.method, 'POST');
  assert.match(one.headers['content-type'], /^application\/json/);
  assert.equal(one.headers['wechatpay-signature-type'], 'WECHATPAY2-SHA256-RSA2048');
  assert.equal(one.notice.event_type, event);
  assert.equal(one.notice.resource_type, 'encrypt-resource');
  assert.equal(one.notice.resource.original_type, type);
  assert.equal(one.notice.resource.algorithm, 'AEAD_AES_256_GCM');
  assert.match(one.notice.create_time, /\+08:00$/);
  assert.ok(one.notice.id && one.notice.summary);
}

for (const sdk of [axiosPlugin, nodeV3]) {
  for (const mode of MODES) {
    describe(`${sdk.name} in ${mode} mode`, { concurrency: true }, () => {
      let shop;
      before(async () => { shop = await openShop(world, sdk, mode); });
      after(() => shop?.shut());
      const received = async (replies, run) => {
        const receiver = await startReceiver(shop.raw, replies);
        try {
          await run(receiver);
        } finally {
          await receiver.close();
        }
      };

      test('a payment and its refund are told, each to its own address', () => received([204],
        (receiver) => received([200], async (forRefunds) => {
          const paid = await paidOrder(world, shop,
            { notify_url: receiver.url, attach: 'table 7' });
          const told = await receiver.next();
          wellFormed(told, 'TRANSACTION.SUCCESS', 'transaction');
          assert.deepEqual(told.resource, paid);

          const refund = refundOf(paid, 30, { notify_url: forRefunds.url });
          const { refund_id: id } = is(await shop.refund(refund), 200);
          const back = await forRefunds.next();
          wellFormed(back, 'REFUND.SUCCESS', 'refund');
          assert.equal(back.resource.refund_id, id);
          assert.equal(back.resource.out_refund_no, refund.out_refund_no);
          assert.equal(back.resource.transaction_id, paid.transaction_id);
          assert.equal(back.resource.refund_status, 'SUCCESS');
          assert.equal(back.resource.mchid, shop.merchant.mchid);
          assert.deepEqual(back.resource.amount,
            { total: 100, refund: 30, payer_total: 100, payer_refund: 30 });
          assert.notEqual(back.notice.id, told.notice.id);
          assert.equal(receiver.tries.length, 1, 'a notice that was taken is not sent again');
        })));

      test('a refund without an address goes to the one of its order', () => received([200],
        async (receiver) => {
          const paid = await paidOrder(world, shop, { notify_url: receiver.url });
          wellFormed(await receiver.next(), 'TRANSACTION.SUCCESS', 'transaction');
          is(await shop.refund(refundOf(paid, 100)), 200);
          wellFormed(await receiver.next(), 'REFUND.SUCCESS', 'refund');
        }));
    });
  }
}

// The schedule does not depend on the SDK, and each of these takes its 15 seconds.
describe('a failed try', { concurrency: true }, () => {
  const failures = [
    ['500', () => 500],
    ['a redirect, which is not followed', (elsewhere) => ({ status: 302, location: elsewhere })],
  ];
  for (const [what, reply] of failures) {
    test(`is repeated after 15 seconds, freshly signed: ${what}`, { timeout: 60_000 }, async () => {
      const shop = await openShop(world, axiosPlugin, MODES[0]);
      const elsewhere = await startReceiver(shop.raw);
      const receiver = await startReceiver(shop.raw, [reply(elsewhere.url), 204]);
      try {
        const paid = await paidOrder(world, shop, { notify_url: receiver.url });
        const first = await receiver.next();
        const second = await receiver.next();
        for (const one of [first, second]) {
          wellFormed(one, 'TRANSACTION.SUCCESS', 'transaction');
          assert.equal(one.path, '/notify');
          assert.deepEqual(one.resource, paid);
        }
        assert.equal(second.notice.id, first.notice.id);
        for (const name of ['nonce', 'timestamp', 'signature'].map((word) => `wechatpay-${word}`)) {
          assert.notEqual(second.headers[name], first.headers[name], name);
        }
        const waited = second.at - first.at;
        assert.ok(waited > FIRST_DELAY_MS - 1000 && waited < FIRST_DELAY_MS + SLACK_MS,
          `${waited} ms between the tries`);
        assert.equal(elsewhere.tries.length, 0);
      } finally {
        await receiver.close();
        await elsewhere.close();
        await shop.shut();
      }
    });
  }
});
