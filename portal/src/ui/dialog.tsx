// A modal sheet: from below on a phone, in the middle elsewhere. The browser's own <dialog> keeps
// the focus inside and closes on Escape.
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { IconButton } from "./controls.js";

export function Dialog(props: {
    title: string;
    closeLabel: string;
    onClose: () => void;
    fixed?: boolean; // neither Escape nor a tap outside closes it
    wide?: boolean;
    children: ComponentChildren;
}): JSX.Element {
    const ref = useRef<HTMLDialogElement>(null);
    const title = useId();
    useEffect(() => {
        const dialog = ref.current;
        if (dialog && !dialog.open) dialog.showModal();
        return () => dialog?.close();
    }, []);
    const close = (event: Event): void => {
        event.preventDefault();
        if (props.fixed !== true) props.onClose();
    };
    return (
        <dialog
            ref={ref}
            class={`sheet ${props.wide ? "wide" : ""}`}
            aria-labelledby={title}
            onCancel={close}
            onClick={(event) => {
                if (event.target === ref.current) close(event);
            }}
        >
            <div class="sheet-body">
                <header class="sheet-head">
                    <h2 id={title}>{props.title}</h2>
                    {props.fixed ? null : (
                        <IconButton icon="close" label={props.closeLabel} onClick={props.onClose} />
                    )}
                </header>
                {props.children}
            </div>
        </dialog>
    );
}
