// What every SDK must be able to do, in both key modes: one test a call of the merchant door.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { makeCertificate } from './certificate.mjs';
import {
  charge, is, number, openShop, order, paidOrder, refundOf, signatureOf, trustedKeys,
} from './shop.mjs';
import { CERTIFICATE, MODES, openWorld } from './world.mjs';

const H5 = { payer_client_ip: '203.0.113.7', h5_info: { type: 'Wap' } };

export function suite(sdk, more = () => {}) {
  describe(sdk.name, () => {
    const context = {};
    before(async () => { context.world = await openWorld(); });
    after(() => context.world?.close());
    for (const mode of MODES) {
      describe(`in ${mode} mode`, () => {
        before(async () => { context.shop = await openShop(context.world, sdk, mode); });
        after(() => context.shop?.shut());
        orders(context);
        tills(context);
        invocations(context, sdk);
        refunds(context);
        refusals(context);
        keys(context, sdk, mode);
        more(context, mode);
      });
    }
  });
}

function orders(context) {
  test('native: ordered, queried, scanned, paid, queried by both numbers', async () => {
    const { shop, world, shop: { merchant } } = context;
    const wish = order({ attach: '{"table": 7}' });
    const { code_url: code } = is(await shop.prepay('native', wish), 200);
    assert.match(code, /^weixin:\/\/wxpay\/bizpayurl\?pr=\w+$/);

    const unpaid = is(await shop.byOutTradeNo(wish.out_trade_no), 200);
    assert.equal(unpaid.trade_state, 'NOTPAY');
    assert.equal(unpaid.transaction_id, undefined);
    assert.equal(unpaid.amount.total, 100);

    const seen = await world.user.resolve(code);
    assert.equal(seen.body.order.description, wish.description);
    assert.deepEqual(seen.body.order.amount, wish.amount);
    const payment = await world.user.pay(code);
    assert.equal(payment.body.state, 'COMPLETED');

    const paid = is(await shop.byOutTradeNo(wish.out_trade_no), 200);
    assert.equal(paid.trade_state, 'SUCCESS');
    assert.equal(paid.trade_type, 'NATIVE');
    assert.equal(paid.transaction_id, payment.body.transaction_id);
    assert.equal(paid.attach, wish.attach);
    assert.equal(paid.appid, merchant.appid);
    assert.equal(paid.mchid, merchant.mchid);
    assert.deepEqual(paid.amount,
      { total: 100, payer_total: 100, currency: 'CNY', payer_currency: 'CNY' });
    assert.match(paid.success_time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00$/);
    assert.match(paid.payer.openid, /^o[0-9A-Za-z_-]{27}$/);
    assert.deepEqual(is(await shop.byTransactionId(paid.transaction_id), 200), paid);
  });

  test('h5: the address that the browser is sent to can be paid', async () => {
    const { shop, world } = context;
    const wish = order({ scene_info: H5 });
    const { h5_url: url } = is(await shop.prepay('h5', wish), 200);
    assert.match(url, /^https?:\/\/.*\/cgi-bin\/mmpayweb-bin\/checkmweb\?prepay_id=/);
    const back = `&redirect_url=${encodeURIComponent('https://shop.example.com/done?no=1')}`;
    assert.equal((await world.user.pay(url + back)).body.state, 'COMPLETED');
    assert.equal(is(await shop.byOutTradeNo(wish.out_trade_no), 200).trade_type, 'MWEB');
  });

  test('the same order again succeeds; with other content it is refused', async () => {
    const { shop } = context;
    const wish = order();
    is(await shop.prepay('native', wish), 200);
    is(await shop.prepay('native', wish), 200);
    is(await shop.prepay('native', { ...wish, description: 'something else' }), 400,
      'INVALID_REQUEST');
    is(await shop.prepay('native', { ...wish, amount: { total: 101, currency: 'CNY' } }), 400,
      'INVALID_REQUEST');
    assert.equal(is(await shop.byOutTradeNo(wish.out_trade_no), 200).amount.total, 100);
  });

  test('the number of a paid order cannot be used again', async () => {
    const { shop, world } = context;
    const wish = order();
    const { code_url: code } = is(await shop.prepay('native', wish), 200);
    assert.equal((await world.user.pay(code)).body.state, 'COMPLETED');
    is(await shop.prepay('native', wish), 403, 'OUT_TRADE_NO_USED');
  });

  test('a closed order is closed for everybody, and closing it again succeeds', async () => {
    const { shop, world } = context;
    const wish = order();
    const { code_url: code } = is(await shop.prepay('native', wish), 200);
    is(await shop.close(wish.out_trade_no), 204);
    is(await shop.close(wish.out_trade_no), 204);
    assert.equal(is(await shop.byOutTradeNo(wish.out_trade_no), 200).trade_state, 'CLOSED');
    const late = await world.user.pay(code);
    assert.deepEqual([late.status, late.body.code], [400, 'ORDER_CLOSED']);
  });

  test('a paid order cannot be closed', async () => {
    const { shop, world } = context;
    const paid = await paidOrder(world, shop);
    is(await shop.close(paid.out_trade_no), 400, 'ORDER_PAID');
    assert.equal(is(await shop.byOutTradeNo(paid.out_trade_no), 200).trade_state, 'SUCCESS');
  });
}

function tills(context) {
  test('codepay: charged at once, told again, refunded', async () => {
    const { shop, world } = context;
    const wish = charge(await world.user.showCode(), { attach: 'till 7' });
    const paid = is(await shop.codepay(wish), 200);
    assert.deepEqual([paid.trade_state, paid.trade_type], ['SUCCESS', 'MICROPAY']);
    assert.deepEqual([paid.attach, paid.scene_info.device_id], ['till 7', 'till-7']);
    assert.match(paid.payer.openid, /^o[0-9A-Za-z_-]{27}$/);
    assert.deepEqual(is(await shop.byOutTradeNo(wish.out_trade_no), 200), paid);
    assert.deepEqual(is(await shop.byTransactionId(paid.transaction_id), 200), paid);
    assert.deepEqual(is(await shop.codepay(wish), 200), paid);
    is(await shop.codepay(charge(wish.payer.auth_code)), 403, 'AUTH_CODE_INVALID');
    is(await shop.codepay({ ...wish, payer: { auth_code: await world.user.showCode() } }), 400,
      'ORDER_PAID');
    is(await shop.refund(refundOf(paid, 100)), 200);
    is(await shop.reverse(wish.out_trade_no), 409, 'PAYMENT_COMPLETED');
  });

  test('codepay: above the limit the payer is asked', async () => {
    const { shop, world } = context;
    const wish = charge(await world.user.showCode(), { total: 100_001 });
    assert.equal(is(await shop.codepay(wish), 202).trade_state, 'USERPAYING');
    assert.equal(is(await shop.byOutTradeNo(wish.out_trade_no), 200).trade_state, 'USERPAYING');
    is(await shop.close(wish.out_trade_no), 400, 'INVALID_REQUEST');
    const { items: [asked] } = await world.user.confirming();
    assert.equal((await world.user.confirm(asked.payment_id)).status, 200);
    assert.equal(is(await shop.byOutTradeNo(wish.out_trade_no), 200).trade_state, 'SUCCESS');
  });

  test('reverse: a charge is taken back, paid or not, and again', async () => {
    const { shop, world } = context;
    for (const total of [100, 100_001]) {
      const wish = charge(await world.user.showCode(), { total });
      is(await shop.codepay(wish), total === 100 ? 200 : 202);
      const answer = is(await shop.reverse(wish.out_trade_no), 200);
      assert.deepEqual(answer, { appid: shop.merchant.appid, mchid: shop.merchant.mchid,
        out_trade_no: wish.out_trade_no });
      is(await shop.reverse(wish.out_trade_no), 200);
      assert.equal(is(await shop.byOutTradeNo(wish.out_trade_no), 200).trade_state, 'REVOKED');
      is(await shop.codepay(wish), 403, 'PAYMENT_REVERSED');
    }
    const wish = order();
    is(await shop.prepay('native', wish), 200);
    is(await shop.reverse(wish.out_trade_no), 400, 'INVALID_REQUEST');
    is(await shop.reverse(number('nothing')), 404, 'ORDER_NOT_EXIST');
  });

  test('codepay: a code of nobody makes no order', async () => {
    const { shop } = context;
    const wish = charge('990000000000000001');
    is(await shop.codepay(wish), 404, 'CODE_UNSUPPORTED');
    is(await shop.byOutTradeNo(wish.out_trade_no), 404, 'ORDER_NOT_EXIST');
  });
}

// What the SDK signs for the page or the app, the wallet believes, and nothing else.
function invocations(context) {
  for (const [kind, type] of [['jsapi', 'JSAPI'], ['app', 'APP']]) {
    test(`${kind}: the fields that the SDK signs invoke the wallet`, async () => {
      const { shop, world } = context;
      const { payer } = await paidOrder(world, shop); // How this appid names the user.
      const wish = order(kind === 'jsapi' ? { payer } : {});
      const invocation = shop.invocation(kind, await prepaid(shop, kind, wish));
      const altered = { ...invocation, nonce_str: `${invocation.nonce_str}x` };
      const refused = await world.user.resolve(altered);
      assert.deepEqual([refused.status, refused.body.code], [401, 'SIGN_ERROR']);

      const seen = await world.user.resolve(invocation);
      assert.equal(seen.status, 200, JSON.stringify(seen.body));
      assert.equal(seen.body.order.description, wish.description);
      assert.equal((await world.user.pay(invocation)).body.state, 'COMPLETED');
      const paid = is(await shop.byOutTradeNo(wish.out_trade_no), 200);
      assert.equal(paid.trade_type, type);
      assert.deepEqual(paid.payer, payer);
    });
  }

  test('jsapi: an order for somebody else cannot be paid', async () => {
    const { shop, world } = context;
    const wish = order({ payer: { openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o' } });
    const invocation = shop.invocation('jsapi', await prepaid(shop, 'jsapi', wish));
    const refused = await world.user.pay(invocation);
    assert.deepEqual([refused.status, refused.body.code], [403, 'OPENID_MISMATCH']);
  });
}

async function prepaid(shop, kind, wish) {
  const outcome = await shop.prepay(kind, wish);
  is(outcome, 200);
  const wire = JSON.parse(shop.seen().answer.body);
  assert.match(wire.prepay_id, /^wx[0-9]{34}$/);
  return outcome;
}

function refunds(context) {
  test('refunds: in parts, repeated, up to the payment and not beyond', async () => {
    const { shop, world } = context;
    const paid = await paidOrder(world, shop, { total: 100 });
    const first = refundOf(paid, 30, { reason: '少送一份' });
    const made = is(await shop.refund(first), 200);
    assert.match(made.refund_id, /^50\d{26}$/);
    assert.equal(made.out_refund_no, first.out_refund_no);
    assert.equal(made.transaction_id, paid.transaction_id);
    assert.equal(made.out_trade_no, paid.out_trade_no);
    assert.equal(made.channel, 'ORIGINAL');
    assert.ok(['SUCCESS', 'PROCESSING'].includes(made.status), made.status);
    assert.deepEqual([made.amount.refund, made.amount.total, made.amount.payer_refund],
      [30, 100, 30]);

    assert.equal(is(await shop.refund(first), 200).refund_id, made.refund_id);
    is(await shop.refund({ ...first, reason: 'another reason' }), 400, 'INVALID_REQUEST');
    is(await shop.refund(refundOf(paid, 71)), 400, 'INVALID_REQUEST');
    assert.equal(is(await shop.byOutTradeNo(paid.out_trade_no), 200).trade_state, 'REFUND');

    const queried = is(await shop.refundQuery(first.out_refund_no), 200);
    assert.equal(queried.refund_id, made.refund_id);
    assert.equal(queried.status, 'SUCCESS');
    assert.ok(queried.success_time);

    const { transaction_id: _, ...byNumber } = refundOf(paid, 70);
    is(await shop.refund({ ...byNumber, out_trade_no: paid.out_trade_no }), 200);
    is(await shop.refund(refundOf(paid, 1)), 400, 'INVALID_REQUEST');
  });

  test('refunds: NOT_ENOUGH may be repeated under the same number', async () => {
    const { shop, world } = context;
    const paid = await paidOrder(world, shop);
    // Nothing is settled yet, so the available balance is empty.
    const wish = refundOf(paid, 40, { funds_account: 'AVAILABLE' });
    is(await shop.refund(wish), 403, 'NOT_ENOUGH');
    is(await shop.refundQuery(wish.out_refund_no), 404, 'RESOURCE_NOT_EXISTS');
    is(await shop.refund({ ...wish, funds_account: 'UNSETTLED' }), 200);
  });

  test('refunds: of nothing paid, of an unknown order, with another total', async () => {
    const { shop, world } = context;
    const wish = order();
    is(await shop.prepay('native', wish), 200);
    const refund = { out_trade_no: wish.out_trade_no, out_refund_no: number('refund'),
      amount: { refund: 1, total: 100, currency: 'CNY' } };
    is(await shop.refund(refund), 400, 'INVALID_REQUEST');
    is(await shop.refund({ ...refund, out_trade_no: number('nothing') }), 404,
      'RESOURCE_NOT_EXISTS');
    const paid = await paidOrder(world, shop);
    const total = { refund: 1, total: 99, currency: 'CNY' };
    is(await shop.refund(refundOf(paid, 1, { amount: total })), 400, 'PARAM_ERROR');
    is(await shop.refundQuery(number('nothing')), 404, 'RESOURCE_NOT_EXISTS');
  });
}

function refusals(context) {
  const wrong = [
    ['amount zero', 'native', { amount: { total: 0, currency: 'CNY' } }, '/amount/total'],
    ['amount as text', 'native', { amount: { total: '1', currency: 'CNY' } }, '/amount/total'],
    ['amount with a fraction', 'native', { amount: { total: 1.5 } }, '/amount/total'],
    ['no amount', 'native', { amount: undefined }, '/amount'],
    ['other currency', 'native', { amount: { total: 1, currency: 'USD' } }, '/amount/currency'],
    ['unknown member', 'native', { colour: 'red' }, '/colour'],
    ['short number', 'native', { out_trade_no: 'abc' }, '/out_trade_no'],
    ['emoji', 'native', { description: 'coffee ☕️ and cake 🍰' }, '/description'],
    ['jsapi without payer', 'jsapi', {}, '/payer'],
    ['h5 without scene', 'h5', {}, '/scene_info'],
    ['bad client address', 'h5', { scene_info: { ...H5, payer_client_ip: '1.2.3' } },
      '/scene_info/payer_client_ip'],
    ['address with query', 'app', { notify_url: 'http://127.0.0.1/?a=b' }, '/notify_url'],
  ];
  for (const [what, kind, members, field] of wrong) {
    test(`PARAM_ERROR points to the member: ${what}`, async () => {
      const { detail } = is(await context.shop.prepay(kind, order(members)), 400, 'PARAM_ERROR');
      assert.equal(detail.field, field);
      assert.equal(detail.location, 'body');
      assert.ok(detail.issue);
    });
  }

  test('mchid must be the one that signs, appid must be its own', async () => {
    const { shop } = context;
    const { detail } = is(await shop.prepay('native', order({ mchid: '1900009999' })), 400,
      'PARAM_ERROR');
    assert.equal(detail.field, '/mchid');
    is(await shop.prepay('native', order({ appid: 'wx0000000000000000' })), 400,
      'APPID_MCHID_NOT_MATCH');
  });

  test('an unknown order is ORDER_NOT_EXIST for query, by both numbers, and close', async () => {
    const { shop } = context;
    is(await shop.byOutTradeNo(number('nothing')), 404, 'ORDER_NOT_EXIST');
    is(await shop.byTransactionId('4200000000815730921234567168'), 404, 'ORDER_NOT_EXIST');
    is(await shop.close(number('nothing')), 404, 'ORDER_NOT_EXIST');
  });
}

function keys(context, sdk, mode) {
  test('SIGN_ERROR for a wrong private key and for an unknown serial', async () => {
    const { world } = context;
    const stranger = await makeCertificate('stranger');
    const own = world.merchants[mode];
    for (const merchant of [{ privateKey: stranger.privateKey }, stranger]) {
      const shop = await openShop(world, sdk, mode, { merchant: { ...own, ...merchant } });
      try {
        const { detail } = is(await shop.prepay('native', order()), 401, 'SIGN_ERROR');
        assert.equal(detail.location, 'authorization');
        assert.equal(detail.field, merchant === stranger ? 'serial_no' : 'signature');
      } finally {
        await shop.shut();
      }
    }
  });

  if (mode === CERTIFICATE) {
    test('certificates: downloaded, decrypted, and what our answers verify with', async () => {
      const { shop, world } = context;
      const found = is(await shop.certificates(), 200);
      assert.deepEqual(found.map((item) => item.serial),
        world.platform.certificates.map((item) => item.serial_no));
      const { answer } = shop.seen();
      const key = found.find((item) => item.serial === answer.headers['wechatpay-serial']);
      assert.ok(key, 'the certificate that signed is listed');
      const trusting = await openShop(world, sdk, mode, { platform: { [key.serial]: key.key } });
      try {
        is(await trusting.prepay('native', order()), 200);
      } finally {
        await trusting.shut();
      }
    });
  } else {
    test('certificates: a merchant in public-key mode has none', async () => {
      is(await context.shop.certificates(), 404, 'RESOURCE_NOT_EXISTS');
    });
  }

  test('the answer is signed with the key that Wechatpay-Serial names', async () => {
    const { world } = context;
    const { public_key: bare, certificates: [newest] } = world.platform;
    const [serial, pem] = mode === CERTIFICATE
      ? [bare.public_key_id, bare.public_key_pem] : [newest.serial_no, newest.certificate_pem];
    const shop = await openShop(world, sdk, mode,
      { headers: { 'Wechatpay-Serial': serial }, platform: { [serial]: pem } });
    try {
      is(await shop.prepay('native', order()), 200);
      assert.equal(shop.seen().answer.headers['wechatpay-serial'], serial);
    } finally {
      await shop.shut();
    }
  });

  test('sensitive members are sealed for the key that Wechatpay-Serial names', async () => {
    const { world } = context;
    const { shop: plain } = context;
    const [[serial, pem]] = Object.entries(trustedKeys(world, mode));
    const wish = (number) => order({ payer: { identity: { type: 'IDCARD', number } } });
    const sealed = plain.raw.encrypt('110101199003074514', pem);
    const nameless = is(await plain.prepay('app', wish(sealed)), 400, 'PARAM_ERROR');
    assert.deepEqual([nameless.detail.field, nameless.detail.location],
      ['/Wechatpay-Serial', 'header']);
    const shop = await openShop(world, sdk, mode, { headers: { 'Wechatpay-Serial': serial } });
    try {
      const open = is(await shop.prepay('app', wish('110101199003074514')), 400, 'PARAM_ERROR');
      assert.equal(open.detail.field, '/payer/identity/number');
      // Understood, but such orders are not offered: a refusal of permission, not of the shape.
      is(await shop.prepay('app', wish(sealed)), 403, 'NO_AUTH');
    } finally {
      await shop.shut();
    }
  });

  test('an altered answer does not verify', async () => {
    const { shop } = context;
    const wish = order();
    is(await shop.prepay('native', wish), 200);
    is(await shop.byOutTradeNo(wish.out_trade_no), 200);
    const { headers, body } = shop.seen().answer;
    const paid = Buffer.from(body.toString().replace('NOTPAY', 'SUCCESS'));
    assert.notDeepEqual(paid, body);
    assert.equal(await shop.raw.verify(signatureOf(headers, paid)), false);
    const later = { ...headers, 'wechatpay-timestamp': `${+headers['wechatpay-timestamp'] + 1}` };
    assert.equal(await shop.raw.verify(signatureOf(later, body)), false);
  });
}
