// How the house is doing.
#include <utility>

#include "gateway/operator/impl.hpp"

namespace huitong::gateway::operator_door {
namespace {

constexpr std::int64_t minute_ms = minutes(1).ms;
constexpr std::uint64_t minutes_default = 180;
constexpr std::uint64_t minutes_max = 1440;
// Beyond every minute that an entry may carry.
constexpr Instant far_future{std::int64_t{1} << 50U};

Instant minute_of(Instant t) {
    return {t.ms / minute_ms * minute_ms};
}

void add(Totals& totals, const std::vector<engine::MinuteStatistics>& rows) {
    for (const engine::MinuteStatistics& row : rows) {
        totals.payments += row.payments;
        totals.declined += row.declined;
        totals.refunds += row.refunds;
        totals.paid_minor += row.paid_minor;
    }
}

// One point for every minute, also when nothing happened.
std::vector<engine::MinuteStatistics> filled(const std::vector<engine::MinuteStatistics>& rows,
                                             Instant from, Instant to) {
    std::vector<engine::MinuteStatistics> points;
    auto row = rows.begin();
    for (Instant minute = from; minute < to; minute = minute + minutes(1)) {
        while (row != rows.end() && row->minute < minute) ++row;
        const bool there = row != rows.end() && row->minute == minute;
        points.push_back(there ? *row : engine::MinuteStatistics{.minute = minute});
    }
    return points;
}

}  // namespace

void OperatorDoor::Impl::get_journal_status(const ExchangePtr& exchange) {
    if (!parts_.ports.journal) return exchange->yes(journal_json({}));
    on_lists(exchange, [this, exchange] { exchange->yes(journal_json(parts_.ports.journal())); });
}

void OperatorDoor::Impl::get_statistics(const ExchangePtr& exchange) {
    wire::json::Report report;
    json_door::Parameters parameters(exchange->request.query(), report);
    std::uint64_t count = minutes_default;
    parameters.number("minutes", 1, minutes_max, count);
    parameters.finish();
    if (!report.clean()) return exchange->no(*report.first());
    on_lists(exchange, [this, exchange, count] {
        const Instant to = minute_of(exchange->now) + minutes(1);
        const Instant from = to - minutes(static_cast<std::int64_t>(count));
        const auto as_of = caught_up();
        const auto rows = parts_.tables.statistics(from, to);
        const auto sums = totals(*exchange->directory);
        if (!as_of || !rows || !sums) return exchange->no(Error::store_failed);
        exchange->yes(statistics_json(*sums, filled(*rows, from, to)));
    });
}

// Minutes before the one at which the tables stand change no more: their sums are kept.
Result<Totals> OperatorDoor::Impl::totals(const engine::Directory& directory) {
    Totals sums;
    {
        const std::lock_guard lock(totals_mutex_);
        TRY(cursor, parts_.tables.cursor());
        const Instant until = minute_of(cursor.now);
        if (until > past_until_) {
            TRY(past, parts_.tables.statistics(past_until_, until));
            add(past_totals_, past);
            past_until_ = until;
        }
        sums = past_totals_;
        TRY(rest, parts_.tables.statistics(past_until_, far_future));
        add(sums, rest);
    }
    sums.merchants = directory.merchants.size();
    TRY(counts, parts_.tables.counts());
    sums.counts = counts;
    return sums;
}

}  // namespace huitong::gateway::operator_door
