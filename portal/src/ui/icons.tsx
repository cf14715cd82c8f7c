// Line icons on a 24-unit grid, drawn for these pages. Decoration only: the text beside them speaks.
import type { JSX } from "preact";

const shapes = {
    home: <path d="M4 11.2 12 4.5l8 6.7V19a1.5 1.5 0 0 1-1.5 1.5H15v-5.5H9v5.5H5.5A1.5 1.5 0 0 1 4 19z" />,
    scan: (
        <path d="M4 8V5.5A1.5 1.5 0 0 1 5.5 4H8m8 0h2.5A1.5 1.5 0 0 1 20 5.5V8m0 8v2.5a1.5 1.5 0 0 1-1.5 1.5H16m-8 0H5.5A1.5 1.5 0 0 1 4 18.5V16M4 12h16" />
    ),
    code: <path d="M4 5.5v13M7 5.5v13M10.5 5.5v13M13 5.5v13M17 5.5v13M20 5.5v13" />,
    list: <path d="M6 3.5h12v17l-3-2-3 2-3-2-3 2zM9 8h6M9 12h6" />,
    person: <path d="M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20.5c.8-3.8 3.8-5.5 7.5-5.5s6.7 1.7 7.5 5.5" />,
    plus: <path d="M12 5v14M5 12h14" />,
    bank: <path d="M4 9.5 12 4l8 5.5zM5 20h14M6.5 12.5v5M10.2 12.5v5M13.8 12.5v5M17.5 12.5v5" />,
    paste: <path d="M9 4.5h6v3H9zM9 6H6.5v14h11V6H15M9.5 12h5M9.5 15.5h5" />,
    eye: <path d="M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12zM12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6z" />,
    eye_off: <path d="M4 4l16 16M9.9 5.8A9 9 0 0 1 12 5.5c6 0 9.5 6.5 9.5 6.5a17 17 0 0 1-2.8 3.6M6.3 7.3A16.5 16.5 0 0 0 2.5 12S6 18.5 12 18.5a9 9 0 0 0 4.7-1.4M9.9 9.9a3 3 0 0 0 4.2 4.2" />,
    back: <path d="M14.5 5 7.5 12l7 7" />,
    next: <path d="M9.5 5l7 7-7 7" />,
    close: <path d="M6 6l12 12M18 6 6 18" />,
    check: <path d="M5 12.5 10 17.5 19.5 7" />,
    cross: <path d="M7 7l10 10M17 7 7 17" />,
    wait: <path d="M12 7v5.5l3.5 2M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17z" />,
    warn: <path d="M12 4 2.8 19.5h18.4zM12 10v4.5M12 17v.2" />,
    picture: <path d="M4 5h16v14H4zM4 16l4.5-4.5 4 4 3-3L20 17M9 9.2v.1" />,
    camera: <path d="M4 8h3.5L9 5.5h6L16.5 8H20v11H4zM12 16.5a3.3 3.3 0 1 0 0-6.6 3.3 3.3 0 0 0 0 6.6z" />,
    down: <path d="M12 4.5v14M6 13l6 6 6-6" />,
    up: <path d="M12 19.5v-14M6 11l6-6 6 6" />,
    undo: <path d="M8.5 5 4.5 9l4 4M4.5 9H14a5.5 5.5 0 0 1 0 11H8" />,
    globe: <path d="M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17zM3.5 12h17M12 3.5c2.5 2.4 3.5 5.2 3.5 8.5s-1 6.1-3.5 8.5c-2.5-2.4-3.5-5.2-3.5-8.5s1-6.1 3.5-8.5z" />,
    lock: <path d="M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3" />,
    key: <path d="M8 15.5a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM12 11.5h8.5v3M17 11.5v2.5" />,
    exit: <path d="M13 4H5.5v16H13M10 12h10M16.5 8.5 20 12l-3.5 3.5" />,
    backspace: <path d="M9 5.5h11.5v13H9L3 12zM11.5 9.5l5 5M16.5 9.5l-5 5" />,
    shop: <path d="M4.5 10v9.5h15V10M3.5 9.5 5.5 4.5h13l2 5a2.8 2.8 0 0 1-5.6 0 2.9 2.9 0 0 1-5.8 0 2.8 2.8 0 0 1-5.6 0z" />,
    chart: <path d="M4 4v16h16M8 16v-4M12 16V8M16 16v-6" />,
    people: <path d="M9 11.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 19.5c.5-3.5 3-5 6.5-5s6 1.5 6.5 5M16 5a3.3 3.3 0 0 1 0 6.3M18 14.8c2 .6 3.2 2.1 3.5 4.7" />,
    refresh: <path d="M19.5 12A7.5 7.5 0 1 1 17 6.4L19.5 9M19.5 4v5h-5" />,
    search: <path d="M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM16 16l4.5 4.5" />,
    copy: <path d="M9 9h11v11H9zM6.5 15H4V4h11v2.5" />,
} satisfies Record<string, JSX.Element>;

export type IconName = keyof typeof shapes;

export function Icon({ name }: { name: IconName }): JSX.Element {
    return (
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
            {shapes[name]}
        </svg>
    );
}

// The mark: two streams that meet and go on as one.
export function Mark(): JSX.Element {
    return (
        <svg class="mark" viewBox="0 0 48 48" aria-hidden="true" focusable="false">
            <rect class="mark-ground" width="48" height="48" rx="13" />
            <path class="mark-a" d="M11 11c2 9 6 13 13 13s11 4 13 13" />
            <path class="mark-b" d="M37 11c-2 9-6 13-13 13" />
            <circle class="mark-c" cx="24" cy="24" r="3.4" />
        </svg>
    );
}
