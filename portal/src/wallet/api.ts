// The wallet door (api/wallet.yaml), typed.
import { languageTag } from "../base/i18n.js";
import { call, query, type Answer, type Door } from "../base/http.js";
import type { Amount } from "../base/money.js";
import type { Code } from "../base/code.js";
import { SessionBox } from "../base/session.js";

export interface User {
    user_id: string;
    login_name: string;
    display_name: string;
    state: "ACTIVE" | "FROZEN";
}

export interface Account {
    account_id: string;
    currency: string;
    available: number;
    held: number;
    balance: number;
}

export interface FundingSource {
    funding_source_id: string;
    bank_name: string;
    masked_number: string;
}

export interface Me {
    user: User;
    accounts: Account[];
    funding_sources: FundingSource[];
    has_payment_password?: boolean;
}

export type OrderState = "NOTPAY" | "USERPAYING" | "SUCCESS" | "REFUND" | "CLOSED";

export interface Order {
    order_token: string;
    merchant_name: string;
    description: string;
    amount: Amount;
    expires_at: string;
    state: OrderState;
    payment_id?: string;
}

// Whom a code would pay that is none of our own orders.
export interface Payee {
    payee_token: string;
    payee_name: string;
    payee_kind: "PERSON" | "BUSINESS" | "MERCHANT";
    institution_name?: string;
    amount?: Amount; // absent: the payer enters it
    description?: string;
    expires_at: string;
}

export type Resolved = { kind: "ORDER"; order: Order } | { kind: "PAYEE"; payee: Payee };

// What a payment is for.
export type Target = { code: Code } | { payee_token: string; amount: Amount };

export type PaymentState = "COMPLETED" | "DECLINED" | "RESERVED" | "REVERSING" | "REVERSED" | "CONFIRMING";

export interface Decline {
    code: string;
    message: string;
}

export interface PayerCode {
    digits: string;
    expires_at: string;
}

// A payment that a till asked for with a payer code.
export interface Charge {
    payment_id: string;
    state: PaymentState;
    decline?: Decline;
    amount: Amount;
    payee_name: string;
    description: string;
    created_at: string;
    completed_at?: string;
    expires_at?: string;
}

export interface RefundItem {
    kind: "REFUND";
    refund_id: string;
    payment_id: string;
    state: "SUCCESS" | "PROCESSING" | "CLOSED" | "ABNORMAL";
    amount: Amount;
    merchant_name: string;
    institution_name?: string;
    description?: string;
    created_at: string;
    completed_at?: string;
}

export interface Payment {
    payment_id: string;
    state: PaymentState;
    decline?: Decline;
    amount: Amount;
    merchant_name: string;
    institution_name?: string;
    description: string;
    out_trade_no?: string;
    created_at: string;
    completed_at?: string;
    balance_after?: Amount;
    refunded?: Amount;
    refunds?: RefundItem[];
}

export interface TopUp {
    top_up_id: string;
    state: "COMPLETED" | "DECLINED";
    decline?: Decline;
    amount: Amount;
    bank_name?: string;
    masked_number?: string;
    created_at: string;
    completed_at?: string;
    balance_after?: Amount;
}

export type HistoryItem =
    | ({ kind: "PAYMENT" } & Payment)
    | RefundItem
    | ({ kind: "TOP_UP" } & TopUp);

export interface HistoryPage {
    items: HistoryItem[];
    next?: string;
    as_of?: string;
}

interface SessionAnswer {
    token: string;
    expires_at: string;
    user: User;
}

function storage(): Storage {
    try {
        return window.localStorage;
    } catch {
        return window.sessionStorage;
    }
}

export const session = new SessionBox("huitong.wallet.session", storage());
window.addEventListener("storage", (event) => session.follow(event.key));

// Told when the door ended the session, as opposed to the user logging out.
export const ending = { byDoor: false };

const door: Door = {
    prefix: "/wallet/v1",
    token: () => session.get()?.token,
    language: languageTag,
    sessionEnded: () => {
        ending.byDoor = true;
        session.set(undefined);
    },
};

export async function logIn(loginName: string, password: string): Promise<Answer<SessionAnswer>> {
    const body = { login_name: loginName, password };
    const answer = await call<SessionAnswer>(door, "POST", "/sessions", body);
    if (answer.kind === "done") {
        const { token, expires_at, user } = answer.value;
        ending.byDoor = false;
        session.set({ token, expires_at, name: user.display_name, subject: user.user_id });
    }
    return answer;
}

// The page forgets the token whatever the door says: the user must be able to leave.
export async function logOut(): Promise<void> {
    await call(door, "DELETE", "/sessions");
    ending.byDoor = false;
    session.set(undefined);
}

export const getMe = (): Promise<Answer<Me>> => call(door, "GET", "/me");

export const resolveCode = (code: Code): Promise<Answer<Resolved>> =>
    call(door, "POST", "/codes/resolve", { code });

export const pay = (requestId: string, target: Target, pin: string): Promise<Answer<Payment>> =>
    call(door, "POST", "/payments", { request_id: requestId, ...target, payment_password: pin });

export const issuePayerCode = (): Promise<Answer<PayerCode>> =>
    call(door, "POST", "/payer-codes");

export const listConfirming = (): Promise<Answer<{ items: Charge[] }>> =>
    call(door, "GET", "/payments/confirming");

export const confirmCharge = (id: string, pin: string): Promise<Answer<Charge>> =>
    call(door, "POST", `/payments/${encodeURIComponent(id)}/confirm`, { payment_password: pin });

export const getPayment = (id: string): Promise<Answer<Payment>> =>
    call(door, "GET", `/payments/${encodeURIComponent(id)}`);

export const listHistory = (before?: string, limit = 20): Promise<Answer<HistoryPage>> =>
    call(door, "GET", `/payments${query({ before, limit })}`);

export interface TopUpWish {
    funding_source_id: string;
    amount: Amount;
}

export const topUp = (requestId: string, wish: TopUpWish, pin: string): Promise<Answer<TopUp>> =>
    call(door, "POST", "/top-ups", { request_id: requestId, ...wish, payment_password: pin });

export const bindBank = (bank: string, account: string): Promise<Answer<FundingSource>> =>
    call(door, "POST", "/funding-sources", { bank_name: bank, account_number: account });

export const setPaymentPassword = (old: string, next: string): Promise<Answer<void>> =>
    call(door, "PUT", "/payment-password", old === "" ? { new: next } : { old, new: next });

// Ends all sessions; this page goes on with the one that the answer brings.
export async function changePassword(old: string, next: string): Promise<Answer<SessionAnswer>> {
    const answer = await call<SessionAnswer>(door, "PUT", "/password", { old, new: next });
    if (answer.kind === "done") session.renew(answer.value.token, answer.value.expires_at);
    return answer;
}
