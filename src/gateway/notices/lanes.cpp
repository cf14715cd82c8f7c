#include "gateway/notices/lanes.hpp"

#include <algorithm>

namespace huitong::gateway::notices {

Lanes::Lane& Lanes::lane(MerchantId merchant) {
    return lanes_.try_emplace(merchant, Lane{.window = window_max_, .under_way = {}, .due = {}})
        .first->second;
}

void Lanes::rest(MerchantId merchant, Lane& lane, std::optional<Instant> due) {
    if (lane.due) resting_.erase({*lane.due, merchant});
    lane.due = due;
    if (due) resting_.emplace(*due, merchant);
}

void Lanes::wake(MerchantId merchant, Instant due) {
    Lane& found = lane(merchant);
    if (found.ready || (found.due && *found.due <= due)) return;
    rest(merchant, found, due);
}

void Lanes::advance(Instant now) {
    while (!resting_.empty() && resting_.begin()->first <= now) {
        const MerchantId merchant = resting_.begin()->second;
        Lane& found = lane(merchant);
        rest(merchant, found, std::nullopt);
        found.ready = true;
        queue_.push_back(merchant);
    }
}

std::optional<MerchantId> Lanes::next() {
    if (queue_.empty()) return std::nullopt;
    const MerchantId merchant = queue_.front();
    queue_.pop_front();
    lane(merchant).ready = false;
    return merchant;
}

std::size_t Lanes::room(MerchantId merchant) const {
    const auto found = lanes_.find(merchant);
    if (found == lanes_.end()) return window_max_;
    const Lane& lane = found->second;
    return lane.window > lane.under_way.size() ? lane.window - lane.under_way.size() : 0;
}

const std::set<engine::NoticeKey>& Lanes::under_way(MerchantId merchant) const {
    static const std::set<engine::NoticeKey> none;
    const auto found = lanes_.find(merchant);
    return found == lanes_.end() ? none : found->second.under_way;
}

void Lanes::sent(MerchantId merchant, engine::NoticeKey key) {
    lane(merchant).under_way.insert(key);
}

void Lanes::ended(MerchantId merchant, engine::NoticeKey key, bool well) {
    Lane& found = lane(merchant);
    found.under_way.erase(key);
    found.window =
        well ? std::min(found.window + 1, window_max_) : std::max<std::size_t>(found.window / 2, 1);
}

void Lanes::forget_if_idle(MerchantId merchant) {
    const auto found = lanes_.find(merchant);
    if (found == lanes_.end()) return;
    const Lane& lane = found->second;
    if (lane.under_way.empty() && !lane.due && !lane.ready) lanes_.erase(found);
}

std::optional<Instant> Lanes::next_due() const {
    if (!queue_.empty()) return Instant{0};
    if (resting_.empty()) return std::nullopt;
    return resting_.begin()->first;
}

}  // namespace huitong::gateway::notices
