// The fields of a link, in the dialogs that make and change an institution.
import type { JSX } from "preact";
import { Field } from "../ui/controls.js";
import type { LinkWish, Protocol } from "./links_api.js";
import { Select } from "./parts.js";
import { t } from "./words.js";

export interface LinkDraft {
    protocol: Protocol;
    isSwitch: boolean;
    institutionCode: string;
    channels: string; // one a line
    dialect: string;
}

export const emptyLink: LinkDraft = {
    protocol: "HOSTED",
    isSwitch: false,
    institutionCode: "",
    channels: "",
    dialect: "",
};

const protocols: Protocol[] = ["HOSTED", "JSON", "ISO8583"];

// Empty fields are not sent: the door then leaves them as they are.
export function linkWish(draft: LinkDraft): LinkWish {
    const code = draft.institutionCode.trim();
    const dialect = draft.dialect.trim();
    return {
        protocol: draft.protocol,
        is_switch: draft.isSwitch,
        channels: draft.channels.split(/\s+/).filter((channel) => channel !== ""),
        ...(code === "" ? {} : { institution_code: code }),
        ...(dialect === "" ? {} : { dialect }),
    };
}

export function LinkFields(props: {
    draft: LinkDraft;
    onDraft: (draft: LinkDraft) => void;
}): JSX.Element {
    const { draft } = props;
    const set = (change: Partial<LinkDraft>): void => props.onDraft({ ...draft, ...change });
    return (
        <>
            <Select label={t("protocol")} name="protocol" value={draft.protocol}
                onValue={(protocol) => set({ protocol })}
                options={protocols.map((each) => [each, t(`protocol_${each}`)])} />
            {draft.protocol === "HOSTED" ? null : (
                <Field label={t("channels")} name="channels" value={draft.channels} rows={3}
                    onValue={(channels) => set({ channels })} required={false}
                    hint={t("channels_hint")} maxlength={2048} />
            )}
            <Field label={`${t("institution_code")} (${t("optional")})`} name="institution_code"
                value={draft.institutionCode} maxlength={11} inputmode="numeric" required={false}
                onValue={(institutionCode) => set({ institutionCode })}
                hint={t("institution_code_hint")} />
            {draft.protocol === "ISO8583" ? (
                <Field label={t("dialect")} name="dialect" value={draft.dialect} required={false}
                    onValue={(dialect) => set({ dialect })} maxlength={64} placeholder="cups" />
            ) : null}
            <label class="choice">
                <input type="checkbox" checked={draft.isSwitch}
                    onChange={(event) => set({ isSwitch: event.currentTarget.checked })} />
                {t("is_switch_hint")}
            </label>
        </>
    );
}
