// What a merchant was told of an order, attempt by attempt, and telling it again.
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { formatDuration, formatStamp, formatTime } from "../base/time.js";
import { Button, Notice as Note } from "../ui/controls.js";
import { useLoad, type Failure, type Loaded } from "../ui/hooks.js";
import { listNotices, resendNotice, type Attempt, type Notice } from "./api.js";
import { Awaited, Failed, State } from "./parts.js";
import { t } from "./words.js";

// What the server takes for a yes.
export const accepted = ({ http_status }: Attempt): boolean =>
    http_status === 200 || http_status === 204;

export const took = ({ duration_ms }: Attempt): string =>
    duration_ms === undefined ? "" : formatDuration(duration_ms);

type Told = { items: Notice[] };

const lookAgainMs = 1000;
const looksMax = 8; // A merchant has five seconds to answer.

function dueNow(notice: Notice): boolean {
    const due = Date.parse(notice.next_attempt_at ?? "");
    return notice.state === "WAITING" && due <= Date.now() + lookAgainMs;
}

// The notices of an order. While one is on its way they are looked up again, a few times.
export function useNotices(order: string | undefined): Loaded<Told> {
    const looks = useRef(0);
    const loaded = useLoad<Told>(
        async () =>
            order === undefined ? { kind: "done", value: { items: [] } } : listNotices(order),
        order ?? "",
    );
    const { value, reload } = loaded;
    useEffect(() => {
        if (!value?.items.some(dueNow) || looks.current >= looksMax) return undefined;
        looks.current += 1;
        const timer = setTimeout(reload, lookAgainMs);
        return () => clearTimeout(timer);
    }, [value]);
    const look = (): void => {
        looks.current = 0;
        reload();
    };
    return { ...loaded, reload: look };
}

function Attempts({ attempts }: { attempts: Attempt[] }): JSX.Element {
    return (
        <ol class="attempts">
            {attempts.map((attempt, n) => (
                <li key={n} class={accepted(attempt) ? "good" : "bad"}>
                    <span>{t("notice_attempt", { n: n + 1 })}</span>
                    <span>{formatStamp(attempt.at)}</span>
                    <strong>{attempt.result}</strong>
                    <span>{took(attempt)}</span>
                </li>
            ))}
        </ol>
    );
}

function NoticeCard({ notice, onResent }: { notice: Notice; onResent: () => void }): JSX.Element {
    const [busy, setBusy] = useState(false);
    const [failure, setFailure] = useState<Failure>();
    const resend = async (): Promise<void> => {
        setBusy(true);
        const answer = await resendNotice(notice.notice_id);
        setBusy(false);
        setFailure(answer.kind === "done" ? undefined : answer);
        if (answer.kind === "done") onResent();
    };
    const next = dueNow(notice)
        ? t("notice_now")
        : t("notice_next", { time: formatTime(notice.next_attempt_at) });
    return (
        <section class="card block notice-card">
            <header class="block-head">
                <h3>{t(`event_${notice.event_type}`)}</h3>
                <State state={notice.state} />
            </header>
            <p>
                <code>{notice.url}</code>
            </p>
            <p class="muted">
                <code>{notice.event_type}</code> · <code>{notice.notice_id}</code>
            </p>
            {notice.attempts.length > 0 ? <Attempts attempts={notice.attempts} /> : null}
            {failure ? <Failed failure={failure} /> : null}
            <footer class="block-head">
                <span class="muted">{notice.state === "WAITING" ? next : ""}</span>
                <Button kind="plain" icon="refresh" busy={busy} onClick={() => void resend()}>
                    {t("notice_resend")}
                </Button>
            </footer>
        </section>
    );
}

export function Notices({ notices }: { notices: Loaded<Told> }): JSX.Element {
    const { value, reload } = notices;
    return (
        <section class="stack">
            <h2>{t("notices")}</h2>
            <Awaited loaded={notices} rows={2} />
            {value?.items.length === 0 ? <Note kind="info">{t("no_notices")}</Note> : null}
            {value?.items.map((notice) => (
                <NoticeCard key={notice.notice_id} notice={notice} onResent={reload} />
            ))}
        </section>
    );
}
