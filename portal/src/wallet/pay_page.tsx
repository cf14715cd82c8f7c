// Find a code, see what it asks for, pay.
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { readCode, type Code } from "../base/code.js";
import type { Amount } from "../base/money.js";
import { go } from "../base/route.js";
import { Button, Field, Notice } from "../ui/controls.js";
import type { Failure } from "../ui/hooks.js";
import { AmountSheet } from "./amount_sheet.js";
import { resolveCode, type Me, type Order, type Payment, type Resolved } from "./api.js";
import { Failed, PageHead } from "./parts.js";
import { PaymentReceipt } from "./receipt.js";
import { PaySheet } from "./pay_sheet.js";
import { readPicture } from "./scan.js";
import { Scanner } from "./scanner.js";
import { wishOfOrder, wishOfPayee, type Wish } from "./wish.js";
import { t, type Word } from "./words.js";

// Why this order cannot be paid now, or undefined when it can.
export function whyNot(order: Order): Word | undefined {
    return order.state === "NOTPAY" ? undefined : `not_payable_${order.state}`;
}

interface Found {
    code: Code;
    resolved: Resolved;
}

function Sources(props: {
    onText: (text: string) => void;
    onCamera: () => void;
    onProblem: (problem: Word) => void;
}): JSX.Element {
    const file = useRef<HTMLInputElement>(null);
    const picture = async (chosen: File | undefined): Promise<void> => {
        if (!chosen) return;
        try {
            const text = await readPicture(chosen);
            if (text === undefined) props.onProblem("scan_nothing");
            else props.onText(text);
        } catch {
            props.onProblem("scan_unreadable");
        }
        // Choosing the same picture again must count as a change.
        if (file.current) file.current.value = "";
    };
    return (
        <div class="sources">
            <Button kind="main" icon="camera" onClick={props.onCamera}>
                {t("scan_camera")}
            </Button>
            <Button kind="plain" icon="picture" onClick={() => file.current?.click()}>
                {t("scan_picture")}
            </Button>
            <input
                ref={file}
                type="file"
                accept="image/*"
                hidden
                aria-label={t("scan_picture")}
                onChange={(event) => void picture(event.currentTarget.files?.[0])}
            />
        </div>
    );
}

function CodeForm(props: {
    text: string;
    busy: boolean;
    problem: Word | undefined;
    onText: (text: string) => void;
    onProblem: (problem: Word) => void;
    onSubmit: () => void;
}): JSX.Element {
    const paste = async (): Promise<void> => {
        try {
            props.onText(await navigator.clipboard.readText());
        } catch {
            props.onProblem("paste_failed");
        }
    };
    return (
        <form
            class="stack card"
            onSubmit={(event) => {
                event.preventDefault();
                props.onSubmit();
            }}
        >
            <Field
                label={t("code_label")}
                name="code"
                value={props.text}
                onValue={props.onText}
                rows={3}
                inputmode="url"
                maxlength={2048}
                placeholder={t("code_placeholder")}
                problem={props.problem && t(props.problem)}
            />
            <div class="pair">
                <Button kind="plain" icon="paste" onClick={() => void paste()}>
                    {t("paste")}
                </Button>
                <Button submit busy={props.busy} disabled={props.text.trim() === ""} id="resolve">
                    {t("next")}
                </Button>
            </div>
        </form>
    );
}

// Everything before the sheet: a text, what it stands for, and what was wrong with it.
function useFinder(onFound: (found: Found) => void): {
    text: string;
    setText: (text: string) => void;
    busy: boolean;
    problem: Word | undefined;
    setProblem: (problem: Word | undefined) => void;
    failure: Failure | undefined;
    find: (from: string) => Promise<void>;
} {
    const [text, setText] = useState("");
    const [busy, setBusy] = useState(false);
    const [problem, setProblem] = useState<Word>();
    const [failure, setFailure] = useState<Failure>();
    const find = async (from: string): Promise<void> => {
        setText(from);
        setFailure(undefined);
        const code = readCode(from);
        setProblem(code === undefined ? "code_bad" : undefined);
        if (code === undefined) return;
        setBusy(true);
        const answer = await resolveCode(code);
        setBusy(false);
        if (answer.kind === "done") onFound({ code, resolved: answer.value });
        else setFailure(answer);
    };
    const typed = (next: string): void => {
        setText(next);
        setProblem(undefined);
        setFailure(undefined);
    };
    return { text, setText: typed, busy, problem, setProblem, failure, find };
}

// From what was found to an answer: the amount, when the code leaves it open, then the sheet.
function Paying(props: {
    found: Found;
    me: Me | undefined;
    onPayment: (payment: Payment) => void;
    onClose: () => void;
}): JSX.Element {
    const { me, onClose, onPayment } = props;
    const { code, resolved } = props.found;
    const [entered, setEntered] = useState<Amount>();
    const sheet = (wish: Wish): JSX.Element => {
        const account = me?.accounts.find((a) => a.currency === wish.amount.currency);
        const available = account && { total: account.available, currency: account.currency };
        return <PaySheet {...{ wish, available, onClose, onPayment }} />;
    };
    if (resolved.kind === "ORDER") return sheet(wishOfOrder(code, resolved.order));
    const { payee } = resolved;
    const amount = payee.amount ?? entered;
    if (amount) return sheet(wishOfPayee(code, payee, amount));
    const currency = me?.accounts[0]?.currency ?? "CNY";
    return <AmountSheet {...{ payee, currency, onClose }} onAmount={setEntered} />;
}

export function PayPage(props: {
    me: Me | undefined;
    start: string; // a code that came with the address, or ""
    scan: boolean;
    onChange: () => void; // the balance may have changed
}): JSX.Element {
    const [found, setFound] = useState<Found>();
    const [payment, setPayment] = useState<Payment>();
    const [camera, setCamera] = useState(props.scan);
    const finder = useFinder(setFound);
    useEffect(() => {
        if (props.start !== "") void finder.find(props.start);
    }, [props.start]);

    if (payment) {
        const declined = payment.state === "DECLINED";
        const short = payment.decline?.code === "NOT_ENOUGH";
        return (
            <PaymentReceipt payment={payment}>
                <Button onClick={() => go(short ? "top-up" : "")} id="done">
                    {t(short ? "top_up" : "done")}
                </Button>
                {declined ? (
                    <Button kind="plain" onClick={() => setPayment(undefined)}>
                        {t("try_again")}
                    </Button>
                ) : (
                    <Button kind="quiet" onClick={() => go(`payment/${payment.payment_id}`)}>
                        {t("view_detail")}
                    </Button>
                )}
            </PaymentReceipt>
        );
    }
    const resolved = found?.resolved;
    const blocked = resolved?.kind === "ORDER" ? whyNot(resolved.order) : undefined;
    const { failure } = finder;
    return (
        <div class="page narrow">
            <PageHead title={t("pay_title")} />
            <p class="muted lead">{t("pay_lead")}</p>
            <Sources
                onText={(text) => void finder.find(text)}
                onCamera={() => setCamera(true)}
                onProblem={finder.setProblem}
            />
            <CodeForm
                text={finder.text}
                busy={finder.busy}
                problem={finder.problem}
                onText={finder.setText}
                onProblem={finder.setProblem}
                onSubmit={() => void finder.find(finder.text)}
            />
            {failure ? (
                <Failed
                    failure={failure}
                    {...(failure.kind === "unknown"
                        ? { onRetry: () => void finder.find(finder.text) }
                        : {})}
                />
            ) : null}
            {blocked ? <Notice kind="info">{t(blocked)}</Notice> : null}
            {camera ? (
                <Scanner
                    onClose={() => setCamera(false)}
                    onCode={(text) => {
                        setCamera(false);
                        void finder.find(text);
                    }}
                />
            ) : null}
            {found && !blocked ? (
                <Paying
                    found={found}
                    me={props.me}
                    onClose={() => setFound(undefined)}
                    onPayment={(answer) => {
                        setFound(undefined);
                        setPayment(answer);
                        props.onChange();
                    }}
                />
            ) : null}
        </div>
    );
}
