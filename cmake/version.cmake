# Run at each build: writes OUTPUT from INPUT with the commit of SOURCE, when that has changed.
execute_process(COMMAND git describe --always --dirty WORKING_DIRECTORY ${SOURCE}
                OUTPUT_VARIABLE HUITONG_COMMIT OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
if(NOT HUITONG_COMMIT)
  set(HUITONG_COMMIT "no commit")
endif()
configure_file(${INPUT} ${OUTPUT} @ONLY)
