// A running server with what the tests need: an operator, a merchant of each key mode, a user with
// money. Everything is set up as an operator and a user would, through the doors.
import { randomUUID } from 'node:crypto';

import { makeCertificate } from './certificate.mjs';
import { ask, must } from './json.mjs';
import { startServer } from './server.mjs';

export const CERTIFICATE = 'CERTIFICATE';
export const PUBLIC_KEY = 'PUBLIC_KEY';
export const MODES = [CERTIFICATE, PUBLIC_KEY];

const APPID = 'wx8888888888888888';
export const PASSWORD = 'correct horse battery staple';
export const PAYMENT_PASSWORD = '135790';
export const TOP_UP_FEN = 100_000_000;

// On a server of its own; or on one that runs, whose first operator has PASSWORD already.
export async function openWorld(running) {
  const server = running ?? await startServer();
  try {
    if (!running) await firstLogIn(server);
    const operator = await openOperator(server);
    const merchants = {
      [CERTIFICATE]: await addMerchant(operator, '1900000101', CERTIFICATE),
      [PUBLIC_KEY]: await addMerchant(operator, '1900000102', PUBLIC_KEY),
    };
    return {
      server,
      operator,
      merchants,
      platform: await operator('GET', '/platform-keys'),
      user: await openUser(server, operator),
      close: server.stop,
    };
  } catch (error) {
    await server.stop().catch(() => {}); // The first error is the one to tell.
    throw error;
  }
}

const logIn = (base, password) => must('POST', `${base}/sessions`, { name: 'admin', password });

export async function firstLogIn(server) {
  const base = `${server.portal}/operator/v1`;
  const first = await logIn(base, server.password);
  if (!first.password_change_required) throw new Error('the one-time password need not be changed');
  await must('PUT', `${base}/password`, { old: server.password, new: PASSWORD }, first.token);
}

async function openOperator(server) {
  const base = `${server.portal}/operator/v1`;
  const { token } = await logIn(base, PASSWORD);
  return (method, path, body) => must(method, base + path, body, token);
}

// What a merchant's program is configured with, as the operator hands it over.
async function addMerchant(operator, mchid, mode) {
  const made = await operator('POST', '/merchants', {
    mchid, name: `晨光咖啡 ${mode}`, appids: [APPID], key_mode: mode,
  });
  const own = await makeCertificate(mchid);
  const body = { certificate_pem: own.certificate };
  const key = await operator('POST', `/merchants/${mchid}/keys`, body);
  if (key.serial_no !== own.serial) throw new Error(`serial ${key.serial_no} is not ${own.serial}`);
  return { mchid, appid: APPID, mode, apiv3Key: made.apiv3_key, ...own };
}

async function openUser(server, operator) {
  const login = `payer-${randomUUID().slice(0, 8)}`;
  await operator('POST', '/users', {
    login_name: login,
    display_name: '爱丽丝',
    password: PASSWORD,
    payment_password: PAYMENT_PASSWORD,
  });
  const base = `${server.portal}/wallet/v1`;
  const { token } = await must('POST', `${base}/sessions`,
    { login_name: login, password: PASSWORD });
  const source = await must('POST', `${base}/funding-sources`,
    { bank_name: '演示银行', account_number: '6222020000004242' }, token);
  await must('POST', `${base}/top-ups`, {
    request_id: randomUUID(),
    funding_source_id: source.funding_source_id,
    amount: { total: TOP_UP_FEN, currency: 'CNY' },
    payment_password: PAYMENT_PASSWORD,
  }, token);
  return {
    login,
    // Each gives {status, body}: what the wallet door says.
    resolve: (code) => ask('POST', `${base}/codes/resolve`, { code }, token),
    showCode: async () => (await must('POST', `${base}/payer-codes`, undefined, token)).digits,
    confirming: async () => (await must('GET', `${base}/payments/confirming`, undefined, token)),
    confirm: (id) => ask('POST', `${base}/payments/${id}/confirm`,
      { payment_password: PAYMENT_PASSWORD }, token),
    pay: (code) => ask('POST', `${base}/payments`,
      { request_id: randomUUID(), code, payment_password: PAYMENT_PASSWORD }, token),
  };
}
