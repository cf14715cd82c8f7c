#include "gateway/http/connection/io_thread.hpp"

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <ctime>
#include <pthread.h>
#include <signal.h>
#include <thread>
#include <vector>

#include "base/ensure.hpp"

namespace huitong::gateway::http {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using Clock = std::chrono::steady_clock;
// The concrete executor: any_io_executor costs a virtual call and a copy for each operation.
using Executor = asio::io_context::executor_type;
using Descriptor = asio::posix::basic_stream_descriptor<Executor>;
using SteadyTimer = asio::basic_waitable_timer<Clock, asio::wait_traits<Clock>, Executor>;

std::uint64_t thread_cpu_microseconds(clockid_t clock) {
    timespec spent{};
    if (clock_gettime(clock, &spent) != 0) return 0;
    return static_cast<std::uint64_t>(spent.tv_sec) * 1'000'000 +
           static_cast<std::uint64_t>(spent.tv_nsec) / 1'000;
}

thread_local IoThread* current_thread = nullptr;

}  // namespace

struct IoThread::Loop {
    asio::io_context context{1};  // One thread: the loop takes no locks among its own handlers.
    asio::executor_work_guard<Executor> work{context.get_executor()};
    SteadyTimer tick_timer{context};
    std::atomic<std::uint64_t> cpu_at_end{0};
    std::atomic<bool> ended{false};
    std::mutex ending;  // Between reading the running thread's clock and its end.
    std::thread thread;
};

struct Watch::Impl {
    Impl(IoThread& thread, int descriptor) : socket(thread.loop_->context, descriptor) {}

    Descriptor socket;
    bool reading = false;
    bool writing = false;
    bool closed = false;
};

Watch::Watch(IoThread& thread, int descriptor)
    : impl_(std::make_shared<Impl>(thread, descriptor)) {}

Watch::~Watch() {
    close();
}

int Watch::descriptor() const {
    return impl_->socket.native_handle();
}

void Watch::close() {
    if (impl_->closed) return;
    impl_->closed = true;
    error_code ignored;
    impl_->socket.close(ignored);
}

void Watch::want_readable(Actor& actor) {
    if (impl_->reading || impl_->closed) return;
    impl_->reading = true;
    impl_->socket.async_wait(Descriptor::wait_read,
                             [impl = impl_, actor = actor.shared_from_this()](error_code) {
                                 impl->reading = false;
                                 if (!impl->closed) actor->on_readable();
                             });
}

void Watch::want_writable(Actor& actor) {
    if (impl_->writing || impl_->closed) return;
    impl_->writing = true;
    impl_->socket.async_wait(Descriptor::wait_write,
                             [impl = impl_, actor = actor.shared_from_this()](error_code) {
                                 impl->writing = false;
                                 if (!impl->closed) actor->on_writable();
                             });
}

IoThread::IoThread() : loop_(std::make_unique<Loop>()) {
    wheel_ = std::make_unique<TimerWheel>(now_ms());
    mailbox_ = std::make_shared<Mailbox>(
        *this, [this] { asio::post(loop_->context, [this] { mailbox_->run(); }); });
    loop_->thread = std::thread([this] { run(); });
}

IoThread::~IoThread() {
    stop();
}

void IoThread::run() {
    current_thread = this;
    pthread_setname_np(pthread_self(), "huitong-io");
    sigset_t all;  // Signals are the main thread's business.
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, nullptr);
    loop_->context.run();
    // Closing is done here, by the thread that owns the actors; their cancelled waits run last.
    mailbox_->close();
    std::vector<std::shared_ptr<Actor>> left;
    for (const auto& [id, actor] : actors_) left.push_back(actor);
    for (const auto& actor : left) actor->on_stop();
    actors_.clear();
    left.clear();
    loop_->context.restart();
    loop_->context.poll();

    const std::lock_guard lock(loop_->ending);
    loop_->cpu_at_end = thread_cpu_microseconds(CLOCK_THREAD_CPUTIME_ID);
    loop_->ended = true;
}

void IoThread::stop() {
    if (!loop_->thread.joinable()) return;
    ENSURE(current() == nullptr);  // A thread of ours cannot join itself, nor a sister safely.
    loop_->work.reset();
    loop_->context.stop();
    loop_->thread.join();
}

IoThread* IoThread::current() {
    return current_thread;
}

std::uint64_t IoThread::cpu_microseconds() const {
    const std::lock_guard lock(loop_->ending);
    if (loop_->ended) return loop_->cpu_at_end;
    clockid_t clock{};
    if (pthread_getcpuclockid(loop_->thread.native_handle(), &clock) != 0) return 0;
    return thread_cpu_microseconds(clock);
}

std::uint64_t IoThread::add(std::shared_ptr<Actor> actor) {
    actors_.emplace(++last_id_, std::move(actor));
    return last_id_;
}

void IoThread::drop(std::uint64_t id) {
    actors_.erase(id);
}

Actor* IoThread::find(std::uint64_t id) const {
    const auto found = actors_.find(id);
    return found == actors_.end() ? nullptr : found->second.get();
}

void IoThread::for_each(const std::function<void(Actor&)>& visit) {
    std::vector<std::shared_ptr<Actor>> all;  // A visit may drop actors.
    for (const auto& [id, actor] : actors_) all.push_back(actor);
    for (const auto& actor : all) visit(*actor);
}

std::int64_t IoThread::now_ms() const {
    using std::chrono::milliseconds;
    return std::chrono::duration_cast<milliseconds>(Clock::now().time_since_epoch()).count();
}

void IoThread::set_timer(Timer& timer, std::int64_t deadline_ms) {
    if (!ticking_) wheel_->advance(now_ms());
    wheel_->set(timer, deadline_ms);
    if (!ticking_) tick();
}

void IoThread::tick() {
    ticking_ = true;
    loop_->tick_timer.expires_after(std::chrono::milliseconds(TimerWheel::tick_ms));
    loop_->tick_timer.async_wait([this](error_code error) {
        ticking_ = false;
        if (error) return;
        wheel_->advance(now_ms());
        if (!actors_.empty() && !ticking_) tick();
    });
}

}  // namespace huitong::gateway::http
