#include "gateway/pages/pages.hpp"

#include <fstream>
#include <gtest/gtest.h>
#include <unistd.h>

namespace huitong::gateway::pages {
namespace {

namespace fs = std::filesystem;

// A folder as the bundler leaves it, gone with the test.
class Folder {
public:
    Folder() : path_(fs::temp_directory_path() / ("pages_test_" + std::to_string(::getpid()))) {
        fs::remove_all(path_);
        for (const char* page : {"wallet", "cashier", "operator"})
            put(std::string(page) + "/index.html", std::string("<p>") + page + "</p>");
        put("assets/wallet-DLWwe2pG.js", "js");
        put("assets/cashier-a-b_c-1d.css", "css");
        put("assets/logo.svg", "<svg/>");
        put("assets/wallet-DLWwe2pG.js.map", "{}");
        put(".secret.txt", "hidden");
        put("notes", "no type");
        put("../" + path_.filename().string() + "_outside.txt", "outside");
        fs::create_symlink("../../" + path_.filename().string() + "_outside.txt",
                           path_ / "assets" / "link.txt");
    }
    ~Folder() {
        fs::remove_all(path_);
        fs::remove(path_.string() + "_outside.txt");
    }
    void put(const std::string& name, std::string_view content) const {
        fs::create_directories((path_ / name).parent_path());
        std::ofstream(path_ / name) << content;
    }
    [[nodiscard]] const fs::path& path() const { return path_; }

private:
    fs::path path_;
};

http::Request get(std::string target) {
    http::Request request;
    request.method = "GET";
    request.target = std::move(target);
    return request;
}

std::string header(const http::Response& response, std::string_view name) {
    for (const auto& [key, value] : response.headers) {
        if (key == name) return value;
    }
    return "";
}

TEST(Pages, ServesWhatWasFoundUnderTheRightTypeAndCaching) {
    const Folder folder;
    const auto pages = Pages::load(folder.path());
    ASSERT_TRUE(pages.has_value());
    struct Case {
        const char* target;
        int status;
        const char* body;
        const char* type;
        const char* caching;
    };
    constexpr const char* html = "text/html; charset=utf-8";
    constexpr const char* forever = "public, max-age=31536000, immutable";
    const Case cases[] = {
        {"/wallet/",                                                200, "<p>wallet</p>",   html,                             "no-cache"},
        {"/wallet/?a=1",                                            200, "<p>wallet</p>",   html,                             "no-cache"},
        {"/wallet/index.html",                                      200, "<p>wallet</p>",   html,                             "no-cache"},
        {"/operator/",                                              200, "<p>operator</p>", html,                             "no-cache"},
        {"/cashier/",                                               200, "<p>cashier</p>",  html,                             "no-cache"},
        {"/cgi-bin/mmpayweb-bin/checkmweb?prepay_id=wx1&package=2", 200, "<p>cashier</p>",  html,
         "no-cache"                                                                                                                     },
        {"/assets/wallet-DLWwe2pG.js",                              200, "js",              "text/javascript; charset=utf-8", forever   },
        {"/assets/cashier-a-b_c-1d.css",                            200, "css",             "text/css; charset=utf-8",        forever   },
        {"/assets/logo.svg",                                        200, "<svg/>",          "image/svg+xml",                  "no-cache"},
    };
    for (const Case& c : cases) {
        SCOPED_TRACE(c.target);
        const auto response = pages->answer(get(c.target));
        EXPECT_EQ(response.status, c.status);
        EXPECT_EQ(response.body, c.body);
        EXPECT_EQ(header(response, "Content-Type"), c.type);
        EXPECT_EQ(header(response, "Cache-Control"), c.caching);
    }
}

TEST(Pages, NoTrickLeadsToAFileThatIsNoPage) {
    const Folder folder;
    const auto pages = Pages::load(folder.path());
    ASSERT_TRUE(pages.has_value());
    const std::string outside = folder.path().filename().string() + "_outside.txt";
    const std::string targets[] = {
        "/../" + outside,
        "/wallet/../../" + outside,
        "/wallet/%2e%2e/%2e%2e/" + outside,
        "/assets/..%2fassets/logo.svg",
        "/assets//logo.svg",
        "//assets/logo.svg",
        "/assets/./logo.svg",
        "/assets/logo.svg/",
        "/assets/logo.svg%00.html",
        "/assets\\logo.svg",
        "/ASSETS/logo.svg",
        "/assets/link.txt",
        "/assets/wallet-DLWwe2pG.js.map",
        "/.secret.txt",
        "/notes",
        "/assets/",
        "/assets",
        "/wallet/nothing",
        "/cgi-bin/mmpayweb-bin/checkmweb/",
        "",
        "*",
    };
    for (const std::string& target : targets) {
        SCOPED_TRACE(target);
        const auto response = pages->answer(get(target));
        EXPECT_EQ(response.status, 404);
        EXPECT_EQ(header(response, "X-Content-Type-Options"), "nosniff");
    }
}

TEST(Pages, EveryAnswerCarriesTheSecurityHeaders) {
    const Folder folder;
    const auto pages = Pages::load(folder.path());
    ASSERT_TRUE(pages.has_value());
    for (const char* target : {"/wallet/", "/assets/logo.svg", "/nothing", "/wallet", "/"}) {
        SCOPED_TRACE(target);
        const auto response = pages->answer(get(target));
        const std::string policy = header(response, "Content-Security-Policy");
        EXPECT_TRUE(policy.starts_with("default-src 'self'; img-src 'self' data: blob:;"));
        EXPECT_TRUE(policy.ends_with("frame-ancestors 'none'"));
        EXPECT_EQ(header(response, "X-Content-Type-Options"), "nosniff");
        EXPECT_EQ(header(response, "Referrer-Policy"), "no-referrer");
    }
}

TEST(Pages, AKnownTagIsAnsweredWithoutTheContent) {
    const Folder folder;
    const auto pages = Pages::load(folder.path());
    ASSERT_TRUE(pages.has_value());
    const std::string etag = header(pages->answer(get("/wallet/")), "ETag");
    ASSERT_GT(etag.size(), 10U);
    for (const std::string& list : {etag, "\"x\", W/" + etag, std::string("*")}) {
        auto request = get("/wallet/");
        request.headers.add("If-None-Match", list);
        const auto response = pages->answer(request);
        EXPECT_EQ(response.status, 304);
        EXPECT_EQ(response.body, "");
    }
    auto request = get("/wallet/");
    request.headers.add("If-None-Match", "\"other\"");
    EXPECT_EQ(pages->answer(request).status, 200);
    EXPECT_NE(etag, header(pages->answer(get("/operator/")), "ETag"));
}

TEST(Pages, TakesNothingButGetAndSendsBareNamesOn) {
    const Folder folder;
    const auto pages = Pages::load(folder.path());
    ASSERT_TRUE(pages.has_value());
    auto post = get("/wallet/");
    post.method = "POST";
    EXPECT_EQ(pages->answer(post).status, 405);
    EXPECT_EQ(header(pages->answer(post), "Allow"), "GET, HEAD");
    EXPECT_EQ(header(pages->answer(get("/wallet")), "Location"), "/wallet/");
    EXPECT_EQ(header(pages->answer(get("/")), "Location"), "/wallet/");
}

TEST(Pages, RefusesAFolderWithoutThePages) {
    EXPECT_EQ(Pages::load("/nonexistent/folder").error(), Error::store_failed);
    const Folder folder;
    fs::remove(folder.path() / "operator" / "index.html");
    EXPECT_EQ(Pages::load(folder.path()).error(), Error::store_failed);
}

}  // namespace
}  // namespace huitong::gateway::pages
