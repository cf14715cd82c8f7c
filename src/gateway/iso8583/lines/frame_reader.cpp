#include "gateway/iso8583/lines/frame_reader.hpp"

#include <algorithm>
#include <utility>

#include "base/result.hpp"

namespace huitong::gateway::iso8583 {

using wire::iso8583::Checked;
using wire::iso8583::FrameFront;

Checked<void> FrameReader::feed(std::string_view bytes, const See& see) {
    using Kind = FrameFront::Kind;
    for (;;) {
        const std::string_view seen = partial_.empty() ? bytes : std::string_view(partial_);
        if (seen.empty()) return {};
        TRY(front, look_at_front(dialect_, seen));
        if (front.kind == Kind::partial) {
            // Only what this frame still lacks, so that the next one needs no copy.
            const std::size_t lacks = front.bytes - partial_.size();
            partial_.append(bytes.substr(0, lacks));
            bytes.remove_prefix(std::min(lacks, bytes.size()));
            if (partial_.size() >= front.bytes) continue;
            // A wrong length is refused at its first wrong byte, also when it comes in pieces.
            const auto sound = look_at_front(dialect_, partial_);
            if (!sound) return std::unexpected(sound.error());
            return {};
        }
        const std::string whole = std::exchange(partial_, {});
        const std::string_view frame = whole.empty() ? bytes.substr(0, front.bytes) : whole;
        if (whole.empty()) bytes.remove_prefix(front.bytes);
        if (front.kind == Kind::complete && !see(frame)) return {};
    }
}

}  // namespace huitong::gateway::iso8583
