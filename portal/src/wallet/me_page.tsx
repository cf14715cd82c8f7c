import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Button, Skeleton } from "../ui/controls.js";
import { Dialog } from "../ui/dialog.js";
import type { Loaded } from "../ui/hooks.js";
import { Icon, type IconName } from "../ui/icons.js";
import { logOut, type Me } from "./api.js";
import { Disc, Failed, LanguageSwitch, PageHead } from "./parts.js";
import { t } from "./words.js";

function Line(props: { href: string; icon: IconName; text: string }): JSX.Element {
    return (
        <li>
            <a class="row line" href={props.href}>
                <Icon name={props.icon} />
                <span class="row-text">{props.text}</span>
                <Icon name="next" />
            </a>
        </li>
    );
}

function LogOut(): JSX.Element {
    const [asking, setAsking] = useState(false);
    const [busy, setBusy] = useState(false);
    const leave = (): void => {
        setBusy(true);
        void logOut();
    };
    return (
        <>
            <Button kind="plain" icon="exit" onClick={() => setAsking(true)} id="log-out">
                {t("log_out")}
            </Button>
            {asking ? (
                <Dialog
                    title={t("log_out")}
                    closeLabel={t("close")}
                    onClose={() => setAsking(false)}
                >
                    <div class="stack">
                        <p>{t("log_out_sure")}</p>
                        <Button kind="bad" busy={busy} onClick={leave} id="log-out-sure">
                            {t("log_out")}
                        </Button>
                        <Button kind="quiet" onClick={() => setAsking(false)}>
                            {t("cancel")}
                        </Button>
                    </div>
                </Dialog>
            ) : null}
        </>
    );
}

export function MePage({ me }: { me: Loaded<Me> }): JSX.Element {
    const { value, failure, reload } = me;
    return (
        <div class="page narrow">
            <PageHead title={t("me_title")}>
                <LanguageSwitch />
            </PageHead>
            {failure ? <Failed failure={failure} onRetry={reload} /> : null}
            {!value && !failure ? <Skeleton rows={1} label={t("loading")} /> : null}
            {value ? (
                <section class="card person">
                    <Disc name={value.user.display_name} />
                    <div>
                        <strong>{value.user.display_name}</strong>
                        <small>{value.user.login_name}</small>
                    </div>
                </section>
            ) : null}
            <section class="day">
                <h2>{t("account_section")}</h2>
                <ul class="card rows">
                    <Line href="#/banks" icon="bank" text={t("banks")} />
                    <Line href="#/top-up" icon="plus" text={t("top_up")} />
                </ul>
            </section>
            <section class="day">
                <h2>{t("security_section")}</h2>
                <ul class="card rows">
                    <Line
                        href="#/payment-password"
                        icon="key"
                        text={t(
                            value?.has_payment_password === false
                                ? "set_payment_password"
                                : "change_payment_password",
                        )}
                    />
                    <Line href="#/password" icon="lock" text={t("change_password")} />
                </ul>
            </section>
            <LogOut />
        </div>
    );
}
