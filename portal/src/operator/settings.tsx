// Platform keys to hand out, one's own password, more operators.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { formatTime } from "../base/time.js";
import { Button, Field, Notice } from "../ui/controls.js";
import { useLoad, type Failure } from "../ui/hooks.js";
import { changePassword, createOperator, getPlatformKeys } from "./api.js";
import { Awaited, CopyBox, Failed, Heading } from "./parts.js";
import { t } from "./words.js";

function reveal(): { show: string; hide: string } {
    return { show: t("show_password"), hide: t("hide_password") };
}

export function PasswordForm(): JSX.Element {
    const [old, setOld] = useState("");
    const [next, setNext] = useState("");
    const [again, setAgain] = useState("");
    const [differ, setDiffer] = useState(false);
    const [saved, setSaved] = useState(false);
    const [busy, setBusy] = useState(false);
    const [failure, setFailure] = useState<Failure>();
    const submit = async (event: Event): Promise<void> => {
        event.preventDefault();
        setDiffer(next !== again);
        setSaved(false);
        setFailure(undefined);
        if (next !== again) return;
        setBusy(true);
        const answer = await changePassword(old, next);
        setBusy(false);
        if (answer.kind !== "done") return setFailure(answer);
        setSaved(true);
        setOld("");
        setNext("");
        setAgain("");
    };
    return (
        <form class="stack" onSubmit={(event) => void submit(event)}>
            {saved ? <Notice kind="good">{t("saved")}</Notice> : null}
            {failure ? <Failed failure={failure} /> : null}
            <Field label={t("old_password")} name="old" type="password" value={old}
                onValue={setOld} autocomplete="current-password" maxlength={128} />
            <Field label={t("new_password")} name="new" type="password" value={next}
                onValue={setNext} autocomplete="new-password" maxlength={128}
                hint={t("password_rule")} reveal={reveal()} />
            <Field label={t("repeat_password")} name="again" type="password" value={again}
                onValue={setAgain} autocomplete="new-password" maxlength={128}
                problem={differ ? t("passwords_differ") : undefined} />
            <Button submit busy={busy} disabled={old === "" || next.length < 8}>
                {t("save")}
            </Button>
        </form>
    );
}

function OperatorForm(): JSX.Element {
    const [name, setName] = useState("");
    const [password, setPassword] = useState("");
    const [made, setMade] = useState<string>();
    const [busy, setBusy] = useState(false);
    const [failure, setFailure] = useState<Failure>();
    const submit = async (event: Event): Promise<void> => {
        event.preventDefault();
        setBusy(true);
        const answer = await createOperator(name.trim(), password);
        setBusy(false);
        setFailure(answer.kind === "done" ? undefined : answer);
        setMade(answer.kind === "done" ? name.trim() : undefined);
        if (answer.kind === "done") setPassword("");
    };
    return (
        <form class="stack" onSubmit={(event) => void submit(event)}>
            {made ? <Notice kind="good">{t("operator_created", { name: made })}</Notice> : null}
            {failure ? <Failed failure={failure} /> : null}
            <Field label={t("name")} name="operator" value={name} onValue={setName}
                maxlength={64} />
            <Field label={t("password")} name="operator-password" type="password"
                value={password} onValue={setPassword} autocomplete="new-password"
                maxlength={128} hint={t("password_rule")} reveal={reveal()} />
            <Button submit kind="plain" busy={busy}
                disabled={name.trim() === "" || password.length < 8}>
                {t("create")}
            </Button>
        </form>
    );
}

function PlatformKeysCard(): JSX.Element {
    const loaded = useLoad(getPlatformKeys, "keys");
    const value = loaded.value;
    return (
        <section class="card block stack">
            <div>
                <h2>{t("platform_keys")}</h2>
                <p class="muted">{t("platform_keys_hint")}</p>
            </div>
            <Awaited loaded={loaded} rows={2} />
            {value ? (
                <CopyBox
                    label={`${t("platform_public_key")} ${value.public_key.public_key_id}`}
                    text={value.public_key.public_key_pem}
                />
            ) : null}
            {value?.sm2_public_key ? (
                <CopyBox
                    label={`${t("platform_public_key")} (SM2) ${value.sm2_public_key.public_key_id}`}
                    text={value.sm2_public_key.public_key_pem}
                />
            ) : null}
            {[...(value?.certificates ?? []), ...(value?.sm2_certificates ?? [])].map((certificate) => (
                <div key={certificate.serial_no}>
                    <CopyBox
                        label={`${t("platform_certificate")} (${certificate.algorithm}) ${certificate.serial_no}`}
                        text={certificate.certificate_pem}
                    />
                    <p class="muted">
                        {t("not_after")} {formatTime(certificate.not_after)}
                    </p>
                </div>
            ))}
        </section>
    );
}

export function SettingsView(): JSX.Element {
    return (
        <>
            <Heading title={t("nav_settings")} />
            <div class="columns even">
                <PlatformKeysCard />
                <div class="stack">
                    <section class="card block stack">
                        <h2>{t("change_password")}</h2>
                        <PasswordForm />
                    </section>
                    <section class="card block stack">
                        <h2>{t("new_operator")}</h2>
                        <OperatorForm />
                    </section>
                </div>
            </div>
        </>
    );
}
