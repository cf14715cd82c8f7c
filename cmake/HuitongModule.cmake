# huitong_module(NAME
#   SOURCES a.cpp ..   HEADERS a.hpp ..   TESTS a_test.cpp ..   FUZZERS a_fuzz.cpp ..
#   DEPENDS base crypto ..   LIBRARIES OpenSSL::Crypto ..   TEST_LIBRARIES ..)
#
# One static library per module, one test binary per module (NAME_test, found by ctest as NAME), and per fuzzer
# a program that replays the inputs of corpus/<fuzzer>/ in the ordinary test run; with HUITONG_FUZZ the same
# file is a libFuzzer target. Files are listed by hand: tools/tidy.py fails on one that no target builds.
add_library(huitong_options INTERFACE)
target_compile_options(huitong_options INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>)
target_include_directories(huitong_options INTERFACE ${CMAKE_SOURCE_DIR}/src)
target_link_libraries(huitong_options INTERFACE Threads::Threads)
target_compile_definitions(huitong_options INTERFACE
  BOOST_ASIO_NO_DEPRECATED BOOST_ASIO_SEPARATE_COMPILATION BOOST_BEAST_SEPARATE_COMPILATION
  BOOST_ASIO_DISABLE_BOOST_COROUTINE)

function(huitong_module name)
  cmake_parse_arguments(M "" "" "SOURCES;HEADERS;TESTS;FUZZERS;DEPENDS;LIBRARIES;TEST_LIBRARIES" ${ARGN})
  set(deps ${M_DEPENDS})
  list(TRANSFORM deps PREPEND huitong_)
  set(target huitong_${name})
  if(M_SOURCES)
    add_library(${target} STATIC ${M_SOURCES})
    target_sources(${target} PUBLIC FILE_SET HEADERS BASE_DIRS ${CMAKE_SOURCE_DIR}/src ${CMAKE_BINARY_DIR}/src
                   FILES ${M_HEADERS})
    target_link_libraries(${target} PUBLIC huitong_options ${deps} ${M_LIBRARIES} fmt::fmt)
    set_target_properties(${target} PROPERTIES VERIFY_INTERFACE_HEADER_SETS ON)
  else()
    add_library(${target} INTERFACE)
    target_link_libraries(${target} INTERFACE huitong_options ${deps} ${M_LIBRARIES} fmt::fmt)
  endif()

  if(HUITONG_TESTS AND M_TESTS)
    add_executable(${name}_test ${M_TESTS})
    target_link_libraries(${name}_test PRIVATE ${target} ${M_TEST_LIBRARIES} GTest::gtest GTest::gmock GTest::gtest_main)
    target_compile_definitions(${name}_test PRIVATE HUITONG_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
    add_test(NAME ${name} COMMAND ${name}_test)
    set_tests_properties(${name} PROPERTIES TIMEOUT 600)
  endif()

  foreach(source ${M_FUZZERS})
    cmake_path(GET source STEM fuzzer)
    if(HUITONG_FUZZ)
      add_executable(${fuzzer} ${source})
      target_link_libraries(${fuzzer} PRIVATE ${target})
      target_compile_options(${fuzzer} PRIVATE -fsanitize=fuzzer)
      target_link_options(${fuzzer} PRIVATE -fsanitize=fuzzer)
    elseif(HUITONG_TESTS)
      add_executable(${fuzzer}_replay ${source} ${CMAKE_SOURCE_DIR}/cmake/fuzz_replay.cpp)
      target_link_libraries(${fuzzer}_replay PRIVATE ${target})
      add_test(NAME ${fuzzer}_replay COMMAND ${fuzzer}_replay ${CMAKE_CURRENT_SOURCE_DIR}/corpus/${fuzzer})
    endif()
  endforeach()
endfunction()
