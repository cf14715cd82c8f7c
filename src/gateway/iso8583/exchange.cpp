#include "gateway/iso8583/exchange.hpp"

#include <algorithm>

namespace huitong::gateway::iso8583 {

Result<void> Pending::add(const std::string& key, std::int64_t now_us, std::int64_t until_ms,
                          Answered& done) {
    if (waiting_.contains(key)) return refuse(Error::id_taken);
    if (waiting_.size() >= waiting_max_) return refuse(Error::overloaded);
    waiting_.emplace(key, Waiting{std::move(done), now_us, until_ms});
    due_.emplace(until_ms, key);
    return {};
}

std::optional<Pending::Taken> Pending::take(const std::string& key) {
    const auto found = waiting_.find(key);
    if (found == waiting_.end()) return std::nullopt;
    Taken taken{std::move(found->second.done), found->second.since_us};
    const auto [begin, end] = due_.equal_range(found->second.until_ms);
    due_.erase(std::find_if(begin, end, [&](const auto& due) { return due.second == key; }));
    waiting_.erase(found);
    return taken;
}

std::vector<Answered> Pending::expired(std::int64_t now_ms) {
    std::vector<Answered> out;
    while (!due_.empty() && due_.begin()->first <= now_ms) {
        const auto found = waiting_.find(due_.begin()->second);
        out.push_back(std::move(found->second.done));
        waiting_.erase(found);
        due_.erase(due_.begin());
    }
    return out;
}

std::vector<Answered> Pending::all() {
    std::vector<Answered> out;
    for (auto& [key, waiting] : waiting_) out.push_back(std::move(waiting.done));
    waiting_.clear();
    due_.clear();
    return out;
}

Given::Seen Given::see(const std::string& key, const std::string& digest) {
    const auto found = entries_.find(key);
    if (found != entries_.end()) {
        const Entry& entry = found->second;
        if (entry.digest != digest) return {Is::other, {}};
        if (entry.answer.empty()) return {Is::under_way, {}};
        return {Is::answered, entry.answer};
    }
    while (order_.size() >= kept_max_) {
        const auto& [number, oldest] = order_.front();
        const auto entry = entries_.find(oldest);
        if (entry != entries_.end() && entry->second.number == number) entries_.erase(entry);
        order_.pop_front();
    }
    entries_.emplace(key, Entry{digest, {}, ++last_number_});
    order_.emplace_back(last_number_, key);
    return {Is::fresh, {}};
}

void Given::answered(const std::string& key, std::string answer) {
    const auto found = entries_.find(key);
    if (found != entries_.end()) found->second.answer = std::move(answer);
}

}  // namespace huitong::gateway::iso8583
