#include "dcat/rdf/turtle_read.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <exception>
#include <map>
#include <memory>

#include <serd/serd.h>

#include "base/bytes.hpp"
#include "dcat/rdf/iri.hpp"

namespace ehds::dcat {
namespace {

std::string_view text_of(SerdNode const* node) {
  if (node == nullptr || node->buf == nullptr) return {};
  return {reinterpret_cast<char const*>(node->buf), node->n_bytes};
}

SerdSyntax serd_syntax(syntax as) {
  if (as == syntax::ntriples) return SERD_NTRIPLES;
  return as == syntax::trig ? SERD_TRIG : SERD_TURTLE;
}

// What serd calls back. Nothing may be thrown through serd's C frames.
class turtle_reader {
 public:
  turtle_reader(std::string_view bytes, reading const& how) : rest_(bytes), how_(how), base_(how.base_iri) {
    for (auto const place : full_stops_after_integers(bytes)) full_stops_.push_back(bytes.size() - place);
    std::reverse(full_stops_.begin(), full_stops_.end());
  }

  result<graph> read(syntax as);

 private:
  struct freed {
    void operator()(SerdReader* reader) const { serd_reader_free(reader); }
  };

  static turtle_reader& self(void* handle) { return *static_cast<turtle_reader*>(handle); }
  static std::size_t next_byte(void* buffer, std::size_t size, std::size_t count, void* stream);
  static int no_fault(void*) { return 0; }

  template <class F>
  SerdStatus guarded(F&& f) {
    try {
      return f() ? SERD_SUCCESS : SERD_ERR_BAD_SYNTAX;
    } catch (...) {
      thrown_ = std::current_exception();
      return SERD_ERR_INTERNAL;
    }
  }

  bool refuse(std::string code, std::string detail, std::string mend = {});
  std::string place() const;

  bool on_base(SerdNode const* uri);
  bool on_prefix(SerdNode const* name, SerdNode const* uri);
  bool on_statement(SerdStatementFlags flags, std::array<SerdNode const*, 5> const& nodes);
  void on_syntax_error(SerdError const& error);

  bool full_iri(SerdNode const* node, std::string& out);
  bool node_term(SerdNode const* node, term& out);
  bool literal_term(std::array<SerdNode const*, 5> const& nodes, term& out);

  std::string_view rest_;
  std::vector<std::size_t> full_stops_;  // bytes left where a space is put in; the next one last
  reading const& how_;
  std::string base_;
  std::map<std::string, std::string, std::less<>> prefixes_;
  graph_builder builder_;
  std::size_t depth_ = 0;
  std::size_t line_ = 1;
  std::size_t column_ = 0;
  std::size_t last_column_ = 0;  // of the line before, with its end
  std::optional<problem> problem_;
  std::exception_ptr thrown_;
};

// One byte at a time, so that a refusal out of a callback knows its place.
std::size_t turtle_reader::next_byte(void* buffer, std::size_t, std::size_t, void* stream) {
  auto& reader = self(stream);
  if (reader.rest_.empty()) return 0;
  if (!reader.full_stops_.empty() && reader.rest_.size() == reader.full_stops_.back()) {
    reader.full_stops_.pop_back();
    *static_cast<char*>(buffer) = ' ';
    return 1;
  }
  char const byte = reader.rest_.front();
  reader.rest_.remove_prefix(1);
  *static_cast<char*>(buffer) = byte;
  if (byte == '\n') {
    ++reader.line_;
    reader.last_column_ = reader.column_ + 1;
    reader.column_ = 0;
  } else if ((static_cast<unsigned char>(byte) & 0xC0U) != 0x80U) {
    ++reader.column_;
  }
  return 1;
}

// A line end that was just read belongs to the line it ends.
std::string turtle_reader::place() const {
  bool const after_line = column_ == 0 && line_ > 1;
  return "line " + std::to_string(after_line ? line_ - 1 : line_) + ", column " +
         std::to_string(after_line ? last_column_ : column_);
}

bool turtle_reader::refuse(std::string code, std::string detail, std::string mend) {
  if (!problem_) problem_ = problem{std::move(code), std::move(detail), place(), std::move(mend)};
  return false;
}

bool turtle_reader::on_base(SerdNode const* uri) {
  auto const text = text_of(uri);
  if (!has_scheme(text) && base_.empty()) return refuse("rdf.relative_iri", "The base IRI is not absolute.");
  base_ = resolve_iri(text, base_);
  return true;
}

bool turtle_reader::on_prefix(SerdNode const* name, SerdNode const* uri) {
  auto const text = text_of(uri);
  if (!has_scheme(text) && base_.empty()) {
    return refuse("rdf.relative_iri", "The namespace of prefix \"" + std::string(text_of(name)) + "\" is not absolute.",
                  "Write the whole IRI, or declare @base.");
  }
  prefixes_[std::string(text_of(name))] = resolve_iri(text, base_);
  return true;
}

bool turtle_reader::full_iri(SerdNode const* node, std::string& out) {
  auto const text = text_of(node);
  if (node->type == SERD_CURIE) {
    auto const colon = text.find(':');
    auto const prefix = text.substr(0, colon);
    auto const found = prefixes_.find(prefix);
    if (colon == std::string_view::npos || found == prefixes_.end()) {
      return refuse("rdf.unknown_prefix", "The prefix \"" + std::string(prefix) + "\" is not declared.",
                    "Declare it: @prefix " + std::string(prefix) + ": <...> .");
    }
    out = found->second + std::string(text.substr(colon + 1));
    return true;
  }
  if (!has_scheme(text) && base_.empty()) {
    return refuse("rdf.relative_iri", "<" + std::string(text) + "> is a relative IRI and there is no base.",
                  "Write the whole IRI, or declare @base.");
  }
  out = resolve_iri(text, base_);
  return true;
}

bool turtle_reader::node_term(SerdNode const* node, term& out) {
  if (node->type == SERD_BLANK) {
    out = blank(text_of(node));
    return true;
  }
  out.kind = term_kind::iri;
  return full_iri(node, out.value) && (is_utf8(out.value) || refuse("rdf.not_utf8", "An IRI is not valid UTF-8."));
}

bool turtle_reader::literal_term(std::array<SerdNode const*, 5> const& nodes, term& out) {
  auto const text = text_of(nodes[2]);
  // serd 0.30 passes some bad escapes (surrogates) on as bytes.
  if (!is_utf8(text)) return refuse("rdf.not_utf8", "A literal is not valid UTF-8, or escapes a surrogate.");
  std::string datatype;
  if (nodes[3] != nullptr && nodes[3]->type != SERD_NOTHING && !full_iri(nodes[3], datatype)) return false;
  auto const language = nodes[4] == nullptr ? std::string_view{} : text_of(nodes[4]);
  if (language.ends_with('-') || language.find("--") != language.npos)
    return refuse("rdf.syntax", "\"@" + std::string(language) + "\" is no language tag.");
  out = language.empty() ? typed_literal(text, datatype) : literal(text, language);
  return true;
}

bool turtle_reader::on_statement(SerdStatementFlags flags, std::array<SerdNode const*, 5> const& nodes) {
  if ((flags & (SERD_ANON_S_BEGIN | SERD_ANON_O_BEGIN | SERD_LIST_S_BEGIN | SERD_LIST_O_BEGIN)) != 0) ++depth_;
  if (depth_ > how_.max_depth) return refuse("rdf.too_deep", "Blank nodes nest too deeply.");
  if (builder_.size() >= how_.max_triples) {
    return refuse("rdf.too_large", "There are more than " + std::to_string(how_.max_triples) + " triples.");
  }
  term subject;
  term predicate;
  term object;
  if (!node_term(nodes[0], subject) || !node_term(nodes[1], predicate)) return false;
  bool const read = nodes[2]->type == SERD_LITERAL ? literal_term(nodes, object) : node_term(nodes[2], object);
  if (!read) return false;
  builder_.add(subject, predicate, object);
  return true;
}

void turtle_reader::on_syntax_error(SerdError const& error) {
  std::array<char, 300> text{};
  va_list copied;
  va_copy(copied, *error.args);
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wformat-nonliteral"
  std::vsnprintf(text.data(), text.size(), error.fmt, copied);
#pragma clang diagnostic pop
  va_end(copied);
  std::string said(text.data());
  while (!said.empty() && said.back() == '\n') said.pop_back();
  // The message may quote the input byte by byte.
  if (!is_utf8(said)) said = "bad character";
  refuse("rdf.syntax", "The text does not follow the grammar: " + said + ".");
}

result<graph> turtle_reader::read(syntax as) {
  auto const on_base_node = [](void* h, SerdNode const* uri) {
    return self(h).guarded([&] { return self(h).on_base(uri); });
  };
  auto const on_prefix_node = [](void* h, SerdNode const* name, SerdNode const* uri) {
    return self(h).guarded([&] { return self(h).on_prefix(name, uri); });
  };
  auto const on_triple = [](void* h, SerdStatementFlags flags, SerdNode const*, SerdNode const* s, SerdNode const* p,
                            SerdNode const* o, SerdNode const* datatype, SerdNode const* language) {
    return self(h).guarded([&] { return self(h).on_statement(flags, {s, p, o, datatype, language}); });
  };
  auto const on_end = [](void* h, SerdNode const*) {
    if (self(h).depth_ > 0) --self(h).depth_;
    return SERD_SUCCESS;
  };
  auto const on_error = [](void* h, SerdError const* error) {
    return self(h).guarded([&] { return self(h).on_syntax_error(*error), true; });
  };
  std::unique_ptr<SerdReader, freed> const reader{
      serd_reader_new(serd_syntax(as), this, nullptr, on_base_node, on_prefix_node, on_triple, on_end)};
  serd_reader_set_strict(reader.get(), true);
  serd_reader_set_error_sink(reader.get(), on_error, this);
  auto const status = serd_reader_read_source(reader.get(), next_byte, no_fault, this, nullptr, 1);
  if (thrown_) std::rethrow_exception(thrown_);
  if (!problem_ && status > SERD_FAILURE) refuse("rdf.syntax", "The text does not follow the grammar.");
  if (problem_) return *std::move(problem_);
  return std::move(builder_).build();
}

}  // namespace

result<graph> read_turtle(std::string_view bytes, syntax as, reading const& how) {
  if (bytes.find('\0') != std::string_view::npos) {
    return problem{"rdf.syntax", "The text holds a NUL byte.", "byte " + std::to_string(bytes.find('\0')), {}};
  }
  if (nesting_of_turtle(bytes) > how.max_depth) {
    return problem{"rdf.too_deep", "Brackets nest deeper than " + std::to_string(how.max_depth) + ".", {}, {}};
  }
  return turtle_reader(bytes, how).read(as);
}

}  // namespace ehds::dcat
