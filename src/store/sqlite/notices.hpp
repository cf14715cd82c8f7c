// The notice port in a SQLite file of its own, notices.db.
//
// Commits are not synced one by one (WAL, synchronous=NORMAL): a power loss takes the last ones
// back together with the cursor, and the journal gives them again. So the hot path pays no second
// fsync.
#pragma once

#include <filesystem>
#include <memory>
#include <mutex>

#include "engine/notice_store.hpp"
#include "store/sqlite/database.hpp"

namespace huitong::store::sqlite {

class NoticeFile final : public engine::NoticeStore {
public:
    // Opens or creates the file. A later format than ours is refused with store_format_unknown.
    static Result<std::unique_ptr<NoticeFile>> open(const std::filesystem::path& path,
                                                    const std::string& vfs = {});

    Result<Sequence> cursor() override;
    Result<std::uint64_t> insert(std::span<const engine::Notice> notices, Sequence last) override;
    Result<std::vector<engine::MerchantDue>> merchants() override;
    Result<std::vector<engine::Notice>> earliest(MerchantId merchant, std::uint32_t limit) override;
    Result<void> record(std::span<const engine::NoticeAttempt> attempts) override;
    Result<std::vector<engine::Notice>> of_order(OrderId order) override;
    Result<std::vector<engine::NoticeAttempt>> attempts(engine::NoticeKey key) override;
    Result<std::vector<engine::Notice>> resend(engine::NoticeKey key, Instant now) override;
    Result<engine::NoticeCounts> counts() override;
    Result<std::uint64_t> prune(Instant before, std::uint32_t limit) override;

private:
    // A connection and its statements; thrown away after a failed write and opened anew, because
    // what such a connection still holds in memory may never have reached the disk.
    struct Connection {
        Database db;
        Statement insert, move_cursor, earliest, add_attempt, update;
    };
    NoticeFile(std::filesystem::path path, std::string vfs)
        : path_(std::move(path)), vfs_(std::move(vfs)) {}
    Result<Connection*> connection();
    Result<void> commit(Transaction& transaction);

    std::filesystem::path path_;
    std::string vfs_;
    std::mutex mutex_;
    std::unique_ptr<Connection> connection_;
};

}  // namespace huitong::store::sqlite
