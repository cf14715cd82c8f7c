import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Button, Field, Notice } from "../ui/controls.js";
import type { Failure } from "../ui/hooks.js";
import { ending, logIn } from "./api.js";
import { Failed } from "./parts.js";
import { t } from "./words.js";

export function LoginForm(): JSX.Element {
    const [name, setName] = useState("");
    const [password, setPassword] = useState("");
    const [busy, setBusy] = useState(false);
    const [failure, setFailure] = useState<Failure>();
    const submit = async (event: Event): Promise<void> => {
        event.preventDefault();
        setBusy(true);
        setFailure(undefined);
        const answer = await logIn(name.trim(), password);
        setBusy(false);
        if (answer.kind !== "done") setFailure(answer);
    };
    return (
        <form class="stack login-form" onSubmit={(event) => void submit(event)}>
            {ending.byDoor && !failure ? (
                <Notice kind="warn">{t("session_ended")}</Notice>
            ) : null}
            {failure ? <Failed failure={failure} /> : null}
            <Field
                label={t("login_name")}
                name="login_name"
                value={name}
                onValue={setName}
                autocomplete="username"
                maxlength={64}
            />
            <Field
                label={t("password")}
                name="password"
                type="password"
                value={password}
                onValue={setPassword}
                autocomplete="current-password"
                maxlength={128}
                reveal={{ show: t("show_password"), hide: t("hide_password") }}
            />
            <Button submit busy={busy} disabled={name.trim() === "" || password === ""} id="log-in">
                {busy ? t("logging_in") : t("log_in")}
            </Button>
        </form>
    );
}
