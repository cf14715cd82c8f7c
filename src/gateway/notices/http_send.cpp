#include "gateway/notices/http_send.hpp"

#include <utility>

namespace huitong::gateway::notices {
namespace {

// What a merchant says beside its status is of no use to us.
constexpr std::size_t answer_bytes_max = 16 * 1024;

}  // namespace

Send send_by(http::Client& client) {
    return [&client](const std::string& url, SealedLetter&& letter, Sent sent) {
        client.post(url, std::move(letter.headers), std::move(letter.body),
                    {.timeout = wire::wechatpay::notice_reply_timeout,
                     .answer_bytes_max = answer_bytes_max},
                    [sent = std::move(sent)](Result<http::Answer> answer) mutable {
                        if (!answer) return sent(refuse(answer.error()));
                        sent(answer->status);
                    });
    };
}

}  // namespace huitong::gateway::notices
