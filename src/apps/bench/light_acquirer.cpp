#include "apps/bench/light_acquirer.hpp"

#include <chrono>
#include <thread>

#include "crypto/bytes.hpp"
#include "gateway/door/sealing.hpp"

namespace huitong::apps::bench {
namespace {

using namespace std::chrono_literals;

namespace iso8583 = gateway::iso8583;

constexpr const char* own_code = "04034930";
constexpr const char* shared_key = "0123456789ABCDEFFEDCBA9876543210";
constexpr auto patience = 20s;

// Nothing is known here: every request goes back unanswered.
void send_back(std::vector<engine::RequestPtr> requests) {
    for (auto& each : requests) {
        engine::Mailbox* home = each->home;
        std::vector<engine::RequestPtr> back;
        back.push_back(std::move(each));
        home->deliver(std::move(back));
    }
}

}  // namespace

Result<std::unique_ptr<LightAcquirer>> LightAcquirer::make(const std::string& folder) {
    TRY(master, crypto::MasterKey::create(folder + "/acquirer.key"));
    return std::unique_ptr<LightAcquirer>(new LightAcquirer(std::move(master)));
}

LightAcquirer::LightAcquirer(crypto::MasterKey master) : master_(std::move(master)) {
    door_ = std::make_unique<iso8583::Iso8583Door>(
        iso8583::Iso8583Door::Parts{
            .heart = {send_back,
                      [this]() -> std::shared_ptr<const engine::Directory> { return directory_; }},
            .clock = clock_,
            .io = io_,
            .master = master_,
            .waiters = waiters_,
            .find_payee = [](ParticipantId, const std::string&,
                             iso8583::PayeeFound done) { done(refuse(Error::code_unowned)); },
            .find_payer = [](ParticipantId, std::string_view) -> Result<ParticipantId> {
                return refuse(Error::code_unowned);
                      }
    },
        iso8583::DoorOptions{.own_code = own_code, .lines_per_channel = 4});
}

LightAcquirer::~LightAcquirer() {
    io_.stop();
}

PeerInstitution LightAcquirer::as_peer() {
    return {.code = "ACQUIRER",
            .name = "ACQUIRER",
            .protocol = "ISO8583",
            .institution_code = own_code,
            .master_key = shared_key,
            .cap_minor = amount_minor_max};
}

Result<void> LightAcquirer::meet(const std::string& institution_code, const std::string& address) {
    switching::Participant other;
    other.terms = {.id = the_switch, .code = "SWITCH", .created_at = clock_.now()};
    other.state.protocol = switching::Protocol::iso8583;
    other.state.is_switch = true;
    other.state.institution_code = institution_code;
    other.state.channels = {address};
    TRY(key, crypto::from_hex(shared_key));
    other.state.master_key =
        Sealed{master_.seal(gateway::door::participant_master_key_context(the_switch), key)};
    directory_->participants.load(other);
    directory_->version = 1;
    door_->start();
    for (auto waited = 0ms; waited < patience; waited += 50ms) {
        for (const auto& status : door_->statuses()) {
            if (status.key_since) return {};
        }
        std::this_thread::sleep_for(50ms);
    }
    return refuse(Error::peer_timeout);
}

}  // namespace huitong::apps::bench
