// The opening matrix: from when to when an institution may use codes of a kind.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { beijingMidnight, dayOf } from "../base/time.js";
import { Field } from "../ui/controls.js";
import { useLoad } from "../ui/hooks.js";
import {
    codeKinds,
    listOpenings,
    setOpening,
    type CodeKind,
    type Opening,
    type Participant,
} from "./links_api.js";
import { Awaited, FormSheet } from "./parts.js";
import { t } from "./words.js";

function datesOf(opening: Opening | undefined): string {
    if (!opening) return "–";
    const from = dayOf(opening.opens_at);
    return opening.closes_at === undefined
        ? t("open_from", { from })
        : t("open_between", { from, to: dayOf(opening.closes_at) });
}

const isOpen = (opening: Opening | undefined, now: number): boolean =>
    opening !== undefined &&
    Date.parse(opening.opens_at) <= now &&
    (opening.closes_at === undefined || now < Date.parse(opening.closes_at));

interface Square {
    participant: Participant;
    kind: CodeKind;
    opening: Opening | undefined;
}

function SetOpening(props: {
    square: Square;
    onDone: () => void;
    onClose: () => void;
}): JSX.Element {
    const { participant, kind, opening } = props.square;
    const [from, setFrom] = useState(dayOf(opening?.opens_at ?? new Date().toISOString()));
    const [to, setTo] = useState(dayOf(opening?.closes_at ?? ""));
    const opens_at = beijingMidnight(from);
    const closes_at = beijingMidnight(to);
    const bad = to.trim() !== "" && !closes_at;
    return (
        <FormSheet
            title={`${participant.name} · ${t(`code_kind_${kind}`)}`}
            confirm={t("save")}
            ready={opens_at !== undefined && !bad}
            send={() =>
                setOpening(participant.participant_id, kind, {
                    opens_at: opens_at ?? "",
                    ...(closes_at === undefined ? {} : { closes_at }),
                })
            }
            onDone={props.onDone}
            onClose={props.onClose}
        >
            <Field label={t("opens_at")} name="opens_at" value={from} onValue={setFrom}
                maxlength={10} placeholder="2026-03-01" hint={t("day_hint")}
                problem={opens_at === undefined ? t("day_bad") : undefined} />
            <Field label={`${t("closes_at")} (${t("optional")})`} name="closes_at" value={to}
                onValue={setTo} maxlength={10} required={false} placeholder="2027-03-01"
                problem={bad ? t("day_bad") : undefined} />
        </FormSheet>
    );
}

// Kinds of codes against institutions; a square is a button that changes it.
export function Openings({ participants }: { participants: Participant[] }): JSX.Element {
    const ids = participants.map((participant) => participant.participant_id);
    const only = ids.length === 1 ? ids[0] : undefined;
    const loaded = useLoad(() => listOpenings(only), ids.join(" "));
    const [setting, setSetting] = useState<Square>();
    const now = Date.now();
    const cell = (participant: Participant, kind: CodeKind): JSX.Element => {
        const opening = loaded.value?.items.find(
            (item) =>
                item.code_kind === kind && item.participant_id === participant.participant_id,
        );
        return (
            <td key={participant.participant_id} data-head={participant.name}>
                <button
                    type="button"
                    class={`text-button ${isOpen(opening, now) ? "open" : "plain"}`}
                    onClick={() => setSetting({ participant, kind, opening })}
                >
                    {datesOf(opening)}
                </button>
            </td>
        );
    };
    return (
        <section class="stack">
            <h2>{t("openings")}</h2>
            <Awaited loaded={loaded} rows={3} />
            {loaded.value ? (
                <div class="table card" role="region" aria-label={t("openings")} tabIndex={0}>
                    <table>
                        <thead>
                            <tr>
                                <th scope="col">{t("code_kind")}</th>
                                {participants.map((participant) => (
                                    <th key={participant.participant_id} scope="col">
                                        {participant.name}
                                    </th>
                                ))}
                            </tr>
                        </thead>
                        <tbody>
                            {codeKinds.map((kind) => (
                                <tr key={kind}>
                                    <th scope="row">{t(`code_kind_${kind}`)}</th>
                                    {participants.map((participant) => cell(participant, kind))}
                                </tr>
                            ))}
                        </tbody>
                    </table>
                </div>
            ) : null}
            {setting ? (
                <SetOpening
                    square={setting}
                    onClose={() => setSetting(undefined)}
                    onDone={() => {
                        setSetting(undefined);
                        loaded.reload();
                    }}
                />
            ) : null}
        </section>
    );
}
