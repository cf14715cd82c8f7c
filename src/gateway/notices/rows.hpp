// From committed entries to notices: which events a merchant is told of.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "engine/notice_store.hpp"
#include "engine/tables.hpp"

namespace huitong::gateway::notices {

// A record out of the tables; monostate when there is none.
using Fetch = std::function<Result<engine::AnyRecord>(const Miss&)>;

Result<acquiring::Order> fetch_order(const Fetch& fetch, OrderId id);
Result<acquiring::Refund> fetch_refund(const Fetch& fetch, RefundId id);

// A notice for each order that became paid, but for a till's, and each refund that ended, due at
// once. An image of a record's later state lacks its terms; then merchant and order are fetched.
Result<std::vector<engine::Notice>> notices_of(std::span<const engine::ReadEntry> entries,
                                               const Fetch& fetch);

}  // namespace huitong::gateway::notices
