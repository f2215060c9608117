#pragma once
// What a stranger's file is, and what was said about it in one line.
#include <filesystem>
#include <string>
#include <string_view>

namespace ehds::node::demo {

enum class brought_kind { record, application, message, unknown };

// By its suffix; one that says nothing, by how the content begins.
brought_kind kind_of(std::filesystem::path const& name, std::string_view content);
std::string record_type(std::filesystem::path const& name);  // media type of a record

// The first thing a person wants to know of an answer: the verdict of a message, the sentence of a refusal and how many
// findings there are, the outcome of an application. At most 200 characters, never cut inside a word.
std::string in_one_line(std::string_view answer);

}  // namespace ehds::node::demo
