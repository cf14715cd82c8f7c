#include "apps/platform_ports.hpp"

#include <filesystem>
#include <fmt/format.h>

#include "apps/ask.hpp"

namespace huitong::apps {
namespace {

namespace operator_door = gateway::operator_door;

std::string event_of(engine::NoticeKind kind) {
    switch (kind) {
        case engine::NoticeKind::transaction_success:
            return "TRANSACTION.SUCCESS";
        case engine::NoticeKind::refund_success:
            return "REFUND.SUCCESS";
        case engine::NoticeKind::refund_abnormal:
            return "REFUND.ABNORMAL";
        case engine::NoticeKind::refund_closed:
            return "REFUND.CLOSED";
    }
    return {};
}

std::string result_of(const engine::NoticeAttempt& attempt) {
    if (attempt.http_status != 0) return fmt::format("HTTP {}", attempt.http_status);
    const Error error = error_named(attempt.error);
    return error == Error::count_ ? attempt.error : std::string(describe(error).text_en);
}

Result<std::vector<operator_door::Notice>> notices_of(gateway::notices::NoticeCourier& courier,
                                                      OrderId order) {
    TRY(rows, courier.of_order(order));
    std::vector<operator_door::Notice> notices;
    for (const engine::Notice& row : rows) {
        operator_door::Notice notice{.notice_id = gateway::notices::notice_id(row),
                                     .event_type = event_of(row.key.kind),
                                     .status = static_cast<operator_door::NoticeStatus>(row.status),
                                     .next_attempt_at = row.due};
        TRY(attempts, courier.attempts(row.key));
        for (const engine::NoticeAttempt& attempt : attempts)
            notice.attempts.push_back({attempt.at, attempt.http_status, 0, result_of(attempt)});
        notices.push_back(std::move(notice));
    }
    return notices;
}

std::uint64_t bytes_in(const std::filesystem::path& folder) {
    std::uint64_t sum = 0;
    std::error_code ignored;
    for (const auto& item : std::filesystem::directory_iterator(folder, ignored)) {
        if (item.path().filename().string().starts_with("journal-")) sum += item.file_size(ignored);
    }
    return sum;
}

}  // namespace

operator_door::Ports operator_ports(engine::Heart& heart, engine::Tables& /*tables*/,
                                    gateway::notices::NoticeCourier& courier,
                                    const engine::Journal& /*journal*/,
                                    const std::filesystem::path& data) {
    operator_door::Ports ports;
    ports.notices = [&courier](OrderId order) { return notices_of(courier, order); };
    ports.journal = [&heart, data] {
        const engine::HeartCounters& counters = heart.counters();
        operator_door::JournalStatus status{.last_sequence = counters.committed,
                                            .bytes = bytes_in(data),
                                            .state = heart.ready() ? "SERVING" : "STOPPED",
                                            .readers = {{"tables", counters.stored}}};
        return std::vector<operator_door::JournalStatus>{status};
    };
    ports.account = [&heart](AccountId id) -> Result<std::optional<ledger::Account>> {
        const auto answer = ask(heart, engine::QueryAccount{id});
        if (!answer && answer.error() == Error::account_not_found)
            return std::optional<ledger::Account>{};
        if (!answer) return refuse(answer.error());
        return std::optional(std::get<ledger::Account>(*answer));
    };
    return ports;
}

}  // namespace huitong::apps
