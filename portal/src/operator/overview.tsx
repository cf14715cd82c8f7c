// How the house is doing: totals, the last hours minute by minute, the journal and its readers.
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { language } from "../base/i18n.js";
import { formatMoney } from "../base/money.js";
import { formatClock } from "../base/time.js";
import { IconButton, Money, Pairs, Skeleton } from "../ui/controls.js";
import { useLoad } from "../ui/hooks.js";
import {
    getJournalStatus,
    getStatistics,
    listPayments,
    type JournalStatus,
    type Point,
    type Statistics,
} from "./api.js";
import type { Chart as ChartClass, ChartKind } from "./chart.js";
import { Failed, Heading, PagedTable, State, usePages } from "./parts.js";
import { paymentColumns } from "./records.js";
import { t } from "./words.js";

const refreshEveryMs = 10_000;

const count = (n: number): string => n.toLocaleString(language() === "zh" ? "zh-CN" : "en");

function percent(part: number, whole: number): string {
    return whole === 0 ? "–" : `${((100 * part) / whole).toFixed(1)}%`;
}

function Tile(props: { name: string; children: JSX.Element | string; note: string }): JSX.Element {
    return (
        <div class="tile card">
            <dt>{props.name}</dt>
            <dd>{props.children}</dd>
            <dd class="tile-note">{props.note}</dd>
        </div>
    );
}

function Tiles({ totals }: { totals: Statistics["totals"] }): JSX.Element {
    const all = totals.payments + totals.declined;
    const merchants = `${t("total_merchants")} ${count(totals.merchants)}`;
    return (
        <dl class="tiles">
            <Tile name={t("total_amount")} note={`${t("total_orders")} ${count(totals.orders)}`}>
                <Money amount={totals.amount} />
            </Tile>
            <Tile name={t("total_payments")} note={`${t("declined")} ${count(totals.declined)}`}>
                {count(totals.payments)}
            </Tile>
            <Tile name={t("success_rate")} note={`${t("total_refunds")} ${count(totals.refunds)}`}>
                {percent(totals.payments, all)}
            </Tile>
            <Tile name={t("total_users")} note={merchants}>
                {count(totals.users)}
            </Tile>
        </dl>
    );
}

function Graph({ kind, points }: { kind: ChartKind; points: Point[] }): JSX.Element {
    const box = useRef<HTMLDivElement>(null);
    const chart = useRef<ChartClass>();
    const latest = useRef(points);
    latest.current = points;
    const redraw = language();
    useEffect(() => {
        let over = false;
        void import("./chart.js").then(({ Chart }) => {
            if (over || !box.current) return;
            chart.current = new Chart(box.current, kind);
            chart.current.show(latest.current);
        });
        return () => {
            over = true;
            chart.current?.end();
            chart.current = undefined;
        };
    }, [kind]);
    useEffect(() => chart.current?.show(points), [points, redraw]);
    return <div ref={box} class="graph" role="img" aria-label={t(`chart_${kind}`)} />;
}

// The same figures as text, for those who cannot see the charts.
function Figures({ points }: { points: Point[] }): JSX.Element {
    return (
        <details class="figures">
            <summary>{t("chart_table")}</summary>
            <table>
                <thead>
                    <tr>
                        <th scope="col">{t("minute")}</th>
                        <th scope="col">{t("completed")}</th>
                        <th scope="col">{t("declined")}</th>
                        <th scope="col">{t("refunds")}</th>
                        <th scope="col">{t("amount")}</th>
                    </tr>
                </thead>
                <tbody>
                    {points.slice(-15).map((point) => (
                        <tr key={point.minute}>
                            <th scope="row">{formatClock(point.minute)}</th>
                            <td>{point.payments}</td>
                            <td>{point.declined}</td>
                            <td>{point.refunds}</td>
                            <td>{formatMoney(point.amount)}</td>
                        </tr>
                    ))}
                </tbody>
            </table>
        </details>
    );
}

function bytes(n: number): string {
    const units = ["B", "KiB", "MiB", "GiB", "TiB"];
    const power = n < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(n) / 10));
    return `${(n / 1024 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power] ?? ""}`;
}

const readerName = (name: string): string => (name === "tables" ? t("reader_tables") : name);

function Journal({ status }: { status: JournalStatus }): JSX.Element {
    return (
        <>
            {status.partitions.map((partition) => (
                <section class="card block" key={partition.partition}>
                    <header class="block-head">
                        <h2>
                            {t("partition")} {partition.partition}
                        </h2>
                        <State state={partition.state} />
                    </header>
                    <Pairs
                        rows={[
                            [t("journal_sequence"), <code>{partition.last_sequence}</code>],
                            [t("journal_bytes"), bytes(partition.bytes ?? 0)],
                            [t("journal_epoch"), String(partition.epoch)],
                            [
                                t("journal_hash"),
                                <code>{(partition.last_batch_hash ?? "").slice(0, 16)}…</code>,
                            ],
                        ]}
                    />
                    <ul class="readers">
                        {partition.readers.map(({ name, lag }) => (
                            <li key={name} class={lag === 0 ? "current" : ""}>
                                {lag === 0
                                    ? t("reader_current", { name: readerName(name) })
                                    : t("reader_lag", {
                                          name: readerName(name),
                                          lag: count(lag),
                                      })}
                            </li>
                        ))}
                    </ul>
                </section>
            ))}
        </>
    );
}

const spans = [60, 180, 720];

function SpanPicker(props: { minutes: number; onMinutes: (n: number) => void }): JSX.Element {
    const text = (n: number): string =>
        n <= 60 ? t("last_minutes", { n }) : t("last_hours", { n: n / 60 });
    return (
        <div class="segments" role="group">
            {spans.map((n) => (
                <button
                    key={n}
                    type="button"
                    aria-pressed={n === props.minutes}
                    onClick={() => props.onMinutes(n)}
                >
                    {text(n)}
                </button>
            ))}
        </div>
    );
}

export function Overview(): JSX.Element {
    const [minutes, setMinutes] = useState(60);
    const statistics = useLoad(() => getStatistics(minutes), String(minutes));
    const journal = useLoad(getJournalStatus, "journal");
    const recent = usePages((before) => listPayments({ before, limit: 8 }), "recent");
    const refresh = (): void => {
        statistics.reload();
        journal.reload();
        recent.restart();
    };
    useEffect(() => {
        const timer = setInterval(() => document.hidden || refresh(), refreshEveryMs);
        return () => clearInterval(timer);
    }, []);
    const points = statistics.value?.points;
    return (
        <>
            <Heading title={t("nav_overview")}>
                <SpanPicker minutes={minutes} onMinutes={setMinutes} />
                <IconButton icon="refresh" label={t("refresh")} onClick={refresh} />
            </Heading>
            {statistics.failure ? (
                <Failed failure={statistics.failure} onRetry={statistics.reload} />
            ) : null}
            {statistics.value ? <Tiles totals={statistics.value.totals} /> : null}
            {points ? (
                <div class="graphs">
                    <section class="card block">
                        <h2>{t("chart_payments")}</h2>
                        <Graph kind="payments" points={points} />
                    </section>
                    <section class="card block">
                        <h2>{t("chart_amount")}</h2>
                        <Graph kind="amount" points={points} />
                    </section>
                </div>
            ) : null}
            {points ? <Figures points={points} /> : null}
            {!statistics.value && !statistics.failure ? (
                <Skeleton rows={4} label={t("loading")} />
            ) : null}
            <div class="columns">
                <section class="stack">
                    <h2>{t("recent_payments")}</h2>
                    <PagedTable
                        pages={{ ...recent, last: recent.last && { items: recent.items } }}
                        columns={paymentColumns().slice(0, 4)}
                        keyOf={(payment) => payment.payment_id}
                        label={t("recent_payments")}
                        href={(payment) => `#/payments/${payment.payment_id}`}
                    />
                </section>
                <div class="stack">
                    <h2>{t("journal")}</h2>
                    {journal.failure ? (
                        <Failed failure={journal.failure} onRetry={journal.reload} />
                    ) : null}
                    {journal.value ? <Journal status={journal.value} /> : null}
                </div>
            </div>
        </>
    );
}
