// The demo's people: shops with keys of their own and customers with money, registered through the
// operator door of a running platform and remembered in its data directory, so that the demo can be
// stopped and started again.
#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "apps/demo/customer.hpp"
#include "apps/demo/shop.hpp"
#include "apps/operator_client.hpp"

namespace huitong::apps {

// The demo's passwords are printed for everybody to try: no secret, and never used by `serve`.
inline constexpr const char* demo_password = "huitong demo 2026";
inline constexpr const char* demo_payment_password = "135790";

// Whom to talk to, and how many of the demo's people are wanted (at most 3 shops and 4 customers).
struct DemoDoors {
    std::string merchant_url;
    std::string portal_url;
    std::string one_time_password;  // of a first start; else empty
    std::size_t shops = 3;
    std::size_t customers = 4;
    std::size_t first_customer = 0;  // which of the four they begin with
};

class DemoNetwork {
public:
    // `folder`: where the shops' keys lie. On failure `why` says what went wrong.
    static Result<std::unique_ptr<DemoNetwork>> make(const DemoDoors& doors,
                                                     const std::filesystem::path& folder,
                                                     std::string& why);

    [[nodiscard]] std::vector<std::unique_ptr<Shop>>& shops() { return shops_; }
    [[nodiscard]] std::vector<std::unique_ptr<Customer>>& customers() { return customers_; }
    [[nodiscard]] OperatorClient& operators() { return *operator_; }

private:
    DemoNetwork() = default;
    Result<void> log_in(const std::string& one_time_password);
    Result<void> add_shop(std::size_t index, const std::filesystem::path& folder,
                          const std::string& url);
    Result<void> add_customer(std::size_t index, const std::string& url);

    std::unique_ptr<Caller> caller_;
    std::unique_ptr<OperatorClient> operator_;
    std::vector<std::unique_ptr<Shop>> shops_;
    std::vector<std::unique_ptr<Customer>> customers_;
};

}  // namespace huitong::apps
