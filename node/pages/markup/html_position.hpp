#pragma once
// Follows a template's own markup, character by character, so that each value is escaped for the place it stands in.
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "node/pages/markup/escape.hpp"

namespace ehds::node::pages {

class html_position {
 public:
  // Problem page.template: markup this language does not allow (an unquoted or single-quoted attribute, an event
  // handler, a style attribute, a script or style element with content, an unfinished tag).
  result<void> advance(std::string_view markup);
  // Where a value would stand now. Problem page.template: a place where no value may stand.
  result<position> place_of_value();

  bool in_text() const { return at_ == state::text; }
  // A section may be left out: what follows it must stand in the same place either way.
  bool same_place(html_position const& other) const {
    return at_ == other.at_ && (at_ != state::value || word_ == other.word_);
  }

 private:
  enum class state { text, tag_name, tag, attribute_name, before_value, value, comment };
  result<void> step(char c);
  result<void> in_tag(char c);
  result<void> check_attribute() const;
  bool is_address() const;

  state at_ = state::text;
  std::string word_;  // tag or attribute name
  bool script_ = false;
  bool begun_ = false;  // something of the attribute's value was there
};

}  // namespace ehds::node::pages
