# A room: folder = CMake target = include root = namespace = test folder.
#
#   ehds_room(dcat SOURCES rdf/graph.cpp ... USES base LINKS PkgConfig::serd)
#
# makes the static library ehds_dcat, included as "dcat/...". Its include root holds a link to this
# one folder, so that a room which is not named under USES cannot be included: the law of HACKING.md
# is the compiler's. LINKS stay private to the room. Sub-rooms of node are named node/store and so on.
#
# For tests the heaviest headers are read once for all rooms (EHDS_PRECOMPILE), not for a release: a file that forgot its
# own #include of theirs would stop only there, so the layout check looks for it (tests/workshop/includes.py).
if(EHDS_PRECOMPILE)
  set(EHDS_PRECOMPILED "${CMAKE_CURRENT_LIST_DIR}/precompiled.hpp")
  add_library(ehds_precompiled STATIC "${CMAKE_CURRENT_LIST_DIR}/precompiled.cpp")
  target_link_libraries(ehds_precompiled PRIVATE ehds_options nlohmann_json::nlohmann_json)
  target_precompile_headers(ehds_precompiled PRIVATE "${EHDS_PRECOMPILED}")
endif()

# Under sanitizers, and in .ci/run, the sources of a folder are compiled in batches (EHDS_BATCHES): most of a unit's time
# goes into headers that its neighbours read too, so eight files in one unit take a third of the time that they take alone.
# dev at a desk, release and bench keep one unit a file: they prove that every file stands alone, and an edit costs one
# file.
# In a batch the files see each other's anonymous namespaces, so no name may stand in two of them: the layout check says
# which do (tests/workshop/batches.py). A file with macros or using-directives of its own is left out, by
# SKIP_UNITY_BUILD_INCLUSION in the room's CMakeLists.txt; so are generated ones.
option(EHDS_BATCHES "Compile the sources of a folder in batches" OFF)
set(EHDS_BATCH_FILES 8)

# Batches of one folder are of equal length, so that none is left with a single file.
function(ehds_batch target)
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
  set(folders "")
  foreach(source IN LISTS ARGN)
    get_filename_component(folder "${source}" DIRECTORY)
    get_source_file_property(alone "${source}" SKIP_UNITY_BUILD_INCLUSION)
    if(NOT alone AND NOT IS_ABSOLUTE "${source}")
      list(APPEND folders "/${folder}")
      list(APPEND "files_of/${folder}" "${source}")
    endif()
  endforeach()
  list(REMOVE_DUPLICATES folders)
  foreach(folder IN LISTS folders)
    list(LENGTH "files_of${folder}" count)
    math(EXPR batches "(${count} + ${EHDS_BATCH_FILES} - 1) / ${EHDS_BATCH_FILES}")
    string(MAKE_C_IDENTIFIER "files${folder}" name)
    set(place 0)
    foreach(source IN LISTS "files_of${folder}")
      math(EXPR batch "${place} * ${batches} / ${count}")
      set_source_files_properties("${source}" PROPERTIES UNITY_GROUP "${name}_${batch}")
      math(EXPR place "${place} + 1")
    endforeach()
  endforeach()
endfunction()

function(ehds_room room)
  cmake_parse_arguments(arg "" "" "SOURCES;USES;LINKS" ${ARGN})
  string(REPLACE "/" "_" name ${room})
  set(root "${CMAKE_BINARY_DIR}/roots/${name}")
  if(NOT EXISTS "${root}/${room}")
    get_filename_component(parent "${root}/${room}" DIRECTORY)
    file(MAKE_DIRECTORY "${parent}")
    file(CREATE_LINK "${CMAKE_CURRENT_SOURCE_DIR}" "${root}/${room}" SYMBOLIC)
  endif()
  if(arg_SOURCES)
    add_library(ehds_${name} STATIC ${arg_SOURCES})
    set(reach PUBLIC)
    target_link_libraries(ehds_${name} PRIVATE ehds_options ${arg_LINKS})
    if(EHDS_PRECOMPILE)
      target_precompile_headers(ehds_${name} REUSE_FROM ehds_precompiled)
      target_link_libraries(ehds_${name} PRIVATE ehds_precompiled)
    endif()
    if(EHDS_BATCHES)
      ehds_batch(ehds_${name} ${arg_SOURCES})
    endif()
  else()
    add_library(ehds_${name} INTERFACE)
    set(reach INTERFACE)
  endif()
  target_include_directories(ehds_${name} ${reach} "${root}")
  foreach(used IN LISTS arg_USES)
    string(REPLACE "/" "_" used ${used})
    target_link_libraries(ehds_${name} ${reach} ehds_${used})
  endforeach()
endfunction()

# ehds_test(dcat SOURCES graph_test.cpp ... USES dcat LINKS ...) makes the Catch2 program dcat_tests and
# registers each of its test cases with ctest under the label of the room.
#
# With HAS_CRASHES its cases tagged [crash] (a kill or a power cut at every point there is) are a ctest of their own,
# name_crash: they take minutes, beside the others, and ThreadSanitizer has nothing to see in them.
# With HAS_SAMPLES so are those tagged [samples], name_samples: without the shared samples (tests/shared_samples.hpp) ctest
# shows them as skipped.
function(ehds_test room)
  cmake_parse_arguments(arg "HAS_CRASHES;HAS_SAMPLES" "" "SOURCES;USES;LINKS" ${ARGN})
  string(REPLACE "/" "_" name ${room})
  add_executable(${name}_tests ${arg_SOURCES} $<TARGET_OBJECTS:ehds_catch_main>)
  target_link_libraries(${name}_tests PRIVATE ehds_options Catch2::Catch2 ${arg_LINKS})
  foreach(used IN LISTS arg_USES)
    string(REPLACE "/" "_" used ${used})
    target_link_libraries(${name}_tests PRIVATE ehds_${used})
  endforeach()
  target_include_directories(${name}_tests PRIVATE "${CMAKE_SOURCE_DIR}/tests")
  target_compile_definitions(${name}_tests PRIVATE
    EHDS_SOURCE_DIR="${CMAKE_SOURCE_DIR}" EHDS_TEST_DIR="${CMAKE_CURRENT_SOURCE_DIR}")
  # A test's own lines are compiled quickly under every preset; the room keeps the preset's optimisation.
  target_compile_options(${name}_tests PRIVATE -O0)
  if(EHDS_PRECOMPILE)
    target_link_libraries(${name}_tests PRIVATE nlohmann_json::nlohmann_json ehds_precompiled)
    target_precompile_headers(${name}_tests REUSE_FROM ehds_test_precompiled)
  endif()
  if(EHDS_BATCHES)
    ehds_batch(${name}_tests ${arg_SOURCES})
  endif()
  set(elsewhere "")
  if(arg_HAS_CRASHES)
    add_test(NAME ${name}_crash COMMAND ${name}_tests "[crash]")
    set_tests_properties(${name}_crash PROPERTIES LABELS "${name}" TIMEOUT 600 COST 200)
    string(APPEND elsewhere "~[crash]")
  endif()
  if(arg_HAS_SAMPLES)
    add_test(NAME ${name}_samples COMMAND ${name}_tests "[samples]")
    set_tests_properties(${name}_samples PROPERTIES LABELS "${name}" TIMEOUT 300 SKIP_RETURN_CODE 4)
    string(APPEND elsewhere "~[samples]")
  endif()
  add_test(NAME ${name} COMMAND ${name}_tests ${elsewhere})
  set(labels ${name})
  # Rooms with threads of their own. Not the house, which would make all of node be built once more.
  if(room MATCHES "^node/(store|telemetry|exchange|federation|http)$")
    list(APPEND labels tsan)
    set_property(GLOBAL APPEND PROPERTY EHDS_TSAN_PROGRAMS ${name}_tests)
  endif()
  set_tests_properties(${name} PROPERTIES LABELS "${labels}" TIMEOUT 300)
endfunction()

# ehds_fuzz(mime USES edelivery SOURCES mime_fuzz.cpp) makes the libFuzzer program fuzz_mime; its seeds are the
# files of tests/fuzz/corpus/mime.
function(ehds_fuzz target)
  if(NOT EHDS_FUZZ)
    return()
  endif()
  cmake_parse_arguments(arg "" "" "SOURCES;USES;LINKS" ${ARGN})
  add_executable(fuzz_${target} ${arg_SOURCES})
  set_property(GLOBAL APPEND PROPERTY EHDS_FUZZ_PROGRAMS fuzz_${target})
  target_link_options(fuzz_${target} PRIVATE -fsanitize=fuzzer)
  target_link_libraries(fuzz_${target} PRIVATE ehds_options ${arg_LINKS})
  foreach(used IN LISTS arg_USES)
    string(REPLACE "/" "_" used ${used})
    target_link_libraries(fuzz_${target} PRIVATE ehds_${used})
  endforeach()
endfunction()

# ehds_bench(search USES dcat SOURCES search_bench.cpp) makes the program bench_search, run by ./gateway bench.
function(ehds_bench target)
  cmake_parse_arguments(arg "" "" "SOURCES;USES;LINKS" ${ARGN})
  add_executable(bench_${target} EXCLUDE_FROM_ALL ${arg_SOURCES})
  set_property(GLOBAL APPEND PROPERTY EHDS_BENCH_PROGRAMS bench_${target})
  target_link_libraries(bench_${target} PRIVATE ehds_options ${arg_LINKS})
  foreach(used IN LISTS arg_USES)
    string(REPLACE "/" "_" used ${used})
    target_link_libraries(bench_${target} PRIVATE ehds_${used})
  endforeach()
endfunction()
