#!/usr/bin/env python3
"""Checks the rules of the house that no compiler checks.

    tools/tidy.py               over this checkout: prints what is wrong, then the lengths
    tools/tidy.py --self-test   plants a violation of every rule and must find each

A rule is a function from a Tree to findings; RULES, at the end, lists them all.
Only programs of Debian are used: Python 3 and universal-ctags.
"""
import json
import os
import re
import statistics
import subprocess
import sys
from collections import Counter, namedtuple
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CORE = ("ledger", "wallet", "acquiring", "switching", "clearing")
SHOWN_PER_FILE_MAX = 3  # of one rule; a file that is wrong all over needs no more to be told so
FILE_LINES_MAX, FUNCTION_LINES_MAX, COLUMNS_MAX = 600, 70, 100
README_LINES_MAX, HEADERS_MAX, BEAST_FILES_MAX = 40, 15, 5
NOT_OURS = {".git", "build", "data", "dist", "node_modules", "__pycache__"}
TEXT = (".cpp .hpp .py .sh .md .txt .cmake .json .yaml .yml .toml .ts .tsx .js .mjs .css .html "
        ".proto .sql").split()

Finding = namedtuple("Finding", "rule path line text")


class File:
    """A text file: its path from the root, its lines, and its lines without comments and strings."""

    def __init__(self, root, path):
        self.path = path.relative_to(root).as_posix()
        self.lines = path.read_text(errors="replace").splitlines()
        self.suffix = path.suffix
        parts = self.path.split("/")
        self.in_src = parts[0] == "src"
        self.module = parts[1] if self.in_src and len(parts) > 2 else None
        self.is_cpp = self.suffix in (".cpp", ".hpp")
        self.is_test = re.search(r"_(test|fuzz|bench)\w*\.\w+$", self.path) is not None

    def code(self):
        """Pairs of line number and line, comments and the insides of strings blanked."""
        if not hasattr(self, "bare"):
            text = re.sub(r'//[^\n]*|/\*.*?\*/|R"(\w*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"'
                          r"|(?<!\w)'(?:\\.|[^'\\\n])+'",
                          lambda m: "\n" * m[0].count("\n"), "\n".join(self.lines), flags=re.S)
            self.bare = list(enumerate(text.split("\n"), 1))
        return self.bare

    def includes(self):
        for number, line in enumerate(self.lines, 1):
            if m := re.match(r'\s*#\s*include\s*(["<])([^">]+)[">]', line):
                yield number, m[1], m[2]

    def table_lines(self):
        """Numbers of the lines in tables, which `clang-format off` and `on` enclose."""
        found, off = set(), False
        for number, line in enumerate(self.lines, 1):
            off = (off or "clang-format off" in line) and "clang-format on" not in line
            if off:
                found.add(number)
        return found


class Tree:
    def __init__(self, root):
        self.root = root
        self.files = [File(root, p) for p in sorted(self.walk())]
        self.cpp = [f for f in self.files if f.in_src and f.is_cpp]
        self.production = [f for f in self.cpp if not f.is_test]
        self.core = [f for f in self.production if f.module in CORE]

    def walk(self):
        for folder, folders, names in os.walk(self.root):
            folders[:] = [d for d in folders if d not in NOT_OURS]
            for name in names:
                path = Path(folder, name)
                if path.suffix in TEXT or path.suffix == "":
                    if "corpus" not in path.parts and path.is_file():
                        yield path


def layers(tree):
    """An include must be allowed by src/LAYERS, and is written from src/."""
    allowed = {}
    for line in (tree.root / "src/LAYERS").read_text().splitlines():
        if line.strip() and not line.startswith("#"):
            module, _, rest = line.partition(":")
            allowed[module.strip()] = {module.strip(), *rest.split()}
    for f in tree.cpp:
        if f.module is None:
            continue
        if f.module not in allowed:
            yield Finding("layers", f.path, 1, f"src/LAYERS does not name {f.module}")
            continue
        for number, quote, name in f.includes():
            target = name.split("/")[0]
            if quote == '"' and (target not in allowed or "/" not in name or ".." in name):
                yield Finding("layers", f.path, number, f'write "{name}" as a path from src/')
            elif quote == '"' and target not in allowed[f.module]:
                yield Finding("layers", f.path, number, f"{f.module} may not include {target}")


def beast(tree):
    """Boost.Beast costs many seconds wherever it is included, so few files may, and no header."""
    users = []
    for f in tree.cpp:
        lines = [n for n, _, name in f.includes() if name.startswith("boost/beast")]
        if lines and f.suffix == ".hpp":
            yield Finding("beast", f.path, lines[0], "a header includes Boost.Beast")
        elif lines:
            users.append((f.path, lines[0]))
    for path, line in users[BEAST_FILES_MAX:]:
        yield Finding("beast", path, line, f"{len(users)} files include Boost.Beast; "
                                           f"{BEAST_FILES_MAX} may")


def unbuilt(tree):
    """A file that no CMakeLists.txt names is never compiled, or a test that never runs."""
    named = set()
    for f in tree.files:
        if f.path.endswith("CMakeLists.txt"):
            folder = Path(f.path).parent
            text = re.sub(r"#.*", "", "\n".join(f.lines))
            named |= {(folder / w).as_posix() for w in re.findall(r"[\w./-]+\.(?:[ch]pp|proto)", text)}
    for f in tree.files:
        test_kit = f.is_test and f.suffix == ".hpp"  # Compiled by the tests that include it.
        wanted = f.module and not test_kit and (f.is_cpp or f.suffix == ".proto")
        if wanted and f.path not in named:
            yield Finding("unbuilt", f.path, 1, "no CMakeLists.txt names this file")


def file_length(tree):
    for f in tree.production:
        count = len(f.lines) - len(f.table_lines())
        if count > FILE_LINES_MAX:
            yield Finding("file-length", f.path, 1, f"{count} lines; {FILE_LINES_MAX} at most")


def functions(tree):
    """(lines without tables, file, name, first line) of each function of the production code."""
    files = {str(tree.root / f.path): f for f in tree.production}
    out = subprocess.run(
        ["ctags", "-L", "-", "-f", "-", "--output-format=json", "--fields=+ne",
         "--languages=C++", "--langmap=C++:+.hpp", "--kinds-C++=f"],
        input="\n".join(files), text=True, capture_output=True, check=True).stdout
    for tag in map(json.loads, out.splitlines()):
        if "end" in tag:
            f = files[tag["path"]]
            span = set(range(tag["line"], tag["end"] + 1)) - f.table_lines()
            yield len(span), f, tag["name"], tag["line"]


def function_length(tree):
    for count, f, name, line in functions(tree):
        if count > FUNCTION_LINES_MAX:
            yield Finding("function-length", f.path, line,
                          f"{name} has {count} lines; {FUNCTION_LINES_MAX} at most")


def columns(tree):
    """Tables of data too. Tests may be wider: a table of cases is read row by row."""
    for f in tree.files:
        if f.in_src and not f.is_test and (f.is_cpp or f.suffix in (".proto", ".txt")):
            for number, line in enumerate(f.lines, 1):
                if len(line.expandtabs(4)) > COLUMNS_MAX:
                    yield Finding("columns", f.path, number,
                                  f"{len(line)} columns; {COLUMNS_MAX} at most")


def readme(tree):
    """Every module has a README.md, and no README.md of a module is long."""
    readmes = {f.path: f for f in tree.files if f.module and f.path.endswith("/README.md")}
    for module in sorted({f.module for f in tree.cpp if f.module}):
        if f"src/{module}/README.md" not in readmes:
            yield Finding("readme", f"src/{module}", 1, "this module has no README.md")
    for path, f in readmes.items():
        if len(f.lines) > README_LINES_MAX:
            yield Finding("readme", path, 1, f"{len(f.lines)} lines; {README_LINES_MAX} at most")


def headers(tree):
    folders = {}
    for f in tree.production:
        if f.suffix == ".hpp":
            folders.setdefault(str(Path(f.path).parent), []).append(f)
    for folder, found in folders.items():
        if len(found) > HEADERS_MAX:
            yield Finding("headers", folder, 1, f"{len(found)} headers; past {HEADERS_MAX}, "
                                                "find the missing noun and make a new module")


# The core is pure (docs/architecture.md): the same commands give the same entries.
IMPURE = [
    ("clock", r"\b(system|steady|high_resolution|utc)_clock\b|\b(clock_gettime|gettimeofday)\b"
              r"|\b(std::)?time\(\s*(nullptr|NULL|0|&)|\blocaltime|\bgmtime",
     "reads a clock; the time is an argument"),
    ("random", r"\b(s?rand|random|getrandom)\s*\(|\brandom_device\b|\bmt19937|_distribution\b"
               r"|\bshuffle\s*\(|\bRAND_bytes\b",
     "uses chance; a Prng& is passed where chance is part of the rule"),
    ("float", r"\b(float|double)\b", "floating point near money"),
    ("hash", r"\bstd::hash<[^;{}()]*>\s*(\{\s*\}|\(\s*\))\s*\(",
     "std::hash differs between libraries, so it may not reach an entry"),
    ("thread", r"\bstd::(jthread|thread|this_thread|mutex|\w+_mutex|\w+_lock|lock_guard|atomic\w*"
               r"|condition_variable\w*|future|promise|async)\b|\bthread_local\b|\bpthread_",
     "threads and locks; one thread owns the state"),
    ("io", r"\bstd::(cout|cerr|clog|[io]?fstream|getenv)\b|\bf?printf\s*\(|\bspdlog::",
     "input or output"),
]


def core(tree):
    for f in tree.core:
        for number, line in f.code():
            for name, pattern, text in IMPURE:
                if re.search(pattern, line):
                    yield Finding(f"core-{name}", f.path, number, text)


def core_order(tree):
    """The order of an unordered container is an accident of the library; look up, never iterate."""
    kind = r"\b(?:\w+::)?unordered_(?:\w+_)?(?:multi)?(?:map|set)"
    for module in CORE:
        files = [f for f in tree.core if f.module == module]
        text = "\n".join(line for f in files for _, line in f.code())
        aliases = re.findall(r"\busing\s+(\w+)\s*=\s*" + kind, text)
        types = "|".join([kind + r"\s*<[^;(){}]*>"] + [rf"\b{a}\b" for a in aliases])
        names = set(re.findall(rf"(?:{types})\s*&?\s*(\w+)\s*[;={{,)]", text))
        if not names:
            continue
        any_name = "|".join(sorted(names))
        walk = rf"\bfor\s*\([^;]*:\s*(?:\w+(?:\.|->))*({any_name})\s*\)|\b({any_name})\.c?begin\("
        for f in files:
            for number, line in f.code():
                if m := re.search(walk, line):
                    yield Finding("core-order", f.path, number,
                                  f"iterates over the unordered container {m[1] or m[2]}")


def todo(tree):
    word = "TO" "DO"
    for f in tree.files:
        for number, line in enumerate(f.lines, 1):
            if re.search(rf"\b{word}\b(?!\s*\(?#\d+)", line):
                yield Finding("todo", f.path, number, f"{word} without an issue number")


def links(tree):
    """Relative links of the documents must lead somewhere; code blocks hold no links."""
    for f in tree.files:
        if f.suffix != ".md":
            continue
        fenced = False
        for number, line in enumerate(f.lines, 1):
            fenced ^= line.lstrip().startswith("```")
            targets = [] if fenced else re.findall(r"\]\(([^)\s]+)\)", re.sub(r"`[^`]*`", "", line))
            for target in targets:
                path = target.split("#")[0]
                if path and not re.match(r"[a-z]+:", path):
                    if not (tree.root / f.path).parent.joinpath(path).exists():
                        yield Finding("links", f.path, number, f"{target} does not exist")


def machine(tree):
    """What is true of one machine or mirror only has no place in the project."""
    paths = "|".join(["wo" "rk", "ro" "ot"])
    hosts = "|".join([r"registry\.npm", r"npmmirror\.com", r"deb\.deb" "ian", r"security\.deb" "ian",
                      r"snapshot\.deb" "ian", r"pypi\.o" "rg", r"\bpkg\.d" "ev"])
    for f in tree.files:
        for number, line in enumerate(f.lines, 1):
            if m := re.search(rf"(?<![\w.*/}}\])-])/({paths})/\w|({hosts})", line):
                yield Finding("machine", f.path, number, f"names a machine or registry: {m[0]}")


RULES = [layers, beast, unbuilt, file_length, function_length, columns, readme, headers, core,
         core_order, todo, links, machine]


def check(root):
    tree = Tree(root)
    return tree, [finding for rule in RULES for finding in rule(tree)]


def report_lengths(tree):
    def row(what, sizes):
        sizes = sorted(sizes) or [0]
        ninety = sizes[min(len(sizes) - 1, len(sizes) * 9 // 10)]
        print(f"{what}: median {statistics.median(sizes):.0f}, 90 % {ninety}, most {sizes[-1]}")

    row("lines per file", [len(f.lines) for f in tree.production])
    row("lines per header", [len(f.lines) for f in tree.production if f.suffix == ".hpp"])
    row("lines per function", [count for count, *_ in functions(tree)])


def main(arguments):
    if arguments == ["--self-test"]:
        from tidy_self_test import self_test
        return self_test(check)
    if arguments:
        print(__doc__)
        return 2
    tree, findings = check(ROOT)
    shown = Counter()
    for f in findings:
        shown[f.rule, f.path] += 1
        if shown[f.rule, f.path] <= SHOWN_PER_FILE_MAX:
            print(f"{f.path}:{f.line}: {f.text} [{f.rule}]")
    for (rule, path), count in shown.items():
        if count > SHOWN_PER_FILE_MAX:
            print(f"{path}: {count - SHOWN_PER_FILE_MAX} more [{rule}]")
    report_lengths(tree)
    print(f"{len(tree.files)} files, {len(findings)} findings")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.dont_write_bytecode = True
    sys.exit(main(sys.argv[1:]))
