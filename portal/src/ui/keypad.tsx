// Six digits, by finger or keyboard. The digits live here only until they are handed on, and are
// never put into an input that a browser might offer to remember.
import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { Icon } from "./icons.js";

export const pinLength = 6;

const keys = ["1", "2", "3", "4", "5", "6", "7", "8", "9"];

export function Keypad(props: {
    label: string;
    entered: (n: number) => string; // "3 of 6 digits", for screen readers
    deleteLabel: string;
    onPin: (pin: string) => void;
}): JSX.Element {
    // A ref, not a state: two quick keys must not both see the digits before the first of them.
    const pin = useRef("");
    const [length, setLength] = useState(0);
    const box = useRef<HTMLDivElement>(null);
    const set = (next: string): void => {
        pin.current = next;
        setLength(next.length);
    };
    const add = (digit: string): void => {
        if (pin.current.length >= pinLength) return;
        set(pin.current + digit);
        if (pin.current.length === pinLength) props.onPin(pin.current);
    };
    const drop = (): void => set(pin.current.slice(0, -1));
    useEffect(() => {
        // After the sheet around it has opened and chosen a focus of its own.
        const frame = requestAnimationFrame(() => box.current?.focus());
        return () => cancelAnimationFrame(frame);
    }, []);
    // Before it is seen: a digit that is typed at once must not be lost.
    useLayoutEffect(() => {
        // On the document, so that digits count wherever the focus is in the sheet.
        const typed = (event: KeyboardEvent): void => {
            if (event.ctrlKey || event.metaKey || event.altKey) return;
            if (/^[0-9]$/.test(event.key)) add(event.key);
            if (event.key === "Backspace") drop();
        };
        document.addEventListener("keydown", typed);
        return () => document.removeEventListener("keydown", typed);
    });
    const key = (digit: string): JSX.Element => (
        <button type="button" class="key" key={digit} onClick={() => add(digit)}>
            {digit}
        </button>
    );
    return (
        <div ref={box} class="keypad" role="group" aria-label={props.label} tabIndex={-1}>
            <div class="dots" role="status" aria-label={props.entered(length)}>
                {Array.from({ length: pinLength }, (_, n) => (
                    <i key={n} class={n < length ? "on" : ""} />
                ))}
            </div>
            <div class="keys">
                {keys.map(key)}
                <span />
                {key("0")}
                <button type="button" class="key soft" onClick={drop}
                    aria-label={props.deleteLabel}>
                    <Icon name="backspace" />
                </button>
            </div>
        </div>
    );
}
