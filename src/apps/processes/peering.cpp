#include "apps/processes/peering.hpp"

#include <fmt/format.h>

#include "apps/operator_session.hpp"

namespace huitong::apps {
namespace {

constexpr std::size_t participants_max = 100;  // a page of the operator door

std::string text_of(const PeerInstitution& peer) {
    return json_object([&peer](wire::json::Writer& json) {
        json.text("code", peer.code);
        json.text("name", peer.name);
        json.begin_array("roles");
        json.text("ACCOUNT_INSTITUTION");
        json.text("ACQUIRING_INSTITUTION");
        json.end_array();
        json.text("protocol", peer.protocol);
        json.boolean("is_switch", peer.is_switch);
        json.text_if("institution_code", peer.institution_code);
        json.begin_array("channels");
        for (const std::string& channel : peer.channels) json.text(channel);
        json.end_array();
    });
}

// A no that says that it is there already is a yes.
Result<void> once(OperatorClient& at, const std::string& path, const std::string& body) {
    const auto answer = at.request("POST", path, body);
    if (!answer && at.status() != 409) return refuse(answer.error());
    return {};
}

Result<void> add_key(OperatorClient& at, const std::string& path, const PeerInstitution& peer) {
    if (peer.public_key_pem.empty()) return {};
    return once(at, path + "/keys", json_object([&peer](wire::json::Writer& json) {
                    json.text("public_key_pem", peer.public_key_pem);
                    json.text("serial_no", peer.serial);
                }));
}

}  // namespace

Result<std::string> find_participant(OperatorClient& at, const std::string& code) {
    TRY(page, at.request("GET", fmt::format("/participants?limit={}", participants_max)));
    for (std::size_t i = 0; i < participants_max; ++i) {
        const std::string place = fmt::format("/items/{}", i);
        if (json_at(page, place + "/code") == code) return json_at(page, place + "/participant_id");
    }
    return refuse(Error::participant_not_found);
}

Result<std::string> register_peer(OperatorClient& at, const PeerInstitution& peer) {
    CHECK(once(at, "/participants", text_of(peer)));
    TRY(id, find_participant(at, peer.code));
    const std::string path = "/participants/" + id;
    CHECK(add_key(at, path, peer));
    if (!peer.master_key.empty())
        CHECK(at.request("PATCH", path, json_object([&peer](wire::json::Writer& json) {
                             json.text("master_key", peer.master_key);
                         })));
    CHECK(
        at.request("PUT", path + "/positions/CNY", fmt::format(R"({{"cap":{}}})", peer.cap_minor)));
    for (const std::string& kind : peer.code_kinds)
        CHECK(at.request("PUT", path + "/openings/" + kind,
                         R"({"opens_at":"2020-01-01T00:00:00+08:00"})"));
    return id;
}

Result<void> give_codes(OperatorClient& at, const std::string& participant_id,
                        const OwnedCodes& codes) {
    return once(at, "/code-rules", json_object([&](wire::json::Writer& json) {
                    json.text("form", codes.form);
                    json.text("pattern", codes.pattern);
                    if (codes.length > 0) json.integer("length", codes.length);
                    json.text("participant_id", participant_id);
                    json.integer("priority", 0);
                }));
}

Result<PeerInstitution> Institution::as_peer() {
    TRY(own, operators->request("GET", "/institution"));
    return PeerInstitution{.code = json_at(own, "/code"),
                           .name = name,
                           .channels = {json_at(own, "/url")},
                           .serial = json_at(own, "/serial_no"),
                           .public_key_pem = json_at(own, "/public_key_pem")};
}

Result<void> start_institution(Institution& institution, Caller& caller,
                               const std::string& password) {
    TRY(process, ServerProcess::start(institution.plan));
    institution.process = std::move(process);
    const ServerDoors& doors = institution.process.doors();
    institution.operators = std::make_unique<OperatorClient>(caller, doors.portal_url);
    if (!doors.one_time_password.empty()) {
        CHECK(institution.operators->log_in("admin", doors.one_time_password));
        CHECK(institution.operators->change_password(doors.one_time_password, password));
    }
    CHECK(institution.operators->log_in("admin", password));
    return {};
}

}  // namespace huitong::apps
