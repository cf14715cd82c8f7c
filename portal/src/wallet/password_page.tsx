// Changing the login password and the payment password: the same form with two sets of rules.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Answer } from "../base/http.js";
import { go } from "../base/route.js";
import { Button, Field, Notice } from "../ui/controls.js";
import type { Failure } from "../ui/hooks.js";
import { changePassword, setPaymentPassword } from "./api.js";
import { Failed, PageHead } from "./parts.js";
import { t, type Word } from "./words.js";

interface Rules {
    title: Word;
    old: Word;
    next: Word;
    rule: Word;
    bad: Word;
    accepts: RegExp;
    numeric: boolean;
    askOld: boolean;
    send: (old: string, next: string) => Promise<Answer<unknown>>;
}

const login: Rules = {
    title: "change_password",
    old: "old_password",
    next: "new_password",
    rule: "password_rule",
    bad: "password_bad",
    accepts: /^.{8,128}$/su,
    numeric: false,
    askOld: true,
    send: changePassword,
};

const payment: Rules = {
    title: "change_payment_password",
    old: "old_payment_password",
    next: "new_payment_password",
    rule: "payment_password_rule",
    bad: "payment_password_bad",
    accepts: /^\d{6}$/,
    numeric: true,
    askOld: true,
    send: setPaymentPassword,
};

function Form({ rules }: { rules: Rules }): JSX.Element {
    const [old, setOld] = useState("");
    const [next, setNext] = useState("");
    const [again, setAgain] = useState("");
    const [problem, setProblem] = useState<Word>();
    const [failure, setFailure] = useState<Failure>();
    const [saved, setSaved] = useState(false);
    const [busy, setBusy] = useState(false);
    const clear = (): void => {
        setOld("");
        setNext("");
        setAgain("");
    };
    const submit = async (event: Event): Promise<void> => {
        event.preventDefault();
        setSaved(false);
        setFailure(undefined);
        const wrong = !rules.accepts.test(next) ? rules.bad : "passwords_differ";
        const fine = wrong !== rules.bad && next === again;
        setProblem(fine ? undefined : wrong);
        if (!fine) return;
        setBusy(true);
        const answer = await rules.send(old, next);
        setBusy(false);
        setSaved(answer.kind === "done");
        if (answer.kind === "done") clear();
        else setFailure(answer);
    };
    const field = { type: "password", inputmode: rules.numeric ? "numeric" : "text" } as const;
    const reveal = { show: t("show_password"), hide: t("hide_password") };
    const size = rules.numeric ? 6 : 128;
    const autocomplete = (kind: string): string => (rules.numeric ? "off" : kind);
    return (
        <form class="stack card" onSubmit={(event) => void submit(event)}>
            {saved ? <Notice kind="good">{t("saved")}</Notice> : null}
            {failure ? <Failed failure={failure} /> : null}
            {rules.askOld ? (
                <Field {...field} label={t(rules.old)} name="old" value={old} onValue={setOld}
                    maxlength={size} autocomplete={autocomplete("current-password")} />
            ) : null}
            <Field {...field} label={t(rules.next)} name="new" value={next} onValue={setNext}
                maxlength={size} autocomplete={autocomplete("new-password")} reveal={reveal}
                hint={t(rules.rule)}
                problem={problem === rules.bad ? t(rules.bad) : undefined} />
            <Field {...field} label={t("repeat_password")} name="again" value={again}
                onValue={setAgain} maxlength={size} autocomplete={autocomplete("new-password")}
                problem={problem === "passwords_differ" ? t("passwords_differ") : undefined} />
            <Button submit busy={busy} disabled={next === "" || (rules.askOld && old === "")}>
                {t("save")}
            </Button>
        </form>
    );
}

export function PasswordPage({ kind, first }: {
    kind: "login" | "payment";
    first: boolean; // no payment password is set yet, so there is no old one to ask for
}): JSX.Element {
    const base = kind === "login" ? login : payment;
    const setting = kind === "payment" && first;
    const rules: Rules = setting
        ? { ...base, askOld: false, title: "set_payment_password" }
        : base;
    return (
        <div class="page narrow">
            <PageHead title={t(rules.title)} onBack={() => go("me")} />
            <Form key={rules.title} rules={rules} />
        </div>
    );
}
