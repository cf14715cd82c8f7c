// What a user may scan, paste or be sent to (api/wallet.yaml, Code).

export interface Invocation {
    app_id: string;
    time_stamp: string;
    nonce_str: string;
    package: string;
    sign_type: string;
    pay_sign: string;
}

export type Code = string | Invocation;

export const codeLengthMax = 2048;

// The merchant contract spells these members in camel case; our door in snake case.
const spellings: Record<keyof Invocation, string[]> = {
    app_id: ["app_id", "appId", "appid"],
    time_stamp: ["time_stamp", "timeStamp", "timestamp"],
    nonce_str: ["nonce_str", "nonceStr", "noncestr"],
    package: ["package", "prepayId", "prepayid"],
    sign_type: ["sign_type", "signType"],
    pay_sign: ["pay_sign", "paySign", "sign"],
};

function invocationOf(members: Record<string, unknown>): Invocation | undefined {
    const found: Record<string, string> = { sign_type: "RSA" };
    for (const [name, names] of Object.entries(spellings)) {
        const value = names.map((n) => members[n]).find((v) => v !== undefined);
        if (value !== undefined) found[name] = String(value);
    }
    const complete = Object.keys(spellings).every((name) => (found[name] ?? "") !== "");
    return complete ? (found as unknown as Invocation) : undefined;
}

// The code in a text, or undefined when there is none worth asking the door about. Whether the
// code is real is the door's business.
export function readCode(text: string): Code | undefined {
    const trimmed = text.trim();
    if (trimmed === "" || trimmed.length > codeLengthMax) return undefined;
    if (!trimmed.startsWith("{")) return trimmed;
    try {
        return invocationOf(JSON.parse(trimmed) as Record<string, unknown>);
    } catch {
        return undefined;
    }
}

// A name for the code, the same every time; names the intent to pay it. One word for a text, two
// for signed fields.
export function codeKey(code: Code): string {
    return typeof code === "string" ? encodeURIComponent(code) : `${code.app_id} ${code.package}`;
}

export const cashierPath = "/cgi-bin/mmpayweb-bin/checkmweb";

// The h5_url again from the cashier's own address, without what the merchant added to it.
export function h5Url(origin: string, search: string): string | undefined {
    const members = new URLSearchParams(search);
    const prepay = members.get("prepay_id") ?? "";
    const pack = members.get("package") ?? "";
    if (prepay === "" || pack === "") return undefined;
    const kept = new URLSearchParams({ prepay_id: prepay, package: pack });
    return `${origin}${cashierPath}?${kept.toString()}`;
}

// Where the merchant wants the user back. Only http and https: a javascript: address in a link
// would run as us.
export function returnAddress(search: string): URL | undefined {
    const wish = new URLSearchParams(search).get("redirect_url");
    if (wish === null) return undefined;
    try {
        const address = new URL(wish);
        const web = address.protocol === "https:" || address.protocol === "http:";
        return web && address.username === "" && address.password === "" ? address : undefined;
    } catch {
        return undefined;
    }
}
