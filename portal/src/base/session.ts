// The session token of one page, with its end. Wallet and cashier share theirs through the
// browser's storage, so that a user who is logged in pays in a new tab without logging in again;
// an operator's lives only as long as the tab.

export interface Session {
    token: string;
    expires_at: string;
    name: string;
    subject: string; // the id of the user or operator
    must_change?: boolean; // of a one-time password, which may do nothing but be changed
}

export class SessionBox {
    private session: Session | undefined;
    private readonly listeners = new Set<() => void>();

    constructor(
        private readonly key: string,
        private readonly store: Pick<Storage, "getItem" | "setItem" | "removeItem">,
    ) {
        this.session = this.load();
    }

    // Another tab logged in or out, or got a new token: this one goes on with what is stored now.
    follow(changedKey: string | null): void {
        if (changedKey !== this.key && changedKey !== null) return;
        this.session = this.load();
        this.tell();
    }

    private load(): Session | undefined {
        try {
            const kept = JSON.parse(this.store.getItem(this.key) ?? "null") as Session | null;
            if (kept === null || typeof kept.token !== "string") return undefined;
            return Date.parse(kept.expires_at) > Date.now() ? kept : undefined;
        } catch {
            return undefined;
        }
    }

    get(): Session | undefined {
        return this.session;
    }

    set(session: Session | undefined): void {
        this.session = session;
        try {
            if (session) this.store.setItem(this.key, JSON.stringify(session));
            else this.store.removeItem(this.key);
        } catch {
            // Without storage the session lasts as long as the page.
        }
        this.tell();
    }

    // The same person goes on with the token of a new session, which a new password brings.
    renew(token: string, expires_at: string): void {
        if (this.session) this.set({ ...this.session, token, expires_at, must_change: false });
    }

    private tell(): void {
        this.listeners.forEach((listener) => listener());
    }

    onChange(listener: () => void): () => void {
        this.listeners.add(listener);
        return () => this.listeners.delete(listener);
    }
}
