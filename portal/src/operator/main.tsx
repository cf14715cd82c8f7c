// The operator page: which view belongs to which route.
import { render, type JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { language, setLanguage } from "../base/i18n.js";
import type { Route } from "../base/route.js";
import { Button, Field, Notice } from "../ui/controls.js";
import { useLanguage, useRoute, useSession, type Failure } from "../ui/hooks.js";
import { Icon, Mark, type IconName } from "../ui/icons.js";
import { ending, logIn, logOut, session } from "./api.js";
import { MerchantsView, MerchantView } from "./merchants.js";
import { Overview } from "./overview.js";
import { ParticipantView } from "./participant.js";
import { ParticipantsView } from "./participants.js";
import { Failed } from "./parts.js";
import { OrdersView, OrderView, PaymentsView } from "./records.js";
import { PasswordForm, SettingsView } from "./settings.js";
import { StoryView } from "./story.js";
import { UsersView, UserView } from "./users.js";
import { t, type Word } from "./words.js";
import "../ui/base.css";
import "../ui/controls.css";
import "../ui/pieces.css";
import "./operator.css";

const sections: { path: string; icon: IconName; word: Word }[] = [
    { path: "", icon: "chart", word: "nav_overview" },
    { path: "payments", icon: "check", word: "nav_payments" },
    { path: "orders", icon: "list", word: "nav_orders" },
    { path: "merchants", icon: "shop", word: "nav_merchants" },
    { path: "users", icon: "people", word: "nav_users" },
    { path: "participants", icon: "bank", word: "nav_participants" },
    { path: "settings", icon: "key", word: "nav_settings" },
];

function LanguageSwitch(): JSX.Element {
    const other = language() === "zh" ? "en" : "zh";
    return (
        <button type="button" class="language" lang={other === "zh" ? "zh-CN" : "en"}
            onClick={() => setLanguage(other)}>
            <Icon name="globe" />
            {t("language_switch")}
        </button>
    );
}

function Side({ first, name }: { first: string; name: string }): JSX.Element {
    const nav = useRef<HTMLElement>(null);
    useEffect(() => {
        // On a phone the sections lie in a row that is wider than the screen.
        const current = nav.current?.querySelector("[aria-current]");
        current?.scrollIntoView({ block: "nearest", inline: "center" });
    }, [first]);
    return (
        <div class="side-bar">
            <a class="brand" href="#/">
                <Mark />
                <span>{t("brand")}</span>
            </a>
            <nav aria-label={t("nav_label")} ref={nav}>
                {sections.map((section) => (
                    <a
                        key={section.path}
                        href={`#/${section.path}`}
                        aria-current={section.path === first ? "page" : undefined}
                    >
                        <Icon name={section.icon} />
                        <span>{t(section.word)}</span>
                    </a>
                ))}
            </nav>
            <div class="side-foot">
                <LanguageSwitch />
                <button type="button" class="language" onClick={() => void logOut()}>
                    <Icon name="exit" />
                    {t("log_out")} {name}
                </button>
            </div>
        </div>
    );
}

function view({ path, values }: Route): JSX.Element {
    const [first = "", second] = path;
    const key = values.toString();
    switch (first) {
        case "payments":
            return second ? <StoryView id={second} /> : <PaymentsView key={key} values={values} />;
        case "orders":
            return second ? <OrderView id={second} /> : <OrdersView key={key} values={values} />;
        case "merchants":
            return second ? <MerchantView mchid={second} /> : <MerchantsView />;
        case "users":
            return second ? <UserView id={second} /> : <UsersView key={key} values={values} />;
        case "participants":
            return second ? <ParticipantView id={second} /> : <ParticipantsView />;
        case "settings":
            return <SettingsView />;
        default:
            return <Overview />;
    }
}

function Login(): JSX.Element {
    const [name, setName] = useState("");
    const [password, setPassword] = useState("");
    const [busy, setBusy] = useState(false);
    const [failure, setFailure] = useState<Failure>();
    const submit = async (event: Event): Promise<void> => {
        event.preventDefault();
        setBusy(true);
        const answer = await logIn(name.trim(), password);
        setBusy(false);
        setFailure(answer.kind === "done" ? undefined : answer);
    };
    return (
        <form class="stack" onSubmit={(event) => void submit(event)}>
            {ending.byDoor && !failure ? (
                <Notice kind="warn">{t("session_ended")}</Notice>
            ) : null}
            {failure ? <Failed failure={failure} /> : null}
            <Field label={t("name")} name="name" value={name} onValue={setName}
                autocomplete="username" maxlength={64} />
            <Field label={t("password")} name="password" type="password" value={password}
                onValue={setPassword} autocomplete="current-password" maxlength={128}
                reveal={{ show: t("show_password"), hide: t("hide_password") }} />
            <Button submit busy={busy} disabled={name.trim() === "" || password === ""} id="log-in">
                {t("log_in")}
            </Button>
        </form>
    );
}

function Gate(props: { title: string; children: JSX.Element }): JSX.Element {
    return (
        <div class="outside">
            <section class="welcome">
                <Mark />
                <h1>{t("brand")}</h1>
            </section>
            <main class="card door">
                <header>
                    <h2>{props.title}</h2>
                    <LanguageSwitch />
                </header>
                {props.children}
            </main>
        </div>
    );
}

function App(): JSX.Element {
    useLanguage();
    const operator = useSession(session);
    const route = useRoute();
    document.title = t("brand");
    if (!operator) {
        return (
            <Gate title={t("log_in_title")}>
                <Login />
            </Gate>
        );
    }
    if (operator.must_change) {
        return (
            <Gate title={t("change_password")}>
                <div class="stack">
                    <Notice kind="warn">{t("must_change")}</Notice>
                    <PasswordForm />
                </div>
            </Gate>
        );
    }
    const first = route.path[0] ?? "";
    return (
        <div class="operator">
            <a class="skip" href="#main" onClick={(event) => {
                event.preventDefault();
                document.getElementById("main")?.focus();
            }}>
                {t("skip")}
            </a>
            <Side first={first} name={operator.name} />
            <main id="main" tabIndex={-1} key={`${route.path.join("/")} ${language()}`}>
                {view(route)}
            </main>
        </div>
    );
}

setLanguage(language());
const root = document.getElementById("app");
if (root) render(<App />, root);
