#include "apps/processes/topology.hpp"

#include <charconv>
#include <fmt/format.h>

namespace huitong::apps {
namespace {

constexpr std::uint16_t ports_each = 10;
// How the codes of their users begin.
constexpr const char* wallet_codes = "13";
constexpr const char* bank_codes = "27";
// Payments that are listed at once; a run that leaves more than that under way has failed anyway.
constexpr std::uint64_t listed_max = 100;

std::int64_t number_at(const std::string& body, const std::string& pointer) {
    const std::string text = json_at(body, pointer);
    std::int64_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

// What an institution says that another owes it, in fen.
Result<std::int64_t> position_of(OperatorClient& at, const std::string& code) {
    TRY(id, find_participant(at, code));
    TRY(page, at.request("GET", "/positions?participant_id=" + id));
    return number_at(page, "/items/0/position");
}

Result<std::uint64_t> count_unfinished(OperatorClient& at) {
    std::uint64_t count = 0;
    for (const char* state : {"RESERVED", "REVERSING", "CONFIRMING"}) {
        TRY(page, at.request("GET", fmt::format("/payments?state={}&limit={}", state, listed_max)));
        for (std::uint64_t i = 0; i < listed_max; ++i) {
            if (json_at(page, fmt::format("/items/{}/payment_id", i)).empty()) break;
            ++count;
        }
    }
    return count;
}

// A demo's key is no secret; with it the two exchange the keys of their MACs.
void speak_iso8583(PeerInstitution& peer, const Institution& institution) {
    peer.protocol = "ISO8583";
    peer.channels = {institution.process.doors().iso8583_address};
    peer.institution_code = institution.plan.institution_code;
    peer.master_key = "0123456789ABCDEFFEDCBA9876543210";
    peer.serial.clear();
    peer.public_key_pem.clear();
}

}  // namespace

Result<std::unique_ptr<Topology>> Topology::start(const TopologyPlan& plan, Caller& caller,
                                                  std::string& why) {
    std::unique_ptr<Topology> made(new Topology(plan, caller));
    made->plan_institutions();
    for (Institution* each : made->all()) {
        const auto up = start_institution(*each, caller, plan.password);
        if (!up) {
            why = fmt::format("{} does not start ({}); see {}", each->name,
                              describe(up.error()).text_en, each->plan.log());
            return refuse(up.error());
        }
    }
    const std::pair<Institution*, OwnedCodes> leaves[] = {
        {&made->wallet,   {.form = "DIGITS", .pattern = wallet_codes, .length = 18}},
        {&made->bank,     {.form = "DIGITS", .pattern = bank_codes, .length = 18}  },
        {&made->acquirer, {.form = "URL", .pattern = "WXPAY"}                      },
    };
    for (const auto& [leaf, codes] : leaves) {
        const auto done = made->introduce(*leaf, codes);
        if (done) continue;
        why = fmt::format("{} and the switch: {} {}", leaf->name, leaf->operators->problem(),
                          made->the_switch.operators->problem());
        return refuse(done.error());
    }
    return made;
}

void Topology::plan_institutions() {
    struct Named {
        Institution& institution;
        const char* folder;
        const char* name;
        const char* code;
        const char* institution_code;  // over ISO 8583
        const char* payer_codes;       // the prefix of its users' codes
    };
    const Named named[] = {
        {acquirer,   "acquirer", "汇通收单", "ACQUIRER", "",         "28"        },
        {wallet,     "wallet",   "汇通钱包", "WALLET",   "",         wallet_codes},
        {the_switch, "switch",   "汇通交换", "SWITCH",   "48010000", "29"        },
        {bank,       "bank",     "洛河银行", "BANK",     "04034930", bank_codes  },
    };
    std::uint16_t first = plan_.first_port;
    for (const Named& each : named) {
        each.institution.name = each.name;
        each.institution.plan = {
            .folder = plan_.folder + "/" + each.folder,
            .code = each.code,
            .institution_code = each.institution_code,
            .ports = first == 0 ? ServerPorts::free() : ServerPorts::from(first),
            .portal = plan_.portal,
            .more = fmt::format("[links]\ntransfer_expiry_ms = {}\n[wallet]\n"
                                "payer_code_prefix = \"{}\"\n",
                                plan_.give_up_ms, each.payer_codes)};
        if (first != 0) first = static_cast<std::uint16_t>(first + ports_each);
    }
}

// Leaf and switch get to know each other. What the leaf doesn't own goes to the switch.
Result<void> Topology::introduce(Institution& leaf, const OwnedCodes& codes) {
    TRY(center, the_switch.as_peer());
    TRY(peer, leaf.as_peer());
    center.is_switch = true;
    if (&leaf == &bank) {
        speak_iso8583(center, the_switch);
        speak_iso8583(peer, leaf);
        peer.channels.clear();  // The bank dials.
    }
    CHECK(register_peer(*leaf.operators, center));
    TRY(id, register_peer(*the_switch.operators, peer));
    CHECK(give_codes(*the_switch.operators, id, codes));
    TRY(house, find_participant(*leaf.operators, "HOUSE"));
    return give_codes(*leaf.operators, house, codes);
}

Result<void> Topology::restart(Institution& institution) {
    return start_institution(institution, caller_, plan_.password);
}

Result<std::vector<Topology::Pair>> Topology::positions() {
    std::vector<Pair> pairs;
    for (Institution* leaf : {&wallet, &bank, &acquirer}) {
        TRY(one, position_of(*leaf->operators, the_switch.plan.code));
        TRY(other, position_of(*the_switch.operators, leaf->plan.code));
        pairs.push_back({leaf->plan.code, the_switch.plan.code, one, other});
    }
    return pairs;
}

Result<std::uint64_t> Topology::unfinished() {
    std::uint64_t count = 0;
    for (Institution* each : all()) {
        TRY(more, count_unfinished(*each->operators));
        count += more;
    }
    return count;
}

}  // namespace huitong::apps
