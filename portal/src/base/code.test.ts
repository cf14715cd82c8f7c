import assert from "node:assert/strict";
import { test } from "node:test";
import { codeKey, h5Url, readCode, returnAddress } from "./code.js";

const fields = {
    app_id: "wx8888888888888888",
    time_stamp: "1772337600",
    nonce_str: "n",
    package: "prepay_id=wx1",
    sign_type: "RSA",
    pay_sign: "s",
};

test("a text is its own code, without the blanks around it", () => {
    assert.equal(readCode("  weixin://wxpay/bizpayurl?pr=a\n"), "weixin://wxpay/bizpayurl?pr=a");
    assert.equal(readCode("   "), undefined);
    assert.equal(readCode("x".repeat(2049)), undefined);
});

test("invocation fields are read in every spelling that merchants use", () => {
    const camel = {
        appId: fields.app_id,
        timeStamp: 1772337600,
        nonceStr: "n",
        package: "prepay_id=wx1",
        signType: "RSA",
        paySign: "s",
    };
    assert.deepEqual(readCode(JSON.stringify(camel)), fields);
    const app = {
        appid: fields.app_id,
        partnerid: "1900000109",
        prepayid: "wx1",
        noncestr: "n",
        timestamp: "1772337600",
        sign: "s",
    };
    assert.deepEqual(readCode(JSON.stringify(app)), { ...fields, package: "wx1" });
});

test("fields that are incomplete or not JSON are no code", () => {
    assert.equal(readCode('{"appId":"wx1"}'), undefined);
    assert.equal(readCode("{not json"), undefined);
});

test("the same code has the same key, another code another", () => {
    assert.equal(codeKey("a"), "a");
    assert.equal(codeKey("000201 Café"), "000201%20Caf%C3%A9");
    assert.equal(codeKey(fields), codeKey({ ...fields }));
    assert.notEqual(codeKey(fields), codeKey({ ...fields, package: "prepay_id=wx2" }));
});

test("the cashier asks for its own address without what the merchant added", () => {
    assert.equal(
        h5Url("https://pay.example", "?prepay_id=wx1&package=2&redirect_url=https%3A%2F%2Fa"),
        "https://pay.example/cgi-bin/mmpayweb-bin/checkmweb?prepay_id=wx1&package=2",
    );
    assert.equal(h5Url("https://pay.example", "?prepay_id=wx1"), undefined);
    assert.equal(h5Url("https://pay.example", ""), undefined);
});

test("only web addresses are a way back", () => {
    const back = (to: string): string | undefined =>
        returnAddress(`?redirect_url=${encodeURIComponent(to)}`)?.href;
    assert.equal(back("https://shop.example/done?order=1"), "https://shop.example/done?order=1");
    assert.equal(back("http://shop.example"), "http://shop.example/");
    assert.equal(back("javascript:alert(1)"), undefined);
    assert.equal(back("data:text/html,x"), undefined);
    assert.equal(back("https://bank.example@shop.example/"), undefined);
    assert.equal(back("/relative"), undefined);
    assert.equal(returnAddress(""), undefined);
});
