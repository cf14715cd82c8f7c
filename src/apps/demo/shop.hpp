// A merchant's program: signs like an official SDK, verifies every answer, receives and opens
// notices. For the demo and the benchmarks; it knows of Huitong only what a merchant is told.
#pragma once

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "apps/caller.hpp"
#include "crypto/key.hpp"
#include "crypto/secret.hpp"

namespace huitong::apps {

struct ShopIdentity {
    std::string mchid;
    std::string appid;
    std::string serial;      // of its certificate
    crypto::PrivateKey key;  // with it, the whole of the contract's RSA or SM2 variant
    crypto::Secret apiv3_key;
    std::string platform_key_id;     // PUB_KEY_ID_..
    crypto::PublicKey platform_key;  // of the same family
};

// A notice that was verified and opened.
struct OpenedNotice {
    std::string event_type;
    std::string plaintext;
    int times = 0;
};

class Shop {
public:
    // `url`: of the merchant door. The caller must outlive the shop.
    Shop(Caller& caller, std::string url, ShopIdentity identity);
    ~Shop();

    // Listens for notices on a port of 127.0.0.1 (0: any free one). Refuses with listen_failed.
    Result<void> listen(std::uint16_t port);
    [[nodiscard]] std::uint16_t notify_port() const;  // 0 while it does not listen
    [[nodiscard]] std::string notify_url() const;
    [[nodiscard]] const ShopIdentity& identity() const { return identity_; }

    // A signed request; the answer's signature is verified: signature_mismatch when it does not
    // hold.
    Result<CallResult> request(const std::string& method, const std::string& target,
                               const std::string& body = {});
    // The signed headers of a request, for those who send it themselves.
    [[nodiscard]] Caller::Headers signed_headers(const std::string& method,
                                                 const std::string& target,
                                                 const std::string& body) const;

    // code_url of a new native order.
    Result<std::string> order(const std::string& out_trade_no, const std::string& description,
                              std::int64_t total);
    // Charges the payer code that a till has read; the answer, whatever its status.
    Result<CallResult> charge(const std::string& out_trade_no, const std::string& description,
                              std::int64_t total, const std::string& auth_code);
    Result<std::string> refund(const std::string& out_trade_no, const std::string& out_refund_no,
                               std::int64_t refund, std::int64_t total, const std::string& reason);
    Result<std::string> query(const std::string& out_trade_no);

    // Waits until the notice of this order or refund has come; false when it has not in time.
    bool wait_notice(const std::string& number, std::chrono::milliseconds at_most,
                     OpenedNotice& notice);
    [[nodiscard]] std::uint64_t notices_received();

private:
    class Listener;
    // The status that the notice is answered with.
    int take_notice(const CallResult& notice);

    Caller& caller_;
    std::string url_;
    ShopIdentity identity_;
    std::unique_ptr<Listener> listener_;
    std::mutex mutex_;
    std::condition_variable arrived_;
    std::map<std::string, OpenedNotice> notices_;  // by out_refund_no, else out_trade_no
};

}  // namespace huitong::apps
