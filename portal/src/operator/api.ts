// The operator door (api/operator.yaml), typed.
import { languageTag } from "../base/i18n.js";
import { call, query, type Answer, type Door } from "../base/http.js";
import type { Amount } from "../base/money.js";
import { SessionBox } from "../base/session.js";

export interface Page<T> {
    items: T[];
    next?: string;
    as_of?: string;
}

export type KeyMode = "CERTIFICATE" | "PUBLIC_KEY";
export type KeyFamily = "RSA" | "SM2";

// The code on a merchant's wall, and its picture.
export interface Plate {
    code: string;
    picture_svg: string;
}

export interface Merchant {
    mchid: string;
    name: string;
    state: "ACTIVE" | "FROZEN";
    appids: string[];
    key_mode: KeyMode;
    key_family: KeyFamily;
    notify_url?: string;
    balances?: { currency: string; unsettled: number; available: number; frozen: number };
    created_at: string;
    apiv3_key?: string;
}

export interface MerchantWish {
    mchid: string;
    name: string;
    appids: string[];
    key_mode: KeyMode;
    key_family: KeyFamily;
    apiv3_key?: string;
    notify_url?: string;
}

export interface MerchantKey {
    serial_no: string;
    kind: KeyMode;
    algorithm: KeyFamily;
    fingerprint: string;
    not_after?: string;
    created_at: string;
}

export interface PlatformCertificate {
    algorithm: KeyFamily;
    serial_no: string;
    certificate_pem: string;
    not_before: string;
    not_after: string;
}

export interface PlatformKeys {
    certificates: PlatformCertificate[];
    sm2_certificates: PlatformCertificate[];
    public_key: { public_key_id: string; public_key_pem: string };
    sm2_public_key?: { public_key_id: string; public_key_pem: string };
}

export interface User {
    user_id: string;
    login_name: string;
    display_name: string;
    masked_phone?: string;
    state: "ACTIVE" | "FROZEN";
    openid?: string;
    accounts?: {
        account_id: string;
        currency: string;
        available: number;
        held: number;
        balance: number;
    }[];
    created_at: string;
}

export interface UserWish {
    login_name: string;
    display_name: string;
    phone?: string;
    password: string;
    payment_password: string;
}

export interface Order {
    order_id: string;
    mchid: string;
    merchant_name?: string;
    out_trade_no: string;
    trade_type: string;
    description: string;
    amount: Amount;
    refunded?: Amount;
    state: "NOTPAY" | "USERPAYING" | "SUCCESS" | "REFUND" | "CLOSED";
    payment_id?: string;
    created_at: string;
    expires_at: string;
    paid_at?: string;
}

// Order, merchant and user are named when they are here; else an institution stands for the side.
export interface Payment {
    payment_id: string;
    kind: "MPM" | "CPM" | "REFUND";
    order_id?: string;
    mchid?: string;
    merchant_name?: string;
    out_trade_no?: string;
    user_id?: string;
    payer_participant_id?: string;
    payee_participant_id?: string;
    subject?: string;
    state: "COMPLETED" | "DECLINED" | "RESERVED" | "REVERSING" | "REVERSED" | "CONFIRMING";
    decline?: { code: string; message: string };
    amount: Amount;
    created_at: string;
    completed_at?: string;
}

export interface Posting {
    sequence: string;
    debit: { account_id: string; name?: string };
    credit: { account_id: string; name?: string };
    amount: Amount;
    at: string;
}

export interface Refund {
    refund_id: string;
    out_refund_no: string;
    state: "SUCCESS" | "PROCESSING" | "CLOSED" | "ABNORMAL";
    amount: Amount;
    reason?: string;
    created_at: string;
    completed_at?: string;
}

export interface Story {
    payment: Payment;
    order?: Order;
    postings: Posting[];
    refunds: Refund[];
}

export interface Attempt {
    at: string;
    http_status?: number;
    duration_ms?: number;
    result: string;
}

export interface Notice {
    notice_id: string;
    event_type:
        | "TRANSACTION.SUCCESS"
        | "REFUND.SUCCESS"
        | "REFUND.ABNORMAL"
        | "REFUND.CLOSED";
    url: string;
    state: "WAITING" | "DELIVERED" | "GIVEN_UP";
    next_attempt_at?: string;
    attempts: Attempt[];
}

export interface JournalStatus {
    partitions: {
        partition: number;
        last_sequence: string;
        last_batch_hash?: string;
        bytes?: number;
        epoch: number;
        state: "RECOVERING" | "SERVING" | "STOPPED";
        readers: { name: string; sequence: string; lag: number }[];
    }[];
}

export interface Point {
    minute: string;
    payments: number;
    declined: number;
    refunds: number;
    amount: Amount;
}

export interface Statistics {
    totals: {
        users: number;
        merchants: number;
        orders: number;
        payments: number;
        declined: number;
        refunds: number;
        amount: Amount;
    };
    points: Point[];
}

interface SessionAnswer {
    token: string;
    expires_at: string;
    operator: { operator_id: string; name: string };
    password_change_required: boolean;
}

export const session = new SessionBox("huitong.operator.session", window.sessionStorage);

// Told when the door ended the session, as opposed to the operator logging out.
export const ending = { byDoor: false };

export const door: Door = {
    prefix: "/operator/v1",
    token: () => session.get()?.token,
    language: languageTag,
    sessionEnded: () => {
        ending.byDoor = true;
        session.set(undefined);
    },
};

export const part = encodeURIComponent;

export async function logIn(name: string, password: string): Promise<Answer<SessionAnswer>> {
    const answer = await call<SessionAnswer>(door, "POST", "/sessions", { name, password });
    if (answer.kind === "done") {
        const { token, expires_at, operator, password_change_required } = answer.value;
        ending.byDoor = false;
        session.set({
            token,
            expires_at,
            name: operator.name,
            subject: operator.operator_id,
            must_change: password_change_required,
        });
    }
    return answer;
}

export async function logOut(): Promise<void> {
    await call(door, "DELETE", "/sessions");
    ending.byDoor = false;
    session.set(undefined);
}

export type Filter = Record<string, string | number | undefined>;

export const list = <T>(path: string) => (filter: Filter = {}): Promise<Answer<Page<T>>> =>
    call(door, "GET", path + query(filter));

const act = <T>(path: string, verb: string): Promise<Answer<T>> =>
    call(door, "POST", `${path}/${verb}`);

// Ends all sessions; this page goes on with the one that the answer brings.
export async function changePassword(old: string, next: string): Promise<Answer<SessionAnswer>> {
    const answer = await call<SessionAnswer>(door, "PUT", "/password", { old, new: next });
    if (answer.kind === "done") session.renew(answer.value.token, answer.value.expires_at);
    return answer;
}

export const createOperator = (name: string, password: string): Promise<Answer<{ name: string }>> =>
    call(door, "POST", "/operators", { name, password });

export const listMerchants = list<Merchant>("/merchants");
export const createMerchant = (wish: MerchantWish): Promise<Answer<Merchant>> =>
    call(door, "POST", "/merchants", wish);
export const getMerchant = (mchid: string): Promise<Answer<Merchant>> =>
    call(door, "GET", `/merchants/${part(mchid)}`);
export const getPlate = (mchid: string): Promise<Answer<Plate>> =>
    call(door, "GET", `/merchants/${part(mchid)}/plate`);
export const freezeMerchant = (mchid: string, verb: "freeze" | "unfreeze") =>
    act<Merchant>(`/merchants/${part(mchid)}`, verb);
export const listKeys = (mchid: string): Promise<Answer<{ items: MerchantKey[] }>> =>
    call(door, "GET", `/merchants/${part(mchid)}/keys`);
export const addKey = (mchid: string, wish: object): Promise<Answer<MerchantKey>> =>
    call(door, "POST", `/merchants/${part(mchid)}/keys`, wish);
export const removeKey = (mchid: string, serial: string): Promise<Answer<void>> =>
    call(door, "DELETE", `/merchants/${part(mchid)}/keys/${part(serial)}`);
export const getPlatformKeys = (): Promise<Answer<PlatformKeys>> =>
    call(door, "GET", "/platform-keys");

export const listUsers = list<User>("/users");
export const createUser = (wish: UserWish): Promise<Answer<User>> =>
    call(door, "POST", "/users", wish);
export const getUser = (id: string): Promise<Answer<User>> =>
    call(door, "GET", `/users/${part(id)}`);
export const freezeUser = (id: string, verb: "freeze" | "unfreeze") =>
    act<User>(`/users/${part(id)}`, verb);

export const listOrders = list<Order>("/orders");
export const getOrder = (id: string): Promise<Answer<Order>> =>
    call(door, "GET", `/orders/${part(id)}`);
export const listPayments = list<Payment>("/payments");
export const getStory = (id: string): Promise<Answer<Story>> =>
    call(door, "GET", `/payments/${part(id)}`);
export const listNotices = (order: string): Promise<Answer<{ items: Notice[] }>> =>
    call(door, "GET", `/notices${query({ order })}`);
export const resendNotice = (id: string) => act<Notice>(`/notices/${part(id)}`, "resend");

export const getJournalStatus = (): Promise<Answer<JournalStatus>> =>
    call(door, "GET", "/journal/status");
export const getStatistics = (minutes: number): Promise<Answer<Statistics>> =>
    call(door, "GET", `/statistics${query({ minutes })}`);
