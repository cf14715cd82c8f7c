import assert from "node:assert/strict";
import { test } from "node:test";
import type { Order, Payee } from "./api.js";
import { codeOfSubject, wishOfOrder, wishOfPayee } from "./wish.js";

const amount = { total: 2800, currency: "CNY" };
const order: Order = {
    order_token: "t",
    merchant_name: "Shop",
    description: "Tea",
    amount,
    expires_at: "2026-03-01T12:00:00+08:00",
    state: "NOTPAY",
};
const payee: Payee = {
    payee_token: "p",
    payee_name: "Café",
    payee_kind: "MERCHANT",
    institution_name: "East",
    expires_at: "2026-03-01T12:00:00+08:00",
};
const emv = "00020101021153037 Café";

test("an order is asked for by its code, a payee by the token", () => {
    assert.deepEqual(wishOfOrder("weixin://x", order).target, { code: "weixin://x" });
    const wish = wishOfPayee(emv, payee, amount);
    assert.deepEqual(wish.target, { payee_token: "p", amount });
    assert.equal(wish.institution, "East");
    assert.equal(wish.description, "");
});

test("an amount that was entered makes another intent, one of the code does not", () => {
    const other = { total: 2900, currency: "CNY" };
    const entered = wishOfPayee(emv, payee, amount).subject;
    assert.notEqual(wishOfPayee(emv, payee, other).subject, entered);
    assert.equal(wishOfPayee(emv, payee, { ...amount }).subject, entered);
    const fixed = wishOfPayee(emv, { ...payee, amount }, amount).subject;
    assert.equal(wishOfPayee(emv, { ...payee, amount, payee_token: "q" }, amount).subject, fixed);
});

test("the code is found again in the name of an intent, unless it was signed fields", () => {
    const invocation = {
        app_id: "wx1",
        time_stamp: "1",
        nonce_str: "n",
        package: "prepay_id=wx2",
        sign_type: "RSA",
        pay_sign: "s",
    };
    assert.equal(codeOfSubject(wishOfPayee(emv, payee, amount).subject), encodeURIComponent(emv));
    assert.equal(codeOfSubject(wishOfOrder(emv, order).subject), encodeURIComponent(emv));
    assert.equal(codeOfSubject(wishOfOrder(invocation, order).subject), undefined);
});
