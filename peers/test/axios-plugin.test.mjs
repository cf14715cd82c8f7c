import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as sdk from '../sdks/axios-plugin.mjs';
import { is, order } from '../shop.mjs';
import { suite } from '../suite.mjs';

// This SDK verifies by itself: what was altered on the way never reaches the merchant's program.
suite(sdk, (context) => {
  const header = (name, value) => ({ rawHeaders, ...rest }) => ({
    ...rest,
    rawHeaders: rawHeaders.map((text, i) => (rawHeaders[i - 1] === name ? value : text)),
  });
  const paid = ({ body, ...rest }) =>
    ({ ...rest, body: body.toString().replace('NOTPAY', 'SUCCESS') });
  const bare = ({ rawHeaders, ...rest }) => ({
    ...rest,
    rawHeaders: rawHeaders.filter((_, i) => !rawHeaders[i - (i % 2)].startsWith('Wechatpay-')),
  });
  const alterations = [
    ['another state', paid, 'EV3_RES_HEADER_SIGNATURE_DIGEST'],
    ['another nonce', header('Wechatpay-Nonce', 'x'), 'EV3_RES_HEADER_SIGNATURE_DIGEST'],
    ['a signature made wrong as a test', header('Wechatpay-Signature',
      `WECHATPAY/SIGNTEST/${'A'.repeat(325)}`), 'EV3_RES_HEADER_SIGNATURE_DIGEST'],
    ['an old timestamp', header('Wechatpay-Timestamp', '1700000000'),
      'EV3_RES_HEADER_TIMESTAMP_OFFSET'],
    ['another serial', header('Wechatpay-Serial', 'ABCDEF'), 'EV3_RES_HEADER_PLATFORM_SERIAL'],
    ['no signature', bare, 'EV3_RES_HEADERS_INCOMPLATE'],
  ];
  for (const [what, change, code] of alterations) {
    test(`the SDK refuses an answer with ${what}`, async () => {
      const { shop } = context;
      const wish = order();
      is(await shop.prepay('native', wish), 200);
      shop.middle.alterWith(change);
      try {
        assert.deepEqual(await shop.raw.byOutTradeNo(wish.out_trade_no), { refusedBySdk: code });
      } finally {
        shop.middle.alterWith();
      }
      is(await shop.byOutTradeNo(wish.out_trade_no), 200);
    });
  }
});
