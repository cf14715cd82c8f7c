// The one place where the bodies of Asio and Beast are compiled (separate compilation is switched
// on for the whole build).
//
// Without assertions: Beast 1.81 asserts that a last chunk of which it waits for the end is at
// least 5 bytes, but "0\r\n\r" that opens a body is 4. A client could end a debug build with it;
// the code behind the assertion is right (request_parser_test feeds such bodies by the byte).
#define BOOST_DISABLE_ASSERTS
#include <boost/asio/impl/src.hpp>
#include <boost/beast/src.hpp>
