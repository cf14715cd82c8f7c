// A merchant door on a real socket, with a heart of the test's own, and a client that signs.
#pragma once

#include <atomic>
#include <future>
#include <gtest/gtest.h>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "crypto/bytes.hpp"
#include "crypto/certificate.hpp"
#include "gateway/door/sealing.hpp"
#include "gateway/http/client.hpp"
#include "gateway/merchant/door.hpp"

namespace huitong::gateway::merchant {

inline constexpr Instant test_start{1'700'000'000'000};
inline constexpr std::string_view apiv3_key_text = "0123456789abcdefghijABCDEFGHIJ01";

class TestClock final : public engine::Clock {
public:
    Instant now() override { return {ms_.load()}; }
    void advance(Duration by) { ms_ += by.ms; }

private:
    std::atomic<std::int64_t> ms_{test_start.ms};
};

// Keys are dear to make, so all tests share them.
struct TestKeys {
    crypto::PrivateKey platform = crypto::RsaPrivateKey::generate();
    crypto::PrivateKey platform_next = crypto::RsaPrivateKey::generate();
    crypto::PrivateKey platform_sm2 = crypto::Sm2PrivateKey::generate();
    crypto::PrivateKey merchant = crypto::RsaPrivateKey::generate();
    crypto::PrivateKey merchant_other = crypto::RsaPrivateKey::generate();
    crypto::PrivateKey merchant_sm2 = crypto::Sm2PrivateKey::generate();

    static const TestKeys& shared() {
        static const TestKeys keys;
        return keys;
    }
};

inline const std::string platform_serial = "5157F09EFDC096DE15EBE81A47057A72";
inline const std::string platform_key_id = "PUB_KEY_ID_0114232134912410000000000000";
inline const std::string next_serial = "6157F09EFDC096DE15EBE81A47057A72";
inline const std::string next_key_id = "PUB_KEY_ID_0214232134912410000000000000";
inline const std::string sm2_serial = "7157F09EFDC096DE15EBE81A47057A72";
inline const std::string sm2_key_id = "PUB_KEY_ID_0314232134912410000000000000";

// Merchants 1900000001 (public-key mode), ..2 (certificate mode), ..3 (no APIv3 key), ..4 (SM2, in
// certificate mode).
inline constexpr std::string_view by_public_key = "1900000001";
inline constexpr std::string_view by_certificate = "1900000002";
inline constexpr std::string_view without_apiv3 = "1900000003";
inline constexpr std::string_view by_sm2 = "1900000004";
inline const std::string test_appid = "wx0123456789abcdef";

// The serial numbers of a merchant's keys: in force, revoked, expired, another in force.
inline std::string serial_of(std::string_view mchid, std::string_view which = "0A") {
    return std::string(which) + std::string(mchid);
}

inline void add_merchant(engine::Directory& directory, const crypto::MasterKey& master,
                         std::uint64_t id, std::string_view mchid, acquiring::KeyMode mode) {
    acquiring::Merchant merchant{
        .terms = {.id = {id}, .mchid = std::string(mchid)},
        .state = {.key_mode = mode, .name = "Shop", .appids = {test_appid}}
    };
    if (mchid != without_apiv3)
        merchant.state.apiv3_key.bytes =
            master.seal(door::apiv3_key_context(mchid), apiv3_key_text);
    directory.merchants.load(merchant);
    const auto add_key = [&](std::uint64_t n, std::string_view which, Instant not_after,
                             const crypto::PrivateKey& key) {
        return acquiring::MerchantKey{
            .terms = {.id = {id * 10 + n},
                      .merchant = {id},
                      .serial = serial_of(mchid, which),
                      .public_key_pem = key.public_key().to_pem(),
                      .not_before = test_start - days(100),
                      .not_after = not_after},
            .state = {}
        };
    };
    const TestKeys& keys = TestKeys::shared();
    if (mchid == by_sm2)
        return directory.merchant_keys.load(
            add_key(1, "0A", test_start + days(100), keys.merchant_sm2));
    directory.merchant_keys.load(add_key(1, "0A", test_start + days(100), keys.merchant));
    auto revoked = add_key(2, "0B", test_start + days(100), keys.merchant);
    revoked.state.revoked = true;
    directory.merchant_keys.load(revoked);
    directory.merchant_keys.load(add_key(3, "0C", test_start - days(1), keys.merchant));
    directory.merchant_keys.load(add_key(4, "0D", test_start + days(1), keys.merchant_other));
}

inline void add_platform_key(engine::Directory& directory, const crypto::MasterKey& master,
                             std::uint64_t id, const std::string& serial, const std::string& key_id,
                             const crypto::PrivateKey& key) {
    directory.platform_keys.load({
        .terms = {.id = {id},
                  .serial = serial,
                  .public_key_id = key_id,
                  .certificate_pem = "PEM of " + serial,
                  .private_key = {master.seal(door::platform_key_context(serial),
                                              key.to_pem().expose())},
                  .not_before = test_start - days(100 - static_cast<std::int64_t>(id)),
                  .not_after = test_start + days(100),
                  .key_family = door::family_of(key.algorithm())},
        .state = {}
    });
}

inline engine::Directory test_directory(const crypto::MasterKey& master) {
    engine::Directory directory;
    using acquiring::KeyMode;
    add_merchant(directory, master, 1, by_public_key, KeyMode::public_key);
    add_merchant(directory, master, 2, by_certificate, KeyMode::certificate);
    add_merchant(directory, master, 3, without_apiv3, KeyMode::public_key);
    add_merchant(directory, master, 4, by_sm2, KeyMode::certificate);
    const TestKeys& keys = TestKeys::shared();
    add_platform_key(directory, master, 1, platform_serial, platform_key_id, keys.platform);
    add_platform_key(directory, master, 2, next_serial, next_key_id, keys.platform_next);
    add_platform_key(directory, master, 3, sm2_serial, sm2_key_id, keys.platform_sm2);
    return directory;
}

// A request as a test says it: what is not said is what a good client sends.
struct TestRequest {
    std::string method = "GET";
    std::string target;
    std::string body = {};
    std::string mchid = std::string(by_public_key);
    std::string serial = {};  // of the merchant's good key
    std::string nonce = {};   // a fresh one
    std::int64_t skew_s = 0;  // of the timestamp
    std::string wechatpay_serial = {};
    const crypto::PrivateKey* key = nullptr;        // the merchant's; the scheme is of its family
    std::optional<std::string> authorization = {};  // the whole header, "" for none
    std::optional<std::string> signed_body = {};    // another than is sent
};

struct TestAnswer {
    int status = 0;
    std::string body;
    std::map<std::string, std::string> headers;

    // The first text after "name": in the body; enough for flat answers.
    [[nodiscard]] std::string text(std::string_view name) const {
        const std::string mark = "\"" + std::string(name) + "\":\"";
        const std::size_t at = body.find(mark);
        if (at == std::string::npos) return {};
        const std::size_t start = at + mark.size();
        return body.substr(start, body.find('"', start) - start);
    }
    [[nodiscard]] std::string code() const { return text("code"); }
    [[nodiscard]] std::string header(const std::string& name) const {
        const auto found = headers.find(name);
        return found == headers.end() ? std::string{} : found->second;
    }
};

class DoorKit {
public:
    using Heart = std::function<Result<engine::Answer>(const engine::Command&)>;

    // With a port, the door stands on that heart instead of the test's.
    explicit DoorKit(Options options = {}, std::optional<door::HeartPort> port = {})
        : directory_(std::make_shared<engine::Directory>(test_directory(master_))) {
        const door::HeartPort fake{.submit_all =
                                       [this](std::vector<engine::RequestPtr> all) {
                                           for (engine::RequestPtr& each : all)
                                               submit(std::move(each));
                                       },
                                   .directory = [this] { return directory_; }};
        options.operations.h5_base_url = "https://cashier.example.com";
        door_ = std::make_unique<MerchantDoor>(
            Parts{.heart = port.value_or(fake),
                  .clock = clock,
                  .pool = pool_,
                  .keys = keys_,
                  .secrets = secrets,
                  .owner_of_code = [this](std::string_view code,
                                          const engine::Directory&) { return owner_of_code(code); },
                  .wait = [this](PaymentId payment, Duration at_most,
                                 auto done) { wait(payment, at_most, std::move(done)); }},
            options);
        http::ServerOptions server;
        door_->serve(server);
        server_ = *http::Server::start(io_, server);
        client_ = *http::Client::make(io_, {.trust = {}, .allow_private_addresses = true});
    }
    ~DoorKit() {
        client_.reset();
        server_.reset();
        pool_.stop();
    }

    std::string authorization(const TestRequest& request) const {
        if (request.authorization) return *request.authorization;
        wire::wechatpay::Authorization said{
            .mchid = request.mchid,
            .nonce = request.nonce.empty() ? crypto::random_alnum(32) : request.nonce,
            .timestamp = test_start.unix_seconds() + request.skew_s,
            .serial = request.serial.empty() ? serial_of(request.mchid) : request.serial};
        const std::string text =
            wire::wechatpay::string_to_sign({.method = request.method,
                                             .target = request.target,
                                             .timestamp = said.timestamp,
                                             .nonce = said.nonce,
                                             .body = request.signed_body.value_or(request.body)});
        const auto& own =
            request.mchid == by_sm2 ? TestKeys::shared().merchant_sm2 : TestKeys::shared().merchant;
        const auto& key = request.key != nullptr ? *request.key : own;
        said.algorithm = key.algorithm();
        said.signature = key.sign(text);
        return wire::wechatpay::to_header(said);
    }

    TestAnswer call(const TestRequest& request) {
        std::vector<std::pair<std::string, std::string>> headers{
            {"Accept", "application/json"}
        };
        if (const std::string value = authorization(request); !value.empty())
            headers.emplace_back("Authorization", value);
        if (!request.wechatpay_serial.empty())
            headers.emplace_back("Wechatpay-Serial", request.wechatpay_serial);
        std::promise<TestAnswer> promise;
        client_->call(
            {
                .method = request.method,
                .url = "http://127.0.0.1:" + std::to_string(port()) + request.target,
                .headers = headers,
                .body = request.body,
                .limits = {.timeout = seconds(20), .answer_bytes_max = 1 << 20}
        },
            [&promise](Result<http::Answer> answer) {
                TestAnswer got;
                if (answer) {
                    got.status = answer->status;
                    got.body = answer->body;
                    for (std::size_t i = 0; i < answer->headers.size(); ++i) {
                        const auto [name, value] = answer->headers.at(i);
                        got.headers.emplace(name, value);
                    }
                }
                promise.set_value(std::move(got));
            });
        return promise.get_future().get();
    }

    // Whether the answer carries the platform's signature under that key's name.
    [[nodiscard]] static testing::AssertionResult is_signed(
        const TestAnswer& answer, const std::string& name = platform_key_id) {
        if (answer.header("Wechatpay-Serial") != name)
            return testing::AssertionFailure() << "signed by " << answer.header("Wechatpay-Serial");
        const auto& keys = TestKeys::shared();
        const auto& key = name == next_serial || name == next_key_id ? keys.platform_next
                          : name == sm2_serial || name == sm2_key_id ? keys.platform_sm2
                                                                     : keys.platform;
        const std::string text = answer.header("Wechatpay-Timestamp") + "\n" +
                                 answer.header("Wechatpay-Nonce") + "\n" + answer.body + "\n";
        const auto signature = crypto::from_base64(answer.header("Wechatpay-Signature"));
        if (!signature || !key.public_key().verify(text, *signature))
            return testing::AssertionFailure() << "the signature is wrong";
        if (answer.header("Wechatpay-Signature-Type") !=
                wire::wechatpay::scheme_of(key.algorithm()) ||
            answer.header("Request-ID").empty())
            return testing::AssertionFailure() << "a header is missing";
        return testing::AssertionSuccess();
    }

    [[nodiscard]] std::uint16_t port() const { return server_->port(); }
    [[nodiscard]] const Metrics& metrics() const { return door_->metrics(); }
    [[nodiscard]] const engine::Directory& directory() const { return *directory_; }

    // Replaces the directory; no request may be under way.
    void change(const std::function<void(engine::Directory&)>& edit) {
        auto copy = std::make_shared<engine::Directory>(*directory_);
        edit(*copy);
        directory_ = copy;
    }

    TestClock clock;
    crypto::MasterKey master_{crypto::SealingKey::generate()};
    door::DoorSecrets secrets = door::DoorSecrets::generate();
    // What the heart says; by default that it must not be asked.
    Heart heart = [](const engine::Command&) -> Result<engine::Answer> {
        ADD_FAILURE() << "the heart was asked";
        return refuse(Error::outcome_unknown);
    };
    std::vector<engine::Command> asked;
    // Whose payer codes are: by default ours, if they begin as ours do.
    std::function<Result<ParticipantId>(std::string_view)> owner_of_code =
        [](std::string_view code) -> Result<ParticipantId> {
        if (!code.starts_with("13")) return refuse(Error::code_unowned);
        return ParticipantId{};
    };
    // How long it takes until a payment is decided: by default no time.
    WaitPort wait = [](PaymentId, Duration, auto done) { done(); };

private:
    void submit(engine::RequestPtr request) {
        asked.push_back(request->command);
        request->answer = heart(request->command);
        engine::Mailbox* home = request->home;
        std::vector<engine::RequestPtr> batch;
        batch.push_back(std::move(request));
        home->deliver(std::move(batch));
    }

    std::shared_ptr<const engine::Directory> directory_;
    door::WorkPool pool_{
        {.name = "test", .threads = 1}
    };
    door::KeyRing keys_{master_};
    http::IoThreads io_{1};
    std::unique_ptr<MerchantDoor> door_;
    std::unique_ptr<http::Server> server_;
    std::unique_ptr<http::Client> client_;
};

}  // namespace huitong::gateway::merchant
