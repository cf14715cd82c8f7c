// Recent<Key, Value>: a bounded cache in two halves. What is used moves to the young half; when
// that is full it becomes the old one and the old one is forgotten. Any thread.
#pragma once

#include <cstddef>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <utility>

namespace huitong::gateway::door {

template <class Key, class Value>
class Recent {
public:
    explicit Recent(std::size_t half_max) : half_max_(half_max) {}

    std::optional<Value> find(const Key& key) {
        const std::lock_guard lock(mutex_);
        if (const auto found = young_.find(key); found != young_.end()) return found->second;
        auto aged = old_.extract(key);
        if (aged.empty()) return std::nullopt;
        Value value = aged.mapped();
        add(key, value);
        return value;
    }
    void put(const Key& key, Value value) {
        const std::lock_guard lock(mutex_);
        add(key, std::move(value));
    }

private:
    void add(const Key& key, Value value) {
        if (young_.size() >= half_max_) {
            old_ = std::move(young_);
            young_ = {};
        }
        young_.insert_or_assign(key, std::move(value));
    }

    std::size_t half_max_;
    std::mutex mutex_;
    std::unordered_map<Key, Value> young_;
    std::unordered_map<Key, Value> old_;
};

}  // namespace huitong::gateway::door
