// Runs a fuzzer's entry point over every file of a folder: the corpus replay of the ordinary test
// run.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

int main(int argc, char** argv) {
    if (argc != 2) {
        std::fprintf(stderr, "usage: %s CORPUS_FOLDER\n", argv[0]);
        return 2;
    }
    std::error_code missing;
    std::size_t count = 0;
    for (const auto& item : std::filesystem::directory_iterator(argv[1], missing)) {
        std::ifstream in(item.path(), std::ios::binary);
        const std::vector<char> bytes{std::istreambuf_iterator<char>(in), {}};
        LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
        ++count;
    }
    std::printf("%zu inputs replayed from %s\n", count, argv[1]);
    return count == 0 ? 1 : 0;  // An empty corpus tests nothing.
}
