# huitong_module(NAME
#   SOURCES a.cpp ..   HEADERS a.hpp ..   TESTS a_test.cpp ..   FUZZERS a_fuzz.cpp ..
#   DEPENDS base crypto ..   LIBRARIES OpenSSL::Crypto ..   TEST_LIBRARIES ..)
#
# One static library per module, huitong_NAME; one test binary, NAME_test, found by ctest as NAME;
# and per fuzzer a program that replays the inputs of corpus/FUZZER/ in the ordinary test run. With
# HUITONG_FUZZ the same file is a libFuzzer target. Tests get GoogleTest, GoogleMock and RapidCheck.
# Each header is also compiled alone (target all_verify_interface_header_sets). Files are listed by
# hand: tools/tidy.py fails on one that no CMakeLists.txt names.

# Things that every target of ours is compiled with.
add_library(huitong_options INTERFACE)
target_compile_options(huitong_options INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wshadow
  # Designated initializers leave out what has a default, on purpose.
  -Wno-missing-field-initializers
  # Errors with g++, which builds what is shipped. clang, for sanitizers, has other opinions.
  $<$<CXX_COMPILER_ID:GNU>:-Werror>
  # g++ 12 raises these falsely: in std::string, and where it inlines std::expected.
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict -Wno-maybe-uninitialized>)
target_include_directories(huitong_options INTERFACE ${CMAKE_SOURCE_DIR}/src)
target_link_libraries(huitong_options INTERFACE Threads::Threads)
target_compile_definitions(huitong_options INTERFACE
  BOOST_ASIO_NO_DEPRECATED BOOST_ASIO_SEPARATE_COMPILATION BOOST_BEAST_SEPARATE_COMPILATION
  BOOST_ASIO_DISABLE_BOOST_COROUTINE)

# One precompiled header for all (g++ only: clang's does not stand a fuzzer's extra options).
set(HUITONG_PRECOMPILED OFF)
if(HUITONG_PCH AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  set(HUITONG_PRECOMPILED ON)
  add_library(huitong_pch OBJECT ${CMAKE_SOURCE_DIR}/cmake/precompiled.cpp)
  target_link_libraries(huitong_pch PRIVATE huitong_options fmt::fmt)
  target_precompile_headers(huitong_pch PRIVATE ${CMAKE_SOURCE_DIR}/cmake/precompiled.hpp)
endif()

# Everything that is generated, for tools that read sources without building them (make lint).
add_custom_target(huitong_generated)

function(huitong_reuse_precompiled target)
  if(HUITONG_PRECOMPILED)
    target_precompile_headers(${target} REUSE_FROM huitong_pch)
  endif()
endfunction()

function(huitong_module name)
  cmake_parse_arguments(M "" ""
    "SOURCES;HEADERS;TESTS;FUZZERS;DEPENDS;LIBRARIES;TEST_LIBRARIES" ${ARGN})
  if(M_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "huitong_module(${name}): what is ${M_UNPARSED_ARGUMENTS}?")
  endif()
  set(deps ${M_DEPENDS})
  list(TRANSFORM deps PREPEND huitong_)
  set(target huitong_${name})
  if(M_SOURCES)
    set(scope PUBLIC)
    add_library(${target} STATIC ${M_SOURCES})
    huitong_reuse_precompiled(${target})
  else()
    set(scope INTERFACE)
    add_library(${target} INTERFACE)
  endif()
  target_sources(${target} ${scope} FILE_SET HEADERS BASE_DIRS ${CMAKE_SOURCE_DIR}/src
                 FILES ${M_HEADERS})
  target_link_libraries(${target} ${scope} huitong_options ${deps} ${M_LIBRARIES} fmt::fmt)
  set_target_properties(${target} PROPERTIES VERIFY_INTERFACE_HEADER_SETS ON)

  if(HUITONG_TESTS AND M_TESTS)
    add_executable(${name}_test ${M_TESTS})
    huitong_reuse_precompiled(${name}_test)
    target_link_libraries(${name}_test PRIVATE ${target} ${M_TEST_LIBRARIES}
      rapidcheck rapidcheck_gtest GTest::gtest GTest::gmock GTest::gtest_main)
    target_compile_definitions(${name}_test PRIVATE HUITONG_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
    # Each test's fixtures have the names that suit it.
    set_target_properties(${name}_test PROPERTIES UNITY_BUILD OFF)
    add_test(NAME ${name} COMMAND ${name}_test)
    set_tests_properties(${name} PROPERTIES TIMEOUT 600)
  endif()

  foreach(source ${M_FUZZERS})
    huitong_fuzzer(${target} ${source})
  endforeach()
endfunction()

# One fuzzer of a module: a libFuzzer program, or one that replays its corpus.
function(huitong_fuzzer target source)
  cmake_path(GET source STEM fuzzer)
  set(corpus ${CMAKE_CURRENT_SOURCE_DIR}/corpus/${fuzzer})
  if(HUITONG_FUZZ)
    add_executable(${fuzzer} ${source})
    target_link_libraries(${fuzzer} PRIVATE ${target})
    target_compile_options(${fuzzer} PRIVATE -fsanitize=fuzzer)
    target_link_options(${fuzzer} PRIVATE -fsanitize=fuzzer)
    set_property(GLOBAL APPEND PROPERTY HUITONG_FUZZERS
                 "${fuzzer} ${CMAKE_CURRENT_BINARY_DIR}/${fuzzer} ${corpus}")
  elseif(HUITONG_TESTS)
    add_executable(${fuzzer}_replay ${source} ${CMAKE_SOURCE_DIR}/cmake/fuzz_replay.cpp)
    target_link_libraries(${fuzzer}_replay PRIVATE ${target})
    add_test(NAME ${fuzzer}_replay COMMAND ${fuzzer}_replay ${corpus})
    set_tests_properties(${fuzzer}_replay PROPERTIES TIMEOUT 120)
  endif()
endfunction()

# For tools/fuzz: a line per fuzzer with its name, its program and its corpus.
function(huitong_write_fuzzer_list)
  if(HUITONG_FUZZ)
    get_property(lines GLOBAL PROPERTY HUITONG_FUZZERS)
    list(JOIN lines "\n" text)
    file(WRITE ${CMAKE_BINARY_DIR}/fuzzers.txt "${text}\n")
  endif()
endfunction()

# huitong_proto(MODULE file.proto): generates Protocol Buffers code and links it to the module, which
# must exist already. From src/engine/journal.proto comes #include "engine/journal.pb.h", in the
# build tree. It is nobody's to correct, so it is compiled without our warnings, and its header is a
# system header to those who include it.
function(huitong_proto module file)
  cmake_path(ABSOLUTE_PATH file BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR} OUTPUT_VARIABLE proto)
  cmake_path(RELATIVE_PATH proto BASE_DIRECTORY ${CMAKE_SOURCE_DIR}/src OUTPUT_VARIABLE relative)
  cmake_path(REMOVE_EXTENSION relative LAST_ONLY OUTPUT_VARIABLE base)
  set(root ${CMAKE_BINARY_DIR}/generated)
  set(out ${root}/${base}.pb)
  file(MAKE_DIRECTORY ${root})
  add_custom_command(
    OUTPUT ${out}.cc ${out}.h
    COMMAND protobuf::protoc --proto_path=${CMAKE_SOURCE_DIR}/src --cpp_out=${root} ${relative}
    WORKING_DIRECTORY ${CMAKE_SOURCE_DIR}/src
    DEPENDS ${proto}
    VERBATIM)
  string(MAKE_C_IDENTIFIER "huitong_${base}_proto" target)
  add_library(${target} STATIC ${out}.cc ${out}.h)
  target_include_directories(${target} SYSTEM PUBLIC ${root})
  target_link_libraries(${target} PUBLIC protobuf::libprotobuf)
  add_custom_target(${target}_code DEPENDS ${out}.cc ${out}.h)
  add_dependencies(huitong_generated ${target}_code)

  set(user huitong_${module})
  if(TARGET ${module})
    set(user ${module})
  endif()
  target_link_libraries(${user} PUBLIC ${target})
endfunction()
