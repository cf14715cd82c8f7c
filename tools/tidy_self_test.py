"""The self test of tidy.py: a clean little tree has no finding, and each planted fault has one."""
import tempfile
from pathlib import Path

CLEAN = {
    "README.md": "See [the map](docs/map.md), `[not](a-link)` and [the net](https://example.com).\n",
    "docs/map.md": "```\n[in a block](nowhere.md)\n```\nBack [home](../README.md#top).\n",
    "src/LAYERS": "# comment\nbase:\nledger: base\ngateway: base ledger\n",
    "src/base/README.md": "Base.\n",
    "src/base/CMakeLists.txt": "huitong_module(base SOURCES a.cpp HEADERS a.hpp TESTS a_test.cpp)\n",
    "src/base/a.hpp": "#pragma once\n#include <string>\n",
    "src/base/a.cpp": '#include "base/a.hpp"\n',
    "src/base/a_test.cpp": '#include "base/a.hpp"\n',
    "src/ledger/README.md": "Ledger.\n",
    "src/ledger/CMakeLists.txt": "huitong_module(ledger SOURCES post.cpp)\n",
    "src/ledger/post.cpp": '#include "base/a.hpp"\n'
                           "// A double posting at system_clock time is only a comment.\n"
                           'const char* text = "double float rand()";\n'
                           "std::unordered_map<int, int> known_;\n"
                           "bool has(int id) { return known_.find(id) != known_.end(); }\n"
                           "// clang-format off\n" + "// row\n" * 700 + "// clang-format on\n",
    "src/gateway/README.md": "Doors.\n",
    "src/gateway/CMakeLists.txt": "huitong_module(gateway SOURCES http/x.cpp)\n",
    "src/gateway/http/x.cpp": "#include <boost/beast/http.hpp>\n",
}

CORE_LINE = "src/ledger/post.cpp"
# The rule that must speak, and the files that are planted over the clean tree. A line that begins
# with + is added to the file that is there.
PLANTS = [
    ("layers", {"src/base/a.cpp": '#include "ledger/post.hpp"\n'}),
    ("layers", {"src/base/a.cpp": '#include "a.hpp"\n'}),
    ("layers", {"src/util/CMakeLists.txt": "u.cpp", "src/util/README.md": "", "src/util/u.cpp": ""}),
    ("beast", {"src/base/a.hpp": "#include <boost/beast/core.hpp>\n"}),
    ("beast", {"src/base/CMakeLists.txt": "+ ".join(["+"] + [f"b{i}.cpp" for i in range(5)]),
               **{f"src/base/b{i}.cpp": "#include <boost/beast.hpp>\n" for i in range(5)}}),
    ("unbuilt", {"src/base/forgotten_test.cpp": ""}),
    ("unbuilt", {"src/ledger/entry.proto": ""}),
    ("file-length", {"src/base/a.cpp": "\n" * 601}),
    ("function-length", {"src/base/a.cpp": "int f() {\n" + "    g();\n" * 70 + "}\n"}),
    ("columns", {"src/base/a.cpp": "// " + "x" * 98 + "\n"}),
    ("readme", {"src/base/README.md": None}),
    ("readme", {"src/base/README.md": "line\n" * 41}),
    ("headers", {f"src/base/h{i}.hpp": "" for i in range(15)}),
    ("core-clock", {CORE_LINE: "+auto now = std::chrono::system_clock::now();\n"}),
    ("core-clock", {CORE_LINE: "+auto now = time(nullptr);\n"}),
    ("core-random", {CORE_LINE: "+std::mt19937_64 chance;\n"}),
    ("core-random", {CORE_LINE: "+int one = rand();\n"}),
    ("core-float", {CORE_LINE: "+double share = 0.5;\n"}),
    ("core-hash", {CORE_LINE: "+auto digest = std::hash<int>{}(1);\n"}),
    ("core-thread", {CORE_LINE: "+std::mutex mutex_;\n"}),
    ("core-thread", {CORE_LINE: "+std::atomic<int> count_;\n"}),
    ("core-io", {CORE_LINE: "+void f() { std::cerr << 1; }\n"}),
    ("core-order", {CORE_LINE: "+void f() { for (auto& x : known_) g(x); }\n"}),
    ("core-order", {CORE_LINE: "+void f() { g(*known_.begin()); }\n"}),
    ("core-order", {CORE_LINE: "+using Set = std::unordered_set<int>;\nSet ids_;\n"
                               "void f() { for (int x : ids_) g(x); }\n"}),
    ("todo", {"src/base/a.cpp": "// TO" "DO: later\n"}),
    ("links", {"README.md": "[gone](docs/gone.md)\n"}),
    ("links", {"src/base/README.md": "[gone](../gone.hpp)\n"}),
    ("machine", {"docs/map.md": "Look in /wo" "rk/main/build.\n"}),
    ("machine", {"tools/fetch.sh": "curl http://deb.deb" "ian.org/\n"}),
]


def write(root, files):
    for name, text in files.items():
        path = root / name
        if text is None:
            path.unlink()
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        before = path.read_text() if text.startswith("+") and path.exists() else ""
        path.write_text(before + text.removeprefix("+") if before else text)


def findings_with(check, planted):
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        write(root, CLEAN)
        write(root, planted)
        return check(root)[1]


def self_test(check):
    wrong = [f"the clean tree has a finding: {f}" for f in findings_with(check, {})]
    for rule, planted in PLANTS:
        if rule not in {f.rule for f in findings_with(check, planted)}:
            wrong.append(f"{rule} did not find {planted}")
    print(*wrong, f"{len(PLANTS)} plants, {len(wrong)} failures", sep="\n")
    return 1 if wrong else 0
