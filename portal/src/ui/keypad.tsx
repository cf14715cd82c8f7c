// Six digits, by finger or keyboard. The digits live here only until they are handed on, and are
// never put into an input that a browser might offer to remember.
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Icon } from "./icons.js";

export const pinLength = 6;

const keys = ["1", "2", "3", "4", "5", "6", "7", "8", "9"];

export function Keypad(props: {
    label: string;
    entered: (n: number) => string; // "3 of 6 digits", for screen readers
    deleteLabel: string;
    onPin: (pin: string) => void;
}): JSX.Element {
    const [pin, setPin] = useState("");
    const box = useRef<HTMLDivElement>(null);
    useEffect(() => box.current?.focus(), []);
    const add = (digit: string): void => {
        if (pin.length >= pinLength) return;
        const next = pin + digit;
        setPin(next);
        if (next.length === pinLength) props.onPin(next);
    };
    const drop = (): void => setPin(pin.slice(0, -1));
    const typed = (event: KeyboardEvent): void => {
        if (/^[0-9]$/.test(event.key)) add(event.key);
        if (event.key === "Backspace") drop();
    };
    const key = (digit: string): JSX.Element => (
        <button type="button" class="key" key={digit} onClick={() => add(digit)}>
            {digit}
        </button>
    );
    return (
        <div ref={box} class="keypad" role="group" aria-label={props.label} tabIndex={-1}
            onKeyDown={typed}>
            <div class="dots" role="status" aria-label={props.entered(pin.length)}>
                {Array.from({ length: pinLength }, (_, n) => (
                    <i key={n} class={n < pin.length ? "on" : ""} />
                ))}
            </div>
            <div class="keys">
                {keys.map(key)}
                <span />
                {key("0")}
                <button type="button" class="key soft" aria-label={props.deleteLabel} onClick={drop}>
                    <Icon name="backspace" />
                </button>
            </div>
        </div>
    );
}
