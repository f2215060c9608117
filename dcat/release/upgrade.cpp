#include "dcat/release/upgrade.hpp"

#include <algorithm>
#include <array>

#include "dcat/rdf/vocabulary.hpp"

namespace ehds::dcat {
namespace {

using statement = std::array<term, 3>;

class step_on_graph {
 public:
  step_on_graph(graph const& g, upgrade_step const& step) : graph_(g), step_(step) {}

  // The rewritten graph, or nothing when the step has nothing to do.
  std::optional<graph> apply() {
    if (!concerns()) return std::nullopt;
    graph_builder built;
    for (triple const& t : graph_.triples())
      for (statement const& made : rewritten(t)) built.add(made[0], made[1], made[2]);
    auto after = std::move(built).build();
    if (!changed_) return std::nullopt;
    return after;
  }

 private:
  // A quick look, so that a record of today pays next to nothing for the steps of yesterday.
  bool concerns() const {
    if (step_.is != upgrade_step::kind::rename_namespace) return graph_.find_iri(step_.from).has_value();
    return std::any_of(graph_.terms().begin(), graph_.terms().end(),
                       [this](term const& t) { return has_namespace(t.value, t) || has_namespace(t.datatype, t); });
  }
  bool has_namespace(std::string const& text, term const& t) const {
    return (t.is_iri() || &text == &t.datatype) && text.starts_with(step_.from);
  }

  statement as_is(triple const& t) const { return {graph_[t.subject], graph_[t.predicate], graph_[t.object]}; }

  std::vector<statement> rewritten(triple const& t) {
    switch (step_.is) {
      case upgrade_step::kind::rename_namespace:
        return {renamed_namespace(t)};
      case upgrade_step::kind::replace_value:
        return {replaced_value(t)};
      case upgrade_step::kind::rename_property:
      case upgrade_step::kind::drop_property:
      case upgrade_step::kind::move_to_object:
      case upgrade_step::kind::wrap_in_node:
        break;
    }
    bool const is_meant = graph_[t.predicate].value == step_.from &&
                          (step_.of_class.empty() || step_.is == upgrade_step::kind::wrap_in_node ||
                           graph_.is_a(t.subject, step_.of_class));
    return is_meant ? property_rewritten(t) : std::vector<statement>{as_is(t)};
  }

  std::vector<statement> property_rewritten(triple const& t) {
    if (step_.is == upgrade_step::kind::drop_property) {
      changed_ = true;
      return {};
    }
    if (step_.is == upgrade_step::kind::move_to_object) return moved(t);
    if (step_.is == upgrade_step::kind::wrap_in_node) return wrapped(t);
    changed_ = true;
    return {{graph_[t.subject], iri(step_.to), graph_[t.object]}};
  }

  statement renamed_namespace(triple const& t) {
    auto made = as_is(t);
    for (term& part : made) {
      auto& text = part.is_iri() ? part.value : part.datatype;
      if (!part.is_blank() && text.starts_with(step_.from)) {
        text = step_.to + text.substr(step_.from.size());
        changed_ = true;
      }
    }
    return made;
  }

  statement replaced_value(triple const& t) {
    auto made = as_is(t);
    bool const is_meant =
        made[2].is_iri() && made[2].value == step_.from && (step_.via.empty() || made[1].value == step_.via);
    if (is_meant) {
      made[2] = iri(step_.to);
      changed_ = true;
    }
    return made;
  }

  // Without an object to receive it the old statement stays, so that nothing is lost silently.
  std::vector<statement> moved(triple const& t) {
    auto const receivers = graph_.about(t.subject, step_.via);
    if (receivers.empty()) return {as_is(t)};
    changed_ = true;
    std::vector<statement> made;
    for (triple const& receiver : receivers) made.push_back({graph_[receiver.object], iri(step_.to), graph_[t.object]});
    return made;
  }

  std::vector<statement> wrapped(triple const& t) {
    auto const pointing = graph_.pointing_at(t.subject);
    bool const is_meant =
        step_.objects_of.empty() || std::any_of(pointing.begin(), pointing.end(), [this](triple const& p) {
          return std::find(step_.objects_of.begin(), step_.objects_of.end(), graph_[p.predicate].value) !=
                 step_.objects_of.end();
        });
    if (!is_meant) return {as_is(t)};
    changed_ = true;
    // One new node a subject, under a label no reader makes; the steps after this one find it and add to it.
    auto const there = graph_.about(t.subject, step_.via);
    auto const node = there.empty() ? blank("contact/" + to_ntriples(graph_[t.subject])) : graph_[there.front().object];
    return {{graph_[t.subject], iri(step_.via), node},
            {node, iri(rdf::type), iri(step_.of_class)},
            {node, iri(step_.to), value_for_literal(graph_[t.object])}};
  }

  // Older agents write <mailto:x> where the successor wants the bare address.
  static term value_for_literal(term const& value) {
    constexpr std::string_view scheme = "mailto:";
    return value.is_iri() && value.value.starts_with(scheme) ? literal(value.value.substr(scheme.size())) : value;
  }

  graph const& graph_;
  upgrade_step const& step_;
  bool changed_ = false;
};

std::string note_of(upgrade_step const& step, release_pack const& pack) {
  std::string note =
      step.is == upgrade_step::kind::rename_namespace ? "<" + step.from + ">" : pack.short_name(step.from);
  if (!step.via.empty()) note += " via " + pack.short_name(step.via);
  if (!step.to.empty()) {
    note += " became ";
    note += step.is == upgrade_step::kind::rename_namespace ? "<" + step.to + ">" : pack.short_name(step.to);
  } else {
    note += " was left out";
  }
  return step.why.empty() ? note + "." : note + ": " + step.why + ".";
}

}  // namespace

upgraded upgrade(graph record, release_pack const& pack) {
  upgraded done{std::move(record), {}};
  for (upgrade_step const& step : pack.upgrades) {
    if (auto after = step_on_graph(done.record, step).apply()) {
      done.record = *std::move(after);
      done.notes.push_back(note_of(step, pack));
    }
  }
  return done;
}

}  // namespace ehds::dcat
