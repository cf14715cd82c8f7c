// The web pages: a folder of built files, read once into memory and served from there.
//
//     /wallet/ /cashier/ /operator/                 each page's index.html, never kept by browsers
//     /cgi-bin/mmpayweb-bin/checkmweb               the cashier, where h5_url leads
//     /assets/NAME-HASH.EXT and other files         by their path; hashed ones are kept for a year
//
// What always holds: only paths that were found at the start exist, compared byte for byte, so no
// request names a file; every answer carries the security headers.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "gateway/http/server.hpp"

namespace huitong::gateway::pages {

class Pages {
public:
    // Reads the folder. Refuses with store_failed when it is none, holds no index.html of the three
    // pages, or is larger than bytes_max.
    static Result<Pages> load(const std::filesystem::path& folder);
    static constexpr std::size_t bytes_max = std::size_t{64} << 20;

    // GET only. Unknown paths get a plain 404.
    [[nodiscard]] http::Response answer(const http::Request& request) const;
    void handle(http::Request&& request, http::Responder responder) const;
    // A handler that refers to these pages, which must outlive the server.
    [[nodiscard]] http::Handler handler() const;

    // Every path that is served, sorted.
    [[nodiscard]] std::vector<std::string> paths() const;

private:
    struct File {
        std::string content;
        std::string type;
        std::string etag;
        bool immutable = false;  // the name carries a hash of the content
    };
    Pages() = default;
    Result<void> place_pages();
    [[nodiscard]] http::Response find(const http::Request& request) const;
    static http::Response serve(const File& file, const http::Request& request);

    boost::unordered_flat_map<std::string, File> files_;
    boost::unordered_flat_map<std::string, std::string> redirects_;
};

}  // namespace huitong::gateway::pages
