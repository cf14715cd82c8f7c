// The session token of one page, with its end. Wallet and cashier share theirs through the
// browser's storage, so that a user who is logged in pays in a new tab without logging in again;
// an operator's lives only as long as the tab.

export interface Session {
    token: string;
    expires_at: string;
    name: string;
}

export class SessionBox {
    private session: Session | undefined;
    private readonly listeners = new Set<() => void>();

    constructor(
        private readonly key: string,
        private readonly store: Storage,
    ) {
        this.session = this.load();
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
        this.listeners.forEach((listener) => listener());
    }

    onChange(listener: () => void): () => void {
        this.listeners.add(listener);
        return () => this.listeners.delete(listener);
    }
}
