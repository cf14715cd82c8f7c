// One payment from the merchant's wish to the last notice.
import type { ComponentChildren, JSX } from "preact";
import { formatMoney } from "../base/money.js";
import { formatStamp, formatTime } from "../base/time.js";
import { Money, Notice as Note, Pairs, Skeleton } from "../ui/controls.js";
import { useLoad } from "../ui/hooks.js";
import { Icon, type IconName } from "../ui/icons.js";
import { getStory, listNotices, type Notice, type Posting, type Story } from "./api.js";
import { orderRows } from "./order_rows.js";
import { Failed, Heading, State, Table, type Column } from "./parts.js";
import { t, type Word } from "./words.js";

interface Step {
    at: string;
    icon: IconName;
    tone: "good" | "bad" | "wait" | "plain";
    title: string;
    text: ComponentChildren;
}

const outcome: Record<Story["payment"]["state"], Pick<Step, "icon" | "tone"> & { word: Word }> = {
    COMPLETED: { icon: "check", tone: "good", word: "story_paid" },
    DECLINED: { icon: "cross", tone: "bad", word: "story_declined" },
    RESERVED: { icon: "wait", tone: "wait", word: "story_open" },
    REVERSING: { icon: "wait", tone: "wait", word: "story_open" },
    REVERSED: { icon: "undo", tone: "bad", word: "story_reversed" },
};

function noticeSteps(notices: Notice[]): Step[] {
    return notices.flatMap((notice) =>
        notice.attempts.map((attempt, n): Step => {
            const fine = attempt.http_status === 200 || attempt.http_status === 204;
            return {
                at: attempt.at,
                icon: fine ? "up" : "warn",
                tone: fine ? "good" : "bad",
                title: `${t("story_notice")} · ${t("notice_attempt", { n: n + 1 })}`,
                text: `${notice.event_type} · ${attempt.http_status ?? t("notice_no_answer")}`
                    + ` · ${attempt.result}`,
            };
        }),
    );
}

function steps(story: Story, notices: Notice[]): Step[] {
    const { payment, order, refunds } = story;
    const { word, ...look } = outcome[payment.state];
    const all: Step[] = [
        {
            at: order.created_at,
            icon: "shop",
            tone: "plain",
            title: t("story_ordered"),
            text: `${order.merchant_name ?? order.mchid} · ${order.description}`,
        },
        {
            at: payment.completed_at ?? payment.created_at,
            ...look,
            title: t(word),
            text: payment.decline
                ? `${payment.decline.message} (${payment.decline.code})`
                : formatMoney(payment.amount),
        },
        ...refunds.map(
            (refund): Step => ({
                at: refund.completed_at ?? refund.created_at,
                icon: "undo",
                tone: refund.state === "SUCCESS" ? "good" : "wait",
                title: t("story_refund", { amount: formatMoney(refund.amount) }),
                text: [refund.out_refund_no, refund.reason].filter(Boolean).join(" · "),
            }),
        ),
        ...noticeSteps(notices),
    ];
    // A stable sort: what happened in one second stays in the order of cause and effect.
    return all.sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

function Timeline({ story, notices }: { story: Story; notices: Notice[] }): JSX.Element {
    return (
        <ol class="timeline">
            {steps(story, notices).map((step, n) => (
                <li key={n} class={step.tone}>
                    <span class="timeline-icon">
                        <Icon name={step.icon} />
                    </span>
                    <div>
                        <strong>{step.title}</strong>
                        <p>{step.text}</p>
                        <time dateTime={step.at}>{formatTime(step.at)}</time>
                    </div>
                </li>
            ))}
        </ol>
    );
}

function side(account: Posting["debit"]): JSX.Element {
    return (
        <span class="side">
            {account.name ?? ""} <code>{account.account_id}</code>
        </span>
    );
}

const postingColumns = (): Column<Posting>[] => [
    { head: t("sequence"), cell: (posting) => <code>{posting.sequence}</code> },
    { head: t("debit"), cell: (posting) => side(posting.debit) },
    { head: t("credit"), cell: (posting) => side(posting.credit) },
    { head: t("amount"), cell: (posting) => <Money amount={posting.amount} />, right: true },
    { head: t("at"), cell: (posting) => formatStamp(posting.at) },
];

export function NoticeList({ notices }: { notices: Notice[] }): JSX.Element {
    return (
        <div class="stack">
            {notices.map((notice) => (
                <section class="card block" key={notice.notice_id}>
                    <header class="block-head">
                        <h3>{notice.event_type}</h3>
                        <State state={notice.state} />
                    </header>
                    <p class="muted">{notice.url}</p>
                    <ol class="attempts">
                        {notice.attempts.map((attempt, n) => (
                            <li key={n}>
                                <span>{t("notice_attempt", { n: n + 1 })}</span>
                                <span>{formatStamp(attempt.at)}</span>
                                <code>{attempt.http_status ?? t("notice_no_answer")}</code>
                                <span>{attempt.result}</span>
                            </li>
                        ))}
                    </ol>
                    {notice.next_attempt_at ? (
                        <p class="muted">
                            {t("notice_next", { time: formatTime(notice.next_attempt_at) })}
                        </p>
                    ) : null}
                </section>
            ))}
        </div>
    );
}

function Told({ story, notices }: { story: Story; notices: Notice[] }): JSX.Element {
    const { payment, order } = story;
    return (
        <div class="columns even">
            <section class="card block">
                <p class="story-amount">
                    <Money amount={payment.amount} />
                    <State state={payment.state} />
                </p>
                <Pairs
                    rows={[
                        [t("payment_id"), <code>{payment.payment_id}</code>],
                        [t("user"), <a href={`#/users/${payment.user_id}`}>{payment.user_id}</a>],
                        [t("order"), <a href={`#/orders/${order.order_id}`}>{order.order_id}</a>],
                        ...orderRows(order),
                    ]}
                />
            </section>
            <section class="card block">
                <Timeline story={story} notices={notices} />
            </section>
        </div>
    );
}

export function StoryView({ id }: { id: string }): JSX.Element {
    const { value: story, failure, reload } = useLoad(() => getStory(id), id);
    const order = story?.order.order_id;
    const notices = useLoad(
        async () =>
            order === undefined
                ? { kind: "done" as const, value: { items: [] as Notice[] } }
                : listNotices(order),
        order ?? "",
    );
    const told = notices.value?.items ?? [];
    return (
        <>
            <Heading title={t("story")} />
            {failure ? <Failed failure={failure} onRetry={reload} /> : null}
            {!story && !failure ? <Skeleton rows={5} label={t("loading")} /> : null}
            {story ? <Told story={story} notices={told} /> : null}
            {story ? (
                <section class="stack">
                    <h2>{t("postings")}</h2>
                    {story.postings.length > 0 ? (
                        <Table
                            columns={postingColumns()}
                            rows={story.postings}
                            label={t("postings")}
                            keyOf={(p) => [p.sequence, p.debit.account_id, p.amount.total].join()}
                        />
                    ) : (
                        <Note kind="info">{t("none")}</Note>
                    )}
                </section>
            ) : null}
            {story ? (
                <section class="stack">
                    <h2>{t("notices")}</h2>
                    {notices.failure ? (
                        <Failed failure={notices.failure} onRetry={notices.reload} />
                    ) : null}
                    {told.length === 0 ? <Note kind="info">{t("no_notices")}</Note> : null}
                    <NoticeList notices={told} />
                </section>
            ) : null}
        </>
    );
}
