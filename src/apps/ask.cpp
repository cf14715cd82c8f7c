#include "apps/ask.hpp"

#include <future>

namespace huitong::apps {
namespace {

class OneAnswer final : public engine::Mailbox {
public:
    void deliver(std::vector<engine::RequestPtr> answered) override {
        for (engine::RequestPtr& request : answered) promise_.set_value(std::move(request->answer));
    }
    Result<engine::Answer> wait() { return promise_.get_future().get(); }

private:
    std::promise<Result<engine::Answer>> promise_;
};

}  // namespace

Result<engine::Answer> ask(engine::Heart& heart, engine::Command command) {
    OneAnswer home;
    heart.submit(std::make_unique<engine::Request>(std::move(command), home, nullptr));
    return home.wait();
}

}  // namespace huitong::apps
