// From what a code was resolved to to an answer, in one sheet:
//
//   confirm --pay--> pin --six digits--> sending --> paid | declined      (onPayment)
//                     ^                    |-------> no: advice, back to pin or confirm
//                     `--wrong PIN---------|
//                                          `-------> unknown --repeat safely--> sending
//
// The intent (base/intent.ts) keeps one request_id from the first try to the definite answer.
import type { JSX } from "preact";
import { useMemo, useRef, useState } from "preact/hooks";
import type { Refusal, Unknown } from "../base/http.js";
import { Intent } from "../base/intent.js";
import { formatMoney, type Amount } from "../base/money.js";
import { Button, Money, Notice, Pairs } from "../ui/controls.js";
import { Dialog } from "../ui/dialog.js";
import { Keypad } from "../ui/keypad.js";
import { pay, type Payment, type Target } from "./api.js";
import { adviceFor, Disc } from "./parts.js";
import type { Wish } from "./wish.js";
import { t } from "./words.js";

type Stage =
    | { at: "confirm"; problem?: Refusal }
    | { at: "pin"; problem?: Refusal }
    | { at: "sending" }
    | { at: "unknown"; why: Unknown };

// Refusals after which typing the password again is the thing to do.
const pinProblems = new Set(["PAYMENT_PASSWORD_WRONG"]);

export function PinEntry(props: {
    problem: string | undefined;
    onPin: (pin: string) => void;
}): JSX.Element {
    return (
        <div class="stack pin">
            {props.problem === undefined ? null : <Notice kind="bad">{props.problem}</Notice>}
            <Keypad
                label={t("enter_payment_password")}
                entered={(n) => t("digits_entered", { n })}
                deleteLabel={t("key_delete")}
                onPin={props.onPin}
            />
        </div>
    );
}

export function Working({ text }: { text: string }): JSX.Element {
    return (
        <div class="working" role="status">
            <span class="spinner big" aria-hidden="true" />
            <strong>{text}</strong>
            <p>{t("paying_hint")}</p>
        </div>
    );
}

export function UnknownOutcome(props: {
    why: Unknown;
    onRepeat: () => void;
    onLater: () => void;
}): JSX.Element {
    return (
        <div class="stack">
            <Notice kind="warn" title={t(`unknown_${props.why.reason}`)}>
                {t("unknown_safe")}
            </Notice>
            <Button icon="refresh" onClick={props.onRepeat} id="repeat">
                {t("repeat_safely")}
            </Button>
            <Button kind="quiet" onClick={props.onLater}>
                {t("repeat_later")}
            </Button>
        </div>
    );
}

function Confirm(props: {
    wish: Wish;
    available: Amount | undefined;
    problem: Refusal | undefined;
    onPay: () => void;
}): JSX.Element {
    const { wish, available, problem } = props;
    const rows: [string, string][] = [];
    if (wish.institution) rows.push([t("institution"), wish.institution]);
    if (wish.description) rows.push([t("order_description"), wish.description]);
    if (available) {
        const amount = formatMoney(available);
        rows.push([t("pay_from"), t("from_balance", { amount })]);
    }
    return (
        <div class="stack confirm">
            {problem ? (
                <Notice kind="bad">{adviceFor(problem.code, problem.message)}</Notice>
            ) : null}
            <div class="payee">
                <Disc name={wish.payee} />
                <span>{wish.payee}</span>
                <Money amount={wish.amount} />
            </div>
            <Pairs rows={rows} />
            <Button onClick={props.onPay} icon="lock" id="confirm-pay">
                {t("pay_amount", { amount: formatMoney(wish.amount) })}
            </Button>
        </div>
    );
}

export function PaySheet(props: {
    wish: Wish;
    available?: Amount | undefined;
    confirmed?: boolean; // the page has shown merchant and amount already
    onPayment: (payment: Payment) => void;
    onClose: () => void;
}): JSX.Element {
    const { wish } = props;
    const intent = useMemo(
        () => new Intent(wish.subject, sessionStorage, JSON.stringify(wish.target)),
        [wish],
    );
    const [stage, setStage] = useState<Stage>({ at: props.confirmed ? "pin" : "confirm" });
    const pin = useRef("");
    const send = async (): Promise<void> => {
        setStage({ at: "sending" });
        const answer = await intent.submit((id, target) =>
            pay(id, JSON.parse(target) as Target, pin.current),
        );
        if (answer.kind === "unknown") return setStage({ at: "unknown", why: answer });
        pin.current = "";
        if (answer.kind === "done") return props.onPayment(answer.value);
        setStage({ at: pinProblems.has(answer.code) ? "pin" : "confirm", problem: answer });
    };
    const entered = (digits: string): void => {
        pin.current = digits;
        void send();
    };
    const problem = stage.at === "confirm" || stage.at === "pin" ? stage.problem : undefined;
    const titles = {
        confirm: t("confirm_title"),
        pin: t("enter_payment_password"),
        sending: t("paying"),
        unknown: t("unknown_title"),
    };
    return (
        <Dialog
            title={titles[stage.at]}
            closeLabel={t("close")}
            onClose={props.onClose}
            fixed={stage.at === "sending"}
        >
            {stage.at === "confirm" ? (
                <Confirm
                    wish={wish}
                    available={props.available}
                    problem={problem}
                    onPay={() => setStage({ at: "pin" })}
                />
            ) : null}
            {stage.at === "pin" ? (
                <PinEntry
                    problem={problem && adviceFor(problem.code, problem.message)}
                    onPin={entered}
                />
            ) : null}
            {stage.at === "sending" ? <Working text={t("paying")} /> : null}
            {stage.at === "unknown" ? (
                <UnknownOutcome
                    why={stage.why}
                    onRepeat={() => void send()}
                    onLater={props.onClose}
                />
            ) : null}
        </Dialog>
    );
}
