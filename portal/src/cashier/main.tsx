// The H5 cashier: a merchant's mobile page sends its customer here to pay one order, and the
// customer goes back by a button. Coming back proves nothing: the merchant learns of the payment by
// its notice or by asking.
import { render, type JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { h5Url, returnAddress } from "../base/code.js";
import { language, setLanguage } from "../base/i18n.js";
import { formatMoney } from "../base/money.js";
import { formatCountdown } from "../base/time.js";
import { Button, Empty, Money, Notice, Skeleton } from "../ui/controls.js";
import {
    useLanguage,
    useLoad,
    useNow,
    useOnline,
    useSession,
    type Failure,
} from "../ui/hooks.js";
import { Icon, Mark } from "../ui/icons.js";
import { getMe, resolveCode, session, type Order, type Payment } from "../wallet/api.js";
import { LoginForm } from "../wallet/login.js";
import { Disc, Failed, LanguageSwitch } from "../wallet/parts.js";
import { PaySheet } from "../wallet/pay_sheet.js";
import { PaymentReceipt } from "../wallet/receipt.js";
import { wishOfOrder } from "../wallet/wish.js";
import { t } from "../wallet/words.js";
import "../ui/base.css";
import "../ui/controls.css";
import "../ui/pieces.css";
import "../wallet/wallet.css";
import "./cashier.css";

const pollEveryMs = 4000;
const back = returnAddress(location.search);
const code = h5Url(location.origin, location.search);

function ReturnButton({ main }: { main: boolean }): JSX.Element | null {
    if (!back) return null;
    return (
        <div class="return">
            <a class={`button ${main ? "main" : "plain"}`} href={back.href} id="return"
                rel="noreferrer">
                <Icon name="back" />
                <span>{t("return_to", { host: back.host })}</span>
            </a>
            <p class="muted center">{t("return_hint")}</p>
        </div>
    );
}

function Over(props: { title: string; hint: string }): JSX.Element {
    return (
        <div class="stack">
            <Empty icon="wait" title={props.title}>
                {props.hint}
            </Empty>
            <ReturnButton main />
        </div>
    );
}

// The browser's clock may be wrong, so its zero only makes us ask: the door says when it is over.
function Countdown({ order, onEnd }: { order: Order; onEnd: () => void }): JSX.Element {
    const now = useNow(true);
    const left = Date.parse(order.expires_at) - now;
    useEffect(() => {
        if (left <= 0) onEnd();
    }, [left <= 0]);
    return (
        <p class={`countdown ${left < 60_000 ? "soon" : ""}`}>
            <Icon name="wait" />
            {t("expires_in")}
            <time role="timer">{formatCountdown(left)}</time>
        </p>
    );
}

function Bill(props: {
    order: Order;
    onPay: () => void;
    onEnd: () => void;
}): JSX.Element {
    const { order } = props;
    return (
        <section class="card bill">
            <div class="payee">
                <Disc name={order.merchant_name} />
                <span>{order.merchant_name}</span>
                <Money amount={order.amount} />
                <small>{order.description}</small>
            </div>
            <Countdown order={order} onEnd={props.onEnd} />
            <Button icon="lock" onClick={props.onPay} id="pay-now">
                {t("pay_amount", { amount: formatMoney(order.amount) })}
            </Button>
        </section>
    );
}

// The order as the door last told it, asked again and again until it is over.
function useOrder(h5: string, asking: boolean): {
    order: Order | undefined;
    failure: Failure | undefined;
    reload: () => void;
} {
    const { value, failure, reload } = useLoad(() => resolveCode(h5), h5);
    const order = value?.kind === "ORDER" ? value.order : undefined;
    const open = asking && order?.state !== "SUCCESS" && failure?.kind !== "refused";
    useEffect(() => {
        if (!open) return undefined;
        const timer = setInterval(reload, pollEveryMs);
        return () => clearInterval(timer);
    }, [open]);
    return { order, failure, reload };
}

const ended = new Set(["CODE_EXPIRED", "ORDER_CLOSED"]);

function Cashier({ h5 }: { h5: string }): JSX.Element {
    const [paying, setPaying] = useState(false);
    const [payment, setPayment] = useState<Payment>();
    const { order, failure, reload } = useOrder(h5, !payment && !paying);
    const me = useLoad(getMe, "me");
    const account = me.value?.accounts.find((a) => a.currency === order?.amount.currency);
    if (payment) {
        return (
            <PaymentReceipt payment={payment}>
                {payment.state === "DECLINED" ? (
                    <Button kind="plain" onClick={() => setPayment(undefined)}>
                        {t("try_again")}
                    </Button>
                ) : null}
                <ReturnButton main={payment.state !== "DECLINED"} />
            </PaymentReceipt>
        );
    }
    const over = failure?.kind === "refused" && ended.has(failure.code);
    if (!paying && (over || order?.state === "CLOSED")) {
        return <Over title={t("expired_title")} hint={t("expired_hint")} />;
    }
    if (order?.state === "SUCCESS" || order?.state === "REFUND") {
        return <Over title={t("paid_elsewhere")} hint={t(`not_payable_${order.state}`)} />;
    }
    return (
        <div class="stack">
            {failure && !paying ? <Failed failure={failure} onRetry={reload} /> : null}
            {!order && !failure ? <Skeleton rows={3} label={t("loading")} /> : null}
            {order ? (
                <Bill
                    order={order}
                    onPay={() => setPaying(true)}
                    onEnd={reload}
                />
            ) : null}
            {order && paying ? (
                <PaySheet
                    wish={wishOfOrder(h5, order)}
                    available={
                        account && { total: account.available, currency: account.currency }
                    }
                    confirmed
                    onClose={() => setPaying(false)}
                    onPayment={(answer) => {
                        setPaying(false);
                        setPayment(answer);
                    }}
                />
            ) : null}
            <ReturnButton main={false} />
        </div>
    );
}

function Body({ user }: { user: string | undefined }): JSX.Element {
    if (code === undefined) return <Over title={t("cashier_bad")} hint={t("cashier_bad_hint")} />;
    if (user !== undefined) return <Cashier h5={code} />;
    return (
        <div class="stack">
            <section class="card door">
                <h2>{t("log_in_to_pay")}</h2>
                <LoginForm />
            </section>
            <ReturnButton main={false} />
        </div>
    );
}

function App(): JSX.Element {
    useLanguage();
    const user = useSession(session);
    const online = useOnline();
    document.title = t("cashier");
    return (
        <div class="cashier">
            <header class="cashier-head">
                <Mark />
                <strong>{t("cashier")}</strong>
                <LanguageSwitch />
            </header>
            <main>
                {online ? null : <Notice kind="warn">{t("offline_banner")}</Notice>}
                <Body key={user?.subject ?? ""} user={user?.name} />
            </main>
            {user ? (
                <footer class="muted center">{t("signed_in_as", { name: user.name })}</footer>
            ) : null}
        </div>
    );
}

setLanguage(language());
const root = document.getElementById("app");
if (root) render(<App />, root);
