// The payer code: digits, bars and a QR picture for a till, renewed before they end, as long as
// somebody looks at them; and what a till asks for with them.
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { formatMoney } from "../base/money.js";
import { groupedDigits, renewAfterMs } from "../base/payer_code.js";
import { Button, Notice, Skeleton } from "../ui/controls.js";
import { useVisible, type Failure } from "../ui/hooks.js";
import { issuePayerCode, listConfirming, type Charge, type PayerCode } from "./api.js";
import { ChargeSheet } from "./charge_sheet.js";
import { Bars, Dots } from "./code_picture.js";
import { adviceFor, Failed, PageHead } from "./parts.js";
import { t } from "./words.js";

const askEveryMs = 2000;

// The code of now; a new one in time, while `running`, and at once when `renew` is called.
function usePayerCode(running: boolean): {
    code: PayerCode | undefined;
    failure: Failure | undefined;
    renew: () => void;
} {
    const [code, setCode] = useState<PayerCode>();
    const [failure, setFailure] = useState<Failure>();
    const [round, setRound] = useState(0);
    const renew = (): void => setRound((n) => n + 1);
    useEffect(() => {
        if (!running) return undefined;
        let timer: ReturnType<typeof setTimeout> | undefined;
        let left = false;
        void issuePayerCode().then((answer) => {
            if (left) return;
            setFailure(answer.kind === "done" ? undefined : answer);
            setCode(answer.kind === "done" ? answer.value : undefined);
            if (answer.kind !== "done") return;
            timer = setTimeout(renew, renewAfterMs(answer.value.expires_at, Date.now()));
        });
        return () => {
            left = true;
            clearTimeout(timer);
        };
    }, [running, round]);
    return { code, failure, renew };
}

// The newest payment that waits for a yes, unless the user has put it aside.
function useCharge(running: boolean): { charge: Charge | undefined; setAside: () => void } {
    const [charge, setCharge] = useState<Charge>();
    const aside = useRef(new Set<string>());
    useEffect(() => {
        if (!running) return undefined;
        const timer = setInterval(async () => {
            const answer = await listConfirming();
            if (answer.kind !== "done") return;
            const next = answer.value.items.find((item) => !aside.current.has(item.payment_id));
            // One that is being looked at stays; when its time is over, its answer says so.
            setCharge((shown) => shown ?? next);
        }, askEveryMs);
        return () => clearInterval(timer);
    }, [running]);
    const setAside = (): void => {
        if (charge) aside.current.add(charge.payment_id);
        setCharge(undefined);
    };
    return { charge, setAside };
}

function Outcome({ charge }: { charge: Charge }): JSX.Element {
    if (charge.state === "DECLINED" || charge.state === "REVERSED") {
        const { code, message } = charge.decline ?? { code: "", message: "" };
        return (
            <Notice kind="bad" title={t("declined_title")}>
                {charge.decline ? adviceFor(code, message) : t("reversed_title")}
            </Notice>
        );
    }
    return (
        <Notice kind="good" title={t("charge_done")}>
            {`${charge.payee_name} · ${formatMoney(charge.amount)}`}
        </Notice>
    );
}

export function CodePage({ onChange }: { onChange: () => void }): JSX.Element {
    const visible = useVisible();
    const { code, failure, renew } = usePayerCode(visible);
    const { charge, setAside } = useCharge(visible);
    const [answered, setAnswered] = useState<Charge>();
    // What the code has paid meanwhile shows in the balance.
    useEffect(() => onChange, []);
    return (
        <div class="page narrow">
            <PageHead title={t("payer_code")} onBack={() => (location.hash = "#/")} />
            <p class="muted lead">{t("payer_code_lead")}</p>
            {answered ? <Outcome charge={answered} /> : null}
            {failure ? <Failed failure={failure} onRetry={renew} /> : null}
            {!code && !failure ? <Skeleton rows={4} label={t("loading")} /> : null}
            {code ? (
                <section class="card code-card">
                    <div class="code-paper">
                        <Bars digits={code.digits} label={t("payer_code_bars")} />
                        <p class="code-digits" id="payer-code" data-digits={code.digits}>
                            {groupedDigits(code.digits)}
                        </p>
                        <Dots digits={code.digits} label={t("payer_code_dots")} />
                    </div>
                    <Button kind="quiet" icon="refresh" onClick={renew} id="renew-code">
                        {t("payer_code_renew")}
                    </Button>
                </section>
            ) : null}
            <p class="muted center">{t("payer_code_secret")}</p>
            {charge ? (
                <ChargeSheet
                    key={charge.payment_id}
                    charge={charge}
                    onClose={setAside}
                    onAnswer={(result) => {
                        setAside();
                        setAnswered(result);
                        renew(); // The code that was shown is spent.
                        onChange();
                    }}
                />
            ) : null}
        </div>
    );
}
