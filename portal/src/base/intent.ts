// One wish of the user to move money, and the request_id that makes repeating it safe.
//
//   first try ----> done ------------------------------> id spent, forget it
//        |--------> recorded no (declined, wrong PIN) --> id spent: the next try is a new id
//        |--------> other refusal ----------------------> keep the id, it is judged anew
//        `--------> unknown ----------------------------> keep the id, repeat the same body
//
// The id is kept in the tab's storage, so that a reload in the middle does not lose it, and with it
// what was wished: a repeat must say the same, also when the page has learnt something newer since.
// The password is never stored: after a reload the user types it again, and the id does the rest.

import type { Answer } from "./http.js";

export interface Store {
    getItem(key: string): string | null;
    setItem(key: string, value: string): void;
    removeItem(key: string): void;
}

const prefix = "huitong.intent.";

// Codes that the door has recorded under the id and will answer for ever (api/wallet.yaml).
const recorded = new Set(["PAYMENT_PASSWORD_WRONG"]);

function newRequestId(): string {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// Between the stored id and the wish, from the first sending until a definite answer.
const openMark = "!";

export class Intent {
    private readonly key: string;

    // `subject` says what is wished, such as "pay weixin://...": the same subject in the same tab
    // is the same intent until it has an answer. `wish` is the rest of the body, without secrets.
    constructor(
        subject: string,
        private readonly store: Store,
        private readonly wish = "",
    ) {
        this.key = prefix + subject;
    }

    get requestId(): string {
        const kept = this.store.getItem(this.key);
        if (kept !== null) return kept.split(openMark, 1)[0] ?? kept;
        const made = newRequestId();
        this.store.setItem(this.key, made);
        return made;
    }

    // The wish that was sent and has no definite answer yet, else ours.
    private get sent(): string {
        const kept = this.store.getItem(this.key) ?? "";
        const mark = kept.indexOf(openMark);
        return mark < 0 ? this.wish : kept.slice(mark + openMark.length);
    }

    // Sends once. `send` gets the id and the wish, and must put both into the body.
    async attempt<T extends { state: string }>(
        send: (requestId: string, wish: string) => Promise<Answer<T>>,
    ): Promise<Answer<T>> {
        const id = this.requestId;
        const wish = this.sent;
        this.store.setItem(this.key, id + openMark + wish);
        const answer = await send(id, wish);
        if (answer.kind === "unknown") return answer;
        const spent = answer.kind === "done" || recorded.has(answer.code);
        if (spent) this.store.removeItem(this.key);
        else this.store.setItem(this.key, id);
        return answer;
    }

    // Sends, and while the outcome is unknown repeats the same request after each wait. What is
    // still unknown then is for the user to repeat.
    async submit<T extends { state: string }>(
        send: (requestId: string, wish: string) => Promise<Answer<T>>,
        waitsMs: readonly number[] = [800, 2500],
        sleep: (ms: number) => Promise<void> = (ms) => new Promise((done) => setTimeout(done, ms)),
    ): Promise<Answer<T>> {
        let answer = await this.attempt(send);
        for (const ms of waitsMs) {
            if (answer.kind !== "unknown") return answer;
            await sleep(ms);
            answer = await this.attempt(send);
        }
        return answer;
    }
}

// The subjects that start with `start` and were sent without a definite answer.
export function unfinished(store: Storage, start: string): string[] {
    const keys = Array.from({ length: store.length }, (_, n) => store.key(n) ?? "");
    return keys
        .filter((key) => key.startsWith(prefix + start))
        .filter((key) => (store.getItem(key) ?? "").includes(openMark))
        .map((key) => key.slice(prefix.length));
}
