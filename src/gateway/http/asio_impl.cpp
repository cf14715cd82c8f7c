// The one place where the bodies of Asio and Beast are compiled (separate compilation is switched
// on for the whole build).
#include <boost/asio/impl/src.hpp>
#include <boost/beast/src.hpp>
