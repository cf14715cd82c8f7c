// Two institutions: a user of WEST pays what a shop of EAST asks for, in a real browser.
// Each test goes on where the one before it ended.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { givesOrderCodes, houseOf, introduce } from '../../peers/institutions.mjs';
import * as sdk from '../../peers/sdks/node-v3.mjs';
import { startServer } from '../../peers/server.mjs';
import { is, openShop, order } from '../../peers/shop.mjs';
import {
  CERTIFICATE, PASSWORD, PAYMENT_PASSWORD, TOP_UP_FEN, firstLogIn, openWorld,
} from '../../peers/world.mjs';
import { PHONE, openBrowser } from './browser.mjs';

const PAGES = fileURLToPath(new URL('../dist', import.meta.url));
const UNDER_WAY_MS = 20_000; // The wallet door waits 10 s before it says so.

const servers = {};
let shop;
let browser;
let user;

async function open(code, links) {
  servers[code] = await startServer({ pages: PAGES, code, links });
  await firstLogIn(servers[code]);
  return openWorld(servers[code]);
}

before(async () => {
  const west = await open('WEST', 'transfer_expiry_ms = 12000');
  const east = await open('EAST');
  await introduce(east, west);
  await givesOrderCodes(east, await houseOf(east));
  await givesOrderCodes(west, await introduce(west, east));
  shop = await openShop(east, sdk, CERTIFICATE);
  browser = await openBrowser();
  user = await (await browser.person('zh-CN', PHONE)).tab();
  await user.goto(`${servers.WEST.portal}/wallet/`);
  await user.fill('[name=login_name]', west.user.login);
  await user.fill('[name=password]', PASSWORD);
  await user.click('#log-in');
  await user.waitForSelector('#balance');
});
after(async () => {
  await browser?.close();
  await shop?.shut();
  for (const server of Object.values(servers)) await server.stop();
});

const at = (path) => user.goto(`${servers.WEST.portal}/wallet/#/${path}`);

// Opens the sheet of an order of the shop.
async function scan(wish) {
  const { code_url: code } = is(await shop.prepay('native', wish), 200);
  await at(`pay?code=${encodeURIComponent(code)}`);
  await user.waitForSelector('#confirm-pay');
}

async function say(yes) {
  await user.click(yes);
  await user.waitForSelector('.keypad');
  await user.keyboard.type(PAYMENT_PASSWORD);
}

test('sees whom the code of another institution pays, and pays it', async () => {
  const wish = order({ total: 2800, description: '拿铁 中杯' });
  await scan(wish);
  const sheet = await user.locator('dialog').innerText();
  for (const text of ['晨光咖啡', 'EAST', '28.00', '拿铁 中杯']) assert.ok(sheet.includes(text), sheet);
  await user.shot('elsewhere-confirm');
  await say('#confirm-pay');
  await user.waitForSelector('.receipt[data-state="COMPLETED"]');
  assert.ok((await user.locator('.receipt').innerText()).includes('EAST'));
  await user.shot('elsewhere-receipt');
  assert.equal(is(await shop.byOutTradeNo(wish.out_trade_no), 200).trade_state, 'SUCCESS');
  await at('history');
  await user.locator('.rows a').first().click();
  await user.waitForSelector('.detail-amount');
  assert.ok((await user.locator('.detail').innerText()).includes('EAST'));
  await user.shot('elsewhere-detail');
  user.quiet();
});

// No order of the shop leaves the amount open, so the page is told so on the way.
test('enters the amount where the code names none', async () => {
  await user.route('**/codes/resolve', async (route) => {
    const response = await route.fetch();
    const answer = await response.json();
    delete answer.payee.amount;
    await route.fulfill({ response, json: answer });
  });
  const wish = order({ total: 1234 });
  const { code_url: code } = is(await shop.prepay('native', wish), 200);
  await at(`pay?code=${encodeURIComponent(code)}`);
  await user.fill('[name=amount]', '12.345');
  await user.click('#amount-entered');
  await user.waitForSelector('.field.bad');
  await user.fill('[name=amount]', '12.34');
  await user.shot('elsewhere-amount');
  await user.click('#amount-entered');
  await say('#confirm-pay');
  await user.waitForSelector('.receipt[data-state="COMPLETED"]');
  await user.unroute('**/codes/resolve');
  assert.equal(is(await shop.byOutTradeNo(wish.out_trade_no), 200).trade_state, 'SUCCESS');
  user.quiet();
});

test('sees a payment under way, and that it is returned when nobody answers', async () => {
  await scan(order({ total: 990 }));
  await servers.EAST.stop();
  delete servers.EAST;
  await say('#confirm-pay');
  await user.locator('.receipt[data-state="RESERVED"]').waitFor({ timeout: UNDER_WAY_MS });
  await user.shot('elsewhere-under-way');
  await user.locator('.receipt[data-state="REVERSING"]').waitFor({ timeout: UNDER_WAY_MS });
  await user.shot('elsewhere-returning');
  user.quiet();
  await at('');
  await user.reload();
  const box = user.locator('#balance');
  await box.waitFor();
  assert.equal(Number(await box.getAttribute('data-available')), TOP_UP_FEN - 2800 - 1234);
});

test('is told when the institution of a code does not answer', async () => {
  await at('pay');
  await user.fill('[name=code]', 'weixin://wxpay/bizpayurl?pr=0123456789012345678901');
  await user.complaining(/504/, () => user.click('#resolve'));
  await user.waitForSelector('.notice.bad');
  assert.ok((await user.locator('.notice.bad').innerText()).includes('对方机构暂无应答'));
  await user.shot('elsewhere-silent');
  user.quiet();
});
