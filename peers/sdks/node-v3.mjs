// wechatpay-node-v3 as a merchant's program uses it. Its addresses are fixed, so its own transport
// is given other ones through createHttp, the hook that it has for that. It verifies no answer by
// itself: the tests do, with its verifySign.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const Pay = require('wechatpay-node-v3');
const { PayRequest } = require('wechatpay-node-v3/dist/lib/pay-request');

export const name = 'wechatpay-node-v3';

class Transport extends PayRequest {
  constructor(baseURL, headers) {
    super();
    this.moved = (url) => baseURL + new URL(url).pathname + new URL(url).search;
    this.extra = headers;
  }

  post(url, params, headers) {
    return super.post(this.moved(url), params, { ...headers, ...this.extra });
  }

  get(url, headers) { return super.get(this.moved(url), { ...headers, ...this.extra }); }
}

// `platform` maps the serial of each platform key that the merchant trusts to its PEM text. In
// certificate mode the SDK downloads what it trusts; in public-key mode it is told.
export function connect({ baseURL, merchant, platform, headers = {} }) {
  const pay = new Pay({
    appid: merchant.appid,
    mchid: merchant.mchid,
    publicKey: Buffer.from(merchant.certificate), // The SDK reads the serial number from it.
    privateKey: Buffer.from(merchant.privateKey),
    key: merchant.apiv3Key,
  });
  pay.createHttp(new Transport(baseURL, headers));
  Object.assign(Pay.certificates, told(merchant, platform));
  return {
    prepay: async (kind, order) => {
      const answer = outcome(await pay[`transactions_${kind}`](order));
      // For jsapi and app the SDK gives the signed fields in place of the answer.
      if (kind === 'jsapi' && answer.status === 200) answer.invocation = jsapiFields(answer.data);
      if (kind === 'app' && answer.status === 200) answer.invocation = appFields(answer.data);
      return answer;
    },
    byOutTradeNo: async (no) => outcome(await pay.query({ out_trade_no: no })),
    byTransactionId: async (id) => outcome(await pay.query({ transaction_id: id })),
    close: async (no) => outcome(await pay.close(no)),
    codepay: (order) => posted(pay, 'codepay',
      { appid: merchant.appid, mchid: merchant.mchid, ...order }),
    reverse: (no) => posted(pay, `out-trade-no/${no}/reverse`,
      { appid: merchant.appid, mchid: merchant.mchid }),
    refund: async (refund) => outcome(await pay.refunds(refund)),
    refundQuery: async (no) => outcome(await pay.find_refunds(no)),
    certificates: () => certificates(pay, merchant),
    verify: ({ timestamp, nonce, body, serial, signature }) => pay.verifySign(
      { timestamp, nonce, body, serial, signature, apiSecret: merchant.apiv3Key }),
    decrypt: ({ ciphertext, associated_data: aad, nonce }) =>
      pay.decipher_gcm(ciphertext, aad, nonce, merchant.apiv3Key),
    encrypt: (text, pem) => pay.publicEncrypt(text, Buffer.from(pem)),
  };
}

// It has no method for payment codes: a program extends its class and calls as its methods do.
async function posted(pay, path, body) {
  const url = `https://api.mch.weixin.qq.com/v3/pay/transactions/${path}`;
  const headers = pay.getHeaders(pay.buildAuthorization('POST', url, body),
    { 'Content-Type': 'application/json' });
  return outcome(await pay.httpService.post(url, body, headers));
}

// Its only way to trust a public key is the map in which it keeps what it downloaded.
const told = (merchant, platform) => Object.fromEntries(Object.entries(platform).filter(
  ([serial]) => merchant.mode === 'PUBLIC_KEY' || serial.startsWith('PUB_KEY_ID_')));

async function certificates(pay, merchant) {
  let answer;
  const { get } = pay.httpService;
  pay.httpService.get = async (...args) => (answer = await get.apply(pay.httpService, args));
  try {
    const items = await pay.get_certificates(merchant.apiv3Key);
    const data = items.map(({ serial_no: serial, publicKey: key }) => ({ serial, key }));
    return { status: 200, data };
  } catch (error) {
    if (answer?.status === 200 || !answer?.error) throw error;
    return outcome(answer); // The SDK's own error says only that the download failed.
  } finally {
    delete pay.httpService.get;
  }
}

const jsapiFields = (data) => ({
  app_id: data.appId,
  time_stamp: data.timeStamp,
  nonce_str: data.nonceStr,
  package: data.package,
  sign_type: data.signType,
  pay_sign: data.paySign,
});

const appFields = (data) => ({
  app_id: data.appid,
  time_stamp: data.timestamp,
  nonce_str: data.noncestr,
  package: data.prepayid,
  sign_type: 'RSA',
  pay_sign: data.sign,
});

// The SDK gives {status, data} or {status, error} with the body as text.
function outcome({ status, data, error }) {
  return { status, data: error === undefined ? data : JSON.parse(error) };
}
