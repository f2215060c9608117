#include "node/demo/brought_file.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <nlohmann/json.hpp>

#include "node/http/headers.hpp"

namespace ehds::node::demo {
namespace {

using nlohmann::json;

constexpr std::size_t line_length = 200;

std::map<std::string, std::string> const& record_types() {
  static std::map<std::string, std::string> const types{{".ttl", "text/turtle"},
                                                        {".rdf", "application/rdf+xml"},
                                                        {".xml", "application/rdf+xml"},
                                                        {".nt", "application/n-triples"}};
  return types;
}

bool begins_like_message(std::string_view content) {
  auto const head = http::lower(std::string(content.substr(0, 2000)));
  return head.starts_with("--") || head.starts_with("post ") || head.find("content-type:") != std::string::npos ||
         head.find("http://www.w3.org/2003/05/soap-envelope") != std::string::npos;
}

std::string shortened(std::string text) {
  std::ranges::replace_if(text, [](char c) { return c == '\n' || c == '\r' || c == '\t'; }, ' ');
  if (text.size() <= line_length) return text;
  auto const end = text.rfind(' ', line_length);
  text.resize(end == std::string::npos ? 0 : end);
  return text + " …";
}

std::string text_of(json const& object, char const* name) {
  return object.is_object() && object.contains(name) && object[name].is_string() ? object[name].get<std::string>() : "";
}

std::string counted(std::size_t count, std::string const& what) {
  return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

std::string first_finding(json const& findings) {
  if (findings.empty()) return {};
  auto const& first = findings.front();
  auto const where = text_of(first, "where");
  return counted(findings.size(), "finding") + ", the first: " + text_of(first, "detail") +
         (where.empty() ? "" : " (at " + where + ")");
}

std::string of_report(json const& report) {
  if (!report.is_object()) return {};
  std::string line = report.value("conforms", json()) == true ? "conforms" : "does not conform";
  if (report.contains("findings") && report["findings"].is_array())
    line += ", " + counted(report["findings"].size(), "remark");
  return line;
}

std::string of_json(json const& answer) {
  std::string line;
  auto const add = [&line](std::string const& more) {
    if (!more.empty()) line += (line.empty() ? "" : "; ") + more;
  };
  if (!answer.is_object()) return answer.dump();
  if (answer.contains("accepted")) add(answer["accepted"] == true ? "accepted" : "not accepted");
  for (auto const* const name : {"identifier", "id", "dataset", "application_id"}) add(text_of(answer, name));
  if (answer.contains("report")) add(of_report(answer["report"]));
  add(text_of(answer, "detail"));
  if (!text_of(answer, "where").empty()) line += " (at " + text_of(answer, "where") + ")";
  for (auto const* const name : {"problems", "findings", "warnings"})
    if (answer.contains(name) && answer[name].is_array() && !answer[name].empty())
      add(line.find(text_of(answer[name].front(), "detail")) == std::string::npos
              ? first_finding(answer[name])
              : counted(answer[name].size(), "finding"));
  return line;
}

// The value of an attribute in the first error of an ebMS signal.
std::string attribute(std::string_view element, std::string const& name) {
  auto const at = element.find(name + "=\"");
  if (at == std::string_view::npos) return {};
  auto const begin = at + name.size() + 2;
  return std::string(element.substr(begin, element.find('"', begin) - begin));
}

std::string of_signal(std::string_view answer) {
  auto const at = answer.find("<eb:Error ");
  if (at == std::string_view::npos)
    return answer.find("<eb:Receipt") == std::string_view::npos ? "an envelope without receipt or error" : "a receipt";
  auto const error = answer.substr(at, answer.find('>', at) - at);
  auto line = attribute(error, "errorCode") + " " + attribute(error, "shortDescription");
  auto const described = answer.find("<eb:ErrorDetail>", at);
  if (described == std::string_view::npos) return line;
  auto const begin = described + 16;
  return line + ": " + std::string(answer.substr(begin, answer.find('<', begin) - begin));
}

}  // namespace

brought_kind kind_of(std::filesystem::path const& name, std::string_view content) {
  static constexpr std::array<std::string_view, 7> messages{".as4", ".mime", ".eml", ".http", ".soap", ".msg", ".bin"};
  auto const suffix = http::lower(name.extension().string());
  if (suffix == ".zip") return brought_kind::application;
  bool const is_soap = content.find("http://www.w3.org/2003/05/soap-envelope") != std::string_view::npos;
  if (record_types().contains(suffix) && !(suffix == ".xml" && is_soap)) return brought_kind::record;
  if (std::ranges::find(messages, suffix) != messages.end()) return brought_kind::message;
  return begins_like_message(content) ? brought_kind::message : brought_kind::unknown;
}

std::string record_type(std::filesystem::path const& name) {
  auto const found = record_types().find(http::lower(name.extension().string()));
  return found == record_types().end() ? "" : found->second;
}

std::string in_one_line(std::string_view answer) {
  if (auto const read = json::parse(answer, nullptr, false); !read.is_discarded()) return shortened(of_json(read));
  if (answer.find("<eb:") != std::string_view::npos) return shortened(of_signal(answer));
  return shortened(std::string(answer.substr(0, 2 * line_length)));
}

}  // namespace ehds::node::demo
