// One institution among others: our key, the doors at which they ask (JSON and ISO 8583), the links
// over which we ask them, and the courier that carries payments. Links follow the operator's
// registry: a participant whose channels change gets a new link, whose protocol changes another
// one.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "crypto/seal.hpp"
#include "engine/heart.hpp"
#include "gateway/door/codes.hpp"
#include "gateway/door/plates.hpp"
#include "gateway/door/pool_mailbox.hpp"
#include "gateway/door/work_pool.hpp"
#include "gateway/institution/door.hpp"
#include "gateway/institution/link/json_link.hpp"
#include "gateway/iso8583/door.hpp"
#include "gateway/links/courier.hpp"
#include "gateway/wallet/door.hpp"

namespace huitong::apps {

// All of it must outlive the institutions.
struct InstitutionParts {
    engine::Heart& heart;
    engine::Clock& clock;
    gateway::http::IoThreads& io;
    gateway::door::WorkPool& pool;  // signatures
    const gateway::door::DoorSecrets& secrets;
    const crypto::MasterKey& master;
};

struct InstitutionOptions {
    std::string code;                       // by which the others know us
    std::string key_file;                   // our SM2 key, sealed; it is made when it is not there
    gateway::iso8583::DoorOptions iso8583;  // without a code of ours there is no such door
    gateway::links::CourierOptions courier;
};

class Institutions {
public:
    // Refuses with key_invalid, decryption_failed or store_failed what is in the key file.
    static Result<std::unique_ptr<Institutions>> make(InstitutionParts parts,
                                                      InstitutionOptions options);
    // Only after the I/O threads have stopped: they carry the ISO 8583 door's lines.
    ~Institutions();

    // Before the heart starts: the courier is told of payments from the first.
    [[nodiscard]] gateway::links::LinkCourier& courier() { return courier_; }
    // The heart has started: institutions are dialled.
    void start();
    // The JSON door is closed by then; the heart still answers. The other side is signed off, and
    // what it had asked is answered, if that takes no longer than this.
    void stop(Duration at_most);

    [[nodiscard]] gateway::institution::InstitutionDoor& door() { return *door_; }
    // For users hosted here who pay elsewhere; for as long as the institutions live.
    [[nodiscard]] gateway::wallet_door::OtherInstitutions for_wallets();
    // Null: it is off.
    [[nodiscard]] gateway::iso8583::Iso8583Door* iso8583_door() { return iso8583_.get(); }
    [[nodiscard]] std::vector<std::pair<std::string, gateway::links::LinkStatus>> link_statuses()
        const;
    // Nothing: it is not linked, or has not been asked since the start.
    [[nodiscard]] std::optional<gateway::links::LinkStatus> link_status(ParticipantId id) const;
    // What the others must be given to verify us.
    [[nodiscard]] std::string serial() const { return keys_.current()->serial; }
    [[nodiscard]] std::string public_key_pem() const {
        return keys_.current()->key.public_key().to_pem();
    }

private:
    Institutions(InstitutionParts parts, InstitutionOptions options,
                 gateway::institution::OwnKey key, std::unique_ptr<gateway::http::Client> client);

    [[nodiscard]] gateway::door::HeartPort heart_port() const;
    std::unique_ptr<gateway::institution::InstitutionDoor> make_door();
    std::unique_ptr<gateway::iso8583::Iso8583Door> make_iso8583_door(
        gateway::iso8583::DoorOptions options);
    [[nodiscard]] std::shared_ptr<gateway::links::Link> link_to(ParticipantId id);
    [[nodiscard]] std::shared_ptr<gateway::institution::JsonLink> json_link(
        const switching::Participant& participant);
    void find_payee(ParticipantId from, std::string code, gateway::iso8583::PayeeFound done);
    void resolve_hosted(std::string code, gateway::institution::HostedResolved done);
    [[nodiscard]] Result<gateway::institution::HostedPayee> resolve_plate(
        const std::string& code) const;
    void forward(ParticipantId owner, std::string code, gateway::institution::Resolved done);
    [[nodiscard]] gateway::institution::ResolvePort resolve_port();
    [[nodiscard]] gateway::institution::WaitPort wait_port();

    struct Kept {
        std::vector<std::string> channels;  // tells whether the operator has set others since
        std::shared_ptr<gateway::institution::JsonLink> link;
    };

    InstitutionParts parts_;
    std::string code_;
    gateway::institution::OwnKeys keys_;
    gateway::institution::ResolveTokens tokens_;
    gateway::door::OrderCodes codes_;
    gateway::door::Plates plates_;
    std::unique_ptr<gateway::http::Client> client_;
    gateway::door::PoolMailbox mailbox_;
    mutable std::mutex mutex_;
    std::map<ParticipantId, Kept> links_;
    gateway::links::LinkCourier courier_;
    gateway::institution::Resolver resolver_;
    std::unique_ptr<gateway::institution::InstitutionDoor> door_;
    std::unique_ptr<gateway::iso8583::Iso8583Door> iso8583_;
};

// What a code offers its owner to be found by (emv-qr 1, business-rules 1.3). code_unowned.
Result<switching::CodeMarks> marks_of_code(std::string_view code);

}  // namespace huitong::apps
