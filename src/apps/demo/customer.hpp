// A wallet user's app: logs in, binds a bank, tops up, pays codes. For the demo; it knows what
// api/wallet.yaml says.
#pragma once

#include <cstdint>
#include <string>

#include "apps/caller.hpp"

namespace huitong::apps {

// What a customer shows with a payment: up to the free limit the session is enough.
enum class Proof : std::uint8_t { password, session };

// What a code stands for, as the wallet told its user.
struct Scanned {
    std::string code;
    std::string payee_token;  // of a payee at another institution; empty: an order of our own
    std::string payee_name;
    std::string institution_name;  // the other institution's
    std::string description;
    std::int64_t total = 0;
    bool open_amount = false;  // the code names none: `total` is what the payer enters
};

class Customer {
public:
    // `url`: of the portal door. The caller must outlive the customer.
    Customer(Caller& caller, std::string url, std::string login_name, std::string password,
             std::string payment_password)
        : caller_(caller),
          url_(std::move(url)),
          login_name_(std::move(login_name)),
          password_(std::move(password)),
          payment_password_(std::move(payment_password)) {}

    Result<void> log_in();
    // Binds the demo bank, once, and draws this much from it.
    Result<void> top_up(const std::string& request_id, std::int64_t total);
    // The answer of POST /payments, whatever its status.
    Result<CallResult> pay(const std::string& request_id, const std::string& code,
                           Proof proof = Proof::password);
    // peer_refused: the wallet says no.
    Result<Scanned> scan(const std::string& code);
    // The answer of POST /payments, whatever its status.
    Result<CallResult> pay(const std::string& request_id, const Scanned& scanned,
                           Proof proof = Proof::password);
    // A payer code, for a till to read.
    Result<std::string> show_code();
    // Available balance in minor units.
    Result<std::int64_t> available();
    Result<CallResult> request(const std::string& method, const std::string& path,
                               const std::string& body = {});

    [[nodiscard]] const std::string& login_name() const { return login_name_; }

private:
    Caller& caller_;
    std::string url_;
    std::string login_name_;
    std::string password_;
    std::string payment_password_;
    std::string token_;
};

}  // namespace huitong::apps
