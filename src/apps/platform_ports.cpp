#include "apps/platform_ports.hpp"

#include <algorithm>
#include <filesystem>

#include "apps/ask.hpp"
#include "apps/institutions.hpp"
#include "crypto/bytes.hpp"
#include "gateway/institution/resolver.hpp"

namespace huitong::apps {
namespace {

namespace operator_door = gateway::operator_door;
using gateway::notices::NoticeCourier;

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

Result<operator_door::Notice> told(NoticeCourier& courier, const engine::Notice& row) {
    TRY(url, courier.url_of(row));
    operator_door::Notice notice{.notice_id = gateway::notices::notice_id(row),
                                 .event_type = event_of(row.key.kind),
                                 .url = url,
                                 .status = static_cast<operator_door::NoticeStatus>(row.status),
                                 .next_attempt_at = row.due,
                                 .attempts = {}};
    TRY(attempts, courier.attempts(row.key));
    for (const engine::NoticeAttempt& attempt : attempts)
        notice.attempts.push_back({attempt.at, attempt.http_status, attempt.took, attempt.error});
    return notice;
}

Result<std::vector<operator_door::Notice>> notices_of(NoticeCourier& courier, OrderId order) {
    TRY(rows, courier.of_order(order));
    std::vector<operator_door::Notice> notices;
    for (const engine::Notice& row : rows) {
        TRY(notice, told(courier, row));
        notices.push_back(std::move(notice));
    }
    std::ranges::reverse(notices);  // The newest first.
    return notices;
}

Result<operator_door::Notice> resend(NoticeCourier& courier, const std::string& notice_id) {
    const auto key = gateway::notices::notice_key(notice_id);
    if (!key) return refuse(Error::notice_not_found);
    TRY(rows, courier.resend(*key));
    if (rows.empty()) return refuse(Error::notice_not_found);
    return told(courier, rows.front());
}

std::uint64_t bytes_in(const std::filesystem::path& folder) {
    std::uint64_t sum = 0;
    std::error_code ignored;
    for (const auto& item : std::filesystem::directory_iterator(folder, ignored)) {
        if (item.path().filename().string().starts_with("journal-")) sum += item.file_size(ignored);
    }
    return sum;
}

// In hexadecimal; empty when there is no such batch or it cannot be read.
std::string hash_of_batch(engine::Journal& journal, Sequence sequence) {
    std::string hash;
    const auto read = journal.read(sequence, [&hash](const engine::StoredBatch& batch) {
        const engine::ChainHash bytes = engine::chain_hash(batch.bytes);
        hash = crypto::to_hex({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
        return false;
    });
    return read ? hash : std::string{};
}

}  // namespace

operator_door::Ports operator_ports(engine::Heart& heart, store::sqlite::SqliteJournal& journal,
                                    NoticeCourier& courier, const std::filesystem::path& data,
                                    const Institutions& institutions) {
    operator_door::Ports ports;
    ports.notices = [&courier](OrderId order) { return notices_of(courier, order); };
    ports.resend = [&courier](const std::string& notice_id) { return resend(courier, notice_id); };
    ports.journal = [&heart, &journal, data] {
        const engine::HeartCounters& counters = heart.counters();
        const Sequence last{counters.committed};
        operator_door::JournalStatus status{.last_sequence = last.value,
                                            .last_batch_hash = hash_of_batch(journal, last),
                                            .bytes = bytes_in(data),
                                            .epoch = journal.epoch(),
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
    ports.link = [&institutions](ParticipantId id) { return institutions.link_status(id); };
    return ports;
}

Result<ParticipantId> owner_of_payer_code(std::string_view code,
                                          const engine::Directory& directory) {
    return gateway::institution::owner_of_code(marks_of_code, directory, code, ParticipantId{});
}

}  // namespace huitong::apps
