// Small preferences in the browser's storage. It may be switched off or full: then nothing is kept
// and nothing breaks.

export function kept(key: string): string | null {
    try {
        return localStorage.getItem(key);
    } catch {
        return null;
    }
}

export function keep(key: string, value: string): void {
    try {
        localStorage.setItem(key, value);
    } catch {
        // It lasts as long as the page, in the page's own state.
    }
}
