// One request to a door, and the three ways it can end: done, refused, or unknown. The difference
// between the last two is what the pages are built around: after "refused" nothing happened, after
// "unknown" something may have, and only the same request again can tell.

export interface Refusal {
    kind: "refused";
    status: number;
    code: string;
    message: string;
}

export interface Unknown {
    kind: "unknown";
    reason: "offline" | "timeout" | "busy" | "server";
    code?: string; // the door's, when it gave one
    message: string;
}

export type Answer<T> = { kind: "done"; value: T } | Refusal | Unknown;

export interface Door {
    prefix: string; // such as /wallet/v1
    token(): string | undefined;
    language(): string;
    // Called when the door no longer knows our session.
    sessionEnded(): void;
    fetch?: typeof fetch; // tests bring their own
}

// The doors word a refusal as a clause; on its own it begins with a capital.
export const sentence = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

export const answerTimeoutMs = 15_000;

async function refusalOf(response: Response): Promise<{ code: string; message: string }> {
    try {
        const body: unknown = await response.json();
        const { code, message } = body as { code?: unknown; message?: unknown };
        return {
            code: typeof code === "string" ? code : "",
            message: typeof message === "string" ? message : "",
        };
    } catch {
        return { code: "", message: "" }; // A proxy's page, not one of our errors.
    }
}

function headersFor(door: Door, token: string | undefined, body: unknown): Headers {
    const headers = new Headers({ Accept: "application/json", "Accept-Language": door.language() });
    if (token !== undefined) headers.set("Authorization", `Bearer ${token}`);
    if (body !== undefined) headers.set("Content-Type", "application/json");
    return headers;
}

async function read<T>(
    response: Response,
    door: Door,
    token: string | undefined,
): Promise<Answer<T>> {
    if (response.ok) {
        const text = response.status === 204 ? "" : await response.text();
        return { kind: "done", value: (text === "" ? undefined : JSON.parse(text)) as T };
    }
    const { code, message } = await refusalOf(response);
    if (response.status >= 500) return { kind: "unknown", reason: "server", code, message };
    if (response.status === 429) return { kind: "unknown", reason: "busy", message };
    // An answer to a token that was replaced meanwhile says nothing about the one in use.
    const current = token === door.token();
    if (response.status === 401 && code === "UNAUTHORIZED" && current) door.sessionEnded();
    return { kind: "refused", status: response.status, code, message };
}

export async function call<T>(
    door: Door,
    method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE",
    path: string,
    body?: unknown,
): Promise<Answer<T>> {
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), answerTimeoutMs);
    const token = door.token();
    try {
        const response = await (door.fetch ?? fetch)(door.prefix + path, {
            method,
            headers: headersFor(door, token, body),
            ...(body === undefined ? {} : { body: JSON.stringify(body) }),
            signal: abort.signal,
            cache: "no-store",
            credentials: "omit",
            redirect: "error",
        });
        return await read<T>(response, door, token);
    } catch {
        // Also a body that broke off in the middle or is not JSON: we cannot know what was done.
        const reason = abort.signal.aborted ? "timeout" : "offline";
        return { kind: "unknown", reason, message: "" };
    } finally {
        clearTimeout(timer);
    }
}

export function query(members: Record<string, string | number | undefined>): string {
    const search = new URLSearchParams();
    for (const [name, value] of Object.entries(members)) {
        if (value !== undefined && value !== "") search.set(name, String(value));
    }
    const text = search.toString();
    return text === "" ? "" : `?${text}`;
}
