# What ./test is made of. A step is a command with a name, a log in build/logs and a count of checks.
mkdir -p build/logs
passed=0
failed=0
export GTEST_COLOR=no HUITONG="$PWD/build/dev/src/apps/huitong"

# step NAME COMMAND..: one check. Its output goes to its log; the terminal sees it as it comes when
# the step builds something, else only when it failed.
step() {
    run_step "$@"
    if ((status == 0)); then ((passed += 1)); else ((failed += 1)); fi
}

# counted NAME COUNTER COMMAND..: many checks in one command. COUNTER reads the log and prints
# "passed failed"; a command that fails without a failed check counts as one.
counted() {
    local name=$1 counter=$2 ok bad
    run_step "$name" "${@:3}"
    read -r ok bad < <("$counter" "build/logs/$name.log")
    ((status == 0 || bad > 0)) || bad=1
    echo "   $ok passed, $bad failed"
    ((passed += ok, failed += bad))
}

run_step() {
    local name=$1 began=$EPOCHREALTIME log="build/logs/$1.log" seconds
    shift
    echo "== $name"
    case "$name" in
        setup | build | headers) "$@" 2>&1 | tee "$log"; status=${PIPESTATUS[0]} ;;
        *) "$@" >"$log" 2>&1; status=$? ;;
    esac
    seconds=$(((${EPOCHREALTIME/[.,]/} - ${began/[.,]/}) / 100000))
    seconds="$((seconds / 10)).$((seconds % 10)) s"
    if ((status == 0)); then
        echo "   ok, $seconds"
        return
    fi
    case "$name" in
        setup | build | headers) ;;
        *) cat "$log" ;;
    esac
    echo "   FAILED with $status after $seconds (log: $log)"
}

# absent NAME WHAT: says that a step has nothing to run in this checkout.
absent() { echo "== $1"; echo "   skipped: no $2"; }

stop_if_failed() {
    ((failed == 0)) || summary
}

summary() {
    echo
    echo "$passed passed, $failed failed"
    ((failed == 0))
    exit
}

# GoogleTest's cases where a test has them, else the test itself. Reads CTest's own log, which has
# every test's output and not only that of the failed ones.
count_ctest() {
    awk '
        function close_test() {
            if (!open) return
            passed += good ? (ok ? ok : 1) : ok
            failed += good ? 0 : (bad ? bad : 1)
        }
        /^[0-9]+\/[0-9]+ Testing: / { close_test(); open = 1; good = ok = bad = 0 }
        /^\[       OK \] /          { ok++ }
        /^\[  FAILED  \] .* \([0-9]+ ms\)$/ { bad++ }
        /^Test Passed\.$/           { good = 1 }
        END { close_test(); print passed + 0, failed + 0 }
    ' "${ctest_dir:-build/dev}/Testing/Temporary/LastTest.log" 2>/dev/null || echo 0 0
}

# The summary lines of node:test, in its two dialects.
count_node() {
    awk '
        $2 == "pass" && ($1 == "#" || $1 == "ℹ") { passed += $3 }
        $2 == "fail" && ($1 == "#" || $1 == "ℹ") { failed += $3 }
        END { print passed + 0, failed + 0 }
    ' "$1"
}

run_ctest() { # PRESET [REGEX]
    ctest_dir="build/$1"
    rm -f "$ctest_dir/Testing/Temporary/LastTest.log"
    counted "tests-$1${2:+-$2}" count_ctest ctest --test-dir "$ctest_dir" --output-on-failure \
        --no-tests=error -j "$(nproc)" ${2:+-R "$2"}
}

step_headers() { step headers tools/build dev all_verify_interface_header_sets; }
step_format() { step format tools/format --check; }
step_tests() { run_ctest dev "$@"; }

step_portal() {
    [[ -f portal/package.json ]] || { absent portal portal/package.json; return; }
    step portal tools/pages
    step portal-types tools/npm portal lint
    counted portal-tests count_node tools/npm portal test
}

step_peers() {
    [[ -f peers/package.json ]] || { absent peers peers/package.json; return; }
    counted peers count_node tools/npm peers test
}

step_e2e() {
    [[ -f portal/package.json ]] || { absent e2e portal/package.json; return; }
    counted e2e count_node tools/e2e
}

step_asan() { sanitized asan; }
step_tsan() { sanitized tsan; }
sanitized() {
    step "build-$1" tools/build "$1"
    run_ctest "$1"
}

step_fuzz() { step fuzz tools/fuzz "${FUZZ_SECONDS:-180}"; }
step_crash() {
    kill_run crash 5
    step crash-network "$HUITONG" network-run --minutes 0.3 --kills 1 --settle 2
}
step_kills() { kill_run kills 200; }
# Four institutions as four processes, each killed 50 times in half an hour.
step_network() { step network "$HUITONG" network-run --minutes 30 --kills 50; }
# Three institutions in one process, a thousand seeds of a thousand wishes.
step_sim() { HUITONG_SIM_SEEDS=1000 run_ctest dev sim; }
kill_run() {
    [[ -x tools/kill-run ]] || { absent "$1" tools/kill-run; return; }
    step "$1" tools/kill-run "$2"
}

# The disk-fault test reads how many seeds to run; ./test leaves it at its short default.
step_faults() { HUITONG_FAULT_SEEDS=300 run_ctest dev faults; }
step_bench() { step bench "$HUITONG" bench all; }
