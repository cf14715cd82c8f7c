#include "gateway/http/server.hpp"

#include <gtest/gtest.h>

namespace huitong::gateway::http {
namespace {
TEST(Server, Starts) {
    IoThreads threads(1);
    auto server = Server::start(threads, {.handler = [](Request&&, Responder responder) {
                                    responder.send({.status = 200, .headers = {}, .body = "ok"});
                                }});
    ASSERT_TRUE(server);
    EXPECT_NE((*server)->port(), 0);
}
}  // namespace
}  // namespace huitong::gateway::http
