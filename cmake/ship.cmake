# Data files become part of the program, so that the installed binary needs no folder beside it.
#
#   ehds_ship(pages_files NAMESPACE ehds::node::pages FUNCTION shipped_page FILES templates/layout.html ...)
#
# sets ${pages_files} to a generated source which defines
#   std::optional<std::string_view> ehds::node::pages::shipped_page(std::string_view path);
#   std::vector<std::string_view> ehds::node::pages::shipped_page_names();
# The folder's files are read when CMake runs; it runs again when one of them changes.
function(ehds_ship variable)
  cmake_parse_arguments(arg "" "NAMESPACE;FUNCTION" "FILES" ${ARGN})
  set(text "#include <array>\n#include <optional>\n#include <string_view>\n#include <utility>\n#include <vector>\n\n")
  # The standard promises 64 KiB of a literal; the compiler takes whatever a file has.
  string(APPEND text "#pragma clang diagnostic ignored \"-Woverlength-strings\"\n\n")
  string(APPEND text "namespace ${arg_NAMESPACE} {\n")
  string(APPEND text "std::optional<std::string_view> ${arg_FUNCTION}(std::string_view path);\nstd::vector<std::string_view> ${arg_FUNCTION}_names();\n\nnamespace {\n")
  list(LENGTH arg_FILES count)
  string(APPEND text "constexpr std::array<std::pair<std::string_view, std::string_view>, ${count}> files{{\n")
  foreach(file IN LISTS arg_FILES)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/${file}")
    file(READ "${CMAKE_CURRENT_SOURCE_DIR}/${file}" content)
    string(APPEND text "  {\"${file}\", R\"shipped(${content})shipped\"},\n")
  endforeach()
  string(APPEND text "}};\n}  // namespace\n\nstd::optional<std::string_view> ${arg_FUNCTION}(std::string_view path) {\n")
  string(APPEND text "  for (auto const& [name, content] : files)\n    if (name == path) return content;\n  return std::nullopt;\n}\n")
  string(APPEND text "\nstd::vector<std::string_view> ${arg_FUNCTION}_names() {\n  std::vector<std::string_view> names;\n")
  string(APPEND text "  for (auto const& [name, content] : files) names.push_back(name);\n  return names;\n}\n")
  string(APPEND text "}  // namespace ${arg_NAMESPACE}\n")
  set(output "${CMAKE_CURRENT_BINARY_DIR}/${arg_FUNCTION}.cpp")
  set(old "")
  if(EXISTS "${output}")
    file(READ "${output}" old)
  endif()
  if(NOT old STREQUAL text)
    file(WRITE "${output}" "${text}")
  endif()
  set(${variable} "${output}" PARENT_SCOPE)
endfunction()
