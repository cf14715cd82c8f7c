import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { unfinished } from "../base/intent.js";
import { keep, kept } from "../base/keep.js";
import { formatMoney } from "../base/money.js";
import { Button, Empty, IconButton, Money, Notice, Skeleton } from "../ui/controls.js";
import { useLoad, type Loaded } from "../ui/hooks.js";
import { Icon, type IconName } from "../ui/icons.js";
import { listHistory, type Account, type Me } from "./api.js";
import { HistoryRow, itemId } from "./history_list.js";
import { remember } from "./history_page.js";
import { Failed } from "./parts.js";
import { codeOfSubject } from "./wish.js";
import { t } from "./words.js";

const hideKey = "huitong.wallet.hide_balance";

// Two streams into one, behind the balance.
function Streams(): JSX.Element {
    return (
        <svg class="streams" viewBox="0 0 360 200" preserveAspectRatio="xMaxYMid slice"
            aria-hidden="true">
            <path d="M146-20c10 84 52 112 100 122s84 44 96 128" />
            <path d="M176-20c8 66 44 88 88 96s88 40 104 130" />
            <path d="M206-20c6 48 34 64 72 70s94 40 112 130" />
            <path class="b" d="M384 58c-44 30-76 22-120 18" />
            <circle cx="264" cy="76" r="9" />
        </svg>
    );
}

function BalanceCard({ account, me }: { account: Account; me: Me }): JSX.Element {
    const [hidden, setHidden] = useState(() => kept(hideKey) === "1");
    const toggle = (): void => {
        keep(hideKey, hidden ? "0" : "1");
        setHidden(!hidden);
    };
    const amount = { total: account.available, currency: account.currency };
    return (
        <section class="balance-card" aria-label={t("balance")}>
            <Streams />
            <div class="balance-top">
                <span>{t("balance")}</span>
                <IconButton
                    icon={hidden ? "eye_off" : "eye"}
                    label={t(hidden ? "show_balance" : "hide_balance")}
                    onClick={toggle}
                />
            </div>
            <p class="balance" id="balance" data-available={account.available}>
                {hidden ? "••••••" : <Money amount={amount} />}
            </p>
            <div class="balance-foot">
                <span>{me.user.display_name}</span>
                {account.held > 0 && !hidden ? (
                    <span>
                        {t("held", {
                            amount: formatMoney({
                                total: account.held,
                                currency: account.currency,
                            }),
                        })}
                    </span>
                ) : (
                    <span>{account.currency}</span>
                )}
            </div>
        </section>
    );
}

function Action(props: { href: string; icon: IconName; text: string }): JSX.Element {
    return (
        <a class="action" href={props.href}>
            <span>
                <Icon name={props.icon} />
            </span>
            {props.text}
        </a>
    );
}

function Recent(): JSX.Element {
    const { value, failure, reload } = useLoad(() => listHistory(undefined, 5), "recent");
    useEffect(() => remember(value?.items ?? []), [value]);
    return (
        <section class="recent">
            <header>
                <h2>{t("recent")}</h2>
                <a href="#/history">{t("see_all")}</a>
            </header>
            {failure ? <Failed failure={failure} onRetry={reload} /> : null}
            {!value && !failure ? <Skeleton rows={4} label={t("loading")} /> : null}
            {value && value.items.length === 0 ? (
                <Empty icon="list" title={t("nothing_yet")}>
                    {t("nothing_yet_hint")}
                </Empty>
            ) : null}
            {value && value.items.length > 0 ? (
                <ul class="card rows">
                    {value.items.map((item) => (
                        <HistoryRow key={itemId(item)} item={item} />
                    ))}
                </ul>
            ) : null}
        </section>
    );
}

// A payment that was sent and never answered, from this tab.
function Unfinished(): JSX.Element | null {
    // The signed fields of a merchant's page cannot be asked again from their name alone.
    const code = unfinished(sessionStorage, "pay ").map(codeOfSubject).find((c) => c !== undefined);
    if (code === undefined) return null;
    return (
        <Notice
            kind="warn"
            action={
                <Button kind="plain" onClick={() => (location.hash = `#/pay?code=${code}`)}>
                    {t("repeat_safely")}
                </Button>
            }
        >
            {t("unfinished")}
        </Notice>
    );
}

export function HomePage({ me }: { me: Loaded<Me> }): JSX.Element {
    const { value, failure, reload } = me;
    const account = value?.accounts[0];
    return (
        <div class="page home">
            <div class="home-main">
                <h1 class="hello">
                    {value ? t("hello", { name: value.user.display_name }) : "\u00a0"}
                </h1>
                {failure ? <Failed failure={failure} onRetry={reload} /> : null}
                {value?.user.state === "FROZEN" ? (
                    <Notice kind="warn">{t("user_frozen")}</Notice>
                ) : null}
                {value && account ? <BalanceCard account={account} me={value} /> : null}
                {!value && !failure ? <div class="balance-card waiting" /> : null}
                <Unfinished />
                <nav class="actions">
                    <Action href="#/pay?scan=1" icon="scan" text={t("scan")} />
                    <Action href="#/code" icon="code" text={t("payer_code")} />
                    <Action href="#/pay" icon="paste" text={t("paste_code")} />
                    <Action href="#/top-up" icon="plus" text={t("top_up")} />
                    <Action href="#/banks" icon="bank" text={t("banks")} />
                </nav>
            </div>
            <Recent />
        </div>
    );
}
