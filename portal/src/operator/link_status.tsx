// How the link to an institution fares, looked at again every few seconds.
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { formatTime } from "../base/time.js";
import { Notice, Pairs } from "../ui/controls.js";
import { useLoad } from "../ui/hooks.js";
import { getLink, type LinkStatus } from "./links_api.js";
import { Awaited, State } from "./parts.js";
import { t } from "./words.js";

const refreshEveryMs = 5000;

const milliseconds = (us: number): string => `${(us / 1000).toFixed(us < 10_000 ? 1 : 0)} ms`;

function recentText(recent: LinkStatus["recent"]): string {
    if (recent.calls === 0) return t("no_calls");
    const percent = (recent.success_ppm / 10_000).toFixed(recent.failures === 0 ? 0 : 2);
    return `${percent} % · ${recent.calls} ${t("chart_unit")}`;
}

const latencyText = ({ p50_us, p99_us }: LinkStatus["recent"]): string =>
    p50_us === undefined || p99_us === undefined
        ? "–"
        : `p50 ${milliseconds(p50_us)} · p99 ${milliseconds(p99_us)}`;

function Facts({ status }: { status: LinkStatus }): JSX.Element {
    const error = status.last_error;
    return (
        <Pairs
            rows={[
                [t("link_state"), <State state={status.state} />],
                [t("link_since"), formatTime(status.since) || "–"],
                [
                    t("channels"),
                    status.channels.map((channel) => (
                        <div key={channel.address}>
                            <code>{channel.address}</code>{" "}
                            {status.state === "IDLE" ? null : (
                                <State state={channel.up ? "UP" : "DOWN"} />
                            )}
                        </div>
                    )),
                ],
                [t("mac_key_since"), formatTime(status.key_since) || "–"],
                [t("link_recent"), recentText(status.recent)],
                [t("latency"), latencyText(status.recent)],
                [t("mac_alarms"), String(status.mac_alarms)],
                [
                    t("last_error"),
                    error ? `${error.message} (${error.error}) · ${formatTime(error.at)}` : "–",
                ],
            ]}
        />
    );
}

export function LinkState({ participantId }: { participantId: string }): JSX.Element {
    const loaded = useLoad(() => getLink(participantId), participantId);
    const { reload, value: status } = loaded;
    useEffect(() => {
        const timer = setInterval(() => document.hidden || reload(), refreshEveryMs);
        return () => clearInterval(timer);
    }, [reload]);
    return (
        <section class="card block link-status">
            <h2>{t("link_status")}</h2>
            <Awaited loaded={loaded} />
            {status && status.refused > 0 ? (
                <Notice kind="bad" title={t("link_refused")}>
                    {t("link_refused_hint", { count: status.refused })}
                </Notice>
            ) : null}
            {status ? <Facts status={status} /> : null}
        </section>
    );
}
