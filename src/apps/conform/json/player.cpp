#include "apps/conform/json/player.hpp"

#include <chrono>
#include <fmt/format.h>
#include <future>
#include <thread>

#include "apps/conform/json/pattern.hpp"
#include "apps/conform/json/script.hpp"
#include "apps/conform/json/talk.hpp"
#include "base/ensure.hpp"

namespace huitong::apps::conform {

namespace http = gateway::http;

class JsonPlayer::Impl {
public:
    Impl(JsonTarget whom, engine::Clock& time) : target(std::move(whom)), clock(time) {}
    ~Impl() {
        client.reset();
        io.stop();
    }

    Result<http::Answer> call(http::Call call) {
        call.limits = {.timeout = target.patience, .answer_bytes_max = 1 << 20};
        auto promise = std::make_shared<std::promise<Result<http::Answer>>>();
        auto future = promise->get_future();
        client->call(std::move(call), [promise](Result<http::Answer> answer) {
            promise->set_value(std::move(answer));
        });
        return future.get();
    }

    JsonTarget target;
    engine::Clock& clock;
    http::IoThreads io{1};
    std::unique_ptr<http::Client> client;
};

namespace {

using Call = std::function<Result<http::Answer>(http::Call)>;

constexpr auto pause_between_tries = std::chrono::milliseconds(200);

// One scenario as it is played.
class Play {
public:
    Play(JsonTalk& talk, Values& values, Call call)
        : talk_(talk), values_(values), call_(std::move(call)) {}

    std::optional<Failure> step(const JsonStep& step) {
        statement_ = &step.statement;
        return std::visit([this](const auto& act) { return take(act); }, step.act);
    }

private:
    std::optional<Failure> take(const JsonSend& send) {
        wish_ = expanded(send);
        sent_ = talk_.prove(wish_);
        exchange();
        return std::nullopt;
    }
    std::optional<Failure> take(const Repeat&) {
        exchange();
        return std::nullopt;
    }
    static std::optional<Failure> take(const Wait& wait) {
        std::this_thread::sleep_for(std::chrono::milliseconds(wait.time.ms));
        return std::nullopt;
    }
    std::optional<Failure> take(const JsonExpect& expect) {
        const auto until =
            std::chrono::steady_clock::now() + std::chrono::milliseconds(expect.within.ms);
        for (;;) {
            auto differences = judge(expect);
            if (differences.empty()) return std::nullopt;
            if (std::chrono::steady_clock::now() >= until || !undecided())
                return failure(std::move(differences));
            std::this_thread::sleep_for(pause_between_tries);
            sent_ = talk_.prove(wish_);
            exchange();
        }
    }

    // An answer that the contract says to ask again after ("Repeating safely"), or none.
    [[nodiscard]] bool undecided() const {
        if (!answer_ || answer_->status == 429 || answer_->status >= 500) return true;
        const std::string state = text_at(answer_->body, "/state");
        return answer_->status == 200 && (state == "PROCESSING" || state == "USERPAYING");
    }
    JsonSend expanded(JsonSend send) {
        for (std::string* text : {&send.path, &send.participant, &send.serial, &send.session})
            *text = values_.expand(*text);
        send.body = send.spaces > 0 ? std::string(send.spaces, ' ')
                                    : values_.expand(send.body, json_escaped);
        if (send.session.empty() && send.by_mac()) send.session = values_.text("session");
        return send;
    }
    void exchange() {
        answer_ = call_(talk_.call_of(wish_, sent_));
        proof_ = answer_ ? talk_.proof_of(*answer_, wish_, sent_) : "";
    }
    std::vector<Difference> judge(const JsonExpect& expect) {
        pattern_ = values_.expand(expect.pattern, json_escaped);
        std::vector<Difference> differences;
        const auto add = [&](const char* where, const std::string& expected, std::string came) {
            if (auto difference = compare(where, expected, std::move(came), values_))
                differences.push_back(*std::move(difference));
        };
        if (!answer_) {
            add("answer", std::to_string(expect.status),
                fmt::format("none: {}", describe(answer_.error()).text_en));
            return differences;
        }
        add("status", std::to_string(expect.status), std::to_string(answer_->status));
        add("proof", expect.unproven ? "none" : wish_.by_mac() ? "mac" : "signature", proof_);
        if (expect.pattern.empty()) return differences;
        auto more = compare_json(pattern_, answer_->body, values_);
        differences.insert(differences.end(), more.begin(), more.end());
        return differences;
    }
    [[nodiscard]] Failure failure(std::vector<Difference> differences) const {
        return {.place = statement_->place(),
                .step = statement_->text(),
                .sent = shown(wish_, sent_),
                .came = answer_ ? fmt::format("{}, proof: {}\n{}", answer_->status, proof_,
                                              shortened(answer_->body))
                                : "no answer",
                .expected = pattern_,
                .differences = std::move(differences)};
    }

    JsonTalk& talk_;
    Values& values_;
    Call call_;
    const Statement* statement_ = nullptr;
    JsonSend wish_;  // expanded
    ProvenRequest sent_;
    Result<http::Answer> answer_ = refuse(Error::peer_unreachable);
    std::string proof_;
    std::string pattern_;
};

}  // namespace

JsonPlayer::JsonPlayer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
JsonPlayer::~JsonPlayer() = default;

Result<std::unique_ptr<JsonPlayer>> JsonPlayer::make(JsonTarget target, engine::Clock& clock) {
    auto impl = std::make_unique<Impl>(std::move(target), clock);
    TRY(client, http::Client::make(impl->io,
                                   {.trust = impl->target.trust, .allow_private_addresses = true}));
    impl->client = std::move(client);
    return std::unique_ptr<JsonPlayer>(new JsonPlayer(std::move(impl)));
}

Read<void> JsonPlayer::check(const Scenario& scenario) {
    CHECK(json_script(scenario));
    return {};
}

std::optional<Failure> JsonPlayer::play(const Scenario& scenario, const Texts& parameters) {
    const auto script = json_script(scenario);
    ENSURE(script.has_value());
    JsonTalk talk(impl_->target, impl_->clock);
    Values values([&talk](const std::string& name) { return talk.fresh(name); });
    for (const auto& [name, text] : parameters) values.set(name, text);
    values.set("us", impl_->target.us);
    values.set("peer_serial", impl_->target.peer_serial);
    Play play(talk, values, [this](http::Call call) { return impl_->call(std::move(call)); });
    for (const JsonStep& step : *script) {
        if (auto failure = play.step(step)) return failure;
    }
    return std::nullopt;
}

}  // namespace huitong::apps::conform
