// The few hooks that all three pages share.
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { onLanguage } from "../base/i18n.js";
import { parseRoute, type Route } from "../base/route.js";
import type { Answer, Refusal, Unknown } from "../base/http.js";
import type { Session, SessionBox } from "../base/session.js";

// Redraws the component that calls it when the language changes.
export function useLanguage(): void {
    const [, redraw] = useState(0);
    useEffect(() => onLanguage(() => redraw((n) => n + 1)), []);
}

export function useRoute(): Route {
    const [route, setRoute] = useState(() => parseRoute(location.hash));
    useEffect(() => {
        const changed = (): void => {
            setRoute(parseRoute(location.hash));
            window.scrollTo(0, 0);
        };
        window.addEventListener("hashchange", changed);
        return () => window.removeEventListener("hashchange", changed);
    }, []);
    return route;
}

export function useSession(box: SessionBox): Session | undefined {
    const [session, setSession] = useState(() => box.get());
    useEffect(() => box.onChange(() => setSession(box.get())), [box]);
    return session;
}

export function useOnline(): boolean {
    const [online, setOnline] = useState(navigator.onLine);
    useEffect(() => {
        const changed = (): void => setOnline(navigator.onLine);
        window.addEventListener("online", changed);
        window.addEventListener("offline", changed);
        return () => {
            window.removeEventListener("online", changed);
            window.removeEventListener("offline", changed);
        };
    }, []);
    return online;
}

// Whether somebody may be looking at this page.
export function useVisible(): boolean {
    const [visible, setVisible] = useState(!document.hidden);
    useEffect(() => {
        const changed = (): void => setVisible(!document.hidden);
        document.addEventListener("visibilitychange", changed);
        return () => document.removeEventListener("visibilitychange", changed);
    }, []);
    return visible;
}

// The current time, each second, while `running`.
export function useNow(running: boolean): number {
    const [now, setNow] = useState(Date.now());
    useEffect(() => {
        if (!running) return undefined;
        const timer = setInterval(() => setNow(Date.now()), 1000);
        return () => clearInterval(timer);
    }, [running]);
    return now;
}

export type Failure = Refusal | Unknown;

export interface Loaded<T> {
    value: T | undefined;
    failure: Failure | undefined;
    busy: boolean;
    reload: () => void;
}

// Loads when the page appears and whenever `key` changes. An answer that comes after a newer
// question is dropped.
export function useLoad<T>(load: () => Promise<Answer<T>>, key: string): Loaded<T> {
    const [value, setValue] = useState<T>();
    const [failure, setFailure] = useState<Failure>();
    const [busy, setBusy] = useState(true);
    const [round, setRound] = useState(0);
    const asked = useRef(0);
    useEffect(() => {
        const mine = ++asked.current;
        setBusy(true);
        void load().then((answer) => {
            if (mine !== asked.current) return;
            setBusy(false);
            setFailure(answer.kind === "done" ? undefined : answer);
            if (answer.kind === "done") setValue(answer.value);
        });
    }, [key, round]);
    const reload = useCallback(() => setRound((n) => n + 1), []);
    return { value, failure, busy, reload };
}
