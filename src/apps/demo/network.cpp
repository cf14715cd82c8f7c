#include "apps/demo/network.hpp"

#include <fmt/format.h>
#include <fstream>
#include <functional>
#include <sstream>

#include "apps/processes/server_process.hpp"
#include "base/ensure.hpp"
#include "crypto/certificate.hpp"
#include "crypto/random.hpp"
#include "engine/heart.hpp"
#include "wire/json/writer.hpp"

namespace huitong::apps {
namespace {

struct DemoShop {
    const char* mchid;
    const char* appid;
    const char* name;
    crypto::KeyAlgorithm family;
};
constexpr DemoShop demo_shops[] = {
    {"1900000109", "wx8888888888888888", "晨光咖啡", crypto::KeyAlgorithm::rsa},
    {"1900000110", "wx8888888888888888", "城南书店", crypto::KeyAlgorithm::rsa},
    {"1900000111", "wx6666666666666666", "老王水果", crypto::KeyAlgorithm::sm2},
};
struct DemoCustomer {
    const char* login_name;
    const char* display_name;
};
constexpr DemoCustomer demo_customers[] = {
    {"alice", "爱丽丝"},
    {"bob",   "鲍勃"  },
    {"carol", "卡罗"  },
    {"dave",  "戴维"  }
};
constexpr std::int64_t first_top_up_minor = 5'000'00;

// A small secret of the demo, kept in a file of mode 0600 so that the next start finds it.
Result<std::string> remembered(const std::filesystem::path& file,
                               const std::function<std::string()>& make) {
    if (std::filesystem::exists(file)) {
        std::ifstream in(file, std::ios::binary);
        std::ostringstream text;
        text << in.rdbuf();
        return text.str();
    }
    const std::string fresh = make();
    std::ofstream out(file, std::ios::binary);
    std::filesystem::permissions(
        file, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    out << fresh;
    out.flush();
    if (!out) return refuse(Error::store_failed);
    return fresh;
}

std::string object(const std::function<void(wire::json::Writer&)>& members) {
    std::string text;
    wire::json::Writer json(text);
    json.begin_object();
    members(json);
    json.end_object();
    return text;
}

Result<crypto::Certificate> certificate_of(const crypto::PrivateKey& key, const char* mchid) {
    const Instant now = engine::SystemClock().now();
    return crypto::issue_self_signed({.common_name = mchid,
                                      .organisation = "Huitong demo",
                                      .not_before = now - days(1),
                                      .not_after = now + days(3650),
                                      .serial = crypto::random_serial()},
                                     key);
}

}  // namespace

Result<std::unique_ptr<DemoNetwork>> DemoNetwork::make(const DemoDoors& doors,
                                                       const std::filesystem::path& folder,
                                                       std::string& why) {
    ENSURE(doors.shops <= std::size(demo_shops) &&
           doors.first_customer + doors.customers <= std::size(demo_customers));
    std::unique_ptr<DemoNetwork> network(new DemoNetwork);
    std::filesystem::create_directories(folder);
    TRY(caller, Caller::make());
    network->caller_ = std::move(caller);
    network->operator_ = std::make_unique<OperatorClient>(*network->caller_, doors.portal_url);
    const auto step = [&](const std::string& what, Result<void> done) {
        if (!done)
            why = fmt::format("{}: {} {}", what, describe(done.error()).text_en,
                              network->operator_->problem());
        return done;
    };
    CHECK(step("the operator's log-in", network->log_in(doors.one_time_password)));
    for (std::size_t i = 0; i < doors.shops; ++i)
        CHECK(step("a shop", network->add_shop(i, folder, doors.merchant_url)));
    for (std::size_t i = 0; i < doors.customers; ++i)
        CHECK(
            step("a customer", network->add_customer(doors.first_customer + i, doors.portal_url)));
    return network;
}

Result<void> DemoNetwork::log_in(const std::string& one_time_password) {
    if (!one_time_password.empty()) {
        TRY(must_change, operator_->log_in("admin", one_time_password));
        ENSURE(must_change);
        CHECK(operator_->change_password(one_time_password, demo_password));
    }
    CHECK(operator_->log_in("admin", demo_password));
    return {};
}

Result<void> DemoNetwork::add_shop(std::size_t index, const std::filesystem::path& folder,
                                   const std::string& url) {
    const DemoShop& demo = demo_shops[index];
    TRY(key_pem, remembered(folder / fmt::format("{}.key.pem", demo.mchid), [&demo] {
            const auto fresh = crypto::PrivateKey::generate(demo.family);
            return std::string(fresh.to_pem().expose());
        }));
    TRY(key, crypto::PrivateKey::load(key_pem));
    TRY(apiv3_key, remembered(folder / fmt::format("{}.apiv3", demo.mchid),
                              [] { return crypto::random_alnum(32); }));
    Result<crypto::Certificate> fresh = certificate_of(key, demo.mchid);
    if (!fresh) return refuse(fresh.error());
    TRY(certificate_pem, remembered(folder / fmt::format("{}.cert.pem", demo.mchid),
                                    [&] { return fresh->to_pem(); }));
    TRY(certificate, crypto::Certificate::parse(certificate_pem));

    const bool sm2 = key.algorithm() == crypto::KeyAlgorithm::sm2;
    const auto registered =
        operator_->request("POST", "/merchants", object([&](wire::json::Writer& json) {
                               json.text("mchid", demo.mchid);
                               json.text("name", demo.name);
                               json.begin_array("appids");
                               json.text(demo.appid);
                               json.end_array();
                               json.text("key_mode", "PUBLIC_KEY");
                               json.text("key_family", sm2 ? "SM2" : "RSA");
                               json.text("apiv3_key", apiv3_key);
                           }));
    if (!registered && operator_->status() != 409) return refuse(registered.error());
    CHECK(operator_->request(
        "POST", fmt::format("/merchants/{}/keys", demo.mchid),
        object([&](wire::json::Writer& json) { json.text("certificate_pem", certificate_pem); })));
    TRY(platform, operator_->request("GET", "/platform-keys"));
    const std::string ours = sm2 ? "/sm2_public_key" : "/public_key";
    TRY(platform_key, crypto::PublicKey::load(json_at(platform, ours + "/public_key_pem")));
    auto shop = std::make_unique<Shop>(
        *caller_, url,
        ShopIdentity{.mchid = demo.mchid,
                     .appid = demo.appid,
                     .serial = certificate.serial(),
                     .key = std::move(key),
                     .apiv3_key = crypto::Secret(apiv3_key),
                     .platform_key_id = json_at(platform, ours + "/public_key_id"),
                     .platform_key = std::move(platform_key)});
    // A shop keeps its address, as real ones do: the repeat of an order must say the same.
    const std::filesystem::path address = folder / (std::string(demo.mchid) + ".port");
    std::uint16_t port = 0;
    std::ifstream(address) >> port;
    if (port == 0) port = free_port();
    CHECK(shop->listen(port));
    std::ofstream(address) << shop->notify_port();
    shops_.push_back(std::move(shop));
    return {};
}

Result<void> DemoNetwork::add_customer(std::size_t index, const std::string& url) {
    const DemoCustomer& demo = demo_customers[index];
    const auto registered =
        operator_->request("POST", "/users", object([&](wire::json::Writer& json) {
                               json.text("login_name", demo.login_name);
                               json.text("display_name", demo.display_name);
                               json.text("password", demo_password);
                               json.text("payment_password", demo_payment_password);
                           }));
    if (!registered && operator_->status() != 409) return refuse(registered.error());
    auto customer = std::make_unique<Customer>(*caller_, url, demo.login_name, demo_password,
                                               demo_payment_password);
    CHECK(customer->log_in());
    CHECK(customer->top_up("demo-first-top-up", first_top_up_minor));
    customers_.push_back(std::move(customer));
    return {};
}

}  // namespace huitong::apps
