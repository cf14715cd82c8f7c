// The wallet page: which view belongs to which route.
import { render, type JSX } from "preact";
import { useEffect } from "preact/hooks";
import { language, setLanguage } from "../base/i18n.js";
import type { Route } from "../base/route.js";
import { Notice } from "../ui/controls.js";
import { useLanguage, useLoad, useOnline, useRoute, useSession, type Loaded } from "../ui/hooks.js";
import { Icon, Mark, type IconName } from "../ui/icons.js";
import { getMe, session, type Me } from "./api.js";
import { BankPage } from "./bank_page.js";
import { CodePage } from "./code_page.js";
import { HistoryPageView, ItemDetail, PaymentDetail } from "./history_page.js";
import { HomePage } from "./home_page.js";
import { LoginForm } from "./login.js";
import { MePage } from "./me_page.js";
import { LanguageSwitch } from "./parts.js";
import { PasswordPage } from "./password_page.js";
import { PayPage } from "./pay_page.js";
import { TopUpPage } from "./top_up_page.js";
import { t, type Word } from "./words.js";
import "../ui/base.css";
import "../ui/controls.css";
import "../ui/pieces.css";
import "./wallet.css";

const tabs: { path: string; icon: IconName; word: Word; covers: string[] }[] = [
    { path: "", icon: "home", word: "nav_home", covers: ["", "top-up", "code"] },
    { path: "pay", icon: "scan", word: "nav_pay", covers: ["pay"] },
    {
        path: "history",
        icon: "list",
        word: "nav_history",
        covers: ["history", "payment", "refund", "top_up"],
    },
    {
        path: "me",
        icon: "person",
        word: "nav_me",
        covers: ["me", "banks", "password", "payment-password"],
    },
];

function Tabs({ first }: { first: string }): JSX.Element {
    return (
        <nav class="tabs" aria-label={t("nav_label")}>
            <a class="brand" href="#/">
                <Mark />
                <span>{t("brand")}</span>
            </a>
            {tabs.map((tab) => (
                <a
                    key={tab.path}
                    href={`#/${tab.path}`}
                    class={tab.path === "pay" ? "tab pay" : "tab"}
                    aria-current={tab.covers.includes(first) ? "page" : undefined}
                >
                    <span>
                        <Icon name={tab.icon} />
                    </span>
                    {t(tab.word)}
                </a>
            ))}
        </nav>
    );
}

function view(route: Route, me: Loaded<Me>): JSX.Element {
    const [first = "", second = ""] = route.path;
    const first_password = me.value?.has_payment_password === false;
    switch (first) {
        case "pay": {
            const start = route.values.get("code") ?? "";
            const scan = route.values.has("scan");
            return (
                <PayPage key={`${start} ${scan}`} me={me.value} start={start} scan={scan}
                    onChange={me.reload} />
            );
        }
        case "code":
            return <CodePage onChange={me.reload} />;
        case "history":
            return <HistoryPageView />;
        case "payment":
            return <PaymentDetail id={second} />;
        case "refund":
        case "top_up":
            return <ItemDetail id={second} />;
        case "top-up":
            return <TopUpPage me={me} />;
        case "banks":
            return <BankPage me={me} />;
        case "me":
            return <MePage me={me} />;
        case "password":
            return <PasswordPage kind="login" first={false} />;
        case "payment-password":
            return <PasswordPage kind="payment" first={first_password} />;
        default:
            return <HomePage me={me} />;
    }
}

function Inside(): JSX.Element {
    const route = useRoute();
    const me = useLoad(getMe, "me");
    const online = useOnline();
    const first = route.path[0] ?? "";
    useEffect(() => {
        // Coming home or back online: what is shown may be old.
        if (first === "" && online) me.reload();
    }, [first, online]);
    return (
        <div class="frame-app">
            <a class="skip" href="#main" onClick={(event) => {
                event.preventDefault();
                document.getElementById("main")?.focus();
            }}>
                {t("skip")}
            </a>
            <Tabs first={first} />
            <main id="main" tabIndex={-1}>
                {online ? null : <Notice kind="warn">{t("offline_banner")}</Notice>}
                {view(route, me)}
            </main>
        </div>
    );
}

function Outside(): JSX.Element {
    return (
        <div class="outside">
            <section class="welcome">
                <Mark />
                <h1>{t("brand")}</h1>
                <p>{t("tagline")}</p>
            </section>
            <main class="card door">
                <header>
                    <h2>{t("log_in_title")}</h2>
                    <LanguageSwitch />
                </header>
                <LoginForm />
            </main>
        </div>
    );
}

function App(): JSX.Element {
    useLanguage();
    const user = useSession(session);
    document.title = t("wallet");
    return user ? <Inside key={user.subject} /> : <Outside />;
}

setLanguage(language());
const root = document.getElementById("app");
if (root) render(<App />, root);
