// Every page in a real browser against a real server, as one story: an operator's first log-in, a
// user who pays, a merchant who misses a notice, and the operator who looks into it.
// Each test goes on where the one before it ended.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { startReceiver } from '../../peers/receiver.mjs';
import * as sdk from '../../peers/sdks/node-v3.mjs';
import { startServer } from '../../peers/server.mjs';
import { is, openShop, order } from '../../peers/shop.mjs';
import {
  CERTIFICATE, PASSWORD, PAYMENT_PASSWORD, PUBLIC_KEY, TOP_UP_FEN, openWorld,
} from '../../peers/world.mjs';
import { DESK, PHONE, openBrowser } from './browser.mjs';

const BACK = 'https://shop.example/order/1';
const H5 = { payer_client_ip: '203.0.113.7', h5_info: { type: 'Wap' } };
const NEXT_PASSWORD = 'staple battery horse correct';

let server;
let world;
let shop;
let receiver;
let browser;
let user; // the wallet's tab
let operator; // the operator's tab
let balance = TOP_UP_FEN;
let paid; // the wish of the order that was paid by its code

before(async () => {
  server = await startServer({ pages: fileURLToPath(new URL('../dist', import.meta.url)) });
  browser = await openBrowser();
  operator = await (await browser.person('en-US', DESK)).tab();
});
after(async () => {
  await browser?.close();
  await receiver?.close();
  await shop?.shut();
  await server?.stop();
});

// A test at whose end neither browser may have complained. What comes after one that failed would
// only wait in vain.
let stopped = false;
const scene = (name, play) => test(name, async (context) => {
  if (stopped) return context.skip('a scene before this one failed');
  stopped = true;
  await play();
  user?.quiet();
  operator.quiet();
  stopped = false;
});

const at = (page, path) => page.goto(`${server.portal}${path}`);
const shown = (page, text) => page.getByText(text, { exact: false }).first().waitFor();
const rows = (page) => page.locator('.table tbody tr');

async function enterPin(page) {
  await page.waitForSelector('.keypad');
  await page.keyboard.type(PAYMENT_PASSWORD);
}

async function available(page) {
  await at(page, '/wallet/#/');
  await page.reload();
  const box = page.locator('#balance');
  await box.waitFor();
  return Number(await box.getAttribute('data-available'));
}

async function walletLogIn(page, password) {
  await page.fill('[name=login_name]', world.user.login);
  await page.fill('[name=password]', password);
  await page.click('#log-in');
}

async function setPassword(page, old, next) {
  await page.fill('[name=old]', old);
  await page.fill('[name=new]', next);
  await page.fill('[name=again]', next);
  await page.click('form .button.main');
}

describe('an operator', () => {
  scene('must change the one-time password first, also after a reload, and stays in', async () => {
    await at(operator, '/operator/');
    await operator.fill('[name=name]', 'admin');
    await operator.fill('[name=password]', server.password);
    await operator.click('#log-in');
    await operator.waitForSelector('[name=old]');
    await operator.reload();
    await operator.waitForSelector('[name=old]');
    await operator.shot('operator-first');
    await setPassword(operator, server.password, PASSWORD);
    await operator.waitForSelector('.graph canvas');
    await operator.reload();
    await operator.waitForSelector('.graph canvas');
  });

  scene('sees an empty house without a broken page', async () => {
    for (const page of ['payments', 'orders', 'merchants', 'users']) {
      await at(operator, `/operator/#/${page}`);
      await operator.waitForSelector('.empty');
    }
    await operator.shot('operator-empty');
  });
});

describe('a wallet user', () => {
  before(async () => {
    world = await openWorld(server);
    shop = await openShop(world, sdk, CERTIFICATE);
    receiver = await startReceiver(shop.raw, [500, 204]);
    user = await (await browser.person('zh-CN', PHONE)).tab();
  });

  scene('is told when the password is wrong', async () => {
    await at(user, '/wallet/');
    await user.shot('login');
    await user.complaining(/401/, () => walletLogIn(user, `${PASSWORD}-not`));
    await user.waitForSelector('.notice.bad');
    await user.shot('login-wrong');
  });

  scene('logs in and sees the balance', async () => {
    await walletLogIn(user, PASSWORD);
    await user.waitForSelector('#balance');
    assert.equal(await available(user), balance);
    await user.shot('home');
  });

  scene('is told that a code is none', async () => {
    await at(user, '/wallet/#/pay');
    await user.fill('[name=code]', 'weixin://wxpay/bizpayurl?pr=nonsense');
    await user.complaining(/404/, () => user.click('#resolve'));
    await user.waitForSelector('.notice.bad');
    await user.shot('unknown-code');
  });

  // The first answer is lost on the way back: the page must repeat the same request by itself, and
  // money must move once.
  scene('pays a code once, though the first answer is lost', async () => {
    paid = order({ total: 2800, description: '拿铁 中杯', notify_url: receiver.url });
    const { code_url: code } = is(await shop.prepay('native', paid), 200);
    const sent = [];
    await user.route('**/wallet/v1/payments', async (route) => {
      if (route.request().method() !== 'POST') return route.continue();
      sent.push(route.request().postDataJSON().request_id);
      if (sent.length > 1) return route.continue();
      await route.fetch();
      return route.abort('connectionreset');
    });
    await at(user, `/wallet/#/pay?code=${encodeURIComponent(code)}`);
    await user.waitForSelector('#confirm-pay');
    await user.shot('confirm');
    await user.click('#confirm-pay');
    await user.complaining(/ERR_CONNECTION_RESET/, () => enterPin(user));
    await user.waitForSelector('.receipt[data-state="COMPLETED"]');
    await user.shot('receipt');
    await user.unroute('**/wallet/v1/payments');
    assert.equal(sent.length, 2, 'the lost answer was asked for once more');
    assert.equal(sent[0], sent[1], 'with the same request_id');
    balance -= 2800;
    assert.equal(await available(user), balance);
    assert.equal(is(await shop.byOutTradeNo(paid.out_trade_no), 200).trade_state, 'SUCCESS');
    assert.equal((await receiver.next()).resource.out_trade_no, paid.out_trade_no);
  });

  scene('shows a payer code, and another one when asked', async () => {
    await at(user, '/wallet/#/code');
    const code = user.locator('#payer-code');
    await code.waitFor();
    const first = await code.getAttribute('data-digits');
    assert.match(first, /^13\d{16}$/);
    assert.equal(await user.locator('.code-paper svg').count(), 2);
    await user.shot('payer-code');
    await user.click('#renew-code');
    await user.locator(`#payer-code:not([data-digits="${first}"])`).waitFor();
  });

  scene('finds the payment in the history', async () => {
    await at(user, '/wallet/#/history');
    await user.locator('.rows a').first().waitFor();
    assert.equal(await user.locator('.rows a').count(), 2, 'the payment and the first top-up');
    await user.shot('history');
    await user.locator('.rows a').first().click();
    await user.waitForSelector('.detail-amount');
    assert.match(await user.locator('.detail-amount').innerText(), /28\.00/);
    await shown(user, paid.out_trade_no);
    await user.shot('detail');
  });

  scene('binds a bank and tops up', async () => {
    await at(user, '/wallet/#/banks');
    await user.fill('[name=bank_name]', 'Demo Bank');
    await user.fill('[name=account_number]', '6222 0200 0000 1234');
    await user.click('form .button.main');
    await user.waitForSelector('.notice.good');
    await user.shot('banks');
    await at(user, '/wallet/#/top-up');
    await user.fill('[name=amount]', '12.34');
    await user.click('#top-up');
    await enterPin(user);
    await user.waitForSelector('.receipt[data-state="COMPLETED"]');
    await user.shot('top-up');
    balance += 1234;
    assert.equal(await available(user), balance);
  });

  scene('changes the password and stays in, in every tab', async () => {
    const other = await user.context().newPage();
    await at(other, '/wallet/#/');
    await other.waitForSelector('#balance');
    await at(user, '/wallet/#/password');
    await user.shot('password');
    await user.complaining(/401/, () => setPassword(user, 'not this one', NEXT_PASSWORD));
    await user.waitForSelector('.notice.bad');
    await setPassword(user, PASSWORD, NEXT_PASSWORD);
    await user.waitForSelector('.notice.good');
    await user.shot('password-changed');
    assert.equal(await available(user), balance);
    await at(other, '/wallet/#/history');
    await other.locator('.rows a').first().waitFor();
    await other.close();
  });

  scene('pays at the cashier and finds the way back to the shop', async () => {
    const wish = order({ total: 990, description: '会员月卡', scene_info: H5 });
    const { h5_url: url } = is(await shop.prepay('h5', wish), 200);
    const stranger = await (await browser.person('en-US', PHONE)).tab();
    await stranger.goto(`${url}&redirect_url=${encodeURIComponent(BACK)}`);
    await stranger.waitForSelector('#log-in');
    await stranger.shot('cashier-login');
    stranger.quiet();
    await user.goto(`${url}&redirect_url=${encodeURIComponent(BACK)}`);
    await user.waitForSelector('#pay-now');
    await user.shot('cashier');
    await user.click('#pay-now');
    await enterPin(user);
    await user.waitForSelector('.receipt[data-state="COMPLETED"]');
    assert.equal(await user.locator('#return').getAttribute('href'), BACK);
    await user.shot('cashier-paid');
    balance -= 990;
    assert.equal(is(await shop.byOutTradeNo(wish.out_trade_no), 200).trade_type, 'MWEB');
    assert.equal(await available(user), balance);
  });

  scene('switches the language', async () => {
    await at(user, '/wallet/#/');
    await user.waitForSelector('#balance');
    assert.equal(await user.getAttribute('html', 'lang'), 'zh-CN');
    await at(user, '/wallet/#/me');
    await user.shot('me');
    await user.click('.language');
    assert.equal(await user.getAttribute('html', 'lang'), 'en');
    await shown(user, 'Log out');
    await user.shot('me-english');
    await user.click('.language');
  });

  scene('logs out; the old password is no good any more, the new one is', async () => {
    await at(user, '/wallet/#/me');
    await user.click('#log-out');
    await user.click('#log-out-sure');
    await user.waitForSelector('#log-in');
    await user.complaining(/401/, () => walletLogIn(user, PASSWORD));
    await user.waitForSelector('.notice.bad');
    await walletLogIn(user, NEXT_PASSWORD);
    await user.waitForSelector('#balance, .person');
  });
});

describe('an operator looks into it', () => {
  scene('the overview has its numbers and its charts with units', async () => {
    await at(operator, '/operator/#/');
    await operator.reload();
    await operator.locator('.graph canvas').nth(1).waitFor();
    const tiles = await operator.locator('.tiles').first().innerText();
    assert.match(tiles, /37\.90/, 'what was paid');
    assert.match(tiles, /Users\s+1\b/);
    assert.match(tiles, /Orders 2\b/);
    assert.match(tiles, /Merchants 2\b/);
    await operator.waitForSelector('.state.SERVING');
    await operator.shot('overview');
    await operator.click('.figures summary');
    const figures = await operator.locator('.figures tbody tr td:first-of-type').allInnerTexts();
    assert.equal(figures.map(Number).reduce((sum, n) => sum + n, 0), 2, 'payments by minute');
  });

  scene('finds payments by merchant and state', async () => {
    await at(operator, '/operator/#/payments');
    await operator.fill('[name=mchid]', world.merchants[CERTIFICATE].mchid);
    await operator.click('.filters .button');
    await rows(operator).nth(1).waitFor();
    assert.equal(await rows(operator).count(), 2);
    await operator.shot('payments');
    await operator.selectOption('#state', 'DECLINED');
    await operator.waitForSelector('.empty');
    await operator.fill('[name=mchid]', '1900000999');
    await operator.complaining(/400/, () => operator.click('.filters .button'));
    await operator.waitForSelector('.notice.bad');
  });

  scene('finds an order by its number', async () => {
    await at(operator, '/operator/#/orders');
    await operator.fill('[name=out_trade_no]', paid.out_trade_no);
    await operator.click('.filters .button');
    await operator.waitForFunction(
      () => document.querySelectorAll('.table tbody tr').length === 1);
    await operator.shot('orders');
    await rows(operator).first().click();
    await operator.waitForSelector('.notice-card');
    await operator.shot('order');
  });

  scene('reads a payment\'s story, with the notice that failed, and sends it again', async () => {
    await operator.locator('.button.main').first().click();
    await operator.waitForSelector('.timeline li');
    const card = operator.locator('.notice-card');
    const attempt = (n) => card.locator('.attempts li').nth(n).innerText();
    await card.waitFor();
    await operator.locator('.state.WAITING').waitFor();
    assert.ok((await card.innerText()).includes(receiver.url), 'the URL');
    assert.match(await attempt(0), /HTTP 500\s+(<\s)?\d+\sms/);
    await operator.shot('story');
    await card.locator('.button').click();
    assert.equal((await receiver.next()).resource.out_trade_no, paid.out_trade_no);
    await operator.locator('.state.DELIVERED').waitFor();
    assert.match(await attempt(1), /HTTP 204\s+(<\s)?\d+\sms/);
    assert.equal(await rows(operator).count(), 1, 'one posting');
    await operator.shot('story-resent');
  });

  scene('lists users and opens one', async () => {
    await at(operator, '/operator/#/users');
    await rows(operator).first().waitFor();
    assert.equal(await rows(operator).count(), 1);
    await shown(operator, world.user.login);
    await operator.shot('users');
    await rows(operator).first().click();
    await rows(operator).nth(1).waitFor();
    const tiles = await operator.locator('.tiles').innerText();
    assert.ok(tiles.replaceAll(',', '').includes((balance / 100).toFixed(2)), tiles);
    await operator.shot('user');
  });

  scene('opens a user who can log in', async () => {
    await at(operator, '/operator/#/users');
    await operator.locator('.heading .button').click();
    await operator.fill('dialog [name=login_name]', 'bob');
    await operator.fill('dialog [name=display_name]', 'Bob');
    await operator.fill('dialog [name=new-password]', PASSWORD);
    await operator.fill('dialog [name=pin]', PAYMENT_PASSWORD);
    await operator.click('dialog .button.main');
    await operator.waitForSelector('.heading .state.ACTIVE');
    const bob = await (await browser.person('en-US', PHONE)).tab();
    await at(bob, '/wallet/');
    await bob.fill('[name=login_name]', 'bob');
    await bob.fill('[name=password]', PASSWORD);
    await bob.click('#log-in');
    await bob.waitForSelector('#balance');
    await bob.shot('new-user');
    bob.quiet();
  });

  scene('lists merchants, freezes one and lets it go', async () => {
    await at(operator, '/operator/#/merchants');
    await rows(operator).nth(1).waitFor();
    await operator.shot('merchants');
    await at(operator, `/operator/#/merchants/${world.merchants[PUBLIC_KEY].mchid}`);
    for (const state of ['FROZEN', 'ACTIVE']) {
      await operator.click('.heading button.button');
      await operator.click('dialog form .button');
      await operator.waitForSelector(`.heading .state.${state}`);
    }
    await rows(operator).first().waitFor();
    await operator.shot('merchant');
  });

  scene('registers a merchant and sees its key once', async () => {
    await at(operator, '/operator/#/merchants');
    await operator.locator('.heading .button').click();
    await operator.fill('dialog [name=mchid]', '1900000103');
    await operator.fill('dialog [name=name]', 'Corner Shop');
    await operator.fill('dialog [name=appids]', 'wx8888888888888888');
    await operator.shot('new-merchant');
    await operator.click('dialog .button.main');
    await operator.waitForSelector('dialog .copy-box');
    assert.match(await operator.locator('dialog pre').innerText(), /^\w{32}$/);
    await operator.click('dialog .button.main');
    await rows(operator).nth(2).waitFor();
  });

  // Beside the institutions there are positions, rules and openings, each in a table of its own.
  const named = (page, label) => page.locator(`.table[aria-label="${label}"] tbody tr`);

  scene('lists institutions and adds one that is linked', async () => {
    await at(operator, '/operator/#/participants');
    await named(operator, 'Institutions').first().waitFor();
    assert.equal(await named(operator, 'Institutions').count(), 1);
    await operator.click('.heading .button');
    await operator.fill('dialog [name=name]', 'Harbour Bank');
    await operator.fill('dialog [name=code]', 'HARBOUR');
    await operator.locator('dialog [type=checkbox]').first().check();
    await operator.selectOption('dialog #protocol', 'JSON');
    await operator.fill('dialog [name=channels]', 'https://link.harbour.example:8443');
    await operator.click('dialog .button.main');
    await named(operator, 'Institutions').nth(1).waitFor();
    await shown(operator, 'Harbour Bank');
    await operator.shot('participants');
  });

  scene('opens a position, a rule and a kind of codes to it', async () => {
    await named(operator, 'Institutions').first().locator('a').click();
    await operator.waitForSelector('.heading .state.ACTIVE');
    await operator.waitForSelector('.link-status .state.IDLE');
    await operator.getByRole('button', { name: 'Set cap' }).click();
    await operator.fill('dialog [name=cap]', '5000000');
    await operator.click('dialog .button.main');
    await operator.waitForSelector('.cap[data-percent="0"]');
    await operator.getByRole('button', { name: 'New rule' }).click();
    await operator.fill('dialog [name=pattern]', '28');
    await operator.click('dialog .button.main');
    await named(operator, 'Whose codes').first().waitFor();
    await named(operator, 'Openings').last().locator('button').click();
    await operator.fill('dialog [name=opens_at]', '2026-03-01');
    await operator.click('dialog .button.main');
    await operator.waitForSelector('.text-button.open');
    await shown(operator, 'from 2026-03-01');
    await operator.shot('participant');
    await at(operator, '/operator/#/participants');
    await operator.waitForSelector('.cap');
    await operator.shot('participants-linked');
  });

  scene('hands out the platform\'s keys and changes the own password', async () => {
    await at(operator, '/operator/#/settings');
    await shown(operator, 'BEGIN PUBLIC KEY');
    await shown(operator, 'BEGIN CERTIFICATE');
    await operator.shot('settings');
    await setPassword(operator, PASSWORD, NEXT_PASSWORD);
    await operator.waitForSelector('.notice.good');
    await at(operator, '/operator/#/');
    await operator.waitForSelector('.graph canvas');
  });

  scene('switches the language', async () => {
    await operator.click('.language');
    assert.equal(await operator.getAttribute('html', 'lang'), 'zh-CN');
    await shown(operator, '成功率');
    await operator.locator('.graph canvas').nth(1).waitFor();
    await operator.shot('overview-chinese');
    await operator.click('.language');
    await shown(operator, 'Success rate');
  });

  scene('logs out', async () => {
    await operator.locator('.language').last().click();
    await operator.waitForSelector('#log-in');
  });
});
