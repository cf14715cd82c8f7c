// Routes live behind the #, so that the server needs to know only one page:
// #/history/4200...?x=1 is {path: ["history", "4200..."], values: {x: "1"}}.

export interface Route {
    path: string[];
    values: URLSearchParams;
}

function decoded(piece: string): string {
    try {
        return decodeURIComponent(piece);
    } catch {
        return piece; // A stray % is no reason to break the page.
    }
}

export function parseRoute(hash: string): Route {
    const [path = "", search = ""] = hash.replace(/^#\/?/, "").split(/\?(.*)/s);
    return {
        path: path.split("/").filter((piece) => piece !== "").map(decoded),
        values: new URLSearchParams(search),
    };
}

export function go(path: string): void {
    location.hash = `#/${path}`;
}
