#include "gateway/iso8583/door.hpp"

#include <chrono>
#include <thread>

#include "base/ensure.hpp"
#include "gateway/iso8583/door_impl.hpp"
#include "gateway/iso8583/response_code.hpp"

namespace huitong::gateway::iso8583 {
namespace {

using wire::iso8583::Builder;
using wire::iso8583::Envelope;
using wire::iso8583::Fault;
using wire::iso8583::FaultCode;
using wire::iso8583::Header;
using wire::iso8583::Mti;

constexpr std::size_t prefix = 4;
constexpr std::chrono::milliseconds drain_look{5};
// Of a message whose type can't be trusted; the header's own codes are in iso8583.md section 4.
constexpr std::string_view message_rejected = "00105";
constexpr std::string_view destination_rejected = "00045";
constexpr std::string_view source_rejected = "00055";
constexpr std::string_view nobody = "00000000";

// Calls the door several times a second.
class Ticker final : public http::Actor {
public:
    Ticker(http::IoThread& thread, std::function<void(std::int64_t)> call, Duration every)
        : thread_(thread), call_(std::move(call)), every_(every) {}
    void on_deadline() override {
        call_(thread_.now_ms());
        wind();
    }
    void on_stop() override { cancel(); }
    void wind() { thread_.set_timer(*this, thread_.now_ms() + every_.ms); }

private:
    http::IoThread& thread_;
    std::function<void(std::int64_t)> call_;
    Duration every_;
};

const wire::iso8583::Dialect& network_dialect() {
    const auto* dialect = wire::iso8583::builtin_dialect("cups");
    ENSURE(dialect != nullptr);
    return *dialect;
}

std::string_view reject_code(FaultCode fault) {
    const std::string_view code = reject_code_of(fault);
    return code.empty() ? message_rejected : code;
}

}  // namespace

void IoMailbox::deliver(std::vector<engine::RequestPtr> answered) {
    io_.post(0, [answered = std::move(answered)] {
        for (const engine::RequestPtr& request : answered) request->done(*request);
    });
}

Iso8583Door::Impl::Impl(Parts parts, DoorOptions options)
    : parts_(std::move(parts)),
      options_(std::move(options)),
      dialect_(network_dialect()),
      mailbox_(parts_.io),
      members_({.directory = parts_.heart.directory,
                .clock = parts_.clock,
                .io = parts_.io,
                .master = parts_.master,
                .owner = *this,
                .dialect = dialect_},
               {.own_code = options_.own_code,
                .member = options_.member,
                .dialler = options_.dialler,
                .lines_per_channel = options_.lines_per_channel}) {}

void Iso8583Door::Impl::start() {
    members_.dial();
    parts_.io.at(0).mailbox()->post([this](http::IoThread* thread) {
        const auto ticker = std::make_shared<Ticker>(
            *thread, [this](std::int64_t now_ms) { tick(now_ms); }, options_.tick);
        thread->add(ticker);
        ticker->wind();
    });
}

void Iso8583Door::Impl::tick(std::int64_t now_ms) {
    members_.refresh();
    for (const MemberPtr& member : members_.all()) member->tick(now_ms);
}

Result<std::uint16_t> Iso8583Door::Impl::listen(const std::string& address, std::uint16_t port) {
    const auto numeric = http::Address::parse(address);
    if (options_.allow.empty() && numeric && numeric->is_loopback())
        options_.allow = AllowList::loopback();
    const auto admits = [this](const http::Address& from) {
        const bool known = options_.allow.admits(from);
        if (!known) ++counters_->strangers;
        return known;
    };
    return LineListener::start({.threads = parts_.io,
                                .owner = *this,
                                .dialect = dialect_,
                                .options = options_.dialler.line,
                                .admits = admits,
                                .lines_max = options_.lines_max,
                                .lines = accepted_},
                               address, port);
}

std::shared_ptr<Iso8583Link> Iso8583Door::Impl::link(ParticipantId institution) {
    auto member = members_.find(institution);
    if (member == nullptr) return nullptr;
    return std::make_shared<Iso8583Link>(
        Iso8583Link::Parts{std::move(member), parts_.heart, mailbox_}, options_.link);
}

void Iso8583Door::Impl::closed(const LinePtr& line) {
    for (const MemberPtr& member : members_.all()) member->detach(line);
    if (!line->dialled()) --*accepted_;
}

// A line that we dialled serves whom we dialled; one that came serves the first that it names, if
// that one may call from there.
bool Iso8583Door::Impl::serves(const LinePtr& line, const Member& member) {
    const bool first = line->institution().empty();
    if (first && options_.allow.admits(line->peer(), member.code())) line->serve(member.code());
    const bool right = line->institution() == member.code();
    if (!right) ++counters_->misplaced;
    return right;
}

void Iso8583Door::Impl::received(const LinePtr& line, std::string_view frame) {
    ++counters_->frames;
    Envelope envelope;
    const auto decoded = decode_frame(dialect_, frame, envelope);
    if (!envelope.header) return refuse_frame(line, frame, decoded.error());
    if (envelope.header->destination() != options_.own_code)
        return reject(line, frame, destination_rejected);
    const MemberPtr member = members_.find(envelope.header->source());
    const bool fresh = line->institution().empty();
    if (member == nullptr || !serves(line, *member)) return reject(line, frame, source_rejected);
    if (fresh) member->attach(line);
    // A line of the member whose place this one took: what it says is no answer to this one, and it
    // is about to be shut.
    if (!member->has(line)) return;
    if (!decoded) return refuse_frame(line, frame, decoded.error());
    if (envelope.kind == Envelope::Kind::reject) return member->take_reject(envelope);
    const wire::iso8583::Message& message = envelope.message;
    if (!message.mti().asks()) return member->take_answer(message);
    if (message.mti().message_class() == 8)
        return member->take_management(line, *envelope.header, message);
    business(std::make_shared<Asked>(member, line, *envelope.header, message, counters_), message);
}

// Section 13: behind a reject header when its type can't be trusted, else with 30 and none of its
// own fields; what answers us is dropped.
void Iso8583Door::Impl::refuse_frame(const LinePtr& line, std::string_view frame, Fault fault) {
    ++counters_->malformed;
    const std::string_view body = frame.substr(std::min(frame.size(), prefix + Header::size));
    const auto mti = Mti::parse(body.substr(0, 4));
    const bool header_fault = !reject_code_of(fault.code).empty();
    if (header_fault || !mti) return reject(line, frame, reject_code(fault.code));
    if (mti->asks()) answer_unread(line, frame);
}

void Iso8583Door::Impl::answer_unread(const LinePtr& line, std::string_view frame) {
    const auto header = Header::parse(frame.substr(prefix), frame.size() - prefix);
    const auto mti = Mti::parse(frame.substr(prefix + Header::size, 4));
    ENSURE(header && mti);
    Builder builder(dialect_);
    builder.start(mti->answer());
    const Header back = header->answer();
    if (!builder.add(39, format_error)) return;
    if (const auto built = builder.finish({.header = &back})) line->send(std::string(*built));
}

// The frame comes back as it is, behind a header of ours. What is a reject itself, or would be too
// long, is dropped.
void Iso8583Door::Impl::reject(const LinePtr& line, std::string_view frame, std::string_view code) {
    const std::string_view original = frame.substr(prefix);
    const auto read = Header::parse(original, original.size());
    const std::size_t length = Header::size + original.size();
    if ((read && read->rejects()) || length > dialect_.frame_limit) return;
    auto header = Header::make({.test = options_.member.test,
                                .destination = read ? read->source() : nobody,
                                .source = options_.own_code});
    ENSURE(header);
    header->set_total(length);
    std::string answer(prefix, '0');
    write_prefix(dialect_, length, answer.data());
    answer += header->bytes();
    answer.replace(prefix + Header::reject_code_offset, code.size(), code);
    answer += original;
    ++counters_->rejects;
    line->send(std::move(answer));
}

Iso8583Door::Iso8583Door(Parts parts, DoorOptions options)
    : impl_(std::make_unique<Impl>(std::move(parts), std::move(options))) {}

Iso8583Door::~Iso8583Door() {
    impl_->members().close();
}

void Iso8583Door::start() {
    impl_->start();
}

Result<std::uint16_t> Iso8583Door::listen(const std::string& address, std::uint16_t port) {
    return impl_->listen(address, port);
}

bool Iso8583Door::drain(Duration at_most) {
    for (const MemberPtr& member : impl_->members().all()) {
        if (member->signed_on()) member->sign_off();
    }
    const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(at_most.ms);
    while (counters().asking > 0) {
        if (std::chrono::steady_clock::now() > until) return false;
        std::this_thread::sleep_for(drain_look);
    }
    return true;
}

std::shared_ptr<Iso8583Link> Iso8583Door::link(ParticipantId institution) {
    return impl_->link(institution);
}

std::shared_ptr<Member> Iso8583Door::member(ParticipantId institution) {
    return impl_->members().find(institution);
}

std::vector<links::LinkStatus> Iso8583Door::statuses() {
    return impl_->members().statuses();
}

const DoorCounters& Iso8583Door::counters() const {
    return impl_->counters();
}

}  // namespace huitong::gateway::iso8583
