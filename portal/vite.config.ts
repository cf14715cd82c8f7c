import { resolve } from "node:path";
import { defineConfig } from "vite";

const pages = ["wallet", "cashier", "operator"];

// Three pages, one folder each in dist/, and their shared assets under /assets/ with a hash of the
// content in every name, so that a server may let browsers keep them for ever.
export default defineConfig({
    appType: "mpa",
    base: "/",
    build: {
        target: "es2020",
        // No data: URLs: the pages run under the policy "default-src 'self'".
        assetsInlineLimit: 0,
        modulePreload: { polyfill: false },
        // ECharts has a chunk of its own, loaded after the operator's overview is on the screen.
        chunkSizeWarningLimit: 650,
        rollupOptions: {
            input: Object.fromEntries(
                pages.map((page) => [page, resolve(__dirname, page, "index.html")]),
            ),
        },
    },
    server: {
        proxy: Object.fromEntries(
            ["/wallet/v1", "/operator/v1"].map((door) => [
                door,
                process.env["HUITONG_URL"] ?? "http://127.0.0.1:8080",
            ]),
        ),
    },
});
