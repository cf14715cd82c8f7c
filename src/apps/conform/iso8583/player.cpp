#include "apps/conform/iso8583/player.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <thread>

#include "apps/conform/iso8583/talk.hpp"
#include "base/ensure.hpp"
#include "crypto/bytes.hpp"
#include "crypto/random.hpp"

namespace huitong::apps::conform {
namespace {

constexpr std::uint32_t stan_limit = 1'000'000;
constexpr std::size_t fresh_digits = 12;
constexpr std::size_t length_bytes = 4;  // before each frame
constexpr Duration lateness = minutes(1);

// One scenario as it is played.
class Play {
public:
    Play(CardTalk& talk, Values& values) : talk_(talk), values_(values) {}

    std::optional<Failure> step(const CardStep& step) {
        statement_ = &step.statement;
        expected_.clear();
        return std::visit([this](const auto& act) { return take(act); }, step.act);
    }
    std::optional<Failure> begin(const Statement& first) {
        statement_ = &first;
        return take(Connect{});
    }

private:
    using Outcome = std::optional<Failure>;

    Outcome take(const Connect&) {
        if (talk_.connect()) return std::nullopt;
        return failure("line", "open", "refused");
    }
    Outcome take(const Disconnect&) {
        if (talk_.disconnect()) return std::nullopt;
        return failure("line", "its end by the other side, too", "nothing");
    }
    static Outcome take(const CardWait& wait) {
        std::this_thread::sleep_for(std::chrono::milliseconds(wait.time.ms));
        return std::nullopt;
    }
    Outcome take(const CardRepeat&) { return transmit(sent_); }
    Outcome take(const Raw& raw) { return transmit(raw.bytes); }
    Outcome take(const CardSend& send) {
        CardMessage message{.mti = send.mti,
                            .mac = send.mac,
                            .from = values_.expand(send.from),
                            .to = values_.expand(send.to),
                            .patches = send.patches};
        if (!send.like.empty()) message.fields = named_[send.like];
        for (const FieldLine& line : send.fields) {
            if (line.text == "-") {
                message.fields.erase(line.field);
            } else {
                message.fields[line.field] = values_.expand(line.text);
            }
        }
        if (!send.as.empty()) named_[send.as] = message.fields;
        const auto frame = talk_.frame(message);
        if (!frame) return failure("message", "one that can be built", frame.error());
        return transmit(frame->substr(0, send.cut.value_or(frame->size())));
    }
    Outcome take(const CardExpect& expect) {
        for (const FieldLine& line : expect.fields)
            expected_ += fmt::format("{}{} {}", expected_.empty() ? "" : "\n", line.field,
                                     values_.expand(line.text));
        last_ = talk_.hear(expect.mti);
        if (last_ == nullptr) return failure("message", expect.mti, "none");
        std::vector<Difference> differences;
        const auto add = [&](const std::string& where, const std::string& expected,
                             const std::optional<std::string>& came) {
            if (auto difference = compare(where, expected, came, values_))
                differences.push_back(*std::move(difference));
        };
        const bool management = expect.mti.substr(1, 1) == "8";
        if (!management) add("MAC", expect.unmaced ? "none" : "right", talk_.mac_of(*last_));
        const Fields fields = last_->fields();
        for (const FieldLine& line : expect.fields) {
            const auto found = fields.find(line.field);
            const bool there = found != fields.end();
            add(fmt::format("field {}", line.field), values_.expand(line.text),
                there ? std::optional(found->second) : std::nullopt);
        }
        if (differences.empty()) return std::nullopt;
        return failure(std::move(differences), shown(last_->bytes));
    }
    Outcome take(const ExpectReject& expect) {
        const HeardPtr heard = talk_.hear_reject();
        if (heard == nullptr) return failure("message", "reject " + expect.code, "none");
        std::vector<Difference> differences;
        const std::string code(heard->envelope.header->reject_code());
        const std::size_t prefix = std::min(length_bytes, sent_.size());
        const bool whole = heard->envelope.original == sent_.substr(prefix);
        if (code != expect.code) differences.push_back({"reject code", expect.code, code});
        if (!whole) differences.push_back({"original", "the frame as it was sent", "another"});
        if (differences.empty()) return std::nullopt;
        return failure(std::move(differences), shown(heard->bytes));
    }
    Outcome take(const ExpectClosed&) {
        if (talk_.hear_end()) return std::nullopt;
        return failure("line", "its end by the other side", "nothing");
    }
    Outcome take(const ExpectNothing& expect) {
        if (talk_.hear_anything(expect.time) == nullptr) return std::nullopt;
        return failure("message", "none", "one");
    }
    Outcome take(const TakeKey&) {
        if (last_ == nullptr || last_->mti() != "0800")
            return failure("message", "an 0800 that brings a key", "none");
        const auto answer = talk_.take_key(*last_);
        if (answer) return transmit(*answer);
        const Difference wrong{"key", "one that is proven", answer.error()};
        return failure({wrong}, shown(last_->bytes));
    }

    Outcome transmit(std::string bytes) {
        sent_ = std::move(bytes);
        if (talk_.send(sent_)) return std::nullopt;
        return failure("line", "open", "closed");
    }
    Failure failure(std::string where, std::string expected, std::string came) const {
        const Difference only{std::move(where), std::move(expected), std::move(came)};
        return failure({only}, talk_.left());
    }
    Failure failure(std::vector<Difference> differences, std::string came) const {
        return {.place = statement_->place(),
                .step = statement_->text(),
                .sent = sent_.empty() ? "" : shown(sent_),
                .came = std::move(came),
                .expected = expected_,
                .differences = std::move(differences)};
    }

    CardTalk& talk_;
    Values& values_;
    const Statement* statement_ = nullptr;
    std::map<std::string, Fields> named_;
    std::string sent_;
    std::string expected_;  // by the statement that is played; lines
    HeardPtr last_;
};

}  // namespace

Iso8583Player::Iso8583Player(Iso8583Target target, engine::Clock& clock)
    : target_(std::move(target)),
      clock_(clock),
      last_stan_(static_cast<std::uint32_t>(std::stoul(crypto::random_digits(6)))) {}

Iso8583Player::~Iso8583Player() = default;

Read<void> Iso8583Player::check(const Scenario& scenario) {
    CHECK(iso8583_script(scenario));
    return {};
}

std::string Iso8583Player::fresh(std::string_view name) {
    const std::string_view kind = name.substr(0, name.find('_'));
    const Instant moment = kind == "late" ? clock_.now() - lateness : clock_.now();
    const std::string now = gateway::iso8583::month_to_second(moment);
    if (kind == "time" || kind == "late") return now;
    if (kind == "clock") return now.substr(4);
    if (kind == "day") return now.substr(0, 4);
    if (kind != "stan") return crypto::random_digits(fresh_digits);
    last_stan_ = (last_stan_ + 1) % stan_limit;
    return fmt::format("{:06}", last_stan_);
}

std::optional<Failure> Iso8583Player::play(const Scenario& scenario, const Texts& parameters) {
    const auto script = iso8583_script(scenario);
    ENSURE(script.has_value());
    CardTalk talk(target_, clock_);
    Values values([this](const std::string& name) { return fresh(name); });
    for (const auto& [name, text] : parameters) values.set(name, text);
    values.set("us", target_.us);
    values.set("peer", target_.peer);
    Play play(talk, values);
    auto failure = play.begin(scenario.statements.front());
    for (auto step = script->begin(); step != script->end() && !failure; ++step)
        failure = play.step(*step);
    talk.disconnect();
    return failure;
}

}  // namespace huitong::apps::conform
