// Writes messages: fields in ascending order, then what stands before them. One buffer serves all
// messages of a builder, so that nothing is allocated after the first.
//
//     builder.start(mti);
//     CHECK(builder.add(3, "000000"));
//     CHECK(builder.add_number(4, 12345));
//     TRY(frame, builder.finish({.header = &header}));   // a view into the buffer
//
// Front parts are written backwards from the fields, so that nothing moves when it turns out
// whether there is a second bitmap.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "wire/iso8583/header.hpp"
#include "wire/iso8583/message.hpp"

namespace huitong::wire::iso8583 {

// What stands between frame and message; the dialect says which of it.
struct Head {
    const Header* header = nullptr;    // network dialect; its total is set here
    const Header* original = nullptr;  // of a reject: the header that came back behind `header`
    std::string_view tpdu;             // terminal dialect, 5 bytes
    std::string_view terminal_header;  // terminal dialect, 6 bytes
};

class Builder {
public:
    explicit Builder(const Dialect& dialect);  // which outlives the builder
    Builder(const Builder&) = delete;
    Builder& operator=(const Builder&) = delete;
    ~Builder() = default;

    // Forgets the message before.
    void start(Mti mti);
    // Adds a field above all that were added. `text` is the content as people read it, of
    // Content::b the bytes. The faults of a reader, and frame_too_long; a refused field was not
    // added.
    Checked<void> add(unsigned field, std::string_view text);
    // A fixed field of digits, with zeros in front; field_length when it has too many.
    Checked<void> add_number(unsigned field, std::uint64_t value);
    // The field as it was received, in a message of the same dialect, which has it.
    Checked<void> copy(const Message& from, unsigned field);
    // Writes bits 65 to 128 even when none is set.
    void keep_second_bitmap() { keep_second_ = true; }

    // The fields so far; until the next start(). Its body() is that of the last body*() call.
    [[nodiscard]] const Message& message() const { return message_; }
    // MTI, bitmap and fields.
    std::string_view body();
    // The same when this field, not yet added, will follow: what a terminal's MAC covers.
    std::string_view body_before(unsigned field);
    // The whole frame. Valid until the next call. Refuses with frame_too_long.
    Checked<std::string_view> finish(const Head& head);

private:
    std::string_view write_front(Bitmap bitmap);
    void put_before(std::string_view bytes);

    const Dialect& dialect_;
    std::string buffer_;
    std::size_t front_ = 0;  // offset of the first byte written
    unsigned last_ = 1;      // the highest field added
    bool keep_second_ = false;
    Message message_;
};

}  // namespace huitong::wire::iso8583
