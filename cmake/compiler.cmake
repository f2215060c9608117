# Language level, warnings and the defines that every unit must agree on.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  message(FATAL_ERROR
    "g++ ${CMAKE_CXX_COMPILER_VERSION} destroys temporaries twice in expressions with co_await. "
    "Use clang++-19 (./gateway build installs and selects it) or g++ 13 or newer.")
endif()

set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_CXX_SCAN_FOR_MODULES OFF)
find_program(EHDS_MOLD mold)
find_program(EHDS_LLD ld.lld-19)
if(EHDS_MOLD)
  add_link_options(-fuse-ld=mold)
elseif(EHDS_LLD)
  add_link_options(-fuse-ld=lld-19)
endif()

option(EHDS_FAIL_POINTS "Compile in the named points where tests kill the process" OFF)
option(EHDS_FUZZ "Build the fuzz targets" OFF)
option(EHDS_WERROR "Warnings are errors" ON)

# -Wshadow speaks where a unit is a file: in a batch it would hold a neighbour's constant against a local name.
add_library(ehds_options INTERFACE)
target_compile_options(ehds_options INTERFACE
  -Wall -Wextra -Wpedantic $<$<NOT:$<BOOL:${EHDS_BATCHES}>>:-Wshadow> -Wconversion -Wsign-conversion -Wold-style-cast -Wnon-virtual-dtor
  -Woverloaded-virtual -Wcast-qual -Wformat=2 -Wimplicit-fallthrough -Wnull-dereference -Wextra-semi
  $<$<BOOL:${EHDS_WERROR}>:-Werror>)
target_compile_definitions(ehds_options INTERFACE
  BOOST_ASIO_SEPARATE_COMPILATION BOOST_BEAST_SEPARATE_COMPILATION BOOST_ASIO_NO_DEPRECATED
  JSON_USE_IMPLICIT_CONVERSIONS=0
  $<$<BOOL:${EHDS_FAIL_POINTS}>:EHDS_FAIL_POINTS>)
