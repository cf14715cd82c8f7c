#include "gateway/pages/pages.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <optional>
#include <string_view>
#include <system_error>

#include "crypto/bytes.hpp"
#include "crypto/digest.hpp"
#include "wire/json/text.hpp"

namespace huitong::gateway::pages {
namespace {

namespace fs = std::filesystem;

struct FileType {
    std::string_view extension;
    std::string_view type;
};

constexpr FileType types[] = {
    {".html",        "text/html; charset=utf-8"       },
    {".js",          "text/javascript; charset=utf-8" },
    {".css",         "text/css; charset=utf-8"        },
    {".json",        "application/json; charset=utf-8"},
    {".webmanifest", "application/manifest+json"      },
    {".svg",         "image/svg+xml"                  },
    {".png",         "image/png"                      },
    {".jpg",         "image/jpeg"                     },
    {".ico",         "image/x-icon"                   },
    {".webp",        "image/webp"                     },
    {".woff2",       "font/woff2"                     },
    {".wasm",        "application/wasm"               },
    {".txt",         "text/plain; charset=utf-8"      },
};

constexpr std::string_view page_names[] = {"wallet", "cashier", "operator"};
constexpr std::string_view h5_path = "/cgi-bin/mmpayweb-bin/checkmweb";

// Names that a URL may carry as they are. Files of other names are left out, as are hidden ones.
constexpr wire::json::CharacterSet name_characters = wire::json::alphanumerics.with("-_.");

// None for what browsers should not be given: maps of sources and the like.
std::optional<std::string_view> type_of(std::string_view name) {
    const auto* const found = std::ranges::find_if(
        types, [name](const FileType& row) { return name.ends_with(row.extension); });
    if (found == std::end(types)) return std::nullopt;
    return found->type;
}

// NAME-HASH.EXT with eight or more characters of hash, as the bundler names what it made.
bool is_hashed(std::string_view name) {
    const std::size_t dot = name.rfind('.');
    if (dot == std::string_view::npos || dot < 10) return false;
    // The hash itself may hold '-' and '_', so its place is counted from the end.
    return name[dot - 9] == '-';
}

std::string etag_of(std::string_view content) {
    const auto digest = crypto::sha256(content);
    return fmt::format("\"{}\"", crypto::to_base64url(crypto::as_text(digest).substr(0, 15)));
}

Result<std::string> read_file(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    std::string content{std::istreambuf_iterator<char>(in), {}};
    if (!in) return refuse(Error::store_failed);
    return content;
}

// /a/b.js of a file below the folder; nothing when its name has no place in a URL.
std::optional<std::string> url_path(const fs::path& folder, const fs::path& file) {
    std::string path;
    for (const fs::path& step : file.lexically_relative(folder)) {
        const std::string name = step.string();
        if (name.empty() || name.front() == '.' || !name_characters.holds_all(name))
            return std::nullopt;
        path += '/' + name;
    }
    return path;
}

// Scripts, styles and calls only from here, never in somebody's frame. A frame could make a user
// pay with a click meant for something else.
void add_security_headers(http::Response& response) {
    response.headers.emplace_back("Content-Security-Policy",
                                  "default-src 'self'; img-src 'self' data: blob:; "
                                  "object-src 'none'; base-uri 'none'; form-action 'self'; "
                                  "frame-ancestors 'none'");
    response.headers.emplace_back("X-Content-Type-Options", "nosniff");
    response.headers.emplace_back("X-Frame-Options", "DENY");
    response.headers.emplace_back("Referrer-Policy", "no-referrer");
    response.headers.emplace_back("Cross-Origin-Opener-Policy", "same-origin");
    response.headers.emplace_back("Permissions-Policy", "camera=(self), geolocation=()");
}

http::Response plain(int status, std::string_view text) {
    http::Response response{.status = status, .headers = {}, .body = std::string(text)};
    response.headers.emplace_back("Content-Type", "text/plain; charset=utf-8");
    return response;
}

// If-None-Match of RFC 9110 section 13.1.2: a list of tags or a star; weak ones match too.
bool matches(std::string_view list, std::string_view etag) {
    return list == "*" || list.find(etag) != std::string_view::npos;
}

}  // namespace

Result<Pages> Pages::load(const fs::path& folder) {
    Pages pages;
    std::size_t total = 0;
    std::error_code failed;
    fs::recursive_directory_iterator walk(folder, failed);
    if (failed) return refuse(Error::store_failed);
    for (; walk != fs::recursive_directory_iterator{}; walk.increment(failed)) {
        if (failed) return refuse(Error::store_failed);
        // A link could lead anywhere.
        if (walk->is_symlink(failed) || !walk->is_regular_file(failed)) continue;
        const auto path = url_path(folder, walk->path());
        const auto type = path ? type_of(*path) : std::nullopt;
        if (!type) continue;
        TRY(content, read_file(walk->path()));
        total += content.size();
        if (total > bytes_max) return refuse(Error::store_failed);
        std::string etag = etag_of(content);
        pages.files_.insert_or_assign(*path, File{.content = std::move(content),
                                                  .type = std::string(*type),
                                                  .etag = std::move(etag),
                                                  .immutable = is_hashed(*path)});
    }
    CHECK(pages.place_pages());
    return pages;
}

Result<void> Pages::place_pages() {
    for (const std::string_view name : page_names) {
        const auto index = files_.find(fmt::format("/{}/index.html", name));
        if (index == files_.end()) return refuse(Error::store_failed);
        const File page = index->second;
        files_.insert_or_assign(fmt::format("/{}/", name), page);
        if (name == "cashier") files_.insert_or_assign(std::string(h5_path), page);
        redirects_.insert_or_assign(fmt::format("/{}", name), fmt::format("/{}/", name));
    }
    redirects_.insert_or_assign("/", "/wallet/");
    return {};
}

http::Response Pages::answer(const http::Request& request) const {
    http::Response response = find(request);
    add_security_headers(response);
    return response;
}

http::Response Pages::find(const http::Request& request) const {
    const std::string path(request.path());
    const auto file = files_.find(path);
    const auto moved = redirects_.find(path);
    if (file == files_.end() && moved == redirects_.end())
        return plain(404, "没有这个页面。 There is nothing here.\n");
    if (request.method != "GET") {
        http::Response response = plain(405, "GET\n");
        response.headers.emplace_back("Allow", "GET, HEAD");
        return response;
    }
    if (file != files_.end()) return serve(file->second, request);
    http::Response response = plain(302, "");
    response.headers.emplace_back("Location", moved->second);
    return response;
}

http::Response Pages::serve(const File& file, const http::Request& request) {
    http::Response response;
    response.headers.reserve(12);
    response.headers.emplace_back("Content-Type", file.type);
    response.headers.emplace_back("ETag", file.etag);
    response.headers.emplace_back(
        "Cache-Control", file.immutable ? "public, max-age=31536000, immutable" : "no-cache");
    if (matches(request.header("If-None-Match"), file.etag)) {
        response.status = 304;
    } else {
        response.body = file.content;
    }
    return response;
}

void Pages::handle(http::Request&& request, http::Responder responder) const {
    responder.send(answer(request));
}

http::Handler Pages::handler() const {
    return [this](http::Request&& request, http::Responder responder) {
        handle(std::move(request), std::move(responder));
    };
}

std::vector<std::string> Pages::paths() const {
    std::vector<std::string> paths;
    for (const auto& [path, file] : files_) paths.push_back(path);
    for (const auto& [path, to] : redirects_) paths.push_back(path);
    std::ranges::sort(paths);
    return paths;
}

}  // namespace huitong::gateway::pages
