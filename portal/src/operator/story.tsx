// One payment from the merchant's wish to the last notice.
import type { ComponentChildren, JSX } from "preact";
import { formatMoney } from "../base/money.js";
import { formatStamp, formatTime } from "../base/time.js";
import { Money, Notice as Note, Pairs } from "../ui/controls.js";
import { useLoad } from "../ui/hooks.js";
import { Icon, type IconName } from "../ui/icons.js";
import {
    getStory,
    type Notice,
    type Order,
    type Payment,
    type Posting,
    type Story,
} from "./api.js";
import { accepted, Notices, took, useNotices } from "./notices.js";
import { orderRows } from "./order_rows.js";
import { Awaited, Heading, State, Table, type Column } from "./parts.js";
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
    CONFIRMING: { icon: "wait", tone: "wait", word: "story_open" },
};

function noticeSteps(notices: Notice[]): Step[] {
    return [...notices].reverse().flatMap((notice) =>
        notice.attempts.map((attempt, n): Step => {
            const fine = accepted(attempt);
            return {
                at: attempt.at,
                icon: fine ? "up" : "warn",
                tone: fine ? "good" : "bad",
                title: `${t("story_notice")} · ${t("notice_attempt", { n: n + 1 })}`,
                text: [notice.event_type, attempt.result, took(attempt)]
                    .filter((part) => part !== "")
                    .join(" · "),
            };
        }),
    );
}

function steps(story: Story, notices: Notice[]): Step[] {
    const { payment, order, refunds } = story;
    const { word, ...look } = outcome[payment.state];
    const ordered: Step[] = order
        ? [
              {
                  at: order.created_at,
                  icon: "shop",
                  tone: "plain",
                  title: t("story_ordered"),
                  text: `${order.merchant_name ?? order.mchid} · ${order.description}`,
              },
          ]
        : [];
    const all: Step[] = [
        ...ordered,
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

// The door names accounts "user 815.." and "1900000109 unsettled", "West position"; the kind is
// for people.
function accountName(name: string): string {
    const kinds = {
        unsettled: "unsettled",
        available: "available",
        frozen: "frozen",
        user: "user",
        position: "positions",
    } as const;
    const kind = name.split(" ").find((word) => word in kinds) as keyof typeof kinds | undefined;
    return kind === undefined ? name : name.replace(kind, t(kinds[kind]));
}

function side(account: Posting["debit"]): JSX.Element {
    return (
        <span class="side">
            {accountName(account.name ?? "")} <code>{account.account_id}</code>
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

const institution = (id: string): JSX.Element => <a href={`#/participants/${id}`}>{id}</a>;

// Both sides, as far as each is here or another institution's.
function partyRows(payment: Payment): [string, JSX.Element | string][] {
    const { user_id, payer_participant_id, payee_participant_id, subject } = payment;
    const rows: [string, JSX.Element | string][] = [];
    if (user_id) rows.push([t("user"), <a href={`#/users/${user_id}`}>{user_id}</a>]);
    if (payer_participant_id) rows.push([t("payer_side"), institution(payer_participant_id)]);
    if (payee_participant_id) rows.push([t("payee_side"), institution(payee_participant_id)]);
    if (subject && !payment.order_id) rows.push([t("description"), subject]);
    return rows;
}

const orderLink = (order: Order): [string, JSX.Element] => [
    t("order"),
    <a href={`#/orders/${order.order_id}`}>{order.order_id}</a>,
];

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
                        ...partyRows(payment),
                        ...(order ? [orderLink(order), ...orderRows(order)] : []),
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
    const loaded = useLoad(() => getStory(id), id);
    const story = loaded.value;
    const notices = useNotices(story?.order?.order_id);
    return (
        <>
            <Heading title={t("story")} />
            <Awaited loaded={loaded} rows={5} />
            {story ? <Told story={story} notices={notices.value?.items ?? []} /> : null}
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
                        <Note kind="info">{t("no_postings")}</Note>
                    )}
                </section>
            ) : null}
            {story?.order ? <Notices notices={notices} /> : null}
        </>
    );
}
