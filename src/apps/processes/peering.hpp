// Two institutions that get to know one another, through their operator doors: for the demo
// network, benchmarks and runs with several servers.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "apps/operator_client.hpp"
#include "apps/processes/server_process.hpp"

namespace huitong::apps {

// What an operator registers of another institution. Repeating it changes nothing.
struct PeerInstitution {
    std::string code;
    std::string name;
    std::string protocol = "JSON";
    std::vector<std::string> channels;
    std::string serial;  // with the public key: of a JSON link
    std::string public_key_pem;
    std::string institution_code;  // with the master key, in hexadecimal: of a link over ISO 8583
    std::string master_key;
    std::int64_t cap_minor = 1'000'000'00;
    std::vector<std::string> code_kinds = {"MERCHANT_DYNAMIC", "MERCHANT_STATIC", "PAYER_CODE"};
    bool is_switch = false;
};

// A rule that gives codes to an institution, as api/operator.yaml has it.
struct OwnedCodes {
    std::string form;
    std::string pattern;
    std::int64_t length = 0;  // for DIGITS
};

// The participant's id at this server; errors as OperatorClient's.
Result<std::string> register_peer(OperatorClient& at, const PeerInstitution& peer);
// By its code: participant_not_found.
Result<std::string> find_participant(OperatorClient& at, const std::string& code);
Result<void> give_codes(OperatorClient& at, const std::string& participant_id,
                        const OwnedCodes& codes);

// A server with its operator logged in.
struct Institution {
    std::string name;
    ServerPlan plan;
    ServerProcess process;
    std::unique_ptr<OperatorClient> operators;

    // What the others register of it.
    [[nodiscard]] Result<PeerInstitution> as_peer();
};

// Starts it, or starts it again on its old data, and logs in as the operator; `password` becomes
// the operator's at a first start.
Result<void> start_institution(Institution& institution, Caller& caller,
                               const std::string& password);

}  // namespace huitong::apps
