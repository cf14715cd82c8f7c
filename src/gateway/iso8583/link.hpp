// The ISO 8583 link to one institution: carries out the courier's duties (design section 2,
// iso8583.md section 8).
//
//     request   0200 (a till charges a code) or 0100 (a payer scanned one), once;
//               0220 (a refund), as often as it takes
//     commit    0220, until its 0230, of a 0100; the yes to a 0200 commits by itself
//     reverse   0420, until its 0430
//
// What always holds: the same payment gives the same message; only what the response code says for
// sure is a yes or a no. Repeating is the courier's part, also after a restart.
#pragma once

#include <memory>

#include "gateway/door/heart_port.hpp"
#include "gateway/iso8583/member.hpp"
#include "gateway/iso8583/payments.hpp"
#include "gateway/links/link.hpp"

namespace huitong::gateway::iso8583 {

struct LinkOptions {
    Duration request_wait = seconds(30);  // section 8: the switch waits for the issuer
    Duration advice_wait = seconds(30);   // then the courier repeats it
    std::string merchant_category = "5999";
    std::string terminal = "00000001";
};

class Iso8583Link final : public links::Link, public std::enable_shared_from_this<Iso8583Link> {
public:
    // Heart and mailbox outlive the link.
    struct Parts {
        std::shared_ptr<Member> member;
        const door::HeartPort& heart;
        engine::Mailbox& mailbox;
    };
    Iso8583Link(Parts parts, LinkOptions options)
        : parts_(std::move(parts)), options_(std::move(options)) {}

    void send(links::Duty duty, const switching::Payment& payment,
              links::LegCompletion done) override;
    // Only an advice: a 0200 or 0100 is never sent twice.
    [[nodiscard]] bool repeats(const switching::Payment& payment) const override;

private:
    [[nodiscard]] Sender sender_of(const switching::Payment& payment) const;
    void request(const switching::Payment& payment, links::LegCompletion done);
    void give_back(const switching::Payment& payment, links::LegCompletion done);
    void send_refund(const switching::Payment& payment, std::string_view reference,
                     links::LegCompletion done);
    // Until it is acknowledged: a completion or a reversal.
    void advise(std::string_view mti, const Fields& fields, links::LegCompletion done);

    Parts parts_;
    LinkOptions options_;
};

// What the answer to a request or refund means; errors: the outcome is unknown.
Result<links::LegAnswer> leg_answer(const Fields& request, const Result<Answer>& answer);
// The same for a reversal or completion: acknowledged, refused, or an error.
Result<links::LegAnswer> advice_answer(const Result<Answer>& answer);

}  // namespace huitong::gateway::iso8583
