#include "apps/processes/topology.hpp"

#include <charconv>
#include <fmt/format.h>

namespace huitong::apps {
namespace {

constexpr std::uint16_t ports_each = 10;
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
    Result<void> done;
    for (Institution* leaf : {&made->wallet, &made->bank, &made->acquirer}) {
        if (done) done = made->introduce(*leaf);
        if (!done && why.empty())
            why = fmt::format("{} and the switch: {} {}", leaf->name, leaf->operators->problem(),
                              made->the_switch.operators->problem());
    }
    if (!done) return refuse(done.error());
    return made;
}

void Topology::plan_institutions() {
    struct Named {
        Institution& institution;
        const char* folder;
        const char* name;
        const char* code;
        const char* payer_codes;  // the prefix
    };
    const Named named[] = {
        {acquirer,   "acquirer", "汇通收单", "ACQUIRER", "28"},
        {wallet,     "wallet",   "汇通钱包", "WALLET",   "13"},
        {the_switch, "switch",   "汇通交换", "SWITCH",   "29"},
        {bank,       "bank",     "洛河银行", "BANK",     "27"},
    };
    std::uint16_t first = plan_.first_port;
    for (const Named& each : named) {
        each.institution.name = each.name;
        each.institution.plan = {
            .folder = plan_.folder + "/" + each.folder,
            .code = each.code,
            .ports = first == 0 ? ServerPorts::free() : ServerPorts::from(first),
            .portal = plan_.portal,
            .more = fmt::format("[links]\ntransfer_expiry_ms = {}\n", plan_.give_up_ms)};
        if (first != 0) first = static_cast<std::uint16_t>(first + ports_each);
    }
}

// Leaf and switch get to know each other; what the leaf doesn't own goes to the switch.
Result<void> Topology::introduce(Institution& leaf) {
    TRY(center, the_switch.as_peer());
    TRY(peer, leaf.as_peer());
    center.is_switch = true;
    CHECK(register_peer(*leaf.operators, center));
    TRY(id, register_peer(*the_switch.operators, peer));
    if (&leaf == &wallet)
        return give_codes(*the_switch.operators, id,
                          {.form = "DIGITS", .pattern = "13", .length = 18});
    if (&leaf == &bank)
        return give_codes(*the_switch.operators, id,
                          {.form = "DIGITS", .pattern = "27", .length = 18});
    CHECK(give_codes(*the_switch.operators, id, {.form = "URL", .pattern = "WXPAY"}));
    // A code that nobody else is given is the acquirer's own.
    TRY(house, find_participant(*leaf.operators, "HOUSE"));
    return give_codes(*leaf.operators, house, {.form = "URL", .pattern = "WXPAY"});
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
