// wechatpay-axios-plugin as a merchant's program uses it. It signs requests and verifies every
// success by itself; what it does not verify (errors), the tests verify with its functions.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { Wechatpay, Formatter, Rsa, Aes } = require('wechatpay-axios-plugin');

export const name = 'wechatpay-axios-plugin';

// `platform` maps the serial of each platform key that the merchant trusts to its PEM text.
export function connect({ baseURL, merchant, platform, headers = {} }) {
  const wxpay = new Wechatpay({
    baseURL,
    mchid: merchant.mchid,
    serial: merchant.serial,
    privateKey: merchant.privateKey,
    certs: { ...platform },
    headers,
    timeout: 30_000,
  });
  return {
    prepay: (kind, order) => outcome(wxpay.v3.pay.transactions[kind].post(
      { appid: merchant.appid, mchid: merchant.mchid, ...order })),
    byOutTradeNo: (no) => outcome(wxpay.v3.pay.transactions.outTradeNo.$out_trade_no$.get(
      { params: { mchid: merchant.mchid }, out_trade_no: no })),
    byTransactionId: (id) => outcome(wxpay.v3.pay.transactions.id['{transaction_id}'].get(
      { params: { mchid: merchant.mchid }, transaction_id: id })),
    close: (no) => outcome(wxpay.v3.pay.transactions.outTradeNo.$out_trade_no$.close.post(
      { mchid: merchant.mchid }, { out_trade_no: no })),
    codepay: (order) => outcome(wxpay.v3.pay.transactions.codepay.post(
      { appid: merchant.appid, mchid: merchant.mchid, ...order })),
    reverse: (no) => outcome(wxpay.v3.pay.transactions.outTradeNo.$out_trade_no$.reverse.post(
      { appid: merchant.appid, mchid: merchant.mchid }, { out_trade_no: no })),
    refund: (refund) => outcome(wxpay.v3.refund.domestic.refunds.post(refund)),
    refundQuery: (no) => outcome(wxpay.v3.refund.domestic.refunds.$out_refund_no$.get(
      { out_refund_no: no })),
    certificates: async () => {
      const answer = await outcome(wxpay.v3.certificates.get());
      if (answer.status !== 200) return answer;
      return { status: 200, data: answer.data.data.map((item) => opened(item, merchant)) };
    },
    verify: async ({ timestamp, nonce, body, serial, signature }) =>
      serial in platform
        && Rsa.verify(Formatter.response(timestamp, nonce, body), signature, platform[serial]),
    decrypt: (resource) => JSON.parse(decrypt(resource, merchant)),
    encrypt: (text, pem) => Rsa.encrypt(text, pem),
    jsapiInvocation: (prepayId) => invocation(merchant, `prepay_id=${prepayId}`),
    appInvocation: (prepayId) => invocation(merchant, prepayId),
  };
}

const decrypt = ({ ciphertext, nonce, associated_data: aad }, { apiv3Key }) =>
  Aes.AesGcm.decrypt(ciphertext, apiv3Key, nonce, aad);

const opened = (item, merchant) =>
  ({ serial: item.serial_no, key: decrypt(item.encrypt_certificate, merchant) });

function invocation(merchant, packed) {
  const fields = {
    app_id: merchant.appid,
    time_stamp: `${Formatter.timestamp()}`,
    nonce_str: Formatter.nonce(),
    package: packed,
  };
  const text = Formatter.joinedByLineFeed(...Object.values(fields));
  return { ...fields, sign_type: 'RSA', pay_sign: Rsa.sign(text, merchant.privateKey) };
}

// The plugin rejects with an axios error, both for an answer of the server that is no success and
// for one that it does not believe; the latter has a code of the plugin's own.
async function outcome(promise) {
  try {
    const { status, data } = await promise;
    return { status, data };
  } catch (error) {
    if (!error.response) throw error;
    if (`${error.code}`.startsWith('EV3_')) return { refusedBySdk: error.code };
    return { status: error.response.status, data: error.response.data };
  }
}
