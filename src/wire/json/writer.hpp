// Appends JSON text to a string, in the order of the calls; no tree is built. Commas are the
// writer's business, matching brackets are ENSUREd.
//
//     std::string body;
//     Writer json(body);
//     json.begin_object();
//     json.text("code_url", url);
//     json.end_object();
//
// The output is valid JSON in valid UTF-8 whatever texts come in: malformed bytes become U+FFFD.
// Nothing is escaped that need not be, so equal values give equal bytes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace huitong::wire::json {

class Writer {
public:
    explicit Writer(std::string& out) : out_(out) {}

    // The root, or an element of an array.
    void begin_object();
    void begin_array();
    void text(std::string_view value);
    void integer(std::int64_t value);
    // Members of an object.
    void begin_object(std::string_view name);
    void begin_array(std::string_view name);
    void text(std::string_view name, std::string_view value);
    void integer(std::string_view name, std::int64_t value);
    void boolean(std::string_view name, bool value);
    // A member whose value is JSON text already; ours, never a client's.
    void raw(std::string_view name, std::string_view json);
    // Writes nothing when the text is empty: our optional texts are empty when absent.
    void text_if(std::string_view name, std::string_view value);

    void end_object();
    void end_array();

private:
    void separate();
    void key(std::string_view name);
    void open(char bracket);
    void close(char bracket);
    void quoted(std::string_view value);

    std::string& out_;
    bool first_ = true;  // no comma before the next thing
    int depth_ = 0;
};

}  // namespace huitong::wire::json
