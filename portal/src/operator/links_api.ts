// What the operator door says of other institutions (api/operator.yaml, links), typed.
import { call, query, type Answer } from "../base/http.js";
import { door, list, part } from "./api.js";
import type { MerchantKey } from "./api.js";

export type Protocol = "HOSTED" | "JSON" | "ISO8583";
export type Role = "ACCOUNT_INSTITUTION" | "ACQUIRING_INSTITUTION";

export interface Participant {
    participant_id: string;
    code: string;
    name: string;
    roles: Role[];
    status: "ACTIVE" | "SUSPENDED";
    hosted: boolean;
    protocol: Protocol;
    is_switch: boolean;
    institution_code?: string;
    channels: string[];
    dialect?: string;
    has_master_key: boolean;
    created_at: string;
}

// How a link fares; latencies in microseconds, of the last five minutes.
export interface LinkStatus {
    state: "IDLE" | "UP" | "DOWN";
    since?: string;
    channels: { address: string; up: boolean }[];
    key_since?: string;
    recent: {
        calls: number;
        failures: number;
        success_ppm: number;
        p50_us?: number;
        p99_us?: number;
    };
    refused: number;
    mac_alarms: number;
    last_error?: { error: string; message: string; at: string };
}

// What a link needs; what is not named stays, or is not there.
export interface LinkWish {
    protocol?: Protocol;
    is_switch?: boolean;
    institution_code?: string;
    channels?: string[];
    dialect?: string;
}
export interface ParticipantChange extends LinkWish {
    name?: string;
    status?: Participant["status"];
    master_key?: string;
}

// Amounts are left out when the door cannot tell them.
export interface Position {
    participant_id: string;
    currency: string;
    cap: number;
    position?: number;
    reserved?: number;
    available?: number;
    used_percent?: number;
    created_at: string;
}

export type CodeForm = "EMV_MERCHANT" | "EMV_CONSUMER" | "URL" | "DIGITS";

export interface CodeRule {
    code_rule_id: string;
    participant_id: string;
    form: CodeForm;
    pattern: string;
    length?: number;
    priority: number;
}
export type CodeRuleWish = Omit<CodeRule, "code_rule_id">;

export const codeKinds = [
    "PERSONAL_STATIC",
    "PERSONAL_DYNAMIC",
    "BUSINESS",
    "MERCHANT_STATIC",
    "MERCHANT_DYNAMIC",
    "PAYER_CODE",
] as const;
export type CodeKind = (typeof codeKinds)[number];

export interface Opening {
    participant_id: string;
    code_kind: CodeKind;
    opens_at: string;
    closes_at?: string;
}

type Items<T> = Promise<Answer<{ items: T[] }>>;

const pathOf = (id: string, below = ""): string => `/participants/${part(id)}${below}`;

const whose = (participant_id: string | undefined): string => query({ participant_id });

export const listParticipants = list<Participant>("/participants");
export const createParticipant = (
    wish: LinkWish & { name: string; code: string; roles: Role[] },
): Promise<Answer<Participant>> => call(door, "POST", "/participants", wish);
export const getParticipant = (id: string): Promise<Answer<Participant>> =>
    call(door, "GET", pathOf(id));
export const changeParticipant = (
    id: string,
    change: ParticipantChange,
): Promise<Answer<Participant>> => call(door, "PATCH", pathOf(id), change);

export const getLink = (id: string): Promise<Answer<LinkStatus>> =>
    call(door, "GET", pathOf(id, "/link"));

export const listParticipantKeys = (id: string): Items<MerchantKey> =>
    call(door, "GET", pathOf(id, "/keys"));
export const addParticipantKey = (id: string, wish: object): Promise<Answer<MerchantKey>> =>
    call(door, "POST", pathOf(id, "/keys"), wish);
export const removeParticipantKey = (id: string, serial: string): Promise<Answer<void>> =>
    call(door, "DELETE", pathOf(id, `/keys/${part(serial)}`));

export const listPositions = (id?: string): Items<Position> =>
    call(door, "GET", `/positions${whose(id)}`);
export const setPosition = (id: string, currency: string, cap: number): Promise<Answer<Position>> =>
    call(door, "PUT", pathOf(id, `/positions/${part(currency)}`), { cap });

export const listCodeRules = (id?: string): Items<CodeRule> =>
    call(door, "GET", `/code-rules${whose(id)}`);
export const setCodeRule = (wish: CodeRuleWish): Promise<Answer<CodeRule>> =>
    call(door, "POST", "/code-rules", wish);
export const withdrawCodeRule = (id: string): Promise<Answer<void>> =>
    call(door, "DELETE", `/code-rules/${part(id)}`);

export const listOpenings = (id?: string): Items<Opening> =>
    call(door, "GET", `/openings${whose(id)}`);
export const setOpening = (
    id: string,
    kind: CodeKind,
    dates: { opens_at: string; closes_at?: string },
): Promise<Answer<Opening>> => call(door, "PUT", pathOf(id, `/openings/${kind}`), dates);
