#include "gateway/iso8583/members.hpp"

#include <algorithm>

#include "gateway/door/sealing.hpp"

namespace huitong::gateway::iso8583 {
namespace {

bool is_linked(const switching::Participant& participant) {
    const switching::ParticipantState& state = participant.state;
    const std::size_t digits = state.institution_code.size();
    return state.protocol == switching::Protocol::iso8583 && digits >= 8 && digits <= 11;
}

// What a Member is made of.
bool same_member(const switching::ParticipantState& a, const switching::ParticipantState& b) {
    return a.institution_code == b.institution_code && a.is_switch == b.is_switch &&
           a.master_key == b.master_key;
}

}  // namespace

Members::Members(Parts parts, Options options)
    : parts_(std::move(parts)), options_(std::move(options)), resolver_(http::resolve_by_system) {}

void Members::refresh() {
    std::vector<MemberPtr> dropped;
    {
        const std::lock_guard lock(mutex_);
        follow();
        dropped.swap(dropped_);
    }
    for (const MemberPtr& member : dropped) member->close();
}

void Members::close() {
    for (const MemberPtr& member : all()) member->close();
}

void Members::dial() {
    const std::lock_guard lock(mutex_);
    dials_ = true;
    follow();
    for (auto& [id, entry] : entries_) dial(entry);
}

void Members::follow() {
    const auto directory = parts_.directory();
    if (directory->version == version_ && !entries_.empty()) return;
    version_ = directory->version;
    for (const auto& [id, participant] : directory->participants) {
        const auto found = entries_.find(id);
        const bool known = found != entries_.end();
        if (known && is_linked(participant) &&
            same_member(found->second.state, participant.state)) {
            found->second.state = participant.state;
            if (dials_) dial(found->second);
            continue;
        }
        if (known) drop(found->second);
        if (known) entries_.erase(found);
        if (!is_linked(participant)) continue;
        Entry& entry = entries_[id];
        entry.member = make(participant);
        entry.state = participant.state;
        if (dials_) dial(entry);
    }
}

MemberPtr Members::make(const switching::Participant& participant) {
    crypto::Secret key;
    const std::string& sealed = participant.state.master_key.bytes;
    if (!sealed.empty()) {
        auto opened =
            parts_.master.open(door::participant_master_key_context(participant.id()), sealed);
        if (opened) key = std::move(*opened);
    }
    return std::make_shared<Member>(Member::Parts{.dialect = parts_.dialect,
                                                  .clock = parts_.clock,
                                                  .own_code = options_.own_code,
                                                  .code = participant.state.institution_code,
                                                  .id = participant.id(),
                                                  .is_switch = participant.state.is_switch,
                                                  .master_key = std::move(key)},
                                    options_.member);
}

void Members::dial(Entry& entry) {
    const std::vector<std::string>& wanted = entry.state.channels;
    std::erase_if(entry.channels, [&](Channel* channel) {
        const bool gone = std::ranges::find(wanted, channel->address) == wanted.end();
        if (gone) channel->dialler->stop();
        return gone;
    });
    for (const std::string& text : wanted) {
        const auto address = links::parse_channel(text);
        const bool dialled =
            std::ranges::find(entry.channels, text, &Channel::address) != entry.channels.end();
        if (!address || dialled) continue;
        for (std::size_t i = 0; i < options_.lines_per_channel; ++i) {
            Channel& channel = channels_.emplace_back(parts_.owner, entry.member, text);
            http::IoThread& thread = parts_.io.at(next_thread_++ % parts_.io.count());
            channel.dialler = Dialler::start({.mailbox = thread.mailbox(),
                                              .resolver = resolver_,
                                              .owner = channel,
                                              .dialect = parts_.dialect},
                                             *address, options_.dialler);
            entry.channels.push_back(&channel);
        }
    }
}

void Members::drop(Entry& entry) {
    for (Channel* channel : entry.channels) channel->dialler->stop();
    dropped_.push_back(entry.member);
}

MemberPtr Members::find(ParticipantId id) {
    const std::lock_guard lock(mutex_);
    follow();
    const auto found = entries_.find(id);
    return found == entries_.end() ? nullptr : found->second.member;
}

MemberPtr Members::find(std::string_view code) {
    const std::lock_guard lock(mutex_);
    follow();
    const auto found = std::ranges::find_if(
        entries_, [&](const auto& entry) { return entry.second.member->code() == code; });
    return found == entries_.end() ? nullptr : found->second.member;
}

std::vector<links::LinkStatus> Members::statuses() {
    const std::lock_guard lock(mutex_);
    follow();
    std::vector<links::LinkStatus> statuses;
    for (const auto& [id, entry] : entries_) {
        links::LinkStatus& status = statuses.emplace_back(entry.member->status());
        for (const std::string& address : entry.state.channels) {
            const bool up = std::ranges::any_of(entry.channels, [&](const Channel* channel) {
                return channel->address == address && channel->up;
            });
            status.channels.push_back({.address = address, .up = up});
        }
    }
    return statuses;
}

std::vector<MemberPtr> Members::all() {
    const std::lock_guard lock(mutex_);
    std::vector<MemberPtr> all;
    for (const auto& [id, entry] : entries_) all.push_back(entry.member);
    return all;
}

}  // namespace huitong::gateway::iso8583
