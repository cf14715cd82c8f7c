// A stream's bytes, in whatever pieces they come, to whole frames. Pure.
//
// What always holds: never more than one frame's bytes are kept, and a length over the dialect's
// limit is refused before anything behind it is read (iso8583.md section 4).
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "wire/iso8583/frame.hpp"

namespace huitong::gateway::iso8583 {

class FrameReader {
public:
    // The dialect outlives the reader.
    explicit FrameReader(const wire::iso8583::Dialect& dialect) : dialect_(dialect) {}

    // A frame with its prefix, valid during the call; not called for beats. False: stop reading.
    using See = std::function<bool(std::string_view frame)>;
    // frame_length, frame_too_long: the stream is lost.
    wire::iso8583::Checked<void> feed(std::string_view bytes, const See& see);

    // Bytes of a frame that is not yet whole.
    [[nodiscard]] std::size_t pending() const { return partial_.size(); }

private:
    const wire::iso8583::Dialect& dialect_;
    std::string partial_;
};

}  // namespace huitong::gateway::iso8583
