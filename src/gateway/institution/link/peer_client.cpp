#include "gateway/institution/link/peer_client.hpp"

#include <algorithm>
#include <utility>

#include "base/ensure.hpp"
#include "crypto/random.hpp"
#include "gateway/http/url.hpp"
#include "gateway/institution/caller.hpp"
#include "gateway/institution/door.hpp"
#include "gateway/institution/link/peer_sent.hpp"

namespace huitong::gateway::institution {
namespace {

constexpr std::size_t answer_bytes_max = std::size_t{256} * 1024;

// The channel is at fault, and another one may do: nothing was begun, or what was may be repeated.
bool moves_on(Error error) {
    return error == Error::peer_unreachable || error == Error::peer_certificate_invalid;
}
bool moves_on(int status) {
    return status == 502 || status == 503 || status == 504;
}

}  // namespace

Result<std::shared_ptr<PeerClient>> PeerClient::make(PeerParts parts, PeerOptions options) {
    if (options.channels.empty()) return refuse(Error::field_missing);
    for (std::string& url : options.channels) {
        while (url.ends_with('/')) url.pop_back();
        const auto parsed = http::parse_url(url + std::string(path_prefix));
        if (!parsed) return refuse(parsed.error());
    }
    return std::shared_ptr<PeerClient>(new PeerClient(std::move(parts), std::move(options)));
}

PeerClient::PeerClient(PeerParts parts, PeerOptions options)
    : parts_(std::move(parts)), options_(std::move(options)) {
    totals_.institution = options_.peer;
    for (const std::string& url : options_.channels) channels_.emplace_back(url, options_.breaker);
}

void PeerClient::call(PeerCall call) {
    try_channels(std::make_shared<PeerCall>(std::move(call)));
}

void PeerClient::try_channels(const PeerCallPtr& call) {
    const Instant now = parts_.clock.now();
    LinkSessionPtr session;
    {
        const std::lock_guard lock(mutex_);
        while (call->channel < channels_.size() && !channels_[call->channel].breaker.admit(now))
            ++call->channel;
        if (call->channel < channels_.size())
            session = channels_[call->channel].usable_session(now);
    }
    if (call->channel >= channels_.size()) return call->done(refuse(call->last));
    if (session == nullptr && !call->signed_only) return await_session(call);
    transmit(call, std::move(session));
}

// With a MAC at once; a signature is made on the pool.
void PeerClient::transmit(const PeerCallPtr& call, LinkSessionPtr session) {
    const auto sent = std::make_shared<Sent>();
    sent->call = call;
    sent->session = std::move(session);
    sent->nonce = crypto::random_alnum(nonce_characters);
    if (sent->session != nullptr) return dispatch(sent);
    parts_.pool.post([self = shared_from_this(), sent] { self->dispatch(sent); });
}

std::string PeerClient::authorization(const Sent& sent, std::string_view target) const {
    const OwnKeyPtr key = parts_.keys.current();
    const LinkSession* session = sent.session.get();
    Authorization said{
        .scheme = session != nullptr ? session->mac : scheme_of(key->key.algorithm()),
        .participant = options_.code,
        .proof = {.key = session != nullptr ? session->name : key->serial,
                  .timestamp = parts_.clock.now().unix_seconds(),
                  .nonce = sent.nonce,
                  .bytes = {}}
    };
    const std::string text = wire::institution::text_of(
        said.scheme, wire::institution::RequestText{.method = sent.call->method,
                                                    .target = target,
                                                    .timestamp = said.proof.timestamp,
                                                    .nonce = sent.nonce,
                                                    .body = sent.call->body});
    said.proof.bytes = session != nullptr ? session->mac_of(text) : key->key.sign(text);
    return to_header(said);
}

void PeerClient::dispatch(const SentPtr& sent) {
    const PeerCall& call = *sent->call;
    const std::string url = options_.channels[call.channel] + std::string(path_prefix) + call.path;
    const auto parsed = http::parse_url(url);
    ENSURE(parsed.has_value());  // The channel is one, and our own paths hold nothing strange.
    http::Call out{
        .method = call.method,
        .url = url,
        .headers = {{"Authorization", authorization(*sent, parsed->target)},
                    {"Accept", "application/json"},
                    {"Accept-Language", "en"}},
        .body = call.body,
        .limits = {.timeout = call.timeout, .answer_bytes_max = answer_bytes_max}
    };
    if (!call.body.empty()) out.headers.emplace_back("Content-Type", "application/json");
    sent->at = std::chrono::steady_clock::now();
    parts_.http.call(std::move(out),
                     [self = shared_from_this(), sent](Result<http::Answer> answer) {
                         self->received(sent, std::move(answer));
                     });
}

void PeerClient::received(const SentPtr& sent, Result<http::Answer> answer) {
    const std::size_t channel = sent->call->channel;
    if (!answer) {
        failed(channel, answer.error());
        if (moves_on(answer.error())) return next_channel(sent->call, answer.error());
        return sent->call->done(refuse(answer.error()));
    }
    if (moves_on(answer->status)) {
        failed(channel, Error::peer_refused);
        return next_channel(sent->call, Error::peer_refused);
    }
    if (sent->session != nullptr) return judge(sent, *answer);
    parts_.pool.post(
        [self = shared_from_this(), sent, got = *std::move(answer)] { self->judge(sent, got); });
}

void PeerClient::judge(const SentPtr& sent, const http::Answer& answer) {
    const PeerCallPtr& call = sent->call;
    // Without proof, as it must be, and believed only as far as it costs nothing.
    const bool unknown = answer.status == 401 && answer.body.contains("\"SESSION_UNKNOWN\"");
    if (unknown && sent->session != nullptr && !call->signed_on_again) {
        call->signed_on_again = true;
        forget_session(call->channel, sent->session);
        return await_session(call);
    }
    if (const auto proven = verify(*sent, answer); !proven) {
        const bool refused = answer.status >= 400 && answer.status < 500;
        const Error error = answer.status == 429 ? Error::overloaded
                            : refused            ? Error::peer_refused
                                                 : proven.error();
        failed(call->channel, error);
        return call->done(refuse(error));
    }
    answered(*sent);
    call->done(PeerAnswer{.status = answer.status, .body = answer.body});
}

void PeerClient::next_channel(const PeerCallPtr& call, Error error) {
    if (call->one_channel) return call->done(refuse(error));
    call->last = error;
    ++call->channel;
    try_channels(call);
}

void PeerClient::answered(const Sent& sent) {
    using std::chrono::microseconds;
    const auto took =
        std::chrono::duration_cast<microseconds>(std::chrono::steady_clock::now() - sent.at);
    const Instant now = parts_.clock.now();
    const std::lock_guard lock(mutex_);
    channels_[sent.call->channel].breaker.succeeded();
    ++totals_.calls;
    totals_.become(links::LinkState::up, now);
    statistics_.answered(now, static_cast<std::uint64_t>(took.count()));
}

void PeerClient::failed(std::size_t channel, Error error) {
    const Instant now = parts_.clock.now();
    const std::lock_guard lock(mutex_);
    channels_[channel].breaker.failed(now);
    statistics_.failed(now);
    ++totals_.calls;
    ++totals_.failures;
    const bool all_rest = std::ranges::none_of(channels_, [&](const Channel& one) {
        return one.breaker.state(now) == BreakerState::closed;
    });
    if (all_rest) totals_.become(links::LinkState::down, now);
    if (error == Error::mac_mismatch || error == Error::signature_mismatch) ++totals_.mac_alarms;
    totals_.last_error = describe(error).name;
    totals_.last_error_at = now;
}

void PeerClient::note_refusal() {
    const std::lock_guard lock(mutex_);
    ++totals_.refused;
    totals_.last_error = describe(Error::peer_refused).name;
    totals_.last_error_at = parts_.clock.now();
}

links::LinkStatus PeerClient::status() const {
    const Instant now = parts_.clock.now();
    const std::lock_guard lock(mutex_);
    links::LinkStatus status = totals_;
    status.figures = statistics_.figures(now);
    for (const Channel& channel : channels_)
        status.channels.push_back(
            {.address = channel.url, .up = channel.breaker.state(now) == BreakerState::closed});
    return status;
}

}  // namespace huitong::gateway::institution
